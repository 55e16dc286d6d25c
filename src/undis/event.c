/* SPDX-License-Identifier: MIT */
/* Events of drivers for the host program, over nt/shared_event.h. */
#include "undis/machine.h"

#include "nt/handle.h"
#include "nt/io.h"
#include "nt/shared_event.h"
#include "nt/wait.h"
#include "undis/error.h"

#include <errno.h>
#include <string.h>

#define NAME_UNITS 256

struct undis_event {
    struct undis *machine;
    PRKEVENT event; /* the handle keeps it */
    HANDLE handle;
    struct shared_event shared;
    bool notification;
    const char *name; /* while it is opened */
    bool signalled;   /* what undis_event_set wants */
};

/* "Global\X", "Local\X" and "X" are \BaseNamedObjects\X. */
static bool
spell(const char *name, WCHAR *to)
{
    static const char folder[] = "\\BaseNamedObjects\\";
    const char *parts[] = {*name == '\\' ? "" : folder, name};
    size_t n = 0;

    if (strncmp(name, "Global\\", 7) == 0)
        parts[1] = name + 7;
    else if (strncmp(name, "Local\\", 6) == 0)
        parts[1] = name + 6;
    for (size_t i = 0; i < 2; i++)
        for (const char *c = parts[i]; *c; c++) {
            if (n == NAME_UNITS - 1)
                return false;
            to[n++] = (unsigned char)*c;
        }
    to[n] = 0;
    return true;
}

static int
find(struct undis_event *event)
{
    WCHAR text[NAME_UNITS];
    UNICODE_STRING name;
    NTSTATUS status;

    if (!spell(event->name, text))
        return undis_fail(-ENAMETOOLONG, "%s: too long for an event's name", event->name);
    RtlInitUnicodeString(&name, text);
    event->event = event_by_name(event->machine, &name);
    if (!event->event)
        return undis_fail(-ENOENT, "%s: no driver has an event of that name", event->name);
    status = handle_open(event->machine, event->event, &event->handle);
    reference_put(event->event);
    return NT_SUCCESS(status) ? 0 : undis_fail(-ENOMEM, "no memory for a handle");
}

static int
make(struct undis_event *event)
{
    NTSTATUS status = ZwCreateEvent(&event->handle, EVENT_ALL_ACCESS, NULL,
        event->notification ? NotificationEvent : SynchronizationEvent, FALSE);

    if (!NT_SUCCESS(status))
        return undis_fail(-ENOMEM, "no memory for an event");
    event->event = handle_get(event->machine, event->handle, OBJECT_EVENT);
    reference_put(event->event);
    return 0;
}

static int
open_inside(void *arguments)
{
    struct undis_event *event = arguments;
    int error = event->name ? find(event) : make(event);

    if (error)
        return error;
    event->notification = event->event->Header.Type == DISPATCHER_NOTIFICATION_EVENT;
    error = shared_event_open(event->machine, event->event, &event->shared);
    if (error) {
        handle_close(event->machine, event->handle);
        return undis_fail(error, "an event cannot be shared: %s", strerror(-error));
    }
    return 0;
}

int
undis_event_open(
    struct undis *machine, const char *name, bool notification, struct undis_event **opened)
{
    struct undis_event *event = machine_alloc(machine, sizeof(*event));
    int error;

    if (!event)
        return undis_fail(-ENOMEM, "no memory for an event");
    *event = (struct undis_event){.machine = machine, .name = name, .notification = notification};
    error = machine_inside(machine, open_inside, event);
    if (error)
        machine_free(machine, event);
    else
        *opened = event;
    return error;
}

uint64_t
undis_event_handle(const struct undis_event *event)
{
    return (uintptr_t)event->handle;
}

int
undis_event_fd(const struct undis_event *event)
{
    return event->shared.fd;
}

bool
undis_event_is_notification(const struct undis_event *event)
{
    return event->notification;
}

static int
set_inside(void *arguments)
{
    struct undis_event *event = arguments;

    if (event->signalled)
        KeSetEvent(event->event, IO_NO_INCREMENT, FALSE);
    else
        KeClearEvent(event->event);
    return 0;
}

int
undis_event_set(struct undis_event *event, bool signalled)
{
    event->signalled = signalled;
    return machine_inside(event->machine, set_inside, event);
}

static int
close_inside(void *arguments)
{
    struct undis_event *event = arguments;

    shared_event_close(event->machine, &event->shared);
    handle_close(event->machine, event->handle);
    machine_free(event->machine, event);
    return 0;
}

int
undis_event_close(struct undis_event *event)
{
    return machine_inside(event->machine, close_inside, event);
}
