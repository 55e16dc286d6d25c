/* SPDX-License-Identifier: MIT */
/* process.c - child processes: run one, or a crew of two at a time */
#include "build/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int
status_of(int wait_status)
{
    if (WIFSIGNALED(wait_status))
        return 128 + WTERMSIG(wait_status);
    return WEXITSTATUS(wait_status);
}

static void
child_exec(char *const arguments[], const char *log)
{
    int out = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (out >= 0) {
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
    }
    execvp(arguments[0], arguments);
    fprintf(stderr, "undis build: %s: %s\n", arguments[0], strerror(errno));
    _exit(127);
}

int
process_run(char *const arguments[], const char *log)
{
    int wait_status;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid < 0)
        return 127;
    if (pid == 0)
        child_exec(arguments, log);
    while (waitpid(pid, &wait_status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return status_of(wait_status);
}

static void
crew_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

void
crew_open(struct crew *crew)
{
    sigset_t set;

    *crew = (struct crew){0};
    crew_signals(&set);
    sigprocmask(SIG_BLOCK, &set, &crew->before);
    crew->pipe = signal(SIGPIPE, SIG_IGN);
}

bool
crew_is_full(const struct crew *crew)
{
    for (size_t i = 0; i < CREW_SIZE; i++)
        if (!crew->members[i].pid)
            return false;
    return true;
}

bool
crew_is_idle(const struct crew *crew)
{
    for (size_t i = 0; i < CREW_SIZE; i++)
        if (crew->members[i].pid)
            return false;
    return true;
}

void
crew_start(struct crew *crew, int (*work)(void *context, size_t task), void *context, size_t task)
{
    struct crew_member *member = crew->members;
    pid_t pid;

    while (member->pid)
        member++;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        int result;

        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, crew->pipe);
        sigprocmask(SIG_SETMASK, &crew->before, NULL);
        result = work(context, task);
        fflush(NULL);
        _exit(result);
    }
    if (pid < 0) {
        perror("undis build: fork");
        crew->stopped_by = SIGTERM;
        return;
    }
    setpgid(pid, pid);
    *member = (struct crew_member){pid, task};
}

/* A member that has ended, if one has. */
static bool
crew_collect(struct crew *crew, size_t *task, int *status)
{
    for (size_t i = 0; i < CREW_SIZE; i++) {
        struct crew_member *member = &crew->members[i];
        int wait_status;

        if (member->pid && waitpid(member->pid, &wait_status, WNOHANG) == member->pid) {
            *task = member->task;
            *status = status_of(wait_status);
            member->pid = 0;
            return true;
        }
    }
    return false;
}

bool
crew_wait(struct crew *crew, size_t *task, int *status)
{
    sigset_t set;

    crew_signals(&set);
    while (!crew->stopped_by) {
        int signal_number;

        if (crew_collect(crew, task, status))
            return true;
        if (!sigwait(&set, &signal_number) && signal_number != SIGCHLD)
            crew->stopped_by = signal_number;
    }
    return false;
}

void
crew_stop(struct crew *crew)
{
    for (size_t i = 0; i < CREW_SIZE; i++) {
        pid_t pid = crew->members[i].pid;

        if (!pid)
            continue;
        kill(-pid, SIGKILL);
        waitpid(pid, NULL, 0);
        crew->members[i].pid = 0;
    }
}

void
crew_close(struct crew *crew)
{
    signal(SIGPIPE, crew->pipe);
    sigprocmask(SIG_SETMASK, &crew->before, NULL);
}
