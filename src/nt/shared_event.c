/* SPDX-License-Identifier: MIT */
/* Events as descriptors, see shared_event.h. */
#include "nt/shared_event.h"

#include "host/eventfd.h"
#include "nt/wait.h"

void
shared_event_changed(struct undis *machine, PRKEVENT event)
{
    bool token = event->Header.Type == DISPATCHER_SYNCHRONIZATION_EVENT;

    for (LIST_ENTRY *e = machine->shared.Flink; e != &machine->shared; e = e->Flink) {
        const struct shared_event *shared = CONTAINING_RECORD(e, struct shared_event, link);

        if (shared->event != event)
            continue;
        if (event->Header.SignalState)
            host_eventfd_ring(shared->fd);
        else if (!token)
            host_eventfd_drain(shared->fd);
        if (token)
            dispatcher_state(&event->Header, 0);
    }
}

int
shared_event_open(struct undis *machine, PRKEVENT event, struct shared_event *shared)
{
    int fd = host_eventfd_create();

    if (fd < 0)
        return fd;
    *shared = (struct shared_event){.event = event, .fd = fd};
    dispatcher_lock(machine);
    InsertTailList(&machine->shared, &shared->link);
    event->Header.SHARED_MARK = 1;
    shared_event_changed(machine, event);
    dispatcher_unlock(machine);
    return 0;
}

static bool
is_shared(const struct undis *machine, const KEVENT *event)
{
    for (const LIST_ENTRY *e = machine->shared.Flink; e != &machine->shared; e = e->Flink)
        if (CONTAINING_RECORD(e, struct shared_event, link)->event == event)
            return true;
    return false;
}

void
shared_event_close(struct undis *machine, struct shared_event *shared)
{
    dispatcher_lock(machine);
    RemoveEntryList(&shared->link);
    shared->event->Header.SHARED_MARK = is_shared(machine, shared->event);
    dispatcher_unlock(machine);
    host_eventfd_close(shared->fd);
}
