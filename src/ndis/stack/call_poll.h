/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to poll objects of miniports, <= DISPATCH_LEVEL. What a poll brings is passed
 * on within the call, as if the miniport had passed it on itself.
 */
#pragma once

#include "ndis/stack/module.h"

struct call_poll {
    struct module *miniport;
    PVOID context;
    NDIS_POLL_CHARACTERISTICS handlers;
    const struct gate_import *indicate, *complete; /* what the miniport would call */
};

void call_poll_prepare(struct call_poll *to, struct module *miniport, PVOID context,
    const NDIS_POLL_CHARACTERISTICS *handlers);
void call_poll(const struct call_poll *to, NDIS_POLL_DATA *data);
void call_poll_notification(const struct call_poll *to, BOOLEAN enabled);
