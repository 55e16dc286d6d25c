/* SPDX-License-Identifier: MIT */
/* Threads, events by handle, and the one process. */
#include "host/lock.h"
#include "nt/driver.h"
#include "nt/gate.h"
#include "nt/handle.h"
#include "nt/thread.h"

#include <string.h>

/*
 * PsIsSystemThread - whether a thread was made by PsCreateSystemThread or belongs to the system
 *
 * @Thread: a thread of the machine.
 *
 * IRQL:      <=DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; TRUE, no thread is of user mode.
 * Source:    NF:ntifs.PsIsSystemThread
 */
BOOLEAN
PsIsSystemThread(PETHREAD Thread)
{
    (void)Thread;
    return TRUE;
}

/*
 * PsGetThreadId - the number of a thread
 *
 * @Thread: a thread of the machine.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:ntddk.PsGetThreadId
 */
HANDLE
PsGetThreadId(PETHREAD Thread)
{
    return (HANDLE)(uintptr_t)(((struct kthread *)Thread)->id * 4);
}

/*
 * ZwCreateEvent - makes an event with a handle
 *
 * @EventHandle: handle of an event.
 * @DesiredAccess: rights, not checked.
 * @ObjectAttributes: name and attributes, or NULL.
 * @EventType: notification or synchronization.
 * @InitialState: TRUE: signalled.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the caller's.
 * Errors:    STATUS_NOT_SUPPORTED: a name; only unnamed events are made.
 *            STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:ntifs.ZwCreateEvent
 */
NTSTATUS
ZwCreateEvent(PHANDLE EventHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    EVENT_TYPE EventType, BOOLEAN InitialState)
{
    struct undis *machine = machine_self();
    PKEVENT event;
    NTSTATUS status;

    (void)DesiredAccess;
    gate_require_irql(PASSIVE_LEVEL, "ZwCreateEvent");
    if (ObjectAttributes && ObjectAttributes->ObjectName)
        return STATUS_NOT_SUPPORTED;
    event = reference_create(machine, OBJECT_EVENT, sizeof(*event), NULL);
    if (!event)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(event, EventType, InitialState);
    status = handle_open(machine, event, EventHandle);
    reference_put(event);
    return status;
}

/*
 * ZwSetEvent - signals an event
 *
 * @EventHandle: handle of an event.
 * @PreviousState: gets the state before, or NULL.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_HANDLE: it is no event's.
 * Source:    NF:ntifs.ZwSetEvent
 */
NTSTATUS
ZwSetEvent(HANDLE EventHandle, PLONG PreviousState)
{
    PKEVENT event = handle_get(machine_self(), EventHandle, OBJECT_EVENT);
    LONG old;

    if (!event)
        return STATUS_INVALID_HANDLE;
    old = KeSetEvent(event, 0, FALSE);
    if (PreviousState)
        *PreviousState = old;
    reference_put(event);
    return STATUS_SUCCESS;
}

/*
 * ZwWaitForSingleObject - waits until the event or thread behind a handle is signalled
 *
 * @Handle: an open handle.
 * @Alertable: there are no APCs that could end the wait.
 * @Timeout: 100 ns; negative: from now, positive: since 1601, 0: no wait, NULL: for ever.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: what the wait takes is the caller's.
 * Errors:    STATUS_INVALID_HANDLE. STATUS_OBJECT_TYPE_MISMATCH: nothing one can wait for.
 *            STATUS_TIMEOUT.
 * Source:    NF:ntifs.ZwWaitForSingleObject
 */
NTSTATUS
ZwWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    void *body = handle_get(machine_self(), Handle, OBJECT_NONE);
    NTSTATUS status = STATUS_OBJECT_TYPE_MISMATCH;
    uint16_t kind;

    if (!body)
        return STATUS_INVALID_HANDLE;
    kind = object_prefix(body)->kind;
    if (kind == OBJECT_EVENT || kind == OBJECT_THREAD)
        status = KeWaitForSingleObject(body, UserRequest, KernelMode, Alertable, Timeout);
    reference_put(body);
    return status;
}

/*
 * ZwYieldExecution - lets somebody else run
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    none; STATUS_SUCCESS.
 * Source:    undocumented
 */
NTSTATUS
ZwYieldExecution(VOID)
{
    executive_yield(machine_self()->executive, YIELD_CALL, NULL);
    return STATUS_SUCCESS;
}

/*
 * KeStackAttachProcess - the thread goes on in the address space of a process
 *
 * @PROCESS:  the process: there is one, so the thread is there already.
 * @ApcState: remembers where it came from.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none moves; KeUnstackDetachProcess ends it.
 * Errors:    none; another process is a bug check.
 * Source:    NF:ntifs.KeStackAttachProcess
 */
VOID
KeStackAttachProcess(PRKPROCESS PROCESS, PRKAPC_STATE ApcState)
{
    gate_require_irql(APC_LEVEL, __func__);
    if ((PVOID)PROCESS != (PVOID)PsGetCurrentProcess())
        KeBugCheckEx(INVALID_PROCESS_ATTACH_ATTEMPT, (ULONG_PTR)PROCESS, 0, 0, 0);
    memset(ApcState, 0, sizeof(*ApcState));
    InitializeListHead(&ApcState->ApcListHead[KernelMode]);
    InitializeListHead(&ApcState->ApcListHead[UserMode]);
    ApcState->Process = PROCESS;
}

/*
 * KeUnstackDetachProcess - the thread goes back to where KeStackAttachProcess found it
 *
 * @ApcState: from KeStackAttachProcess.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none.
 * Source:    NF:ntifs.KeUnstackDetachProcess
 */
VOID
KeUnstackDetachProcess(PRKAPC_STATE ApcState)
{
    gate_require_irql(APC_LEVEL, __func__);
    ApcState->Process = NULL;
}

/* Notes or forgets one of the functions that hear of processes. */
static NTSTATUS
note_routine(PVOID routine, bool remove)
{
    struct undis *machine = machine_self();
    PVOID *place = NULL, *known = NULL;
    NTSTATUS status = STATUS_SUCCESS;

    host_lock(&machine->object_lock);
    for (unsigned i = 0; i < RTL_NUMBER_OF(machine->process_routines); i++) {
        if (!machine->process_routines[i])
            place = &machine->process_routines[i];
        else if (machine->process_routines[i] == routine)
            known = &machine->process_routines[i];
    }
    if (remove && known)
        *known = NULL;
    else if (remove)
        status = STATUS_PROCEDURE_NOT_FOUND;
    else if (known || !place)
        status = STATUS_INVALID_PARAMETER;
    else
        *place = routine;
    host_unlock(&machine->object_lock);
    return status;
}

/*
 * PsSetCreateProcessNotifyRoutine - a driver asks to be told of processes, or not any more
 *
 * @NotifyRoutine: to be called when one begins or ends: none ever does here.
 * @Remove:        TRUE: not any more.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER: it is registered already, or 64 are.
 *            STATUS_PROCEDURE_NOT_FOUND: to be removed, and not registered.
 * Source:    NF:ntddk.PsSetCreateProcessNotifyRoutine
 */
NTSTATUS
PsSetCreateProcessNotifyRoutine(PCREATE_PROCESS_NOTIFY_ROUTINE NotifyRoutine, BOOLEAN Remove)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return note_routine((PVOID)(ULONG_PTR)NotifyRoutine, Remove);
}

/*
 * PsSetCreateProcessNotifyRoutineEx - as PsSetCreateProcessNotifyRoutine, for the longer form
 *
 * @NotifyRoutine: to be called when a process begins or ends: none ever does here.
 * @Remove:        TRUE: not any more.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER: it is registered already, or 64 are, or it is not and is to
 *            be removed.
 * Source:    NF:ntddk.PsSetCreateProcessNotifyRoutineEx
 */
NTSTATUS
PsSetCreateProcessNotifyRoutineEx(PCREATE_PROCESS_NOTIFY_ROUTINE_EX NotifyRoutine, BOOLEAN Remove)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return note_routine((PVOID)(ULONG_PTR)NotifyRoutine, Remove) == STATUS_SUCCESS
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}
