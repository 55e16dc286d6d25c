/* SPDX-License-Identifier: MIT */
/* A driver that asks for changes of processors hears of those that are there, and may refuse them;
 * each is a core of its own in one package, node and group. Functions that ask for processes are
 * known once and forgotten once, and the thread is in the one process already.
 */
#include "nt.h"
#include <ndis.h>
#include <ntifs.h>
#include <string.h>

static unsigned starts, completes, failures, refuse;

static VOID
change(PVOID context, PKE_PROCESSOR_CHANGE_NOTIFY_CONTEXT changed, PNTSTATUS status)
{
    CHECK(context == &starts);
    CHECK(changed->NtNumber == changed->ProcNumber.Number && !changed->ProcNumber.Group);
    switch (changed->State) {
    case KeProcessorAddStartNotify:
        CHECK(changed->NtNumber == starts++);
        if (starts == refuse)
            *status = STATUS_INSUFFICIENT_RESOURCES;
        break;
    case KeProcessorAddCompleteNotify: completes++; break;
    case KeProcessorAddFailureNotify: failures++; break;
    }
}

static PVOID
ask(ULONG flags, unsigned refuse_at)
{
    starts = completes = failures = 0;
    refuse = refuse_at;
    return KeRegisterProcessorChangeCallback(change, &starts, flags);
}

static void
processors_are_told(unsigned count)
{
    PVOID handle = ask(KE_PROCESSOR_CHANGE_ADD_EXISTING, 0);

    CHECK(handle && starts == count && completes == count && !failures);
    KeDeregisterProcessorChangeCallback(handle);
    handle = ask(0, 0);
    CHECK(handle && !starts);
    KeDeregisterProcessorChangeCallback(handle);
    CHECK(!ask(KE_PROCESSOR_CHANGE_ADD_EXISTING, count));
    CHECK(starts == count && !completes && failures == count);
    CHECK(!ask(8, 0));
}

static ULONG
query(PPROCESSOR_NUMBER number, LOGICAL_PROCESSOR_RELATIONSHIP relation, UCHAR *buffer, ULONG room)
{
    ULONG length = 0, need;
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = (PVOID)buffer;

    CHECK(KeQueryLogicalProcessorRelationship(number, relation, NULL, &length) ==
          STATUS_INFO_LENGTH_MISMATCH);
    CHECK(length && length <= room);
    need = length--;
    CHECK(KeQueryLogicalProcessorRelationship(number, relation, record, &length) ==
          STATUS_INFO_LENGTH_MISMATCH);
    CHECK(length == need);
    CHECK(KeQueryLogicalProcessorRelationship(number, relation, record, &length) == STATUS_SUCCESS);
    return length;
}

static void
relations_are_told(unsigned count)
{
    UCHAR buffer[4096] __attribute__((aligned(8)));
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX record = (PVOID)buffer;
    PROCESSOR_NUMBER number = {.Number = (UCHAR)(count - 1)}, none = {.Number = (UCHAR)count};
    unsigned records = 0;
    ULONG length;

    length = query(NULL, RelationProcessorCore, buffer, sizeof(buffer));
    CHECK(length == count * record->Size && record->Processor.GroupMask[0].Mask == 1);
    length = query(&number, RelationProcessorCore, buffer, sizeof(buffer));
    CHECK(length == record->Size && record->Processor.GroupMask[0].Mask == (KAFFINITY)1
                                                                               << number.Number);
    query(NULL, RelationProcessorPackage, buffer, sizeof(buffer));
    CHECK(record->Processor.GroupMask[0].Mask == (1u << count) - 1);
    query(NULL, RelationNumaNode, buffer, sizeof(buffer));
    CHECK(record->NumaNode.GroupMask.Mask == (1u << count) - 1);
    query(NULL, RelationGroup, buffer, sizeof(buffer));
    CHECK(record->Group.ActiveGroupCount == 1);
    CHECK(record->Group.GroupInfo[0].ActiveProcessorCount == count);
    length = query(NULL, RelationAll, buffer, sizeof(buffer));
    for (ULONG at = 0; at < length; records++)
        at += ((PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX)(PVOID)(buffer + at))->Size;
    CHECK(records == count + 3);
    CHECK(KeQueryLogicalProcessorRelationship(&none, RelationAll, record, &length) ==
          STATUS_INVALID_PARAMETER);
    CHECK(
        KeQueryLogicalProcessorRelationship(NULL, 77, record, &length) == STATUS_INVALID_PARAMETER);
}

static VOID
process(HANDLE parent, HANDLE id, BOOLEAN create)
{
    (void)parent;
    (void)id;
    (void)create;
    CHECK(!"a process came");
}

static VOID
process_ex(PEPROCESS which, HANDLE id, PPS_CREATE_NOTIFY_INFO info)
{
    (void)which;
    (void)info;
    process(NULL, id, info != NULL);
}

static void
processes_are_asked_for(void)
{
    KAPC_STATE state;

    CHECK(PsSetCreateProcessNotifyRoutine(process, TRUE) == STATUS_PROCEDURE_NOT_FOUND);
    CHECK(PsSetCreateProcessNotifyRoutine(process, FALSE) == STATUS_SUCCESS);
    CHECK(PsSetCreateProcessNotifyRoutine(process, FALSE) == STATUS_INVALID_PARAMETER);
    CHECK(PsSetCreateProcessNotifyRoutineEx(process_ex, FALSE) == STATUS_SUCCESS);
    CHECK(PsSetCreateProcessNotifyRoutineEx(process_ex, TRUE) == STATUS_SUCCESS);
    CHECK(PsSetCreateProcessNotifyRoutineEx(process_ex, TRUE) == STATUS_INVALID_PARAMETER);
    CHECK(PsSetCreateProcessNotifyRoutine(process, TRUE) == STATUS_SUCCESS);
    KeStackAttachProcess((PRKPROCESS)PsGetCurrentProcess(), &state);
    CHECK((PVOID)state.Process == (PVOID)PsGetCurrentProcess());
    KeUnstackDetachProcess(&state);
    CHECK(!state.Process);
}

static void
numbers_are_indexes(unsigned count)
{
    PROCESSOR_NUMBER number;

    for (unsigned i = 0; i < count; i++) {
        CHECK(NdisProcessorIndexToNumber(i, &number) == NDIS_STATUS_SUCCESS);
        CHECK(NdisProcessorNumberToIndex(number) == i);
    }
    number.Number++;
    CHECK(NdisProcessorNumberToIndex(number) == ~0u);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    unsigned count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);

    (void)object;
    (void)path;
    processors_are_told(count);
    relations_are_told(count);
    numbers_are_indexes(count);
    processes_are_asked_for();
    CHECK(RtlGetEnabledExtendedFeatures(0) == 0);
    CHECK((RtlGetEnabledExtendedFeatures(~0ull) & 3) == 3 || !RtlGetEnabledExtendedFeatures(~0ull));
    return STATUS_UNSUCCESSFUL;
}

static void
test(void *machine)
{
    struct driver *driver;

    CHECK(driver_add(machine, "asker", entry, &driver) == 0);
    CHECK(driver_start(driver) == STATUS_UNSUCCESSFUL);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
