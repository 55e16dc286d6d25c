/* SPDX-License-Identifier: MIT */
/* Calls that tell who and where a driver is: the process, the verifier, pageable sections, driver
 * extensions, named events, the error log. */
#include "host/lock.h"
#include "nt/gate.h"
#include "nt/handle.h"
#include "nt/iomanager.h"
#include "nt/pool.h"
#include <string.h>

/* One process, the system's: its address is all that there is of it. */
static struct {
    UCHAR opaque[16];
} system_process;
#define SYSTEM_PROCESS_ID 4

/*
 * PsGetCurrentProcess - the process that runs: the system process
 *
 * IRQL:      Any level
 * Ownership: no reference.
 * Errors:    none.
 * Source:    NF:wdm.IoGetCurrentProcess
 */
PEPROCESS
PsGetCurrentProcess(VOID)
{
    return (PEPROCESS)(PVOID)&system_process;
}

/*
 * IoGetCurrentProcess - as PsGetCurrentProcess
 *
 * IRQL:      Any level
 * Ownership: no reference.
 * Errors:    none.
 * Source:    NF:wdm.IoGetCurrentProcess
 */
PEPROCESS
IoGetCurrentProcess(VOID)
{
    return PsGetCurrentProcess();
}

/*
 * PsGetProcessId - the number of a process
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.PsGetProcessId
 */
HANDLE
PsGetProcessId(PEPROCESS Process)
{
    UNREFERENCED_PARAMETER(Process);
    return (HANDLE)SYSTEM_PROCESS_ID;
}

/*
 * PsLookupProcessByProcessId - the process of a number
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller dereferences it.
 * Errors:    STATUS_INVALID_PARAMETER for all but the system process.
 * Source:    NF:ntifs.PsLookupProcessByProcessId
 */
NTSTATUS
PsLookupProcessByProcessId(HANDLE ProcessId, PEPROCESS *Process)
{
    if ((ULONG_PTR)ProcessId != SYSTEM_PROCESS_ID)
        return STATUS_INVALID_PARAMETER;
    *Process = PsGetCurrentProcess();
    return STATUS_SUCCESS;
}

/*
 * IoGetRequestorProcess - the process that a request comes from
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: no reference.
 * Errors:    none.
 * Source:    NF:ntifs.IoGetRequestorProcess
 */
PEPROCESS
IoGetRequestorProcess(PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    return PsGetCurrentProcess();
}

/*
 * IoGetRequestorProcessId - the number of the process that a request comes from
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.IoGetRequestorProcessId
 */
ULONG
IoGetRequestorProcessId(PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    return SYSTEM_PROCESS_ID;
}

/*
 * IoIs32bitProcess - whether a request comes from a 32-bit program: none does
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    FALSE.
 * Source:    NF:wdm.IoIs32bitProcess
 */
BOOLEAN
IoIs32bitProcess(PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    return FALSE;
}

/*
 * IoGetFileObjectGenericMapping - what the generic rights mean for a file
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the mapping is constant.
 * Errors:    none.
 * Source:    NF:ntddk.IoGetFileObjectGenericMapping
 */
PGENERIC_MAPPING
IoGetFileObjectGenericMapping(VOID)
{
    static GENERIC_MAPPING mapping = {
        FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS};

    return &mapping;
}

/*
 * MmIsVerifierEnabled - whether drivers are verified: when the machine's hooks are on
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:wdm.MmIsDriverVerifying
 */
NTSTATUS
MmIsVerifierEnabled(PULONG VerifierFlags)
{
    *VerifierFlags = gate_hooks() != NULL;
    return STATUS_SUCCESS;
}

/*
 * MmIsDriverVerifying - whether a driver is verified: when the machine's hooks are on
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.MmIsDriverVerifying
 */
LOGICAL
MmIsDriverVerifying(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    return gate_hooks() != NULL;
}

/*
 * MmLockPagableDataSection - makes a section resident: all is, so the handle is the address
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller unlocks it with MmUnlockPagableImageSection.
 * Errors:    none.
 * Source:    NF:wdm.MmLockPagableDataSection
 */
PVOID
MmLockPagableDataSection(PVOID AddressWithinSection)
{
    return AddressWithinSection;
}

/*
 * MmLockPagableSectionByHandle - locks a section once more: all is resident
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.MmLockPagableSectionByHandle
 */
VOID
MmLockPagableSectionByHandle(PVOID ImageSectionHandle)
{
    UNREFERENCED_PARAMETER(ImageSectionHandle);
}

/*
 * MmUnlockPagableImageSection - undoes MmLockPagableDataSection: sections stay resident
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.MmUnlockPagableImageSection
 */
VOID
MmUnlockPagableImageSection(PVOID ImageSectionHandle)
{
    UNREFERENCED_PARAMETER(ImageSectionHandle);
}

/*
 * MmPageEntireDriver - allows a driver's sections to be paged: they stay resident, which is allowed
 *     too
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    the address of the driver's section.
 * Source:    NF:wdm.MmPageEntireDriver
 */
PVOID
MmPageEntireDriver(PVOID AddressWithinSection)
{
    return AddressWithinSection;
}

/*
 * MmResetDriverPaging - undoes MmPageEntireDriver
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.MmResetDriverPaging
 */
VOID
MmResetDriverPaging(PVOID AddressWithinSection)
{
    UNREFERENCED_PARAMETER(AddressWithinSection);
}

/* A client's memory of a driver object; the list hangs on struct io. */
struct extension {
    LIST_ENTRY link;
    PDRIVER_OBJECT driver;
    PVOID client;
    UCHAR data[] __attribute__((aligned(16)));
};

/* With io.lock. */
static struct extension *
extension_find(struct io *io, PDRIVER_OBJECT driver, PVOID client)
{
    LIST_ENTRY *at;

    for (at = io->extensions.Flink; at != &io->extensions; at = at->Flink) {
        struct extension *extension = CONTAINING_RECORD(at, struct extension, link);

        if (extension->driver == driver && extension->client == client)
            return extension;
    }
    return NULL;
}

/*
 * IoAllocateDriverObjectExtension - zeroed memory of a driver object, found by the client's address
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: freed when the driver is unloaded.
 * Errors:    STATUS_OBJECT_NAME_COLLISION, STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.IoAllocateDriverObjectExtension
 */
NTSTATUS
IoAllocateDriverObjectExtension(PDRIVER_OBJECT DriverObject, PVOID ClientIdentificationAddress,
    ULONG DriverObjectExtensionSize, PVOID *DriverObjectExtension)
{
    struct undis *machine = machine_self();
    struct extension *extension =
        machine_alloc(machine, sizeof(*extension) + DriverObjectExtensionSize);
    bool taken;

    *DriverObjectExtension = NULL;
    if (extension == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    extension->driver = DriverObject;
    extension->client = ClientIdentificationAddress;
    host_lock(&machine->io->lock);
    taken = extension_find(machine->io, DriverObject, ClientIdentificationAddress) != NULL;
    if (!taken)
        InsertTailList(&machine->io->extensions, &extension->link);
    host_unlock(&machine->io->lock);
    if (taken) {
        machine_free(machine, extension);
        return STATUS_OBJECT_NAME_COLLISION;
    }
    *DriverObjectExtension = extension->data;
    return STATUS_SUCCESS;
}

/*
 * IoGetDriverObjectExtension - memory of IoAllocateDriverObjectExtension
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: it stays the driver object's.
 * Errors:    NULL when there is none.
 * Source:    NF:wdm.IoGetDriverObjectExtension
 */
PVOID
IoGetDriverObjectExtension(PDRIVER_OBJECT DriverObject, PVOID ClientIdentificationAddress)
{
    struct io *io = machine_self()->io;
    struct extension *extension;

    host_lock(&io->lock);
    extension = extension_find(io, DriverObject, ClientIdentificationAddress);
    host_unlock(&io->lock);
    return extension == NULL ? NULL : extension->data;
}

void
driver_extensions_free(struct undis *machine, PDRIVER_OBJECT driver)
{
    struct io *io = machine->io;
    LIST_ENTRY *at, *next;

    host_lock(&io->lock);
    for (at = io->extensions.Flink; at != &io->extensions; at = next) {
        struct extension *extension = CONTAINING_RECORD(at, struct extension, link);

        next = at->Flink;
        if (driver != NULL && extension->driver != driver)
            continue;
        RemoveEntryList(at);
        machine_free(machine, extension);
    }
    host_unlock(&io->lock);
}

/*
 * IoAllocateErrorLogEntry - memory for an error log entry
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: IoWriteErrorLogEntry takes it, or IoFreeErrorLogEntry.
 * Errors:    NULL when memory is short or EntrySize is no possible one.
 * Source:    NF:wdm.IoAllocateErrorLogEntry
 */
PVOID
IoAllocateErrorLogEntry(PVOID IoObject, UCHAR EntrySize)
{
    UNREFERENCED_PARAMETER(IoObject);
    if (EntrySize < sizeof(IO_ERROR_LOG_PACKET) || EntrySize > ERROR_LOG_MAXIMUM_SIZE)
        return NULL;
    return pool_alloc(EntrySize, POOL_TAG('I', 'o', 'E', 'r'), POOL_ZERO);
}

/*
 * IoWriteErrorLogEntry - an entry into the error log: a line of the machine's report
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the entry.
 * Errors:    none.
 * Source:    NF:wdm.IoWriteErrorLogEntry
 */
VOID
IoWriteErrorLogEntry(PVOID ElEntry)
{
    PIO_ERROR_LOG_PACKET packet = ElEntry;

    DbgPrint("error log: code 0x%08x, unique value 0x%x, final status 0x%08x\n", packet->ErrorCode,
        packet->UniqueErrorValue, packet->FinalStatus);
    pool_free(ElEntry, 0);
}

/*
 * IoFreeErrorLogEntry - frees an entry that is not to be written
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the entry.
 * Errors:    none.
 * Source:    NF:wdm.IoWriteErrorLogEntry
 */
VOID
IoFreeErrorLogEntry(PVOID ElEntry)
{
    pool_free(ElEntry, 0);
}

/* A named event; the object manager's name space for events is the list of living ones. */
struct named_event {
    KEVENT event; /* first: drivers wait for it */
    LIST_ENTRY link;
    UNICODE_STRING name;
};

static void
event_last(void *body)
{
    struct undis *machine = object_prefix(body)->machine;
    struct named_event *named = body;

    if (machine->io != NULL) {
        host_lock(&machine->io->lock);
        RemoveEntryList(&named->link);
        host_unlock(&machine->io->lock);
    }
    machine_free(machine, named->name.Buffer);
}

/* With io.lock; takes a reference. */
static struct named_event *
event_find(struct io *io, PUNICODE_STRING name)
{
    LIST_ENTRY *at;

    for (at = io->events.Flink; at != &io->events; at = at->Flink) {
        struct named_event *named = CONTAINING_RECORD(at, struct named_event, link);

        if (RtlEqualUnicodeString(&named->name, name, TRUE)) {
            reference_get(named);
            return named;
        }
    }
    return NULL;
}

PRKEVENT
event_by_name(struct undis *machine, PUNICODE_STRING name)
{
    struct named_event *named;

    host_lock(&machine->io->lock);
    named = event_find(machine->io, name);
    host_unlock(&machine->io->lock);
    return named ? &named->event : NULL;
}

static struct named_event *
event_make(struct undis *machine, PUNICODE_STRING name, EVENT_TYPE type)
{
    struct named_event *named;
    PWCH text = machine_alloc(machine, name->Length + sizeof(WCHAR));

    if (text == NULL)
        return NULL;
    named = reference_create(machine, OBJECT_EVENT, sizeof(*named), event_last);
    if (named == NULL) {
        machine_free(machine, text);
        return NULL;
    }
    KeInitializeEvent(&named->event, type, TRUE);
    memcpy(text, name->Buffer, name->Length);
    named->name.Length = named->name.MaximumLength = name->Length;
    named->name.Buffer = text;
    host_lock(&machine->io->lock);
    InsertTailList(&machine->io->events, &named->link);
    host_unlock(&machine->io->lock);
    return named;
}

static PKEVENT
event_open(PUNICODE_STRING name, PHANDLE handle, EVENT_TYPE type)
{
    struct undis *machine = machine_self();
    struct named_event *named;
    NTSTATUS status;

    host_lock(&machine->io->lock);
    named = event_find(machine->io, name);
    host_unlock(&machine->io->lock);
    if (named == NULL)
        named = event_make(machine, name, type);
    if (named == NULL)
        return NULL;
    status = handle_open(machine, named, handle);
    reference_put(named);
    return status == STATUS_SUCCESS ? &named->event : NULL;
}

/*
 * IoCreateNotificationEvent - a named notification event, signalled when new
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes the handle with ZwClose; the event lives as long as a handle.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.IoCreateNotificationEvent
 */
PKEVENT
IoCreateNotificationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle)
{
    return event_open(EventName, EventHandle, NotificationEvent);
}

/*
 * IoCreateSynchronizationEvent - a named synchronization event, signalled when new
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes the handle with ZwClose; the event lives as long as a handle.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.IoCreateSynchronizationEvent
 */
PKEVENT
IoCreateSynchronizationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle)
{
    return event_open(EventName, EventHandle, SynchronizationEvent);
}

static ULONG safe_boot_mode;

/*
 * InitSafeBootMode - how Windows was booted: 0, as always
 *
 * Source:    undocumented but in the guide, "Determining Whether the Operating System Is Running in Safe
 *            Mode"
 */
PULONG InitSafeBootMode = &safe_boot_mode;
