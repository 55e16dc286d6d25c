/* SPDX-License-Identifier: MIT */
/* Threads: those that drivers make, and what stands for any other task. See thread.h. */
#include "nt/thread.h"
#include "nt/call.h"
#include "nt/crash.h"
#include "nt/handle.h"
#include "nt/wait.h"
#include <assert.h>
#include <errno.h>

#define DEFAULT_PRIORITY 8

static void
unlink_thread(void *body)
{
    struct kthread *thread = body;

    dispatcher_lock(thread->machine);
    RemoveEntryList(&thread->link);
    dispatcher_unlock(thread->machine);
}

static struct kthread *
create(struct undis *machine)
{
    struct kthread *thread =
        reference_create(machine, OBJECT_THREAD, sizeof(*thread), unlink_thread);

    if (!thread)
        return NULL;
    dispatcher_initialize(&thread->header, DISPATCHER_THREAD, 0, 0);
    thread->machine = machine;
    thread->id = object_prefix(thread)->id;
    thread->priority = DEFAULT_PRIORITY;
    dispatcher_lock(machine);
    InsertTailList(&machine->threads, &thread->link);
    dispatcher_unlock(machine);
    return thread;
}

struct kthread *
thread_self(void)
{
    struct block *self = block_self;
    bool quiet = self->quiet;

    if (self->thread)
        return self->thread;
    self->quiet = true;
    self->thread = create(self->machine);
    self->quiet = quiet;
    assert(self->thread);
    return self->thread;
}

void
thread_forget(void)
{
    struct kthread *thread = block_self->thread;
    struct undis *machine = block_self->machine;
    struct wakes wakes = {0};

    if (!thread)
        return;
    dispatcher_lock(machine);
    dispatcher_state(&thread->header, 1);
    dispatcher_satisfy(machine, &thread->header, &wakes);
    dispatcher_unlock(machine);
    wakes_send(machine, &wakes);
    block_self->thread = NULL;
    reference_put(thread);
}

void
threads_destroy(struct undis *machine)
{
    while (!IsListEmpty(&machine->threads))
        reference_put(CONTAINING_RECORD(machine->threads.Flink, struct kthread, link));
}

void
thread_begin(void)
{
    struct block *self = block_self;
    struct undis *machine = self->machine;

    self->processor = (self->id - 1) % machine->processor_count;
    crash_arm();
}

/* What executive_enter or executive_spawn is asked to run. */
struct start {
    struct undis *machine;
    void (*fn)(void *context);
    void *context;
};

static void
enter(void *context)
{
    const struct start *start = context;

    thread_begin();
    gate_activity(ACTIVITY_CALL, true);
    start->fn(start->context);
    thread_forget();
    gate_activity(ACTIVITY_CALL, false);
}

int
nt_call(struct undis *machine, void (*fn)(void *context), void *context)
{
    struct start start = {machine, fn, context};

    if (block_self && block_self->machine == machine) {
        fn(context);
        return 0;
    }
    return executive_enter(machine->executive, machine, enter, &start);
}

static void
run_system_task(void *context)
{
    struct start start = *(struct start *)context;

    machine_free(start.machine, context);
    thread_begin();
    gate_activity(ACTIVITY_TASK, true);
    start.fn(start.context);
    thread_forget();
    gate_activity(ACTIVITY_TASK, false);
    if (__atomic_sub_fetch(&start.machine->system_tasks, 1, __ATOMIC_ACQ_REL) == 0)
        executive_wake(start.machine->executive, &start.machine->system_tasks, UINT32_MAX);
}

int
nt_spawn(struct undis *machine, const char *name, void (*fn)(void *context), void *context)
{
    struct start *start = machine_alloc(machine, sizeof(*start));
    int error;

    if (!start)
        return -ENOMEM;
    *start = (struct start){machine, fn, context};
    __atomic_fetch_add(&machine->system_tasks, 1, __ATOMIC_RELAXED);
    error = executive_spawn(machine->executive, name, machine, run_system_task, start);
    if (error) {
        __atomic_fetch_sub(&machine->system_tasks, 1, __ATOMIC_RELAXED);
        machine_free(machine, start);
    }
    return error;
}

/* A system thread of a driver, from its first to its last instruction. */
static void
run_thread(void *context)
{
    struct kthread *thread = context;

    block_self->thread = thread;
    if (thread->driver)
        call_system_thread(thread->driver, thread);
    else
        thread->start(thread->context);
}

/*
 * PsCreateSystemThread - starts a thread at PASSIVE_LEVEL
 *
 * @ThreadHandle: gets the handle.
 * @DesiredAccess: rights, not checked.
 * @ObjectAttributes: name and attributes, or NULL.
 * @ProcessHandle: NULL, the system process.
 * @ClientId: gets the numbers of process and thread, or NULL.
 * @StartRoutine: called at PASSIVE_LEVEL in the new thread.
 * @StartContext: its argument.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the caller's, to be closed with ZwClose; the thread ends by itself.
 * Errors:    STATUS_INSUFFICIENT_RESOURCES: no memory or threads left.
 * Source:    NF:wdm.PsCreateSystemThread
 */
NTSTATUS
PsCreateSystemThread(PHANDLE ThreadHandle, ULONG DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    HANDLE ProcessHandle, PCLIENT_ID ClientId, PKSTART_ROUTINE StartRoutine, PVOID StartContext)
{
    struct undis *machine = machine_self();
    struct kthread *thread;
    NTSTATUS status;

    (void)DesiredAccess;
    (void)ObjectAttributes;
    (void)ProcessHandle;
    gate_require_irql(PASSIVE_LEVEL, "PsCreateSystemThread");
    thread = create(machine);
    if (!thread)
        return STATUS_INSUFFICIENT_RESOURCES;
    thread->driver = block_self->driver;
    thread->start = StartRoutine;
    thread->context = StartContext;
    thread->system = true;
    if (ClientId) {
        ClientId->UniqueProcess = PsGetCurrentProcessId();
        ClientId->UniqueThread = (HANDLE)(uintptr_t)(thread->id * 4);
    }
    status = handle_open(machine, thread, ThreadHandle);
    if (NT_SUCCESS(status) && nt_spawn(machine, "thread", run_thread, thread)) {
        handle_close(machine, *ThreadHandle);
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!NT_SUCCESS(status))
        reference_put(thread);
    return status;
}

/*
 * PsTerminateSystemThread - ends the calling thread
 *
 * @ExitStatus: for who asks.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: what waits for the thread goes on; does not return.
 * Errors:    STATUS_INVALID_PARAMETER: PsCreateSystemThread did not make it.
 * Source:    NF:wdm.PsTerminateSystemThread
 */
NTSTATUS
PsTerminateSystemThread(NTSTATUS ExitStatus)
{
    struct block *self = block_self;
    struct kthread *thread = self->thread;

    gate_require_irql(PASSIVE_LEVEL, "PsTerminateSystemThread");
    if (!thread || !thread->system || !thread->frame)
        return STATUS_INVALID_PARAMETER;
    thread->exit_status = ExitStatus;
    while (self->frames && self->frames != thread->frame)
        gate_out_leave(self->frames);
    self->quiet = false;
    longjmp(thread->end, 1);
}

/*
 * KeGetCurrentThread - the running thread
 *
 * IRQL:      Any level
 * Ownership: the caller has no reference.
 * Errors:    none
 * Source:    NF:wdm.KeGetCurrentThread
 */
PKTHREAD
KeGetCurrentThread(VOID)
{
    return (PKTHREAD)thread_self();
}

/*
 * PsGetCurrentThreadId - the number of the running thread
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:ntddk.PsGetCurrentThreadId
 */
HANDLE
PsGetCurrentThreadId(VOID)
{
    return (HANDLE)(uintptr_t)(thread_self()->id * 4);
}

/*
 * PsGetCurrentProcessId - the number of the running process
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 4, the system process is the only one.
 * Source:    NF:ntddk.PsGetCurrentProcessId
 */
HANDLE
PsGetCurrentProcessId(VOID)
{
    return (HANDLE)4;
}

/*
 * KeSetPriorityThread - sets the priority of a thread
 *
 * @Thread: a thread of the machine.
 * @Priority: 0 .. 31.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    none; the priority before. The host schedules by its own rules.
 * Source:    NF:wdm.KeSetPriorityThread
 */
KPRIORITY
KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority)
{
    struct kthread *thread = (struct kthread *)Thread;

    return __atomic_exchange_n(&thread->priority, Priority, __ATOMIC_RELAXED);
}

/*
 * KeQueryPriorityThread - the priority of a thread
 *
 * @Thread: a thread of the machine.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeQueryPriorityThread
 */
KPRIORITY
KeQueryPriorityThread(PKTHREAD Thread)
{
    return __atomic_load_n(&((struct kthread *)Thread)->priority, __ATOMIC_RELAXED);
}

/*
 * KeSetBasePriorityThread - moves the priority of a thread relative to its process
 *
 * @Thread: a thread of the machine.
 * @Increment: boost of priority, not used, or what is added.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    none; the increment before.
 * Source:    NF:ntddk.KeSetBasePriorityThread
 */
LONG
KeSetBasePriorityThread(PKTHREAD Thread, LONG Increment)
{
    return KeSetPriorityThread(Thread, DEFAULT_PRIORITY + Increment) - DEFAULT_PRIORITY;
}

/*
 * ZwSetInformationThread - sets the priority of a thread by its handle
 *
 * @ThreadHandle: of the thread, or ZwCurrentThread().
 * @ThreadInformationClass: ThreadPriority or ThreadBasePriority.
 * @ThreadInformation: KPRIORITY, or LONG.
 * @ThreadInformationLength: bytes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_INFO_LENGTH_MISMATCH,
 *            STATUS_INVALID_PARAMETER (a priority that is none), STATUS_NOT_SUPPORTED (another
 *            class). The host schedules by its own rules.
 * Source:    NF:ntddk.ZwSetInformationThread
 * Gaps:      page priority and power throttling (CAVEATS.md, threads)
 */
NTSTATUS
ZwSetInformationThread(HANDLE ThreadHandle, THREADINFOCLASS ThreadInformationClass,
    PVOID ThreadInformation, ULONG ThreadInformationLength)
{
    bool base = ThreadInformationClass == ThreadBasePriority;
    NTSTATUS status;
    PKTHREAD thread;
    LONG value;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!base && ThreadInformationClass != ThreadPriority)
        return STATUS_NOT_SUPPORTED;
    if (ThreadInformationLength != sizeof(value))
        return STATUS_INFO_LENGTH_MISMATCH;
    value = *(LONG *)ThreadInformation;
    if (!base && (value <= LOW_PRIORITY || value > HIGH_PRIORITY))
        return STATUS_INVALID_PARAMETER;
    status = ObReferenceObjectByHandle(
        ThreadHandle, 0, *PsThreadType, KernelMode, (PVOID *)&thread, NULL);
    if (!NT_SUCCESS(status))
        return status;
    if (base)
        KeSetBasePriorityThread(thread, value);
    else
        KeSetPriorityThread(thread, value);
    ObDereferenceObject(thread);
    return STATUS_SUCCESS;
}

/*
 * ExGetPreviousMode - who called the running code: the kernel
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; KernelMode. Requests of user mode say so in the IRP.
 * Source:    NF:wdm.ExGetPreviousMode
 */
KPROCESSOR_MODE
ExGetPreviousMode(VOID)
{
    return KernelMode;
}

/*
 * KeEnterCriticalRegion - no normal APCs until KeLeaveCriticalRegion
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeEnterCriticalRegion
 */
VOID
KeEnterCriticalRegion(VOID)
{
    thread_self()->critical++;
}

/* Leaving what was not entered is the driver's fault. */
static void
leave(const char *caller)
{
    struct kthread *thread = thread_self();

    if (thread->critical == 0)
        gate_bug_check("lk-critical-region", "%s without the call that enters", caller);
    thread->critical--;
}

/*
 * KeLeaveCriticalRegion - undoes KeEnterCriticalRegion
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; without that call it is a bug check (rule lk-critical-region).
 * Source:    NF:wdm.KeLeaveCriticalRegion
 */
VOID
KeLeaveCriticalRegion(VOID)
{
    leave("KeLeaveCriticalRegion");
}

/*
 * KeEnterGuardedRegion - no APCs until KeLeaveGuardedRegion
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeEnterGuardedRegion
 */
VOID
KeEnterGuardedRegion(VOID)
{
    thread_self()->critical++;
}

/*
 * KeLeaveGuardedRegion - undoes KeEnterGuardedRegion
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; without that call it is a bug check (rule lk-critical-region).
 * Source:    NF:wdm.KeLeaveGuardedRegion
 */
VOID
KeLeaveGuardedRegion(VOID)
{
    leave("KeLeaveGuardedRegion");
}

/*
 * KeAreApcsDisabled - whether the thread is in a critical or guarded region
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeAreApcsDisabled
 */
BOOLEAN
KeAreApcsDisabled(VOID)
{
    return irql_now() >= APC_LEVEL || thread_self()->critical > 0;
}

/*
 * KeAreAllApcsDisabled - whether the thread is at APC_LEVEL or above, or in a guarded region
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeAreAllApcsDisabled
 */
BOOLEAN
KeAreAllApcsDisabled(VOID)
{
    return KeAreApcsDisabled();
}
