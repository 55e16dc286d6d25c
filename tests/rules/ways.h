/* SPDX-License-Identifier: MIT */
/* What the name of a wrong driver, KIND.RULE, says of the machine that it is to stand in. */
#pragma once

#include <stdbool.h>
#include <string.h>

/* Rules of time: the machine is to run until the limit has passed. */
static bool
takes_long(const char *wrong)
{
    static const char *const names[] = {"timed", "progress", "s5_pending_then", "ignore_oob",
        "then_available", "complete_follows", "receivecomplete", "rs_pending", "isr_recognise",
        "resubmit", "checkforhang_quick", "dpc_reenable", "filter__groups", "status_after_reset"};

    for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
        if (strstr(wrong, names[k]))
            return true;
    return false;
}

/* Rules of the profile for Compact 2013. */
static bool
is_for_ce(const char *wrong)
{
    return strstr(wrong, "complete_order") || strstr(wrong, "resources_only_serialized");
}

/* The miniport is of NDIS 5; its name says how. */
static bool
is_miniport5(const char *wrong)
{
    return strncmp(wrong, "miniport5.", 10) == 0 || strncmp(wrong, "serial5.", 8) == 0;
}

/* A handler is to take longer than the limit, which follows the machine's patience. */
static bool
lingers(const char *wrong)
{
    static const char *const slow[] = {"timely", "f_pause_timed", "wd_protocol_netpnpevent",
        "wd_filter_netpnpevent", "wd_protocol_status", "wd_filter_status", "wd_filter_detach",
        "wd_miniport_halt", "wd_miniport_oid", "wd_filter_oid", "no_wait", "pause_receives",
        "fail_resume"};

    for (unsigned k = 0; k < sizeof(slow) / sizeof(slow[0]); k++)
        if (strstr(wrong, slow[k]))
            return true;
    return takes_long(wrong);
}

/* A right driver of NDIS 6 gets through all that can happen. */
static bool
all_events(const char *wrong)
{
    return strstr(wrong, ".right") && !strstr(wrong, "5.");
}

/* The device is to go to sleep and wake. Right drivers get through it too. */
static bool
sleeps(const char *wrong)
{
    return all_events(wrong) || strstr(wrong, "power") || strstr(wrong, "forward_events") ||
           strstr(wrong, "netpnpevent");
}

/* Over a miniport that completes a send within the call. */
static bool
completes_inside(const char *wrong)
{
    return strstr(wrong, "stack_depth") != NULL;
}

/* The miniport is that of a NIC. */
static bool
has_hardware(const char *wrong)
{
    return strncmp(wrong, "nic.", 4) == 0 || strncmp(wrong, "shared.", 7) == 0 ||
           strstr(wrong, ".hw_dma") != NULL || completes_inside(wrong);
}

/* What the driver keeps, a protocol must not wait for: one of those that are linked in. */
static bool
nobody_waits(const char *wrong)
{
    return strstr(wrong, "send_never_lost") != NULL;
}

/* What it leaves where others may write is to be overwritten. */
static bool
is_scribbled(const char *wrong)
{
    return all_events(wrong) || strstr(wrong, "volatile") || strstr(wrong, "backfill");
}

/* Stands between two stacks instead of a filter. */
static bool
is_intermediate(const char *wrong)
{
    return strncmp(wrong, "im5.", 4) == 0;
}

/* The miniport is the one whose device sleeps without a pause, and which receives by itself. */
static bool
has_states(const char *wrong)
{
    return strncmp(wrong, "state.", 6) == 0 || strstr(wrong, "paused_return") != NULL;
}

/* Over a miniport with a reset that takes a while. */
static bool
needs_slow_reset(const char *wrong)
{
    return strstr(wrong, "no_io_during") || strstr(wrong, "rs_im_hold");
}

/* No filter is between the protocol and a miniport of NDIS 5. */
static bool
meets_its_miniport(const char *wrong)
{
    return strstr(wrong, "__transfer") != NULL;
}
