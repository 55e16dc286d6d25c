/* SPDX-License-Identifier: MIT */
/*
 * process.h - child processes: run one, or a crew of two at a time
 *
 * From crew_open to crew_close SIGINT, SIGTERM and SIGHUP do not end this process: crew_wait tells
 * of them, and crew_stop ends the members.
 */
#ifndef BUILD_PROCESS_H
#define BUILD_PROCESS_H

#include "build/text.h"

#include <signal.h>
#include <sys/types.h>

#define CREW_SIZE 2

/* Runs a command to its end; log, when not NULL, gets what it prints. 0..255, or 128 + signal. */
int process_run(char *const arguments[], const char *log);

struct crew_member {
    pid_t pid; /* 0: free */
    size_t task;
};

struct crew {
    struct crew_member members[CREW_SIZE];
    sigset_t before;   /* the signal mask to restore */
    int stopped_by;    /* signal, or 0 */
    void (*pipe)(int); /* what SIGPIPE did */
};

void crew_open(struct crew *crew);
bool crew_is_full(const struct crew *crew);
bool crew_is_idle(const struct crew *crew);
/* Starts work(context, task) in a child, whose exit status is what it returns. */
void
crew_start(struct crew *crew, int (*work)(void *context, size_t task), void *context, size_t task);
/* Waits for a member; false when a signal stopped the crew. */
bool crew_wait(struct crew *crew, size_t *task, int *status);
void crew_stop(struct crew *crew);
/* After crew_stop and after cleaning up: a signal that came late takes effect here. */
void crew_close(struct crew *crew);

#endif
