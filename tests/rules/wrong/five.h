/* SPDX-License-Identifier: MIT */
/* The miniport of NDIS 5.1 of the rule tests; miniport5.c makes it deserialized, serial5.c
 * serialized. It is right as it stands; see wrong.h.
 *
 *     MiniportSendPackets --> queue --timer--> NdisMSendComplete
 *     timer --> two packets of its own and a frame by look-ahead, a status now and then,
 *               the end of a transfer and the answer to OID_RULES
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "breaks.h"
#include "links5.h"

#define TAG       'eluR'
#define OID_RULES 0xFF554E10u /* a ULONG, query only */
#define FRAME     64u
#define HEADER    14u
#define MINE      4u /* packets that it has for itself */
#define LOOKAHEAD 40u

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, Packets, Buffers;
    PUCHAR Data[MINE]; /* a block each, so that each can be closed by itself */
    PNDIS_PACKET Packet[MINE];
    NDIS_MINIPORT_TIMER Timer, SlowTimer;
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Armed, Asked;
    PNDIS_PACKET First, Last; /* through MiniportReserved */
    ULONG Count, OutMask;     /* bit n: Packet[n] is out */
    ULONG Round;
    PNDIS_PACKET Transfer; /* of one that it has pended */
    UINT Transferred;
    volatile UCHAR *Asking; /* the buffer of OID_RULES, or the count of its answer */
    UCHAR Shown[FRAME];
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE Wrapper;

static inline PNDIS_PACKET *
NextOf(PNDIS_PACKET Packet)
{
    return (PNDIS_PACKET *)Packet->MiniportReserved;
}

/* Under the lock. */
static VOID
WorkLater(ADAPTER *Adapter)
{
    if (Adapter->Armed)
        return;
    Adapter->Armed = TRUE;
    NdisMSetTimer(&Adapter->Timer, 1);
}

/* Under the lock. */
static VOID
Queue(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    *NextOf(Packet) = NULL;
    if (Adapter->Last != NULL)
        *NextOf(Adapter->Last) = Packet;
    else
        Adapter->First = Packet;
    Adapter->Last = Packet;
    Adapter->Count++;
    WorkLater(Adapter);
}

static VOID
Complete(ADAPTER *Adapter, PNDIS_PACKET List, NDIS_STATUS Status)
{
    if (BREAKS(s5_pending_then_complete)) {
        if (List != NULL && Adapter->Round == 5)
            List = *NextOf(List);
    }
    while (List != NULL) {
        PNDIS_PACKET Packet = List;
        volatile UCHAR *Late =
            TOUCHES(s5_no_touch_after_complete) ? RememberedPacket(Packet) : NULL;

        List = *NextOf(Packet);
        if (BREAKS(s5_complete_packet_identity))
            Packet = Adapter->Packet[0];
        if (BREAKS(s5_complete_packet_identity__again))
            NdisMSendComplete(Adapter->Handle, Packet, NDIS_STATUS_SUCCESS);
        if (BREAKS(s5_no_spinlock_across_complete))
            NdisDprAcquireSpinLock(&Adapter->Lock);
        if (BREAKS(s5_complete_final_status))
            NdisMSendComplete(Adapter->Handle, Packet, NDIS_STATUS_PENDING);
        if (BREAKS(s5_regain_on_complete)) {
            PNDIS_BUFFER Buffer;
            NdisUnchainBufferAtFront(Packet, &Buffer);
        }
        Packet = BreakPacket(Packet);
        NdisMSendComplete(Adapter->Handle, Packet, Status);
        TouchRemembered(Late);
        if (BREAKS(s5_no_touch_after_complete))
            *NextOf(Packet) = Packet;
    }
}

/* A packet of its own, NULL when all are out. */
static PNDIS_PACKET
Take(ADAPTER *Adapter, NDIS_STATUS Status)
{
    PNDIS_PACKET Packet = NULL;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (ULONG i = 0; i < MINE && Packet == NULL; i++) {
        if (Adapter->OutMask >> i & 1)
            continue;
        Adapter->OutMask |= 1u << i;
        Packet = Adapter->Packet[i];
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (BREAKS(r5_reserved_volatile) && Packet != NULL)
        *(ADAPTER **)Packet->ProtocolReserved = Adapter;
    if (Packet != NULL)
        NDIS_SET_PACKET_STATUS(Packet, Status);
    return Packet;
}

static VOID
Return(NDIS_HANDLE Context, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = Context;

    if (BREAKS(r5_reserved_volatile) && Packet != NULL)
        Adapter->Round = (*(ADAPTER **)Packet->ProtocolReserved)->Round;
    NdisAcquireSpinLock(&Adapter->Lock);
    for (ULONG i = 0; i < MINE; i++)
        if (Adapter->Packet[i] == Packet)
            Adapter->OutMask &= ~(1u << i);
    NdisReleaseSpinLock(&Adapter->Lock);
}

/* One packet that is lent and one that is shown. */
static VOID
Indicate(ADAPTER *Adapter)
{
    PNDIS_PACKET Packets[2] = {Take(Adapter, NDIS_STATUS_SUCCESS)};
    volatile UCHAR *Late = NULL;
    PVOID Media = NULL;

    if (Packets[0] == NULL)
        return;
    if (TOUCHES(r5_no_touch_until_return) || TOUCHES(r5_deser_no_status_check))
        Late = RememberedPacket(Packets[0]);
    Packets[1] = Take(Adapter, NDIS_STATUS_RESOURCES);
    if (BREAKS(r5_status_preset))
        NDIS_SET_PACKET_STATUS(Packets[0], NDIS_STATUS_PENDING);
    if (BREAKS(r5_resources_tail)) {
        NDIS_SET_PACKET_STATUS(Packets[0], NDIS_STATUS_RESOURCES);
        if (Packets[1] != NULL)
            NDIS_SET_PACKET_STATUS(Packets[1], NDIS_STATUS_SUCCESS);
    }
    if (BREAKS(r5_medium_specific_buffer)) {
        Media = ExAllocatePoolWithTag(NonPagedPool, 16, TAG);
        NDIS_SET_PACKET_MEDIA_SPECIFIC_INFO(Packets[0], Media, 16);
    }
    NdisMIndicateReceivePacket(Adapter->Handle, Packets, Packets[1] != NULL ? 2 : 1);
    TouchRemembered(Late);
    if (Media != NULL)
        ExFreePoolWithTag(Media, TAG);
    if (BREAKS(r5_in_use_descriptor))
        Return(Adapter, Packets[0]);
    if (BREAKS(r5_no_touch_until_return))
        *NextOf(Packets[0]) = Packets[1];
    if (BREAKS(r5_deser_no_status_check)) {
        NdisMIndicateStatus(Adapter->Handle, NDIS_GET_PACKET_STATUS(Packets[0]), NULL, 0);
        NdisMIndicateStatusComplete(Adapter->Handle);
    }
    if (SettlesAtOnce(Packets[0]))
        Return(Adapter, Packets[0]);
    if (Packets[1] != NULL)
        Return(Adapter, Packets[1]);
}

static VOID
Show(ADAPTER *Adapter)
{
    UINT Size = FRAME - HEADER, Shown = LOOKAHEAD;

    if (BREAKS(r5_lookahead_honoured))
        Shown = 20;
    NdisMEthIndicateReceive(
        Adapter->Handle, Adapter, Adapter->Shown, HEADER, Adapter->Shown + HEADER, Shown, Size);
    if (!BREAKS(r5_receivecomplete_follows))
        NdisMEthIndicateReceiveComplete(Adapter->Handle);
}

/* Copies at once, and says so a little later; one at a time. */
static NDIS_STATUS
TransferData(PNDIS_PACKET Packet, PUINT Transferred, NDIS_HANDLE Context,
    NDIS_HANDLE ReceiveContext, UINT Offset, UINT Length)
{
    ADAPTER *Adapter = Context;
    PNDIS_BUFFER Buffer;
    BOOLEAN Pended;
    UINT Done = 0;

    UNREFERENCED_PARAMETER(ReceiveContext);
    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    for (; Buffer != NULL && Done < Length; NdisGetNextBuffer(Buffer, &Buffer)) {
        PVOID To;
        UINT Room;

        NdisQueryBufferSafe(Buffer, &To, &Room, NormalPagePriority);
        Room = Room < Length - Done ? Room : Length - Done;
        NdisMoveMemory(To, Adapter->Shown + HEADER + Offset + Done, Room);
        Done += Room;
    }
    *Transferred = Done;
    NdisAcquireSpinLock(&Adapter->Lock);
    Pended = Adapter->Transfer == NULL;
    if (Pended) {
        Adapter->Transfer = Packet;
        Adapter->Transferred = Done;
        WorkLater(Adapter);
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    return Pended ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
}

static VOID
CompleteTransfer(ADAPTER *Adapter)
{
    PNDIS_PACKET Packet;
    volatile UCHAR *Late = NULL;

    NdisAcquireSpinLock(&Adapter->Lock);
    Packet = Adapter->Transfer;
    Adapter->Transfer = NULL;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Packet == NULL)
        return;
    if (TOUCHES(s5_no_touch_after_complete__transfer))
        Late = RememberedPacket(Packet);
    NdisMTransferDataComplete(Adapter->Handle, Packet, NDIS_STATUS_SUCCESS, Adapter->Transferred);
    TouchRemembered(Late);
}

static VOID
Tell(ADAPTER *Adapter)
{
    NdisMIndicateStatus(Adapter->Handle, NDIS_STATUS_LINK_SPEED_CHANGE, NULL, 0);
    if (!BREAKS(ss_complete_follows))
        NdisMIndicateStatusComplete(Adapter->Handle);
}

static VOID
Answer(ADAPTER *Adapter)
{
    if (BREAKS(oid5_query_complete_once))
        NdisMSetInformationComplete(Adapter->Handle, NDIS_STATUS_SUCCESS);
    NdisMQueryInformationComplete(Adapter->Handle, NDIS_STATUS_SUCCESS);
    if (TOUCHES(oid_buffer_not_kept))
        TouchRemembered(Adapter->Asking);
    if (BREAKS(oid5_complete_without_request))
        NdisMQueryInformationComplete(Adapter->Handle, NDIS_STATUS_SUCCESS);
}

static VOID
Work(PVOID System1, PVOID Context, PVOID System2, PVOID System3)
{
    ADAPTER *Adapter = Context;
    PNDIS_PACKET List;
    BOOLEAN Asked;
    ULONG Round;

    UNREFERENCED_PARAMETER(System1);
    UNREFERENCED_PARAMETER(System2);
    UNREFERENCED_PARAMETER(System3);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Armed = FALSE;
    List = Adapter->First;
    Asked = Adapter->Asked;
    Round = ++Adapter->Round;
    Adapter->First = Adapter->Last = NULL;
    Adapter->Count = 0;
    Adapter->Asked = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, List, NDIS_STATUS_SUCCESS);
    CompleteTransfer(Adapter);
    Indicate(Adapter);
    Show(Adapter);
    if (Round % 4 == 1)
        Tell(Adapter);
    if (Asked)
        Answer(Adapter);
    if (BREAKS(rs_complete_only_if_pending))
        NdisMResetComplete(Adapter->Handle, NDIS_STATUS_SUCCESS, FALSE);
    if (BREAKS(r5_transfer_complete_once))
        NdisMTransferDataComplete(Adapter->Handle, Adapter->Packet[0], NDIS_STATUS_SUCCESS, 0);
}

static NDIS_STATUS
Put(PVOID To, ULONG Room, PULONG Written, PULONG Needed, const VOID *From, ULONG Size)
{
    *Written = 0;
    *Needed = Size;
    if (Room < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(To, From, Size);
    *Written = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Query(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Written, PULONG Needed)
{
    static const NDIS_OID Oids[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_CURRENT_PACKET_FILTER,
        OID_GEN_CURRENT_LOOKAHEAD, OID_802_3_CURRENT_ADDRESS, OID_802_3_PERMANENT_ADDRESS,
        OID_RULES};
    static const UCHAR Address[6] = {2, 0, 0, 0, 0, 1};
    ADAPTER *Adapter = Context;
    ULONG Value = 1;
    NDIS_STATUS Status;

    if (BREAKS(s5_wan_complete)) {
        static NDIS_WAN_PACKET Nobodys;
        NdisMWanSendComplete(Adapter->Handle, &Nobodys, NDIS_STATUS_SUCCESS);
    }
    if (Oid == OID_GEN_SUPPORTED_LIST)
        return Put(Buffer, Length, Written, Needed, Oids, sizeof(Oids));
    if (Oid == OID_802_3_CURRENT_ADDRESS || Oid == OID_802_3_PERMANENT_ADDRESS)
        return Put(Buffer, Length, Written, Needed, Address, sizeof(Address));
    if (BREAKS(oid5_values_before_complete)) {
        if (Oid == OID_RULES)
            return NDIS_STATUS_SUCCESS;
    }
    *Written = *Needed = 0;
    if (BREAKS(oid5_values_before_complete__needed)) {
        if (Oid == OID_RULES)
            return NDIS_STATUS_INVALID_LENGTH;
    }
    if (Oid != OID_RULES)
        return NDIS_STATUS_NOT_SUPPORTED;
    Status = Put(Buffer, Length, Written, Needed, &Value, sizeof(Value));
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Asked = TRUE;
    Adapter->Asking = TouchesPart("status") ? (PVOID)Needed : Buffer;
    WorkLater(Adapter);
    NdisReleaseSpinLock(&Adapter->Lock);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
Set(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Read, PULONG Needed)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Buffer);
    *Read = 0;
    *Needed = sizeof(ULONG);
    if (Oid != OID_GEN_CURRENT_PACKET_FILTER && Oid != OID_GEN_CURRENT_LOOKAHEAD)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (Length < sizeof(ULONG))
        return NDIS_STATUS_INVALID_LENGTH;
    *Read = sizeof(ULONG);
    return NDIS_STATUS_SUCCESS;
}

#ifdef SLOW
static VOID
ResetLater(PVOID System1, PVOID Context, PVOID System2, PVOID System3)
{
    UNREFERENCED_PARAMETER(System1);
    UNREFERENCED_PARAMETER(System2);
    UNREFERENCED_PARAMETER(System3);
    NdisMResetComplete(((ADAPTER *)Context)->Handle, NDIS_STATUS_SUCCESS, FALSE);
}
#endif

/* What waits is completed; a serialized driver leaves that to NDIS. */
static NDIS_STATUS
Reset(PBOOLEAN AddressingReset, NDIS_HANDLE Context)
{
    ADAPTER *Adapter = Context;
    PNDIS_PACKET List;
    BOOLEAN Asked;

    NdisAcquireSpinLock(&Adapter->Lock);
    List = Adapter->First;
    Asked = Adapter->Asked;
    Adapter->First = Adapter->Last = NULL;
    Adapter->Count = 0;
    Adapter->Asked = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
#ifndef SERIALIZED
    Complete(Adapter, List, NDIS_STATUS_RESET_IN_PROGRESS);
    if (Asked)
        Answer(Adapter);
#else
    UNREFERENCED_PARAMETER(List);
    UNREFERENCED_PARAMETER(Asked);
#endif
    *AddressingReset = FALSE;
    if (BREAKS(rs_pending_completes))
        return NDIS_STATUS_PENDING;
#ifdef SLOW
    NdisMSetTimer(&Adapter->SlowTimer, SLOW);
    return NDIS_STATUS_PENDING;
#endif
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
MakePackets(ADAPTER *Adapter)
{
    NDIS_STATUS Status;

    NdisAllocatePacketPool(
        &Status, &Adapter->Packets, MINE, BREAKS(r5_reserved_volatile) ? sizeof(ADAPTER *) : 0);
    NdisAllocateBufferPool(&Status, &Adapter->Buffers, MINE);
    for (ULONG i = 0; i < MINE; i++) {
        PNDIS_BUFFER Buffer;

        NdisAllocatePacket(&Status, &Adapter->Packet[i], Adapter->Packets);
        NdisAllocateMemoryWithTag((PVOID *)&Adapter->Data[i], FRAME, TAG);
        NdisZeroMemory(Adapter->Data[i], FRAME);
        NdisAllocateBuffer(&Status, &Buffer, Adapter->Buffers, Adapter->Data[i], FRAME);
        NdisChainBufferAtFront(Adapter->Packet[i], Buffer);
        NDIS_SET_PACKET_HEADER_SIZE(Adapter->Packet[i], HEADER);
    }
    return Status;
}

static VOID
FreePackets(ADAPTER *Adapter)
{
    for (ULONG i = 0; i < MINE; i++) {
        PNDIS_BUFFER Buffer;

        NdisUnchainBufferAtFront(Adapter->Packet[i], &Buffer);
        NdisFreeBuffer(Buffer);
        NdisFreePacket(Adapter->Packet[i]);
        NdisFreeMemory(Adapter->Data[i], 0, 0);
    }
    NdisFreeBufferPool(Adapter->Buffers);
    NdisFreePacketPool(Adapter->Packets);
}

static NDIS_STATUS
Initialize(PNDIS_STATUS OpenStatus, PUINT Selected, PNDIS_MEDIUM Media, UINT Count,
    NDIS_HANDLE Handle, NDIS_HANDLE Configuration)
{
    ADAPTER *Adapter;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenStatus);
    UNREFERENCED_PARAMETER(Configuration);
    if (BREAKS(s5_wan_complete)) {
        while (i < Count && Media[i] != NdisMediumWan)
            i++;
    } else {
        while (i < Count && Media[i] != NdisMedium802_3)
            i++;
    }
    if (i == Count)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *Selected = i;
    if (NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = Handle;
    NdisAllocateSpinLock(&Adapter->Lock);
    if (!BREAKS(rg_setattributes_first_5))
        NdisMSetAttributesEx(Handle, Adapter, 0, ATTRIBUTES, NdisInterfaceInternal);
    if (BREAKS(mm_leak_at_unload__pool)) {
        NDIS_HANDLE Left;
        NDIS_STATUS Status;
        NdisAllocatePacketPool(&Status, &Left, 4, 16);
    }
    if (BREAKS(rg_terminate_wrapper))
        NdisTerminateWrapper(Wrapper, NULL);
    if (BREAKS(hw_dma_map_registers))
        NdisMFreeMapRegisters(Handle);
    if (BREAKS(hw_dma_complete_before_complete)) {
        NdisMAllocateMapRegisters(Handle, 0, NDIS_DMA_32BITS, 4, 4096);
        KIRQL Irql;
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
        NdisMCompleteBufferPhysicalMapping(Handle, NULL, 0);
    }
    NdisMInitializeTimer(&Adapter->Timer, Handle, Work, Adapter);
#ifdef SLOW
    NdisMInitializeTimer(&Adapter->SlowTimer, Handle, ResetLater, Adapter);
#endif
    return MakePackets(Adapter);
}

static VOID
StopTimer(ADAPTER *Adapter)
{
    BOOLEAN Cancelled;

    NdisMCancelTimer(&Adapter->Timer, &Cancelled);
    if (Cancelled)
        Adapter->Armed = FALSE;
#ifndef SERIALIZED
    while (*(volatile BOOLEAN *)&Adapter->Armed)
        NdisMSleep(1000);
#endif
}

static VOID
Halt(NDIS_HANDLE Context)
{
    ADAPTER *Adapter = Context;

    if (BREAKS(tm_halt_5)) {
        NdisMSetTimer(&Adapter->Timer, 1000);
        return;
    }
    if (BREAKS(ss_not_in_isr_halt_shutdown))
        NdisMIndicateStatus(Adapter->Handle, NDIS_STATUS_LINK_SPEED_CHANGE, NULL, 0);
    StopTimer(Adapter);
    CompleteTransfer(Adapter);
    FreePackets(Adapter);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
Register(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
    NDIS_MINIPORT_CHARACTERISTICS *Characteristics)
{
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    Characteristics->MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION;
    Characteristics->MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION;
    Characteristics->InitializeHandler = Initialize;
    Characteristics->HaltHandler = Halt;
    Characteristics->QueryInformationHandler = Query;
    Characteristics->SetInformationHandler = Set;
    Characteristics->ResetHandler = Reset;
    Characteristics->ReturnPacketHandler = Return;
    Characteristics->TransferDataHandler = TransferData;
    if (BREAKS(r5_returnpacket_handler))
        Characteristics->ReturnPacketHandler = NULL;
    Status = NdisMRegisterMiniport(Wrapper, Characteristics, sizeof(*Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
