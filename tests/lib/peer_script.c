/* SPDX-License-Identifier: MIT */
/* Threads of the peers. What a test wants done happens on a thread that belongs to the driver, so
 * that its calls are the driver's.
 */
#include "peer_inner.h"

#include "check.h"
#include <undis.h>

static VOID
wait_for(PKEVENT event)
{
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
}

static VOID
script_main(PVOID Context)
{
    struct peer_script *script = Context;

    for (;;) {
        wait_for(&script->wanted);
        if (!script->action)
            break;
        script->action(script->context);
        KeSetEvent(&script->done, IO_NO_INCREMENT, FALSE);
    }
    KeSetEvent(&script->gone, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS
start_thread(PKSTART_ROUTINE start, PVOID context)
{
    HANDLE handle;
    NTSTATUS status =
        PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, start, context);

    if (NT_SUCCESS(status))
        ZwClose(handle);
    return status;
}

NTSTATUS
script_start(struct peer_script *script)
{
    KeInitializeEvent(&script->wanted, SynchronizationEvent, FALSE);
    KeInitializeEvent(&script->done, SynchronizationEvent, FALSE);
    KeInitializeEvent(&script->gone, NotificationEvent, FALSE);
    return start_thread(script_main, script);
}

VOID
script_stop(struct peer_script *script)
{
    script->action = NULL;
    KeSetEvent(&script->wanted, IO_NO_INCREMENT, FALSE);
    wait_for(&script->gone);
}

static void
ask(void *context)
{
    struct peer_script *script = context;

    KeSetEvent(&script->wanted, IO_NO_INCREMENT, FALSE);
    wait_for(&script->done);
}

VOID
script_run(struct undis *machine, struct peer_script *script, PEER_ACTION *action, PVOID context)
{
    script->action = action;
    script->context = context;
    CHECK_OK(undis_call(machine, ask, script));
}

struct later {
    PEER_ACTION *action;
    PVOID context;
};

static VOID
later_main(PVOID Context)
{
    struct later later = *(struct later *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    later.action(later.context);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

bool peer_never;

VOID
peer_later(PEER_ACTION *action, PVOID context)
{
    struct later *later;

    if (peer_never)
        return;
    later = ExAllocatePoolWithTag(NonPagedPool, sizeof(*later), PEER_TAG);
    CHECK(later);
    later->action = action;
    later->context = context;
    CHECK(NT_SUCCESS(start_thread(later_main, later)));
}

VOID
peer_sleep(ULONG microseconds)
{
    LARGE_INTEGER time = {.QuadPart = -10 * (LONGLONG)microseconds};

    KeDelayExecutionThread(KernelMode, FALSE, &time);
}
