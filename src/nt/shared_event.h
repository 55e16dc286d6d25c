/* SPDX-License-Identifier: MIT */
/* Events that are seen outside of the machine, as descriptors.
 *
 *     notification      the descriptor is readable while the event is signalled
 *     synchronization   who reads the descriptor is one more waiter: a signal that nobody in the
 *                       machine takes goes to the descriptor, and the event is not signalled
 *
 * The list (undis.shared) is guarded by the dispatcher lock. An event in it is marked in its
 * header, so that others cost a look at one byte.
 */
#pragma once

#include "nt/machine.h"

/* A byte of the header that events do not use. */
#define SHARED_MARK DebugActive

struct shared_event {
    LIST_ENTRY link; /* [L] */
    PRKEVENT event;  /* [I] */
    int fd;          /* [I] */
};

/* Shares @event, which must live until shared_event_close; 0 or -errno. @shared is the caller's. */
int shared_event_open(struct undis *machine, PRKEVENT event, struct shared_event *shared);
/* The descriptor is closed. */
void shared_event_close(struct undis *machine, struct shared_event *shared);
/* Under the dispatcher lock, after the state of a marked event was changed. */
void shared_event_changed(struct undis *machine, PRKEVENT event);
