/* SPDX-License-Identifier: MIT */
/* Serialization: NDIS calls a serialized miniport of NDIS 5 one function at a time.
 *
 *     caller --serial_post(work)--> nobody inside: does it, and what others post meanwhile
 *                                   somebody inside: he does it before he leaves
 *
 * One word holds the owner flag and a bit per kind of work that waits; the things themselves wait
 * in queues of their kind (packets, timers, a request). No lock is held while the driver runs.
 * A deserialized miniport has no such word in use: work is done at once, by whoever posts it.
 */
#pragma once

#include "ndis/stack/module.h"

/* What can wait, in the order in which it is done. */
enum serial_work {
    SERIAL_RESET,
    SERIAL_INTERRUPTS,
    SERIAL_TIMERS,
    SERIAL_CALLBACKS,
    SERIAL_RETURNS,
    SERIAL_REQUEST,
    SERIAL_HANG,
    SERIAL_CANCELS,
    SERIAL_SENDS,
    SERIAL_WORKS
};

struct serial {
    uint32_t word;       /* [A] owner flag, waiter flag, a bit per work */
    bool off;            /* [I] deserialized */
    struct task *inside; /* [A] whose task is inside; means something to himself only */
    /* [I] do what waits; at DISPATCH_LEVEL, alone. Take from the queue until it is empty. */
    void (*work[SERIAL_WORKS])(struct module *);
};

/* Does @work now, or leaves it to who is inside. IRQL <= DISPATCH_LEVEL. */
void serial_post(struct module *module, enum serial_work work);
/* Inside until serial_leave, PASSIVE_LEVEL: for initialize and halt. Waits for who is inside. */
void serial_enter(struct module *module);
/* The same without waiting, IRQL <= DISPATCH_LEVEL; false: somebody is inside. */
bool serial_try_enter(struct module *module);
void serial_leave(struct module *module);
/* Whether the running task is inside: it may call again at once. */
bool serial_inside(const struct module *module);
