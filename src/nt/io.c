/* SPDX-License-Identifier: MIT */
/* The I/O manager's beginning and end, and its entry points for the host side. */
#include "nt/io.h"
#include "host/lock.h"
#include "nt/handle.h"
#include "nt/iomanager.h"
#include "nt/unicode.h"
#include <errno.h>

int
io_create(struct undis *machine)
{
    struct io *io = machine_alloc(machine, sizeof(*io));

    if (io == NULL)
        return -ENOMEM;
    InitializeListHead(&io->names);
    InitializeListHead(&io->shutdowns);
    InitializeListHead(&io->extensions);
    InitializeListHead(&io->events);
    io->random = 0x2545f491u * machine->id;
    machine->io = io;
    return 0;
}

void
io_destroy(struct undis *machine)
{
    struct io *io = machine->io;

    if (io == NULL)
        return;
    driver_extensions_free(machine, NULL);
    while (!IsListEmpty(&io->shutdowns))
        machine_free(
            machine, CONTAINING_RECORD(RemoveHeadList(&io->shutdowns), struct io_shutdown, link));
    while (!IsListEmpty(&io->names)) {
        struct io_name *name = CONTAINING_RECORD(RemoveHeadList(&io->names), struct io_name, link);

        machine_free(machine, name->text.Buffer);
        machine_free(machine, name->target.Buffer);
        machine_free(machine, name);
    }
    machine_free(machine, io);
    machine->io = NULL;
}

static void
send_shutdown(PDEVICE_OBJECT device)
{
    PDEVICE_OBJECT top = IoGetAttachedDevice(device);
    IO_STATUS_BLOCK result;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = irp_make(top, IRP_MJ_SHUTDOWN, NULL, &event, &result);
    if (irp != NULL)
        io_send(top, irp, &event, &result);
}

void
io_shutdown(struct undis *machine)
{
    struct io *io = machine->io;

    for (;;) {
        struct io_shutdown *entry = NULL;

        host_lock(&io->lock);
        if (!IsListEmpty(&io->shutdowns))
            entry = CONTAINING_RECORD(RemoveHeadList(&io->shutdowns), struct io_shutdown, link);
        host_unlock(&io->lock);
        if (entry == NULL)
            return;
        send_shutdown(entry->device);
        machine_free(machine, entry);
    }
}

NTSTATUS
io_open(const WCHAR *name, PFILE_OBJECT *file)
{
    struct file_open open = {GENERIC_READ | GENERIC_WRITE, FILE_OPEN,
        FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT, FILE_SHARE_READ | FILE_SHARE_WRITE,
        UserMode};
    UNICODE_STRING text;

    RtlInitUnicodeString(&text, name);
    return file_open(&text, &open, file, NULL);
}

NTSTATUS
io_close(PFILE_OBJECT file)
{
    file_cleanup(file);
    reference_put(file);
    return STATUS_SUCCESS;
}

/* Sends a request whose buffers are attached, or drops it when that failed. */
static NTSTATUS
finish(PDEVICE_OBJECT device, PIRP irp, NTSTATUS attached, PKEVENT event, PIO_STATUS_BLOCK result,
    ULONG_PTR *done)
{
    NTSTATUS status = attached;

    result->Information = 0;
    irp->RequestorMode = UserMode;
    irp->Flags |= IRP_SYNCHRONOUS_API;
    if (attached == STATUS_SUCCESS)
        status = io_send(device, irp, event, result);
    else
        irp_drop(irp);
    *done = result->Information;
    return status;
}

NTSTATUS
io_control(PFILE_OBJECT file, ULONG code, const void *in, ULONG in_size, void *out, ULONG out_size,
    ULONG_PTR *done)
{
    PDEVICE_OBJECT device = IoGetRelatedDeviceObject(file);
    IO_STATUS_BLOCK result;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    *done = 0;
    irp = irp_make(device, IRP_MJ_DEVICE_CONTROL, file, &event, &result);
    if (irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    return finish(device, irp, irp_attach_control(irp, code, in, in_size, out, out_size), &event,
        &result, done);
}

static NTSTATUS
transfer(PFILE_OBJECT file, UCHAR major, void *buffer, ULONG size, ULONG_PTR *done)
{
    PDEVICE_OBJECT device = IoGetRelatedDeviceObject(file);
    IO_STATUS_BLOCK result;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    *done = 0;
    irp = irp_make(device, major, file, &event, &result);
    if (irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    IoGetNextIrpStackLocation(irp)->Parameters.Read.Length = size;
    IoGetNextIrpStackLocation(irp)->Parameters.Read.ByteOffset = file->CurrentByteOffset;
    irp->Flags |= major == IRP_MJ_READ ? IRP_READ_OPERATION : IRP_WRITE_OPERATION;
    return finish(device, irp, irp_attach_data(irp, device, buffer, size, major == IRP_MJ_WRITE),
        &event, &result, done);
}

NTSTATUS
io_read(PFILE_OBJECT file, void *buffer, ULONG size, ULONG_PTR *done)
{
    return transfer(file, IRP_MJ_READ, buffer, size, done);
}

NTSTATUS
io_write(PFILE_OBJECT file, const void *buffer, ULONG size, ULONG_PTR *done)
{
    return transfer(file, IRP_MJ_WRITE, (void *)(ULONG_PTR)buffer, size, done);
}
