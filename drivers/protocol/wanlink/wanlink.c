/* SPDX-License-Identifier: MIT */
/*
 * wanlink: a protocol of NDIS 4 that joins the link of a WAN miniport and a port.
 *
 *     port --FromPort--> NDIS_WAN_PACKET --WanMiniportSend--> link
 *     port <--Transmit-- WanlinkReceive <-- link
 *
 * The keyword Port of the binding's section names the port's device.
 * A link is there between its line-up and its line-down; without one the port is held, so nothing
 * that comes from it is lost. The context of a link is a number, so that one that is gone is told
 * from one that is there. One lock for all: it guards the list, and is held during Transmit, which
 * calls nobody back.
 */
#define NDIS40 1

#include "../operator/tagged.h"
#include <ndiswan.h>

#define TAG     'lnaW'
#define PACKETS 96u /* two batches are a hold, a third one may be under way */

typedef struct _BUFFER {
    NDIS_WAN_PACKET Packet;
    struct _BUFFER *Next;
    PUCHAR Data;
} BUFFER;

typedef struct _BINDING {
    LIST_ENTRY Link;
    NDIS_HANDLE Handle;
    NDIS_EVENT Done; /* an open, close or request has completed */
    NDIS_STATUS DoneStatus;
    NDIS_WAN_INFO Info;
    BOOLEAN HasPort, PortOpen;
    UNDIS_PORT_INTERFACE Port;
    PFILE_OBJECT PortFile;
    NDIS_HANDLE LinkHandle; /* NULL: no link */
    ULONG_PTR Number;       /* its context */
    BOOLEAN Held, Closing;
    BUFFER *Free;
    ULONG FreeCount;
    NDIS_EVENT Drained;
    ULONG64 Sent, NotSent, Received, NotTaken;
    PMDL Mdl;
    UCHAR Frame[TAGGED_MAX]; /* on its way to the port */
    BUFFER Buffers[PACKETS];
    UCHAR Memory[]; /* of the buffers */
} BINDING;

static NDIS_HANDLE ProtocolHandle;
static NDIS_SPIN_LOCK Lock; /* guards what follows, and the bindings' members */
static LIST_ENTRY Bindings;
static ULONG_PTR LastNumber;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD WanlinkUnload;
static UNDIS_PORT_RECEIVED FromPort;

/* Under Lock. */
static VOID
UpdateHold(BINDING *Binding)
{
    BOOLEAN Hold =
        Binding->LinkHandle == NULL || Binding->Closing || Binding->FreeCount < UNDIS_PORT_BATCH;

    if (Binding->PortOpen && Hold != Binding->Held) {
        Binding->Held = Hold;
        Binding->Port.Hold(Binding->Port.Context, Hold);
    }
}

/* Under Lock. */
static VOID
PutBuffer(BINDING *Binding, BUFFER *Buffer)
{
    Buffer->Next = Binding->Free;
    Binding->Free = Buffer;
    if (++Binding->FreeCount == PACKETS && Binding->Closing)
        NdisSetEvent(&Binding->Drained);
    UpdateHold(Binding);
}

/* Sends */

static VOID
SendDone(BINDING *Binding, BUFFER *Buffer, NDIS_STATUS Status)
{
    NdisAcquireSpinLock(&Lock);
    Binding->Sent += Status == NDIS_STATUS_SUCCESS;
    Binding->NotSent += Status != NDIS_STATUS_SUCCESS;
    PutBuffer(Binding, Buffer);
    NdisReleaseSpinLock(&Lock);
}

static VOID
WanlinkSendComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_WAN_PACKET Packet, NDIS_STATUS Status)
{
    SendDone(ProtocolBindingContext, CONTAINING_RECORD(Packet, BUFFER, Packet), Status);
}

static VOID
Send(BINDING *Binding, BUFFER *Buffer, NDIS_HANDLE LinkHandle, const UNDIS_PORT_RECEIVE *Frame)
{
    PNDIS_WAN_PACKET Packet = &Buffer->Packet;
    NDIS_STATUS Status;

    Packet->CurrentBuffer = Packet->StartBuffer + Binding->Info.HeaderPadding;
    Packet->CurrentLength = Frame->Length;
    NdisMoveMemory(Packet->CurrentBuffer, Frame->Data, Frame->Length);
    WanMiniportSend(&Status, Binding->Handle, LinkHandle, Packet);
    if (Status != NDIS_STATUS_PENDING)
        SendDone(Binding, Buffer, Status);
}

static VOID
FromPort(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    BINDING *Binding = Context;
    ULONG i;

    for (i = 0; i < Count; i++) {
        NDIS_HANDLE LinkHandle;
        BUFFER *Buffer = NULL;

        NdisDprAcquireSpinLock(&Lock);
        LinkHandle = Binding->LinkHandle;
        if (LinkHandle != NULL && !Binding->Closing && Binding->Free != NULL &&
            Frames[i].Length <= Binding->Info.MaxFrameSize) {
            Buffer = Binding->Free;
            Binding->Free = Buffer->Next;
            Binding->FreeCount--;
            UpdateHold(Binding);
        } else {
            Binding->NotSent++;
        }
        NdisDprReleaseSpinLock(&Lock);
        if (Buffer != NULL)
            Send(Binding, Buffer, LinkHandle, &Frames[i]);
    }
}

/* Links */

/* Under Lock. NULL: that link is gone. */
static BINDING *
FindLink(NDIS_HANDLE Context)
{
    PLIST_ENTRY Entry;

    for (Entry = Bindings.Flink; Entry != &Bindings; Entry = Entry->Flink) {
        BINDING *Binding = CONTAINING_RECORD(Entry, BINDING, Link);

        if (Binding->LinkHandle != NULL && Binding->Number == (ULONG_PTR)Context)
            return Binding;
    }
    return NULL;
}

static NDIS_STATUS
WanlinkReceive(NDIS_HANDLE NdisLinkHandle, PUCHAR Packet, ULONG PacketSize)
{
    NDIS_STATUS Status = NDIS_STATUS_NOT_ACCEPTED;
    BINDING *Binding;

    NdisAcquireSpinLock(&Lock);
    Binding = FindLink(NdisLinkHandle);
    if (Binding != NULL && PacketSize <= sizeof(Binding->Frame)) {
        UNDIS_PORT_TRANSMIT Frame = {Binding->Mdl, 0, PacketSize};

        NdisMoveMemory(Binding->Frame, Packet, PacketSize);
        Binding->Received++;
        if (Binding->PortOpen && Binding->Port.Transmit(Binding->Port.Context, &Frame, 1) == 0)
            Binding->NotTaken++;
        Status = NDIS_STATUS_SUCCESS;
    }
    NdisReleaseSpinLock(&Lock);
    return Status;
}

/* Each frame went to the port as it came. */
static VOID
WanlinkReceiveComplete(NDIS_HANDLE NdisLinkContext)
{
    UNREFERENCED_PARAMETER(NdisLinkContext);
}

static VOID
WanlinkStatus(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    BINDING *Binding = ProtocolBindingContext;

    NdisAcquireSpinLock(&Lock);
    if (GeneralStatus == NDIS_STATUS_WAN_LINE_UP && StatusBufferSize >= sizeof(NDIS_MAC_LINE_UP) &&
        !Binding->Closing) {
        PNDIS_MAC_LINE_UP Line = StatusBuffer;

        Binding->LinkHandle = Line->NdisLinkHandle;
        Binding->Number = ++LastNumber;
        Line->NdisLinkContext = (NDIS_HANDLE)Binding->Number;
    } else if (GeneralStatus == NDIS_STATUS_WAN_LINE_DOWN &&
               StatusBufferSize >= sizeof(NDIS_MAC_LINE_DOWN) &&
               FindLink(((PNDIS_MAC_LINE_DOWN)StatusBuffer)->NdisLinkContext) == Binding) {
        Binding->LinkHandle = NULL;
    }
    UpdateHold(Binding);
    NdisReleaseSpinLock(&Lock);
}

static VOID
WanlinkStatusComplete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}

/* Calls that may pend */

static NDIS_STATUS
Wait(BINDING *Binding, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

static VOID
Complete(BINDING *Binding, NDIS_STATUS Status)
{
    Binding->DoneStatus = Status;
    NdisSetEvent(&Binding->Done);
}

static VOID
WanlinkOpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    Complete(ProtocolBindingContext, Status);
}

static VOID
WanlinkCloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    Complete(ProtocolBindingContext, Status);
}

static VOID
WanlinkRequestComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(NdisRequest);
    Complete(ProtocolBindingContext, Status);
}

/* It never resets, and has no data to transfer. */
static VOID
WanlinkResetComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
WanlinkTransferComplete(VOID)
{
}

/* Bind and unbind */

static NDIS_STATUS
FindPort(BINDING *Binding, PUNICODE_STRING Name)
{
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoGetDeviceObjectPointer(Name, FILE_READ_DATA, &Binding->PortFile, &Device);

    if (NT_SUCCESS(Status)) {
        Status = UndisPortQueryInterface(Device, &Binding->Port);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Binding->PortFile);
    }
    if (!NT_SUCCESS(Status)) {
        DbgPrint("wanlink: %wZ is no port (status %08x)\n", Name, Status);
        return NDIS_STATUS_OPEN_FAILED;
    }
    Binding->HasPort = TRUE;
    return NDIS_STATUS_SUCCESS;
}

/* The section is a registry key. Without one, or without a port in it, received frames are counted. */
static NDIS_STATUS
ReadSettings(BINDING *Binding, PNDIS_STRING Section)
{
    UCHAR Memory[256];
    PKEY_VALUE_PARTIAL_INFORMATION Value = (PKEY_VALUE_PARTIAL_INFORMATION)Memory;
    UNICODE_STRING Keyword = RTL_CONSTANT_STRING(L"Port"), Name;
    OBJECT_ATTRIBUTES Attributes;
    NDIS_STATUS Status = NDIS_STATUS_SUCCESS;
    HANDLE Key;
    ULONG Size;

    InitializeObjectAttributes(
        &Attributes, Section, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (Section == NULL || !NT_SUCCESS(ZwOpenKey(&Key, KEY_READ, &Attributes)))
        return NDIS_STATUS_SUCCESS;
    if (NT_SUCCESS(ZwQueryValueKey(
            Key, &Keyword, KeyValuePartialInformation, Value, sizeof(Memory), &Size)) &&
        Value->Type == REG_SZ && Value->DataLength > sizeof(WCHAR)) {
        Name.Buffer = (PWCH)Value->Data;
        Name.Length = Name.MaximumLength = (USHORT)(Value->DataLength - sizeof(WCHAR));
        Status = FindPort(Binding, &Name);
    }
    ZwClose(Key);
    return Status;
}

static NDIS_STATUS
OpenAdapter(BINDING *Binding, PNDIS_STRING DeviceName)
{
    NDIS_MEDIUM Media[] = {NdisMediumWan};
    NDIS_STATUS Status, Error;
    NDIS_REQUEST Request;
    UINT Selected;

    NdisResetEvent(&Binding->Done);
    NdisOpenAdapter(&Status, &Error, &Binding->Handle, &Selected, Media, 1, ProtocolHandle, Binding,
        DeviceName, 0, NULL);
    Status = Wait(Binding, Status);
    if (Status != NDIS_STATUS_SUCCESS) {
        Binding->Handle = NULL;
        return Status;
    }
    NdisZeroMemory(&Request, sizeof(Request));
    Request.RequestType = NdisRequestQueryInformation;
    Request.DATA.QUERY_INFORMATION.Oid = OID_WAN_GET_INFO;
    Request.DATA.QUERY_INFORMATION.InformationBuffer = &Binding->Info;
    Request.DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(Binding->Info);
    NdisResetEvent(&Binding->Done);
    NdisRequest(&Status, Binding->Handle, &Request);
    Status = Wait(Binding, Status);
    if (Binding->Info.HeaderPadding + Binding->Info.TailPadding > TAGGED_MAX)
        return NDIS_STATUS_RESOURCES;
    return Status;
}

static VOID
MakeBuffers(BINDING *Binding)
{
    ULONG i;

    for (i = 0; i < PACKETS; i++) {
        BUFFER *Buffer = &Binding->Buffers[i];

        Buffer->Packet.StartBuffer = Binding->Memory + 2 * TAGGED_MAX * i;
        Buffer->Packet.EndBuffer = Buffer->Packet.StartBuffer + 2 * TAGGED_MAX - 1;
        Buffer->Next = Binding->Free;
        Binding->Free = Buffer;
    }
    Binding->FreeCount = PACKETS;
}

static NDIS_STATUS
OpenPort(BINDING *Binding)
{
    if (!Binding->HasPort)
        return NDIS_STATUS_SUCCESS;
    Binding->Port.Hold(Binding->Port.Context, TRUE);
    Binding->Held = TRUE;
    if (!NT_SUCCESS(Binding->Port.Open(Binding->Port.Context, FromPort, NULL, NULL, Binding)))
        return NDIS_STATUS_OPEN_FAILED;
    NdisAcquireSpinLock(&Lock);
    Binding->PortOpen = TRUE;
    UpdateHold(Binding); /* the line may have come up before */
    NdisReleaseSpinLock(&Lock);
    return NDIS_STATUS_SUCCESS;
}

/* No frame comes from the port any more, and every packet is back. */
static VOID
Drain(BINDING *Binding)
{
    BOOLEAN Open, Drained;

    NdisAcquireSpinLock(&Lock);
    Binding->Closing = TRUE;
    Binding->LinkHandle = NULL;
    UpdateHold(Binding);
    Open = Binding->PortOpen;
    Binding->PortOpen = FALSE;
    NdisReleaseSpinLock(&Lock);
    if (Open)
        Binding->Port.Close(Binding->Port.Context);
    NdisAcquireSpinLock(&Lock);
    Drained = Binding->FreeCount == PACKETS;
    NdisReleaseSpinLock(&Lock);
    if (!Drained)
        NdisWaitEvent(&Binding->Drained, 0);
}

static VOID
Close(BINDING *Binding)
{
    NDIS_STATUS Status;

    Drain(Binding);
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        NdisCloseAdapter(&Status, Binding->Handle);
        Wait(Binding, Status);
    }
    NdisAcquireSpinLock(&Lock);
    RemoveEntryList(&Binding->Link);
    NdisReleaseSpinLock(&Lock);
    if (Binding->HasPort) {
        Binding->Port.InterfaceDereference(Binding->Port.Context);
        ObDereferenceObject(Binding->PortFile);
    }
    if (Binding->Mdl != NULL)
        IoFreeMdl(Binding->Mdl);
    NdisFreeMemory(Binding, 0, 0);
}

static VOID
WanlinkBind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    BINDING *Binding;
    ULONG Size = sizeof(*Binding) + PACKETS * 2 * TAGGED_MAX;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    *Status = NdisAllocateMemoryWithTag((PVOID *)&Binding, Size, TAG);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    NdisZeroMemory(Binding, Size);
    NdisInitializeEvent(&Binding->Done);
    NdisInitializeEvent(&Binding->Drained);
    MakeBuffers(Binding);
    NdisAcquireSpinLock(&Lock);
    InsertTailList(&Bindings, &Binding->Link);
    NdisReleaseSpinLock(&Lock);
    Binding->Mdl = IoAllocateMdl(Binding->Frame, sizeof(Binding->Frame), FALSE, FALSE, NULL);
    *Status = NDIS_STATUS_RESOURCES;
    if (Binding->Mdl != NULL) {
        MmBuildMdlForNonPagedPool(Binding->Mdl);
        *Status = ReadSettings(Binding, SystemSpecific1);
    }
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = OpenAdapter(Binding, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = OpenPort(Binding);
    if (*Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
}

static VOID
WanlinkUnbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    UNREFERENCED_PARAMETER(UnbindContext);
    Close(ProtocolBindingContext);
    *Status = NDIS_STATUS_SUCCESS;
}

/* Nothing here depends on what events tell. */
static NDIS_STATUS
WanlinkPnPEvent(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetPnPEvent);
    return NDIS_STATUS_SUCCESS;
}

static VOID
WanlinkUnload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&Status, ProtocolHandle);
    NdisFreeSpinLock(&Lock);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 4,
        .MinorNdisVersion = 0,
        .OpenAdapterCompleteHandler = WanlinkOpenComplete,
        .CloseAdapterCompleteHandler = WanlinkCloseComplete,
        .WanSendCompleteHandler = WanlinkSendComplete,
        .WanTransferDataCompleteHandler = WanlinkTransferComplete,
        .ResetCompleteHandler = WanlinkResetComplete,
        .RequestCompleteHandler = WanlinkRequestComplete,
        .WanReceiveHandler = WanlinkReceive,
        .ReceiveCompleteHandler = WanlinkReceiveComplete,
        .StatusHandler = WanlinkStatus,
        .StatusCompleteHandler = WanlinkStatusComplete,
        .Name = NDIS_STRING_CONST("wanlink"),
        .BindAdapterHandler = WanlinkBind,
        .UnbindAdapterHandler = WanlinkUnbind,
        .PnPEventHandler = WanlinkPnPEvent,
    };
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    NdisAllocateSpinLock(&Lock);
    InitializeListHead(&Bindings);
    DriverObject->DriverUnload = WanlinkUnload;
    NdisRegisterProtocol(&Status, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisFreeSpinLock(&Lock);
    return Status;
}
