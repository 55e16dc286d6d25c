/* SPDX-License-Identifier: MIT */
/* IRQL and processor numbers as drivers see them. The work is done in processor.c. */
#include "nt/gate.h"
#include "nt/processor.h"
#include "nt/thread.h"

#define NO_PROCESSOR 0xffffffffu

/*
 * KeGetCurrentIrql - the IRQL of the caller
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeGetCurrentIrql
 */
KIRQL
KeGetCurrentIrql(VOID)
{
    return irql_now();
}

/*
 * KfRaiseIrql - what KeRaiseIrql calls
 *
 * @NewIrql: not below the present level.
 *
 * IRQL:      Any level
 * Ownership: at DISPATCH_LEVEL and above the caller has the processor for itself.
 * Errors:    none; a lower level is a bug check (rule irql-raise-lower-order).
 * Source:    NF:wdm.KeRaiseIrql
 */
KIRQL
KfRaiseIrql(KIRQL NewIrql)
{
    if (NewIrql < irql_now())
        gate_bug_check("irql-raise-lower-order", "KeRaiseIrql to %u from %u", NewIrql, irql_now());
    yield_point(YIELD_LOCK, NULL);
    return irql_raise(NewIrql);
}

/*
 * KeLowerIrql - goes back to the level before KeRaiseIrql
 *
 * @NewIrql: what KeRaiseIrql answered.
 *
 * IRQL:      Any level
 * Ownership: below DISPATCH_LEVEL the DPCs of the processor run first, then it is given up.
 * Errors:    none; a higher level is a bug check (rule irql-raise-lower-order).
 * Source:    NF:wdm.KeLowerIrql
 */
VOID
KeLowerIrql(KIRQL NewIrql)
{
    if (NewIrql > irql_now())
        gate_bug_check("irql-raise-lower-order", "KeLowerIrql to %u from %u", NewIrql, irql_now());
    irql_lower(NewIrql);
    yield_point(YIELD_UNLOCK, NULL);
}

/*
 * KeRaiseIrqlToDpcLevel - raises to DISPATCH_LEVEL
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: as KeRaiseIrql.
 * Errors:    none
 * Source:    NF:wdm.KeRaiseIrqlToDpcLevel
 */
KIRQL
KeRaiseIrqlToDpcLevel(VOID)
{
    return KfRaiseIrql(DISPATCH_LEVEL);
}

/*
 * KeRaiseIrqlToSynchLevel - raises to the level that no DPC and no thread interrupts
 *
 * IRQL:      <= DIRQL
 * Ownership: as KeRaiseIrql.
 * Errors:    none
 * Source:    undocumented; as NF:wdm.KeRaiseIrql
 */
KIRQL
KeRaiseIrqlToSynchLevel(VOID)
{
    return KfRaiseIrql(SYNCH_LEVEL);
}

/*
 * KeGetCurrentProcessorNumberEx - which processor the caller is on
 *
 * @ProcNumber: gets group and number, or NULL.
 *
 * IRQL:      Any level
 * Ownership: none moves. Below DISPATCH_LEVEL the answer may be old when it arrives.
 * Errors:    none; the index, from 0.
 * Source:    NF:wdm.KeGetCurrentProcessorNumberEx
 */
ULONG
KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
    ULONG number = block_self->processor;

    if (ProcNumber)
        *ProcNumber = (PROCESSOR_NUMBER){.Group = 0, .Number = (UCHAR)number};
    return number;
}

/*
 * KeGetCurrentProcessorNumber - which processor the caller is on
 *
 * IRQL:      Any level
 * Ownership: none moves. Below DISPATCH_LEVEL the answer may be old when it arrives.
 * Errors:    none; from 0.
 * Source:    NF:ntddk.KeGetCurrentProcessorNumber
 */
ULONG
KeGetCurrentProcessorNumber(VOID)
{
    return block_self->processor;
}

/*
 * KeQueryActiveProcessorCount - how many processors the machine has
 *
 * @ActiveProcessors: gets their mask, or NULL.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeQueryActiveProcessorCount
 */
ULONG
KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
    if (ActiveProcessors)
        *ActiveProcessors = KeQueryActiveProcessors();
    return machine_self()->processor_count;
}

static bool
group_known(USHORT group)
{
    return group == 0 || group == ALL_PROCESSOR_GROUPS;
}

/*
 * KeQueryActiveProcessorCountEx - how many processors a group has
 *
 * @GroupNumber: 0 or ALL_PROCESSOR_GROUPS.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    0: there is no such group.
 * Source:    NF:wdm.KeQueryActiveProcessorCountEx
 */
ULONG
KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
    return group_known(GroupNumber) ? machine_self()->processor_count : 0;
}

/*
 * KeQueryMaximumProcessorCount - how many processors the machine can ever have
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; none is added while it runs.
 * Source:    NF:wdm.KeQueryMaximumProcessorCount
 */
ULONG
KeQueryMaximumProcessorCount(VOID)
{
    return machine_self()->processor_count;
}

/*
 * KeQueryMaximumProcessorCountEx - how many processors a group can ever have
 *
 * @GroupNumber: 0 or ALL_PROCESSOR_GROUPS.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    0: there is no such group.
 * Source:    NF:wdm.KeQueryMaximumProcessorCountEx
 */
ULONG
KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
    return KeQueryActiveProcessorCountEx(GroupNumber);
}

/*
 * KeQueryActiveProcessors - the mask of processors
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; bit n stands for processor n.
 * Source:    NF:wdm.KeQueryActiveProcessors
 */
KAFFINITY
KeQueryActiveProcessors(VOID)
{
    return ~(KAFFINITY)0 >> (64 - machine_self()->processor_count);
}

/*
 * KeQueryGroupAffinity - the mask of a group's processors
 *
 * @GroupNumber: 0 is the only group.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    0: there is no such group.
 * Source:    NF:wdm.KeQueryGroupAffinity
 */
KAFFINITY
KeQueryGroupAffinity(USHORT GroupNumber)
{
    return GroupNumber == 0 ? KeQueryActiveProcessors() : 0;
}

/*
 * KeQueryActiveGroupCount - how many processor groups there are
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 1, a machine has at most 64 processors.
 * Source:    NF:wdm.KeQueryActiveGroupCount
 */
USHORT
KeQueryActiveGroupCount(VOID)
{
    return 1;
}

/*
 * KeQueryMaximumGroupCount - how many processor groups there can ever be
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 1.
 * Source:    NF:wdm.KeQueryMaximumGroupCount
 */
USHORT
KeQueryMaximumGroupCount(VOID)
{
    return 1;
}

/*
 * KeQueryHighestNodeNumber - the last NUMA node
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 0, there is one node.
 * Source:    NF:wdm.KeQueryHighestNodeNumber
 */
USHORT
KeQueryHighestNodeNumber(VOID)
{
    return 0;
}

/*
 * KeGetCurrentNodeNumber - the NUMA node of the caller
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 0, there is one node.
 * Source:    NF:wdm.KeGetCurrentNodeNumber
 */
USHORT
KeGetCurrentNodeNumber(VOID)
{
    return 0;
}

/*
 * KeQueryNodeActiveAffinity - the processors of a NUMA node
 *
 * @NodeNumber: 0. @Affinity: gets mask and group, or NULL. @Count: gets their number, or NULL.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    another node has no processors.
 * Source:    NF:wdm.KeQueryNodeActiveAffinity
 */
VOID
KeQueryNodeActiveAffinity(USHORT NodeNumber, PGROUP_AFFINITY Affinity, PUSHORT Count)
{
    if (Affinity)
        *Affinity = (GROUP_AFFINITY){.Mask = KeQueryGroupAffinity(NodeNumber)};
    if (Count)
        *Count = NodeNumber == 0 ? (USHORT)machine_self()->processor_count : 0;
}

/*
 * KeGetProcessorNumberFromIndex - group and number of a processor
 *
 * @ProcIndex: from 0. @ProcNumber: gets them.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER: there is no such processor.
 * Source:    NF:wdm.KeGetProcessorNumberFromIndex
 */
NTSTATUS
KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
    if (ProcIndex >= machine_self()->processor_count)
        return STATUS_INVALID_PARAMETER;
    *ProcNumber = (PROCESSOR_NUMBER){.Group = 0, .Number = (UCHAR)ProcIndex};
    return STATUS_SUCCESS;
}

/*
 * KeGetProcessorIndexFromNumber - the index of a processor
 *
 * @ProcNumber: group and number.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    0xFFFFFFFF (INVALID_PROCESSOR_INDEX): there is no such processor.
 * Source:    NF:wdm.KeGetProcessorIndexFromNumber
 */
ULONG
KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
    if (ProcNumber->Group || ProcNumber->Reserved ||
        ProcNumber->Number >= machine_self()->processor_count)
        return NO_PROCESSOR;
    return ProcNumber->Number;
}

/*
 * KeShouldYieldProcessor - whether a DPC has run for too long
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; not 0 when other DPCs wait for this processor.
 * Source:    NF:wdm.KeShouldYieldProcessor
 */
ULONG
KeShouldYieldProcessor(VOID)
{
    return __atomic_load_n(&processor_self()->dpcs.Next, __ATOMIC_RELAXED) != NULL;
}

/* Binds the running thread to the first processor of @mask; 0 frees it. Answers the old mask. */
static KAFFINITY
bind_thread(KAFFINITY mask)
{
    struct kthread *thread = thread_self();
    KAFFINITY old = thread->affinity;
    uint32_t processor;

    thread->affinity = mask & KeQueryActiveProcessors();
    if (!thread->affinity)
        return old;
    processor = (uint32_t)__builtin_ctzll(thread->affinity);
    if (irql_now() < DISPATCH_LEVEL)
        block_self->processor = processor;
    return old;
}

/*
 * KeSetSystemAffinityThreadEx - binds the running thread to processors
 *
 * @Affinity: mask; the thread goes to the first of them that exists.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section).
 * Ownership: none moves. At DISPATCH_LEVEL it takes effect when the IRQL is lowered.
 * Errors:    none; the mask before, 0 when there was none.
 * Source:    NF:wdm.KeSetSystemAffinityThreadEx
 */
KAFFINITY
KeSetSystemAffinityThreadEx(KAFFINITY Affinity)
{
    return bind_thread(Affinity);
}

/*
 * KeSetSystemAffinityThread - binds the running thread to processors
 *
 * @Affinity: mask; the thread goes to the first of them that exists.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section).
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeSetSystemAffinityThread
 */
VOID
KeSetSystemAffinityThread(KAFFINITY Affinity)
{
    bind_thread(Affinity);
}

/*
 * KeRevertToUserAffinityThreadEx - undoes KeSetSystemAffinityThreadEx
 *
 * @Affinity: what that call answered.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section).
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeRevertToUserAffinityThreadEx
 */
VOID
KeRevertToUserAffinityThreadEx(KAFFINITY Affinity)
{
    bind_thread(Affinity);
}

/*
 * KeRevertToUserAffinityThread - undoes KeSetSystemAffinityThread
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    undocumented; as NF:wdm.KeRevertToUserAffinityThreadEx
 */
VOID
KeRevertToUserAffinityThread(VOID)
{
    bind_thread(0);
}

/*
 * KeSetSystemGroupAffinityThread - binds the running thread to processors of a group
 *
 * @Affinity: group 0 and a mask. @PreviousAffinity: gets what was before, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section).
 * Ownership: none moves.
 * Errors:    none; a group that does not exist changes nothing.
 * Source:    NF:wdm.KeSetSystemGroupAffinityThread
 */
VOID
KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity, PGROUP_AFFINITY PreviousAffinity)
{
    struct kthread *thread = thread_self();

    if (PreviousAffinity)
        *PreviousAffinity = (GROUP_AFFINITY){.Mask = thread->affinity};
    if (Affinity->Group == 0 && (Affinity->Mask & KeQueryActiveProcessors()))
        bind_thread(Affinity->Mask);
}

/*
 * KeRevertToUserGroupAffinityThread - undoes KeSetSystemGroupAffinityThread
 *
 * @PreviousAffinity: what that call gave.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section).
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeRevertToUserGroupAffinityThread
 */
VOID
KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity)
{
    bind_thread(PreviousAffinity->Mask);
}
