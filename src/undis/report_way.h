/* SPDX-License-Identifier: MIT */
/* Where the reports of a machine go: to its file, and to the host program or to people. On a page of
 * its own that is read-only, so that what a driver writes by mistake does not keep the report of it
 * from being told.
 */
#pragma once

#include "undis/machine.h"
#include "undis/report_file.h"

struct report_way {
    struct machine *machine;
    void (*sink)(void *context, const struct undis_report *report); /* NULL: undis_report_print */
    void *sink_context;
    void (*ending)(void *context); /* or NULL */
    void *ending_context;
    const char *replay; /* the command that repeats the run, or NULL */
    bool go_on;
    struct report_file file;
};

/* 0 or -errno after a sentence. */
int report_way_open(struct machine *machine, const struct report_way **opened);
void report_way_close(const struct report_way *way);
/* To the file, and then to who listens. */
void report_way_tell(const struct report_way *way, const struct undis_report *report);
/* The same where nothing can be relied on: a host program that fails at it is passed over. False
 * when nobody could be told. */
bool report_way_try(const struct report_way *way, const struct undis_report *report);
/* crash_hooks.report. @context: struct report_way. */
struct crash;
bool report_crash(void *context, const struct crash *crash);
/* One report at a time; whoever ends the process waits a moment only. */
void report_lock(void);
void report_unlock(void);
