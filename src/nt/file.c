/* SPDX-License-Identifier: MIT */
/* File objects: opened with IRP_MJ_CREATE, left with IRP_MJ_CLEANUP, gone with IRP_MJ_CLOSE.
 *
 * A file is a counted object. Who opened it closes it (io_close, ZwClose); drivers may hold more
 * references. The last reference sends what is still to be sent and lets the device go.
 * FILE_OBJECT.Flags: the documented bits below; the device's own are left alone.
 */
#include "host/lock.h"
#include "nt/gate.h"
#include "nt/handle.h"
#include "nt/iomanager.h"
#include "nt/unicode.h"
#include <string.h>

#define FILE_SYNCHRONOUS 0x00000002 /* FO_SYNCHRONOUS_IO */
#define FILE_CLEANED     0x00004000 /* FO_CLEANUP_COMPLETE */
#define FILE_OPENED_ONCE 0x00040000 /* FO_HANDLE_CREATED: IRP_MJ_CREATE succeeded */

/* Whether the driver has marked it, which nobody sees afterwards. */
static NTSTATUS
note_mark(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    *(bool *)Context = Irp->PendingReturned;
    return STATUS_SUCCESS;
}

static const char *
maker_of(PDEVICE_OBJECT device)
{
    const struct object *prefix = object_of(machine_self(), device, OBJECT_DEVICE);
    const struct driver *driver = prefix ? prefix->maker : NULL;

    return driver ? driver->name : "a driver";
}

NTSTATUS
io_send(PDEVICE_OBJECT device, PIRP irp, PKEVENT event, PIO_STATUS_BLOCK result)
{
    bool watched = gate_hooks() != NULL, marked = true;
    NTSTATUS status;

    result->Status = STATUS_PENDING;
    if (watched)
        IoSetCompletionRoutine(irp, note_mark, &marked, TRUE, TRUE, TRUE);
    status = IofCallDriver(device, irp);
    if (status != STATUS_PENDING && !KeReadStateEvent(event)) {
        gate_bug_check("cf-irp-pending-marked",
            "a dispatch routine answers 0x%08x, not STATUS_PENDING, and has not completed the IRP",
            (unsigned)status);
    }
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
    if (status == STATUS_PENDING && !marked)
        gate_bug_check("cf-irp-pending-marked",
            "a dispatch routine of %s answers STATUS_PENDING for an IRP that it has not marked",
            maker_of(device));
    return result->Status;
}

/* A request without parameters. */
static NTSTATUS
file_send(PFILE_OBJECT file, UCHAR major)
{
    PDEVICE_OBJECT device = IoGetRelatedDeviceObject(file);
    IO_STATUS_BLOCK result;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = irp_make(device, major, file, &event, &result);
    if (irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    irp->Flags |= IRP_SYNCHRONOUS_API | (major == IRP_MJ_CLOSE ? IRP_CLOSE_OPERATION : 0);
    return io_send(device, irp, &event, &result);
}

void
file_cleanup(PFILE_OBJECT file)
{
    if (!(file->Flags & FILE_OPENED_ONCE) || file->Flags & FILE_CLEANED)
        return;
    file->Flags |= FILE_CLEANED;
    file_send(file, IRP_MJ_CLEANUP);
}

static void
file_last(void *body)
{
    struct undis *machine = object_prefix(body)->machine;
    PFILE_OBJECT file = body;

    /* Without an I/O manager the machine is ending, and its devices are gone. */
    if (file->DeviceObject != NULL && machine->io != NULL) {
        file_cleanup(file);
        if (file->Flags & FILE_OPENED_ONCE)
            file_send(file, IRP_MJ_CLOSE);
        device_closed(file->DeviceObject);
    }
    machine_free(machine, file->FileName.Buffer);
}

/* Counts the file on the device; what stands in its way. */
static NTSTATUS
device_enter(PDEVICE_OBJECT device)
{
    struct io *io = machine_self()->io;
    NTSTATUS status = STATUS_SUCCESS;

    host_lock(&io->lock);
    if (io_device_of(device)->deleted || device->Flags & DO_DEVICE_INITIALIZING)
        status = STATUS_NO_SUCH_DEVICE;
    else if (device->Flags & DO_EXCLUSIVE && device->ReferenceCount != 0)
        status = STATUS_ACCESS_DENIED;
    else
        device->ReferenceCount++;
    host_unlock(&io->lock);
    return status;
}

static NTSTATUS
file_make(const UNICODE_STRING *name, PFILE_OBJECT *made)
{
    struct undis *machine = machine_self();
    PFILE_OBJECT file = reference_create(machine, OBJECT_FILE, sizeof(*file), file_last);

    if (file == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (name->Length != 0) {
        file->FileName.Buffer = machine_alloc(machine, name->Length + sizeof(WCHAR));
        if (file->FileName.Buffer == NULL) {
            reference_put(file);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        file->FileName.Length = name->Length;
        file->FileName.MaximumLength = (USHORT)(name->Length + sizeof(WCHAR));
        memcpy(file->FileName.Buffer, name->Buffer, name->Length);
    }
    file->Type = IO_TYPE_FILE;
    file->Size = sizeof(*file);
    KeInitializeEvent(&file->Lock, SynchronizationEvent, FALSE);
    KeInitializeEvent(&file->Event, NotificationEvent, FALSE);
    InitializeListHead(&file->IrpList);
    *made = file;
    return STATUS_SUCCESS;
}

static NTSTATUS
file_create(PFILE_OBJECT file, const struct file_open *open, PIO_STATUS_BLOCK result)
{
    PDEVICE_OBJECT device = IoGetRelatedDeviceObject(file);
    ACCESS_STATE access = {
        .OriginalDesiredAccess = open->access, .PreviouslyGrantedAccess = open->access};
    IO_SECURITY_CONTEXT security = {
        .AccessState = &access, .DesiredAccess = open->access, .FullCreateOptions = open->options};
    PIO_STACK_LOCATION location;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = irp_make(device, IRP_MJ_CREATE, file, &event, result);
    if (irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    irp->Flags |= IRP_CREATE_OPERATION | IRP_SYNCHRONOUS_API;
    irp->RequestorMode = open->mode;
    location = IoGetNextIrpStackLocation(irp);
    location->Parameters.Create.SecurityContext = &security;
    location->Parameters.Create.Options = open->disposition << 24 | (open->options & 0xffffff);
    location->Parameters.Create.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    location->Parameters.Create.ShareAccess = (USHORT)open->share;
    return io_send(device, irp, &event, result);
}

static void
file_rights(PFILE_OBJECT file, const struct file_open *open)
{
    file->ReadAccess = (open->access & (FILE_READ_DATA | GENERIC_READ | GENERIC_ALL)) != 0;
    file->WriteAccess = (open->access & (FILE_WRITE_DATA | GENERIC_WRITE | GENERIC_ALL)) != 0;
    file->SharedRead = (open->share & FILE_SHARE_READ) != 0;
    file->SharedWrite = (open->share & FILE_SHARE_WRITE) != 0;
    file->SharedDelete = (open->share & FILE_SHARE_DELETE) != 0;
    file->Flags = FILE_SYNCHRONOUS;
}

static NTSTATUS
open_device(PDEVICE_OBJECT device, const UNICODE_STRING *rest, const struct file_open *open,
    PFILE_OBJECT *made, PIO_STATUS_BLOCK result)
{
    PFILE_OBJECT file;
    NTSTATUS status = file_make(rest, &file);

    if (status != STATUS_SUCCESS)
        return status;
    status = device_enter(device);
    if (status != STATUS_SUCCESS) {
        reference_put(file);
        return status;
    }
    file->DeviceObject = device;
    file_rights(file, open);
    status = file_create(file, open, result);
    if (!NT_SUCCESS(status)) {
        reference_put(file);
        return status;
    }
    file->Flags |= FILE_OPENED_ONCE;
    *made = file;
    return status;
}

NTSTATUS
file_open(
    PCUNICODE_STRING name, const struct file_open *open, PFILE_OBJECT *file, ULONG_PTR *information)
{
    struct undis *machine = machine_self();
    WCHAR *buffer = machine_alloc(machine, PATH_UNITS * sizeof(WCHAR));
    IO_STATUS_BLOCK result = {0};
    UNICODE_STRING rest;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    if (buffer == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    status = name_resolve(name, &device, buffer, &rest);
    if (status == STATUS_SUCCESS)
        status = open_device(device, &rest, open, file, &result);
    machine_free(machine, buffer);
    if (information != NULL)
        *information = result.Information;
    return status;
}

/*
 * IoGetRelatedDeviceObject - the device that requests on a file go to: the top of the stack
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: no reference.
 * Errors:    none.
 * Source:    NF:wdm.IoGetRelatedDeviceObject
 */
PDEVICE_OBJECT
IoGetRelatedDeviceObject(PFILE_OBJECT FileObject)
{
    return IoGetAttachedDevice(FileObject->DeviceObject);
}

/*
 * IoGetDeviceObjectPointer - opens a device by name: the file, and the top of its stack
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller dereferences the file; the device is good as long.
 * Errors:    STATUS_OBJECT_NAME_NOT_FOUND, STATUS_NO_SUCH_DEVICE, STATUS_ACCESS_DENIED for an
 *            exclusive one in use, what IRP_MJ_CREATE answers.
 * Source:    NF:wdm.IoGetDeviceObjectPointer
 */
NTSTATUS
IoGetDeviceObjectPointer(PUNICODE_STRING ObjectName, ACCESS_MASK DesiredAccess,
    PFILE_OBJECT *FileObject, PDEVICE_OBJECT *DeviceObject)
{
    struct file_open open = {DesiredAccess, FILE_OPEN, FILE_NON_DIRECTORY_FILE,
        FILE_SHARE_READ | FILE_SHARE_WRITE, KernelMode};
    NTSTATUS status = file_open(ObjectName, &open, FileObject, NULL);

    if (!NT_SUCCESS(status))
        return status;
    *DeviceObject = IoGetRelatedDeviceObject(*FileObject);
    file_cleanup(*FileObject);
    return STATUS_SUCCESS;
}

static NTSTATUS
create_file(PHANDLE handle, POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK result,
    const struct file_open *open)
{
    PFILE_OBJECT file = NULL;
    NTSTATUS status;

    if (attributes->RootDirectory != NULL || attributes->ObjectName == NULL)
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    status = file_open(attributes->ObjectName, open, &file, &result->Information);
    result->Status = status;
    if (!NT_SUCCESS(status))
        return status;
    status = handle_open(machine_self(), file, handle);
    reference_put(file);
    return status;
}

/*
 * ZwCreateFile - a handle to a device, or a name behind one; there are no file systems
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    as IoGetDeviceObjectPointer; STATUS_OBJECT_PATH_SYNTAX_BAD for a name that is not
 *            absolute.
 * Source:    NF:wdm.ZwCreateFile
 */
NTSTATUS
ZwCreateFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PIO_STATUS_BLOCK IoStatusBlock, PLARGE_INTEGER AllocationSize, ULONG FileAttributes,
    ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions, PVOID EaBuffer, ULONG EaLength)
{
    struct file_open open = {
        DesiredAccess, CreateDisposition, CreateOptions, ShareAccess, KernelMode};

    UNREFERENCED_PARAMETER(AllocationSize);
    UNREFERENCED_PARAMETER(FileAttributes);
    UNREFERENCED_PARAMETER(EaBuffer);
    if (EaLength != 0)
        return STATUS_NOT_SUPPORTED;
    return create_file(FileHandle, ObjectAttributes, IoStatusBlock, &open);
}

/*
 * ZwOpenFile - as ZwCreateFile for what exists
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller closes it with ZwClose.
 * Errors:    as ZwCreateFile.
 * Source:    NF:wdm.ZwOpenFile
 */
NTSTATUS
ZwOpenFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
    PIO_STATUS_BLOCK IoStatusBlock, ULONG ShareAccess, ULONG OpenOptions)
{
    struct file_open open = {DesiredAccess, FILE_OPEN, OpenOptions, ShareAccess, KernelMode};

    return create_file(FileHandle, ObjectAttributes, IoStatusBlock, &open);
}
