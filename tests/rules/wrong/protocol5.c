/* SPDX-License-Identifier: MIT */
/* The protocol of NDIS 5.1 of the rule tests: a thread per binding sends packets, gives back what it
 * received, and asks for OID_RULES. It is right as it stands; see wrong.h. A rule that can be broken
 * in two ways has a second name, with __WAY behind it.
 */
#define NDIS51 1

#include <ndis.h>

#include "breaks.h"
#include "links5.h"

#define TAG       'eluR'
#define OID_RULES 0xFF554E10u /* a ULONG, query only */
#define FRAME     64u
#define MINE      3u /* packets that a binding has for itself */
#define KEPT      8u
#define WHOLE     1500u

typedef struct _BINDING {
    NDIS_HANDLE Handle, Packets, Buffers;
    PUCHAR Data[MINE], Whole;            /* a block each, so that each can be closed by itself */
    PNDIS_PACKET Packet[MINE], Transfer; /* one for NdisTransferData */
    PNDIS_BUFFER Rest;
    NDIS_EVENT Done, Asked;
    NDIS_STATUS DoneStatus;
    PNDIS_REQUEST Request; /* a block of its own, and the answer's */
    PULONG Answer;
    PKTHREAD Thread;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Ending, Silent, Transferring, Resetting;
    ULONG Round;
    ULONG OutMask; /* bit n: Packet[n] is out */
    PNDIS_PACKET Kept[KEPT];
    ULONG KeptCount;
} BINDING;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE ProtocolHandle;

static VOID
Sleep(LONG Microseconds)
{
    LARGE_INTEGER Time;

    Time.QuadPart = -10ll * Microseconds;
    KeDelayExecutionThread(KernelMode, FALSE, &Time);
}

static PNDIS_PACKET
MakePacket(BINDING *Binding, PUCHAR Data, ULONG Length, PNDIS_BUFFER *Buffer)
{
    PNDIS_PACKET Packet;
    NDIS_STATUS Status;

    NdisAllocatePacket(&Status, &Packet, Binding->Packets);
    NdisAllocateBuffer(&Status, Buffer, Binding->Buffers, Data, Length);
    NdisChainBufferAtBack(Packet, *Buffer);
    return Packet;
}

static PUCHAR
MakeData(ULONG Length)
{
    PUCHAR Data = ExAllocatePoolWithTag(NonPagedPool, Length, TAG);

    NdisZeroMemory(Data, Length);
    return Data;
}

static VOID
MakePackets(BINDING *Binding)
{
    NDIS_STATUS Status;
    PNDIS_BUFFER Buffer;

    NdisAllocatePacketPool(&Status, &Binding->Packets, MINE + 1, sizeof(PVOID));
    NdisAllocateBufferPool(&Status, &Binding->Buffers, MINE + 1);
    for (ULONG i = 0; i < MINE; i++) {
        Binding->Data[i] = MakeData(FRAME);
        Binding->Packet[i] = MakePacket(Binding, Binding->Data[i], FRAME, &Buffer);
    }
    Binding->Request = (PNDIS_REQUEST)MakeData(sizeof(*Binding->Request));
    Binding->Answer = (PULONG)MakeData(sizeof(*Binding->Answer));
    Binding->Whole = MakeData(WHOLE);
    Binding->Transfer = MakePacket(Binding, Binding->Whole, WHOLE, &Binding->Rest);
}

static VOID
FreePacket(PNDIS_PACKET Packet)
{
    PNDIS_BUFFER Buffer;

    NdisUnchainBufferAtFront(Packet, &Buffer);
    if (Buffer != NULL)
        NdisFreeBuffer(Buffer);
    NdisFreePacket(Packet);
}

static VOID
FreePackets(BINDING *Binding)
{
    if (BREAKS(s5_pool_empty_at_free))
        NdisFreePacketPool(Binding->Packets);
    for (ULONG i = 0; i < MINE; i++) {
        FreePacket(Binding->Packet[i]);
        ExFreePoolWithTag(Binding->Data[i], TAG);
    }
    FreePacket(Binding->Transfer);
    NdisFreeBufferPool(Binding->Buffers);
    NdisFreePacketPool(Binding->Packets);
    ExFreePoolWithTag(Binding->Whole, TAG);
    ExFreePoolWithTag(Binding->Answer, TAG);
    ExFreePoolWithTag(Binding->Request, TAG);
}

static VOID
SendComplete(NDIS_HANDLE Context, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    BINDING *Binding = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Status);
    if (BREAKS(s5_reserved_volatile))
        Binding = *(BINDING **)Packet->MiniportReserved;
    if (BREAKS(s5_unchain_before_reinit)) {
        NdisReinitializePacket(Packet);
        NdisChainBufferAtBack(Packet, Binding->Rest);
    }
    KeAcquireSpinLock(&Binding->Lock, &Irql);
    for (ULONG i = 0; i < MINE; i++)
        if (Binding->Packet[i] == Packet)
            Binding->OutMask &= ~(1u << i);
    KeReleaseSpinLock(&Binding->Lock, Irql);
}

/* Takes all packets; FALSE when some are out. */
static BOOLEAN
TakeAll(BINDING *Binding)
{
    BOOLEAN Taken;
    KIRQL Irql;

    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Taken = Binding->OutMask == 0 && !Binding->Resetting;
    if (Taken)
        Binding->OutMask = (1u << MINE) - 1;
    KeReleaseSpinLock(&Binding->Lock, Irql);
    return Taken;
}

static VOID
Send(BINDING *Binding)
{
    PNDIS_PACKET Last = Binding->Packet[MINE - 1];
    volatile UCHAR *Late = NULL;
    NDIS_STATUS Status;
    KIRQL Irql;

    if (!TakeAll(Binding))
        return;
    for (ULONG i = 0; i < MINE; i++)
        NdisZeroMemory(NDIS_OOB_DATA_FROM_PACKET(Binding->Packet[i]), sizeof(NDIS_PACKET_OOB_DATA));
    if (BREAKS(s5_zero_oob_not_packet))
        NdisZeroMemory(Last, sizeof(NDIS_PACKET_OOB_DATA));
    if (BREAKS(s5_packet_from_pool))
        Last = (PNDIS_PACKET)Binding->Whole;
    if (BREAKS(s5_reserved_volatile)) {
        for (ULONG i = 0; i < MINE; i++)
            *(BINDING **)Binding->Packet[i]->MiniportReserved = Binding;
    }
    Last = BreakPacket(Last);
    if (LINKS(s5_packet_from_pool__array))
        NdisSendPackets(Binding->Handle, UNMAPPED, MINE - 1);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql); /* a DPC of this processor completes later */
    if (TOUCHES(s5_ownership_release) || TOUCHES(s5_status_volatile))
        Late = RememberedPacket(Binding->Packet[0]);
    NdisSendPackets(Binding->Handle, Binding->Packet, MINE - 1);
    TouchRemembered(Late);
    if (BREAKS(s5_ownership_release))
        NdisSendPackets(Binding->Handle, Binding->Packet, MINE - 1);
    if (BREAKS(s5_free_packet_not_in_flight))
        NdisFreePacket(Binding->Packet[0]);
    if (BREAKS(s5_status_volatile)) {
        NDIS_STATUS Early = NDIS_GET_PACKET_STATUS(Binding->Packet[0]);
        if (Early != NDIS_STATUS_SUCCESS)
            ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPool, 16, (ULONG)Early), (ULONG)Early);
    }
    KeLowerIrql(Irql);
    NdisSend(&Status, Binding->Handle, Last);
    if (BREAKS(s5_complete_before_return))
        *(PVOID *)Last->ProtocolReserved = (PVOID)((ULONG_PTR)Binding + Status + Binding->Round);
    if (Status != NDIS_STATUS_PENDING)
        SendComplete(Binding, Last, Status);
}

static VOID
GiveBack(BINDING *Binding)
{
    PNDIS_PACKET Packets[KEPT];
    volatile UCHAR *Late = NULL;
    ULONG Count;
    KIRQL Irql;

    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Count = Binding->KeptCount;
    NdisMoveMemory(Packets, Binding->Kept, Count * sizeof(Packets[0]));
    Binding->KeptCount = 0;
    KeReleaseSpinLock(&Binding->Lock, Irql);
    if (Count == 0)
        return;
    if (TOUCHES(r5_no_touch_after_return))
        Late = RememberedPacket(Packets[0]);
    NdisReturnPackets(Packets, Count);
    TouchRemembered(Late);
    if (BREAKS(r5_receivepacket_refcount))
        NdisReturnPackets(Packets, 1);
}

/* Silent once something did not answer: then the request is still under way. */
static VOID
Request(BINDING *Binding, NDIS_REQUEST_TYPE Type, NDIS_OID Oid, PULONG Value)
{
    PNDIS_REQUEST Request = Binding->Request;
    NDIS_STATUS Status;

    if (Binding->Silent)
        return;
    NdisZeroMemory(Request, sizeof(*Request));
    Request->RequestType = Type; /* a set looks the same as a query */
    Request->DATA.QUERY_INFORMATION.Oid = Oid;
    Request->DATA.QUERY_INFORMATION.InformationBuffer = Value;
    Request->DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(ULONG);
    NdisResetEvent(&Binding->Asked);
    NdisRequest(&Status, Binding->Handle, Request);
    if (TOUCHES(oid_complete_before_return) && Status == NDIS_STATUS_PENDING)
        TouchRemembered(TouchesPart("data") ? (PVOID)Value : (PVOID)Request);
    if (Status == NDIS_STATUS_PENDING && !NdisWaitEvent(&Binding->Asked, 200))
        Binding->Silent = TRUE;
}

static VOID
Run(PVOID Context)
{
    BINDING *Binding = Context;

    ULONG Lookahead = 40;
    NDIS_STATUS Result;

    Request(Binding, NdisRequestSetInformation, OID_GEN_CURRENT_LOOKAHEAD, &Lookahead);
    for (ULONG Round = 0; !*(volatile BOOLEAN *)&Binding->Ending; Round++) {
        Binding->Round = Round;
        if (Round == 6)
            NdisReset(&Result, Binding->Handle);
        if (Round % 8 == 0)
            GiveBack(Binding);
        Send(Binding);
        if (Round % 4 == 1)
            Request(Binding, NdisRequestQueryInformation, OID_RULES, Binding->Answer);
        if (BREAKS(r5_transfer_in_receive)) {
            NDIS_STATUS Status;
            UINT Bytes;
            NdisTransferData(&Status, Binding->Handle, Binding, 0, 1, Binding->Transfer, &Bytes);
        }
        if (BREAKS(r5_getreceivedpacket_context))
            NdisGetReceivedPacket((PNDIS_HANDLE)Binding->Handle, (PNDIS_HANDLE)Binding);
        if (BREAKS(rg_ndis6_forbidden_calls))
            NdisCancelSendNetBufferLists(Binding->Handle, Binding);
        Sleep(500);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
StartThread(BINDING *Binding)
{
    HANDLE Thread;

    if (PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Run, Binding) !=
        STATUS_SUCCESS)
        return;
    ObReferenceObjectByHandle(
        Thread, THREAD_ALL_ACCESS, NULL, KernelMode, (PVOID *)&Binding->Thread, NULL);
    ZwClose(Thread);
}

static VOID
StopThread(BINDING *Binding)
{
    *(volatile BOOLEAN *)&Binding->Ending = TRUE;
    if (Binding->Thread == NULL)
        return;
    KeWaitForSingleObject(Binding->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Binding->Thread);
}

/* What may not be kept, and what there is no room for, is done with at once. */
static INT
ReceivePacket(NDIS_HANDLE Context, PNDIS_PACKET Packet)
{
    BINDING *Binding = Context;
    INT Times = 0;
    KIRQL Irql;

    if (BREAKS(r5_receivepacket_zero_on_resources)) {
        if (NDIS_GET_PACKET_STATUS(Packet) == NDIS_STATUS_RESOURCES)
            return 1;
    }
    if (NDIS_GET_PACKET_STATUS(Packet) == NDIS_STATUS_RESOURCES)
        return 0;
    if (BREAKS(r5_return_not_before_receive_done)) {
        NdisReturnPackets(&Packet, 1);
        return 1;
    }
    KeAcquireSpinLock(&Binding->Lock, &Irql);
    if (Binding->KeptCount < KEPT) {
        Binding->Kept[Binding->KeptCount++] = Packet;
        Times = 1;
    }
    KeReleaseSpinLock(&Binding->Lock, Irql);
    return Times;
}

static BOOLEAN
TakeTransfer(BINDING *Binding)
{
    BOOLEAN Taken;
    KIRQL Irql;

    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Taken = !Binding->Transferring;
    Binding->Transferring = TRUE;
    KeReleaseSpinLock(&Binding->Lock, Irql);
    return Taken;
}

static VOID
TransferComplete(NDIS_HANDLE Context, PNDIS_PACKET Packet, NDIS_STATUS Status, UINT Bytes)
{
    BINDING *Binding = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(Bytes);
    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Binding->Transferring = FALSE;
    KeReleaseSpinLock(&Binding->Lock, Irql);
}

static NDIS_STATUS
Receive(NDIS_HANDLE Context, NDIS_HANDLE ReceiveContext, PVOID Header, UINT HeaderSize,
    PVOID LookAhead, UINT LookAheadSize, UINT PacketSize)
{
    BINDING *Binding = Context;
    NDIS_STATUS Status;
    UINT Bytes;

    UNREFERENCED_PARAMETER(Header);
    UNREFERENCED_PARAMETER(HeaderSize);
    UNREFERENCED_PARAMETER(LookAhead);
    UNREFERENCED_PARAMETER(LookAheadSize);
    if (BREAKS(r5_receive_copy_only))
        ((PUCHAR)LookAhead)[1]++;
    if (TOUCHES(r5_receive_copy_only)) {
        static volatile UCHAR *Late;
        TouchRemembered(Late);
        Late = TouchesPart("data") ? LookAhead : Header;
    }
    if (PacketSize > WHOLE || !TakeTransfer(Binding))
        return NDIS_STATUS_NOT_ACCEPTED;
    volatile UCHAR *Late =
        TOUCHES(s5_complete_before_return__transfer) ? RememberedPacket(Binding->Transfer) : NULL;
    NdisTransferData(
        &Status, Binding->Handle, ReceiveContext, 0, PacketSize, Binding->Transfer, &Bytes);
    if (Status == NDIS_STATUS_PENDING)
        TouchRemembered(Late);
    if (BREAKS(r5_transfer_in_receive__twice)) {
        NdisTransferData(
            &Status, Binding->Handle, ReceiveContext, 0, PacketSize, Binding->Transfer, &Bytes);
    }
    if (Status != NDIS_STATUS_PENDING)
        TransferComplete(Binding, Binding->Transfer, Status, Bytes);
    return NDIS_STATUS_SUCCESS;
}

static VOID
ReceiveComplete(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static NDIS_STATUS
Open(BINDING *Binding, PNDIS_STRING DeviceName)
{
    NDIS_MEDIUM Media[] = {NdisMedium802_3};
    NDIS_STATUS Status, OpenStatus;
    UINT Selected;

    NdisInitializeEvent(&Binding->Done);
    NdisInitializeEvent(&Binding->Asked);
    NdisOpenAdapter(&Status, &OpenStatus, &Binding->Handle, &Selected, Media, 1, ProtocolHandle,
        Binding, DeviceName, 0, NULL);
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

static VOID
Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName, PVOID Section,
    PVOID Unused)
{
    BINDING *Binding = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Binding), TAG);

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(Section);
    UNREFERENCED_PARAMETER(Unused);
    NdisZeroMemory(Binding, sizeof(*Binding));
    KeInitializeSpinLock(&Binding->Lock);
    MakePackets(Binding);
    *Status = Open(Binding, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS) {
        StartThread(Binding);
        return;
    }
    FreePackets(Binding);
    ExFreePoolWithTag(Binding, TAG);
}

static VOID
OpenComplete(NDIS_HANDLE Context, NDIS_STATUS Status, NDIS_STATUS OpenStatus)
{
    UNREFERENCED_PARAMETER(OpenStatus);
    ((BINDING *)Context)->DoneStatus = Status;
    NdisSetEvent(&((BINDING *)Context)->Done);
}

static VOID
CloseComplete(NDIS_HANDLE Context, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(Status);
    NdisSetEvent(&((BINDING *)Context)->Done);
}

static VOID
Unbind(PNDIS_STATUS Status, NDIS_HANDLE Context, NDIS_HANDLE UnbindContext)
{
    BINDING *Binding = Context;

    UNREFERENCED_PARAMETER(UnbindContext);
    StopThread(Binding);
    while (*(volatile ULONG *)&Binding->OutMask != 0 || *(volatile BOOLEAN *)&Binding->Transferring)
        Sleep(100);
    GiveBack(Binding);
    NdisResetEvent(&Binding->Done);
    NdisCloseAdapter(Status, Binding->Handle);
    if (*Status == NDIS_STATUS_PENDING)
        NdisWaitEvent(&Binding->Done, 0);
    FreePackets(Binding);
    ExFreePoolWithTag(Binding, TAG);
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
RequestComplete(NDIS_HANDLE Context, PNDIS_REQUEST Request, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(Request);
    UNREFERENCED_PARAMETER(Status);
    NdisSetEvent(&((BINDING *)Context)->Asked);
}

static VOID
ResetComplete(NDIS_HANDLE Context, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Status);
}

/* It sends nothing while the adapter is reset. */
static VOID
Status(NDIS_HANDLE Context, NDIS_STATUS General, PVOID Buffer, UINT Size)
{
    BINDING *Binding = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(Size);
    if (BREAKS(rs_protocol_no_io_during))
        General = NDIS_STATUS_RESET_END;
    KeAcquireSpinLock(&Binding->Lock, &Irql);
    if (General == NDIS_STATUS_RESET_START || General == NDIS_STATUS_RESET_END)
        Binding->Resetting = General == NDIS_STATUS_RESET_START;
    KeReleaseSpinLock(&Binding->Lock, Irql);
}

static VOID
StatusComplete(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static NDIS_STATUS
PnPEvent(NDIS_HANDLE Context, PNET_PNP_EVENT Event)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Event);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS Result;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&Result, ProtocolHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .Name = NDIS_STRING_CONST("RULES5"),
        .OpenAdapterCompleteHandler = OpenComplete,
        .CloseAdapterCompleteHandler = CloseComplete,
        .SendCompleteHandler = SendComplete,
        .TransferDataCompleteHandler = TransferComplete,
        .ResetCompleteHandler = ResetComplete,
        .RequestCompleteHandler = RequestComplete,
        .ReceiveHandler = Receive,
        .ReceiveCompleteHandler = ReceiveComplete,
        .StatusHandler = Status,
        .StatusCompleteHandler = StatusComplete,
        .ReceivePacketHandler = ReceivePacket,
        .BindAdapterHandler = Bind,
        .UnbindAdapterHandler = Unbind,
        .PnPEventHandler = PnPEvent,
    };
    NDIS_STATUS Result;

    BreaksBy(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (BREAKS(r5_transfer_in_receive__twice))
        Characteristics.ReceivePacketHandler = NULL;
    if (BREAKS(st_p5_bind_unbind_supplied))
        Characteristics.UnbindAdapterHandler = NULL;
    if (BREAKS(r5_receive_copy_only) || TOUCHES(r5_receive_copy_only))
        Characteristics.ReceivePacketHandler = NULL;
    NdisRegisterProtocol(&Result, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    if (BREAKS(rg_protocol_name)) {
        NDIS_HANDLE Second;
        NDIS_STATUS Again;
        NdisRegisterProtocol(&Again, &Second, &Characteristics, sizeof(Characteristics));
        if (Again == NDIS_STATUS_SUCCESS)
            NdisDeregisterProtocol(&Again, Second);
    }
    return Result;
}
