/* SPDX-License-Identifier: MIT */
/* The buffers of requests, and the IRPs that drivers have built for them.
 *
 *     buffered   a copy in pool memory, copied back when the request ends
 *     direct     an MDL over the caller's buffer, pages locked
 *     neither    the caller's addresses as they are
 */
#include "nt/gate.h"
#include "nt/iomanager.h"
#include "nt/pool.h"
#include <string.h>

#define TAG_BUFFER POOL_TAG('B', 'u', 'f', 'f')

/* @room: bytes that may come back; IRP_INPUT_OPERATION is ours to check with. */
static NTSTATUS
attach_copy(PIRP irp, const void *in, ULONG in_size, void *out, ULONG out_size)
{
    ULONG size = in_size > out_size ? in_size : out_size;

    if (size == 0)
        return STATUS_SUCCESS;
    irp->AssociatedIrp.SystemBuffer = pool_alloc(size, TAG_BUFFER, POOL_ZERO);
    if (irp->AssociatedIrp.SystemBuffer == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
    if (in_size != 0 && in != NULL)
        memcpy(irp->AssociatedIrp.SystemBuffer, in, in_size);
    if (out_size != 0) {
        irp->Flags |= IRP_INPUT_OPERATION;
        irp->Tail.Overlay.AuxiliaryBuffer = (PCHAR)(ULONG_PTR)out_size;
    }
    irp->UserBuffer = out;
    return STATUS_SUCCESS;
}

static NTSTATUS
attach_pages(PIRP irp, void *buffer, ULONG size, LOCK_OPERATION operation)
{
    PMDL mdl;

    if (size == 0)
        return STATUS_SUCCESS;
    if (!MmIsAddressValid(buffer) || !MmIsAddressValid((PCHAR)buffer + size - 1))
        return STATUS_ACCESS_VIOLATION;
    mdl = IoAllocateMdl(buffer, size, FALSE, FALSE, irp);
    if (mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    MmProbeAndLockPages(mdl, KernelMode, operation);
    return STATUS_SUCCESS;
}

NTSTATUS
irp_attach_data(PIRP irp, PDEVICE_OBJECT device, void *buffer, ULONG size, BOOLEAN in)
{
    if (device->Flags & DO_BUFFERED_IO)
        return in ? attach_copy(irp, buffer, size, NULL, 0)
                  : attach_copy(irp, NULL, 0, buffer, size);
    if (device->Flags & DO_DIRECT_IO)
        return attach_pages(irp, buffer, size, in ? IoReadAccess : IoWriteAccess);
    irp->UserBuffer = buffer;
    return STATUS_SUCCESS;
}

NTSTATUS
irp_attach_control(PIRP irp, ULONG code, const void *in, ULONG in_size, void *out, ULONG out_size)
{
    PIO_STACK_LOCATION location = IoGetNextIrpStackLocation(irp);
    ULONG method = METHOD_FROM_CTL_CODE(code);
    NTSTATUS status;

    location->Parameters.DeviceIoControl.IoControlCode = code;
    location->Parameters.DeviceIoControl.InputBufferLength = in_size;
    location->Parameters.DeviceIoControl.OutputBufferLength = out_size;
    if (method == METHOD_BUFFERED)
        return attach_copy(irp, in, in_size, out, out_size);
    if (method == METHOD_NEITHER) {
        location->Parameters.DeviceIoControl.Type3InputBuffer = (PVOID)(ULONG_PTR)in;
        irp->UserBuffer = out;
        return STATUS_SUCCESS;
    }
    status = attach_copy(irp, in, in_size, NULL, 0);
    if (status != STATUS_SUCCESS)
        return status;
    return attach_pages(
        irp, out, out_size, method == METHOD_IN_DIRECT ? IoReadAccess : IoWriteAccess);
}

/*
 * IoBuildDeviceIoControlRequest - an IRP_MJ_DEVICE_CONTROL or, InternalDeviceIoControl,
 *     IRP_MJ_INTERNAL_DEVICE_CONTROL request for a device
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the I/O manager frees the IRP when it is completed; Event and IoStatusBlock must live
 *            until then.
 * Errors:    NULL when memory is short or a direct buffer is not accessible.
 * Source:    NF:wdm.IoBuildDeviceIoControlRequest
 */
PIRP
IoBuildDeviceIoControlRequest(ULONG IoControlCode, PDEVICE_OBJECT DeviceObject, PVOID InputBuffer,
    ULONG InputBufferLength, PVOID OutputBuffer, ULONG OutputBufferLength,
    BOOLEAN InternalDeviceIoControl, PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock)
{
    UCHAR major = InternalDeviceIoControl ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    PIRP irp = irp_make(DeviceObject, major, NULL, Event, IoStatusBlock);

    if (irp == NULL)
        return NULL;
    if (irp_attach_control(irp, IoControlCode, InputBuffer, InputBufferLength, OutputBuffer,
            OutputBufferLength) == STATUS_SUCCESS)
        return irp;
    irp_drop(irp);
    return NULL;
}

static PIRP
build_fsd(ULONG major, PDEVICE_OBJECT device, PVOID buffer, ULONG length, PLARGE_INTEGER offset,
    PKEVENT event, PIO_STATUS_BLOCK result)
{
    PIRP irp = irp_make(device, (UCHAR)major, NULL, event, result);
    PIO_STACK_LOCATION location;

    if (irp == NULL || (major != IRP_MJ_READ && major != IRP_MJ_WRITE))
        return irp;
    location = IoGetNextIrpStackLocation(irp);
    location->Parameters.Read.Length = length;
    if (offset != NULL)
        location->Parameters.Read.ByteOffset = *offset;
    if (irp_attach_data(irp, device, buffer, length, major == IRP_MJ_WRITE) == STATUS_SUCCESS)
        return irp;
    irp_drop(irp);
    return NULL;
}

/*
 * IoBuildSynchronousFsdRequest - a request for a device that the caller waits for: read, write,
 *     flush, shutdown, PnP
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the I/O manager frees the IRP when it is completed; Event and IoStatusBlock must live
 *            until then.
 * Errors:    NULL when memory is short or a direct buffer is not accessible.
 * Source:    NF:wdm.IoBuildSynchronousFsdRequest
 */
PIRP
IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
    ULONG Length, PLARGE_INTEGER StartingOffset, PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock)
{
    return build_fsd(
        MajorFunction, DeviceObject, Buffer, Length, StartingOffset, Event, IoStatusBlock);
}

/*
 * IoBuildAsynchronousFsdRequest - as IoBuildSynchronousFsdRequest without an event; a completion
 *     routine that frees the IRP with IoFreeIrp keeps it, else it is freed at its end
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the completion routine, or the I/O manager, frees the IRP.
 * Errors:    NULL when memory is short or a direct buffer is not accessible.
 * Source:    NF:wdm.IoBuildAsynchronousFsdRequest
 */
PIRP
IoBuildAsynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer,
    ULONG Length, PLARGE_INTEGER StartingOffset, PIO_STATUS_BLOCK IoStatusBlock)
{
    return build_fsd(
        MajorFunction, DeviceObject, Buffer, Length, StartingOffset, NULL, IoStatusBlock);
}
