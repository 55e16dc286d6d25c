/* SPDX-License-Identifier: MIT */
/* Requests that nobody waits for yet, see overlapped.h. */
#include "nt/overlapped.h"

#include "nt/gate.h"
#include "nt/handle.h"
#include "nt/iomanager.h"

#include <errno.h>

static NTSTATUS
came_back(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    struct overlapped *o = context;

    (void)device;
    (void)irp;
    KeSetEvent(&o->done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS
attach(struct overlapped *o, PDEVICE_OBJECT device)
{
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(o->irp);
    bool write = o->major == IRP_MJ_WRITE;

    o->irp->RequestorMode = UserMode;
    if (o->major == IRP_MJ_DEVICE_CONTROL)
        return irp_attach_control(o->irp, o->code, o->in, o->in_size, o->out, o->out_size);
    location->Parameters.Read.Length = write ? o->in_size : o->out_size;
    location->Parameters.Read.ByteOffset = o->file->CurrentByteOffset;
    o->irp->Flags |= write ? IRP_WRITE_OPERATION : IRP_READ_OPERATION;
    return irp_attach_data(
        o->irp, device, write ? o->in : o->out, write ? o->in_size : o->out_size, write);
}

int
overlapped_begin(struct undis *machine, struct overlapped *o)
{
    PDEVICE_OBJECT device = IoGetRelatedDeviceObject(o->file);
    NTSTATUS status;
    int error;

    KeInitializeEvent(&o->done, NotificationEvent, FALSE);
    error = shared_event_open(machine, &o->done, &o->shared);
    if (error)
        return error;
    o->irp = irp_make(device, o->major, o->file, NULL, &o->result);
    if (!o->irp) {
        shared_event_close(machine, &o->shared);
        return -ENOMEM;
    }
    reference_get(o->file);
    status = attach(o, device);
    if (status != STATUS_SUCCESS) {
        irp_drop(o->irp);
        o->irp = NULL;
        o->result = (IO_STATUS_BLOCK){.Status = status};
        KeSetEvent(&o->done, IO_NO_INCREMENT, FALSE);
        return 0;
    }
    IoSetCompletionRoutine(o->irp, came_back, o, TRUE, TRUE, TRUE);
    status = IofCallDriver(device, o->irp);
    if (status != STATUS_PENDING && !KeReadStateEvent(&o->done))
        gate_bug_check("cf-irp-pending-marked",
            "a dispatch routine answers 0x%08x, not STATUS_PENDING, and has not completed the IRP",
            (unsigned)status);
    return 0;
}

void
overlapped_cancel(struct overlapped *o)
{
    if (o->irp)
        IoCancelIrp(o->irp);
}

void
overlapped_end(struct undis *machine, struct overlapped *o)
{
    KeWaitForSingleObject(&o->done, Executive, KernelMode, FALSE, NULL);
    shared_event_close(machine, &o->shared);
    if (o->irp)
        irp_end(o->irp);
    o->irp = NULL;
    reference_put(o->file);
}
