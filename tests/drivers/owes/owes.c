/* SPDX-License-Identifier: MIT */
/* owes: a filter that gives nothing back: it keeps sends, receives and the request OID_KEPT, and
 * never completes a pause; its device keeps what is read; its thread waits for ever.
 *
 *     \\.\Owes     read: kept; write: computes for ever, with a lock
 */
#define NDIS_FILTER_DRIVER 1
#define NDIS630            1

#include <ndis.h>

#define TAG      'sewO'
#define OID_KEPT 0xFF554E01u

DRIVER_INITIALIZE DriverEntry;

static NDIS_HANDLE DriverHandle;
static PDEVICE_OBJECT Device;
static KEVENT Never;
static KSPIN_LOCK Lock;
static volatile NTSTATUS Ended;

static DECLSPEC_NOINLINE VOID
WaitsForEver(PVOID Context)
{
    Ended = KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
    UNREFERENCED_PARAMETER(Context);
}

static VOID
Keep(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
}

static VOID
Completed(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NdisFSendNetBufferListsComplete(Context, Chain, Flags);
}

static VOID
Receive(
    NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Count);
    UNREFERENCED_PARAMETER(Flags);
}

static VOID
Returned(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NdisFReturnNetBufferLists(Context, Chain, Flags);
}

static PNDIS_OID_REQUEST
Finish(NDIS_HANDLE Handle, PNDIS_OID_REQUEST Clone)
{
    PNDIS_OID_REQUEST Request = *(PNDIS_OID_REQUEST *)Clone->SourceReserved;

    Request->DATA.QUERY_INFORMATION.BytesWritten = Clone->DATA.QUERY_INFORMATION.BytesWritten;
    Request->DATA.QUERY_INFORMATION.BytesNeeded = Clone->DATA.QUERY_INFORMATION.BytesNeeded;
    NdisFreeCloneOidRequest(Handle, Clone);
    return Request;
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    PNDIS_OID_REQUEST Clone;
    NDIS_STATUS Status;

    if (Request->DATA.QUERY_INFORMATION.Oid == OID_KEPT)
        return NDIS_STATUS_PENDING;
    Status = NdisAllocateCloneOidRequest(Context, Request, TAG, &Clone);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *(PNDIS_OID_REQUEST *)Clone->SourceReserved = Request;
    Status = NdisFOidRequest(Context, Clone);
    if (Status != NDIS_STATUS_PENDING)
        Finish(Context, Clone);
    return Status;
}

static VOID
OidComplete(NDIS_HANDLE Context, PNDIS_OID_REQUEST Clone, NDIS_STATUS Status)
{
    NdisFOidRequestComplete(Context, Finish(Context, Clone), Status);
}

static NDIS_STATUS
Attach(NDIS_HANDLE Handle, NDIS_HANDLE Context, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1}};
    HANDLE Thread;

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    if (NT_SUCCESS(
            PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, WaitsForEver, NULL)))
        ZwClose(Thread);
    return NdisFSetAttributes(Handle, Handle, &Attributes);
}

static VOID
CancelSend(NDIS_HANDLE Context, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(CancelId);
}

static VOID
StatusIndication(NDIS_HANDLE Context, PNDIS_STATUS_INDICATION Indication)
{
    NdisFIndicateStatus(Context, Indication);
}

static VOID
Detach(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_PENDING;
}

static NTSTATUS
Open(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS
Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

static NTSTATUS
Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL Irql;

    KeAcquireSpinLock(&Lock, &Irql);
    while (Ended != STATUS_CANCELLED)
        ;
    KeReleaseSpinLock(&Lock, Irql);
    return Open(DeviceObject, Irp);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisFDeregisterFilterDriver(DriverHandle);
    IoDeleteDevice(Device);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .FriendlyName = NDIS_STRING_CONST("undis filter that owes"),
        .UniqueName = RTL_CONSTANT_STRING(L"{3C2A5B60-7F1D-4E2B-9A51-0D4C6B1E5A0E}"),
        .ServiceName = NDIS_STRING_CONST("owes"),
        .AttachHandler = Attach,
        .DetachHandler = Detach,
        .RestartHandler = Restart,
        .PauseHandler = Pause,
        .SendNetBufferListsHandler = Keep,
        .CancelSendNetBufferListsHandler = CancelSend,
        .StatusHandler = StatusIndication,
        .SendNetBufferListsCompleteHandler = Completed,
        .ReceiveNetBufferListsHandler = Receive,
        .ReturnNetBufferListsHandler = Returned,
        .OidRequestHandler = OidRequest,
        .OidRequestCompleteHandler = OidComplete,
    };
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Owes");
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Lock);
    KeInitializeEvent(&Never, NotificationEvent, FALSE);
    Status = IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Open;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Open;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Open;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    Status = NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &DriverHandle);
    if (Status != NDIS_STATUS_SUCCESS)
        IoDeleteDevice(Device);
    return Status;
}
