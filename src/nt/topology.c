/* SPDX-License-Identifier: MIT */
/* Which processors there are, for drivers that have something per processor: one package, one NUMA
 * node and one group with every processor a core of its own. None ever comes or goes, so functions
 * that ask for changes hear of the processors that are there, if they want to.
 */
#include "nt/call.h"
#include "nt/object.h"

#include <string.h>

/* What KeRegisterProcessorChangeCallback answers. */
struct change_callback {
    struct driver *driver; /* [I] */
};

/* One call of the function; what it says of the addition. */
static NTSTATUS
notify(struct driver *driver, PPROCESSOR_CALLBACK_FUNCTION function, void *context,
    KE_PROCESSOR_CHANGE_NOTIFY_STATE state, unsigned processor)
{
    NTSTATUS status = STATUS_SUCCESS;
    KE_PROCESSOR_CHANGE_NOTIFY_CONTEXT change = {.State = state, .NtNumber = processor};

    change.ProcNumber.Number = (UCHAR)processor;
    call_callback(driver, (PCALLBACK_FUNCTION)(void *)function, context, &change, &status);
    return status;
}

/* All processors start, then all are there; or those that started are told of the failure. */
static NTSTATUS
notify_all(struct driver *driver, PPROCESSOR_CALLBACK_FUNCTION function, void *context)
{
    unsigned count = machine_self()->processor_count, started;
    NTSTATUS status = STATUS_SUCCESS;

    for (started = 0; started < count && NT_SUCCESS(status); started++)
        status = notify(driver, function, context, KeProcessorAddStartNotify, started);
    for (unsigned i = 0; i < started; i++)
        notify(driver, function, context,
            NT_SUCCESS(status) ? KeProcessorAddCompleteNotify : KeProcessorAddFailureNotify, i);
    return status;
}

/*
 * KeRegisterProcessorChangeCallback - a driver asks to be told of new processors
 *
 * @CallbackFunction: called for each change.
 * @CallbackContext:  handed to it.
 * @Flags:            KE_PROCESSOR_CHANGE_ADD_EXISTING: also for those that are there, at once.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the answer is the driver's until KeDeregisterProcessorChangeCallback.
 * Errors:    NULL: no memory, unknown flags, or the function refused a processor that is there.
 * Source:    NF:wdm.KeRegisterProcessorChangeCallback
 */
PVOID
KeRegisterProcessorChangeCallback(
    PPROCESSOR_CALLBACK_FUNCTION CallbackFunction, PVOID CallbackContext, ULONG Flags)
{
    struct undis *machine = machine_self();
    struct change_callback *made;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (Flags & ~(ULONG)KE_PROCESSOR_CHANGE_ADD_EXISTING)
        return NULL;
    made = machine_alloc(machine, sizeof(*made));
    if (!made)
        return NULL;
    made->driver = block_self->driver;
    if (!(Flags & KE_PROCESSOR_CHANGE_ADD_EXISTING) ||
        NT_SUCCESS(notify_all(made->driver, CallbackFunction, CallbackContext)))
        return made;
    machine_free(machine, made);
    return NULL;
}

/*
 * KeDeregisterProcessorChangeCallback - a driver is not told of new processors any more
 *
 * @CallbackHandle: from KeRegisterProcessorChangeCallback.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is gone.
 * Errors:    none.
 * Source:    NF:wdm.KeDeregisterProcessorChangeCallback
 */
VOID
KeDeregisterProcessorChangeCallback(PVOID CallbackHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    machine_free(machine_self(), CallbackHandle);
}

/* Where records go: what does not fit is only counted. */
struct answer {
    UCHAR *to;
    ULONG room, used;
};

static void
put(struct answer *answer, const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *record)
{
    if (answer->to && answer->used + record->Size <= answer->room)
        memcpy(answer->to + answer->used, record, record->Size);
    answer->used += record->Size;
}

/* A core with one processor, or a package with all of them. */
static void
put_processors(struct answer *answer, LOGICAL_PROCESSOR_RELATIONSHIP relation, KAFFINITY mask)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = {.Relationship = relation};

    record.Size =
        FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Processor) + sizeof(record.Processor);
    record.Processor.GroupCount = 1;
    record.Processor.GroupMask[0].Mask = mask;
    put(answer, &record);
}

static void
put_node(struct answer *answer, KAFFINITY mask)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = {.Relationship = RelationNumaNode};

    record.Size =
        FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, NumaNode) + sizeof(record.NumaNode);
    record.NumaNode.GroupCount = 1;
    record.NumaNode.GroupMask.Mask = mask;
    put(answer, &record);
}

static void
put_group(struct answer *answer, unsigned count, KAFFINITY mask)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = {.Relationship = RelationGroup};

    record.Size =
        FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Group) + sizeof(record.Group);
    record.Group.MaximumGroupCount = record.Group.ActiveGroupCount = 1;
    record.Group.GroupInfo[0].MaximumProcessorCount = (UCHAR)count;
    record.Group.GroupInfo[0].ActiveProcessorCount = (UCHAR)count;
    record.Group.GroupInfo[0].ActiveProcessorMask = mask;
    put(answer, &record);
}

/*
 * KeQueryLogicalProcessorRelationship - which processors share what
 *
 * @ProcessorNumber:  only what this one belongs to; NULL: everything.
 * @RelationshipType: cores, packages, NUMA nodes, groups, or all of it.
 * @Information:      gets a record each; NULL to ask for the length.
 * @Length:           bytes of it, and how many the records take.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    STATUS_INFO_LENGTH_MISMATCH when they do not fit. STATUS_INVALID_PARAMETER: no such
 *            processor, or another relationship.
 * Source:    NF:wdm.KeQueryLogicalProcessorRelationship
 * Gaps:      caches are not told: RelationCache has no records.
 */
NTSTATUS
KeQueryLogicalProcessorRelationship(PPROCESSOR_NUMBER ProcessorNumber,
    LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Information, PULONG Length)
{
    unsigned count = machine_self()->processor_count;
    KAFFINITY all = ((KAFFINITY)1 << count) - 1;
    bool every = RelationshipType == RelationAll;
    struct answer answer = {(UCHAR *)Information, Information ? *Length : 0, 0};

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!every && (unsigned)RelationshipType > RelationGroup)
        return STATUS_INVALID_PARAMETER;
    if (ProcessorNumber && (ProcessorNumber->Group || ProcessorNumber->Number >= count))
        return STATUS_INVALID_PARAMETER;
    for (unsigned i = 0; i < count && (every || RelationshipType == RelationProcessorCore); i++)
        if (!ProcessorNumber || ProcessorNumber->Number == i)
            put_processors(&answer, RelationProcessorCore, (KAFFINITY)1 << i);
    if (every || RelationshipType == RelationNumaNode)
        put_node(&answer, all);
    if (every || RelationshipType == RelationProcessorPackage)
        put_processors(&answer, RelationProcessorPackage, all);
    if (every || RelationshipType == RelationGroup)
        put_group(&answer, count, all);
    *Length = answer.used;
    return answer.used > answer.room ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}

/*
 * RtlGetEnabledExtendedFeatures - which extended processor states are enabled
 *
 * @FeatureMask: those that are asked for, XSTATE_MASK_*.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; 0 where the processor has none of them.
 * Source:    NF:ntddk.RtlGetEnabledExtendedFeatures
 */
ULONG64
RtlGetEnabledExtendedFeatures(ULONG64 FeatureMask)
{
    unsigned a = 1, b, c = 0, d, low, high;

    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (!(c & (1u << 27))) /* OSXSAVE */
        return 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return FeatureMask & ((ULONG64)high << 32 | low);
}
