/* SPDX-License-Identifier: MIT */
/* Deferred procedure calls. See dpc.h. */
#include "nt/dpc.h"
#include "host/lock.h"
#include "nt/call.h"

/* DPCs in a row before the rest is left to the idle task. */
#define DRAIN_MAX 64

/* KDPC.Number: 0 no target, else the processor plus this. */
#define TARGETED 0x100

#define DPC_OBJECT          19
#define DPC_OBJECT_THREADED 24

void
dpc_initialize(PKDPC dpc, PKDEFERRED_ROUTINE routine, void *context, struct driver *driver)
{
    dpc->Type = DPC_OBJECT;
    dpc->Importance = MediumImportance;
    dpc->Number = 0;
    dpc->DpcListEntry.Next = NULL;
    dpc->ProcessorHistory = (KAFFINITY)(uintptr_t)driver;
    dpc->DeferredRoutine = routine;
    dpc->DeferredContext = context;
    dpc->SystemArgument1 = NULL;
    dpc->SystemArgument2 = NULL;
    dpc->DpcData = NULL;
}

static void
enqueue(struct processor *processor, PKDPC dpc)
{
    if (dpc->Importance == HighImportance) {
        dpc->DpcListEntry.Next = processor->dpcs.Next;
        if (!processor->dpcs.Next)
            processor->dpcs_last = &dpc->DpcListEntry;
        __atomic_store_n(&processor->dpcs.Next, &dpc->DpcListEntry, __ATOMIC_RELAXED);
    } else {
        dpc->DpcListEntry.Next = NULL;
        __atomic_store_n(&processor->dpcs_last->Next, &dpc->DpcListEntry, __ATOMIC_RELAXED);
        processor->dpcs_last = &dpc->DpcListEntry;
    }
}

/* Queues without telling anybody. NULL: queued already. */
static struct processor *
insert(struct undis *machine, PKDPC dpc, unsigned number, void *argument1, void *argument2)
{
    struct processor *processor, *queued = NULL;

    if (dpc->Number >= TARGETED)
        number = dpc->Number - TARGETED;
    processor = &machine->processors[number % machine->processor_count];
    host_lock(&processor->dpc_lock);
    /* Another processor may queue the same DPC at this moment: one of the two wins. */
    if (__atomic_compare_exchange_n(&dpc->DpcData, (void **)&queued, processor, false,
            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
        dpc->SystemArgument1 = argument1;
        dpc->SystemArgument2 = argument2;
        enqueue(processor, dpc);
    } else {
        processor = NULL;
    }
    host_unlock(&machine->processors[number % machine->processor_count].dpc_lock);
    return processor;
}

bool
dpc_queue(struct undis *machine, PKDPC dpc, unsigned number, void *argument1, void *argument2)
{
    struct processor *processor = insert(machine, dpc, number, argument1, argument2);

    if (processor)
        processor_signal(machine, processor);
    return processor != NULL;
}

bool
dpc_remove(struct undis *machine, PKDPC dpc)
{
    struct processor *processor = __atomic_load_n(&dpc->DpcData, __ATOMIC_ACQUIRE);
    bool found = false;

    (void)machine;
    if (!processor)
        return false;
    host_lock(&processor->dpc_lock);
    for (SINGLE_LIST_ENTRY *link = &processor->dpcs; link->Next; link = link->Next) {
        if (link->Next != &dpc->DpcListEntry)
            continue;
        __atomic_store_n(&link->Next, dpc->DpcListEntry.Next, __ATOMIC_RELAXED);
        if (processor->dpcs_last == &dpc->DpcListEntry)
            processor->dpcs_last = link;
        __atomic_store_n(&dpc->DpcData, NULL, __ATOMIC_RELEASE);
        found = true;
        break;
    }
    host_unlock(&processor->dpc_lock);
    return found;
}

/* What a DPC needs to run; it may be freed or queued again meanwhile. */
struct pending {
    PKDPC dpc;
    PKDEFERRED_ROUTINE routine;
    void *context, *argument1, *argument2;
    struct driver *driver;
};

static bool
dequeue(struct processor *processor, struct pending *pending)
{
    SINGLE_LIST_ENTRY *first;

    host_lock(&processor->dpc_lock);
    first = processor->dpcs.Next;
    if (first) {
        PKDPC dpc = CONTAINING_RECORD(first, KDPC, DpcListEntry);

        __atomic_store_n(&processor->dpcs.Next, first->Next, __ATOMIC_RELAXED);
        if (!first->Next)
            processor->dpcs_last = &processor->dpcs;
        pending->dpc = dpc;
        pending->routine = dpc->DeferredRoutine;
        pending->context = dpc->DeferredContext;
        pending->argument1 = dpc->SystemArgument1;
        pending->argument2 = dpc->SystemArgument2;
        pending->driver = (struct driver *)(uintptr_t)dpc->ProcessorHistory;
        __atomic_store_n(&dpc->DpcData, NULL, __ATOMIC_RELEASE);
        processor->running_dpc = dpc;
    }
    host_unlock(&processor->dpc_lock);
    return first != NULL;
}

void
dpc_drain(struct undis *machine, struct processor *processor)
{
    struct pending next;

    for (unsigned k = 0; k < DRAIN_MAX && dequeue(processor, &next); k++) {
        gate_activity(ACTIVITY_DPC, true);
        if (next.driver)
            call_dpc(
                next.driver, next.dpc, next.routine, next.context, next.argument1, next.argument2);
        else
            next.routine(next.dpc, next.context, next.argument1, next.argument2);
        gate_activity(ACTIVITY_DPC, false);
        processor->dpc_runs++;
        processor->running_dpc = NULL;
    }
    if (__atomic_load_n(&processor->dpcs.Next, __ATOMIC_RELAXED))
        processor_signal(machine, processor);
}

/*
 * KeInitializeDpc - makes a DPC of memory
 *
 * @Dpc: the caller's, resident.
 * @DeferredRoutine: called at DISPATCH_LEVEL.
 * @DeferredContext: its second argument.
 *
 * IRQL:      Any level
 * Ownership: the caller's; it must stay until the routine has run or the DPC was removed.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeDpc
 */
VOID
KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
    dpc_initialize(Dpc, DeferredRoutine, DeferredContext, block_self->driver);
}

/*
 * KeInitializeThreadedDpc - a DPC that may run as a thread of its processor
 *
 * @Dpc: the caller's, resident.
 * @DeferredRoutine: called at DISPATCH_LEVEL, which the page allows.
 * @DeferredContext: its second argument.
 *
 * IRQL:      Any level
 * Ownership: as KeInitializeDpc.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeThreadedDpc
 */
VOID
KeInitializeThreadedDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
    dpc_initialize(Dpc, DeferredRoutine, DeferredContext, block_self->driver);
    Dpc->Type = DPC_OBJECT_THREADED;
}

/*
 * KeInsertQueueDpc - queues a DPC on this processor, or on its target
 *
 * @Dpc: initialised. @SystemArgument1, @SystemArgument2: the routine's last two arguments.
 *
 * IRQL:      Any level
 * Ownership: the DPC is the queue's until its routine is called.
 * Errors:    FALSE: it was queued already, the arguments are not taken.
 * Source:    NF:wdm.KeInsertQueueDpc
 */
BOOLEAN
KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
    struct undis *machine = machine_self();
    struct processor *processor, *here;
    KIRQL old = irql_now();

    yield_point(YIELD_WAKE, Dpc);
    if (old < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    here = processor_self();
    processor = insert(machine, Dpc, here->number, SystemArgument1, SystemArgument2);
    if (processor && processor != here)
        processor_signal(machine, processor);
    if (old < DISPATCH_LEVEL)
        irql_lower(old);
    return processor != NULL;
}

/*
 * KeRemoveQueueDpc - takes a DPC out of its queue
 *
 * @Dpc: initialised.
 *
 * IRQL:      Any level
 * Ownership: the caller's again when TRUE; when FALSE its routine may be running.
 * Errors:    FALSE: it was not queued.
 * Source:    NF:wdm.KeRemoveQueueDpc
 */
BOOLEAN
KeRemoveQueueDpc(PRKDPC Dpc)
{
    yield_point(YIELD_WAKE, Dpc);
    return dpc_remove(machine_self(), Dpc);
}

/*
 * KeRemoveQueueDpcEx - takes a DPC out of its queue, and may wait for its routine
 *
 * @Dpc: initialised.
 * @WaitIfActive: TRUE: if its routine runs on another processor, until it has returned.
 *
 * IRQL:      Any level; with WaitIfActive PASSIVE_LEVEL
 * Ownership: the caller's again, with WaitIfActive in any case.
 * Errors:    FALSE: it was not queued.
 * Source:    NF:wdm.KeRemoveQueueDpc; this form has no page
 */
BOOLEAN
KeRemoveQueueDpcEx(PRKDPC Dpc, BOOLEAN WaitIfActive)
{
    struct undis *machine = machine_self();
    bool removed;

    yield_point(YIELD_WAKE, Dpc);
    removed = dpc_remove(machine, Dpc);
    if (!WaitIfActive)
        return removed;
    gate_require_irql(PASSIVE_LEVEL, "KeRemoveQueueDpcEx");
    for (uint32_t k = 0; k < machine->processor_count; k++)
        if (__atomic_load_n(&machine->processors[k].running_dpc, __ATOMIC_ACQUIRE) == Dpc)
            irql_lower(processor_claim(machine, k));
    return removed;
}

/*
 * KeQueryDpcWatchdogInformation - how long DPCs may run on
 *
 * @WatchdogInformation: gets limits of 0, which say that no time-out is enabled.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_UNSUCCESSFUL: the IRQL is below DISPATCH_LEVEL.
 * Source:    NF:wdm.KeQueryDpcWatchdogInformation
 */
NTSTATUS
KeQueryDpcWatchdogInformation(PKDPC_WATCHDOG_INFORMATION WatchdogInformation)
{
    if (irql_now() < DISPATCH_LEVEL)
        return STATUS_UNSUCCESSFUL;
    *WatchdogInformation = (KDPC_WATCHDOG_INFORMATION){0};
    return STATUS_SUCCESS;
}

/*
 * KeSetTargetProcessorDpc - binds a DPC to a processor
 *
 * @Dpc: not queued. @Number: processor, from 0.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    a number that no processor has is taken modulo their count.
 * Source:    NF:wdm.KeSetTargetProcessorDpc
 */
VOID
KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
    Dpc->Number = (USHORT)(TARGETED + (UCHAR)Number);
}

/*
 * KeSetTargetProcessorDpcEx - binds a DPC to a processor of a group
 *
 * @Dpc: not queued. @ProcNumber: group 0 and a processor that exists.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER: there is no such processor, or Reserved is not 0.
 * Source:    NF:wdm.KeSetTargetProcessorDpcEx
 */
NTSTATUS
KeSetTargetProcessorDpcEx(PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber)
{
    if (ProcNumber->Group || ProcNumber->Reserved ||
        ProcNumber->Number >= machine_self()->processor_count)
        return STATUS_INVALID_PARAMETER;
    Dpc->Number = (USHORT)(TARGETED + ProcNumber->Number);
    return STATUS_SUCCESS;
}

/*
 * KeSetImportanceDpc - where in the queue a DPC goes
 *
 * @Dpc: not queued. @Importance: HighImportance goes to the front, all others to the end.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeSetImportanceDpc
 */
VOID
KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
    Dpc->Importance = (UCHAR)Importance;
}

/*
 * KeFlushQueuedDpcs - waits until every DPC that is queued now has run
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeFlushQueuedDpcs
 */
VOID
KeFlushQueuedDpcs(VOID)
{
    struct undis *machine = machine_self();

    gate_require_irql(PASSIVE_LEVEL, "KeFlushQueuedDpcs");
    for (uint32_t k = 0; k < machine->processor_count; k++) {
        struct processor *processor = &machine->processors[k];
        uint64_t runs = 0;

        /* The queue is drained by at most DRAIN_MAX; what was there may need more than one turn. */
        do {
            irql_lower(processor_claim(machine, k));
        } while (++runs < 64 && __atomic_load_n(&processor->dpcs.Next, __ATOMIC_RELAXED));
    }
}
