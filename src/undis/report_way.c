/* SPDX-License-Identifier: MIT */
/* See report_way.h. */
#include "undis/report_way.h"

#include "host/guard.h"
#include "host/lock.h"
#include "host/seal.h"
#include "nt/crash.h"
#include "undis/error.h"

#include <errno.h>

#define TRY_MS 10000u

static uint32_t lock;

void
report_lock(void)
{
    host_lock(&lock);
}

void
report_unlock(void)
{
    host_unlock(&lock);
}

int
report_way_open(struct machine *machine, const struct report_way **opened)
{
    const struct undis_config *config = &machine->config;
    struct report_way *way = seal_make(sizeof(*way));
    int error = 0;

    if (!way)
        return undis_fail(-ENOMEM, "no memory for reports");
    *way = (struct report_way){.machine = machine,
        .sink = config->report,
        .sink_context = config->report_context,
        .ending = config->ending,
        .ending_context = config->ending_context,
        /* Only under the simulated executive is the same command the same run. */
        .replay = executive_kind(machine->undis.executive) == EXECUTIVE_SIMULATED ? config->command
                                                                                  : NULL,
        .go_on = config->go_on};
    way->file.fd = -1;
    if (config->report_file)
        error = report_file_open(&way->file, config->report_file);
    if (error)
        seal_free(way, sizeof(*way));
    else
        seal_close(way, sizeof(*way));
    *opened = error ? NULL : way;
    return error;
}

void
report_way_close(const struct report_way *way)
{
    report_file_close(&way->file);
    seal_free((void *)way, sizeof(*way));
}

static void
tell(const struct report_way *way, const struct undis_report *report)
{
    crash_allow_exit(true);
    if (way->sink)
        way->sink(way->sink_context, report);
    else
        undis_report_print(report);
    crash_allow_exit(false);
}

void
report_way_tell(const struct report_way *way, const struct undis_report *report)
{
    report_file_write(&way->file, report);
    tell(way, report);
}

struct attempt {
    const struct report_way *way;
    const struct undis_report *report;
};

static void
try_file(void *context)
{
    const struct attempt *attempt = context;

    report_file_write(&attempt->way->file, attempt->report);
}

static void
try_sink(void *context)
{
    const struct attempt *attempt = context;

    tell(attempt->way, attempt->report);
}

static void
try_print(void *context)
{
    undis_report_print(((const struct attempt *)context)->report);
}

bool
report_way_try(const struct report_way *way, const struct undis_report *report)
{
    struct attempt attempt = {way, report};

    guard_run_for(try_file, &attempt, TRY_MS);
    return guard_run_for(try_sink, &attempt, TRY_MS) || guard_run_for(try_print, &attempt, TRY_MS);
}
