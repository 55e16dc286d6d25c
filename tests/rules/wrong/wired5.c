/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 5 over a port, for the rules about frames on their way; see wired.c. A send is
 * answered at once; what comes is kept until a timer shows it, by look-ahead or as a packet: the
 * miniport is a serialized one.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>
#include <undis/port.h>

#include "breaks.h"

#define TAG      'eriW'
#define HEADER   14u
#define SHORTEST 60u
#define LONGEST  1514u
#define KEPT     64u /* short frames; others are dropped */

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, Packets, Buffers;
    UNDIS_PORT_INTERFACE Port;
    UCHAR Address[6];
    ULONG Filter;
    PUCHAR Frame; /* what is padded, or shown as a packet */
    PMDL Mdl;
    NDIS_MINIPORT_TIMER Timer;
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    ULONG First, Last, Length[KEPT];
    UCHAR Kept[KEPT][SHORTEST];
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;

static VOID
Show(ADAPTER *Adapter, const UCHAR *Data, ULONG Length)
{
    NdisMEthIndicateReceive(Adapter->Handle, Adapter, (PCHAR)(PVOID)Data, HEADER,
        (PVOID)(Data + HEADER), Length - HEADER, Length - HEADER);
    NdisMEthIndicateReceiveComplete(Adapter->Handle);
}

/* The same as a packet, which is back when it has been shown. */
static VOID
ShowPacket(ADAPTER *Adapter, const UCHAR *Data, ULONG Length)
{
    PNDIS_BUFFER Buffer;
    PNDIS_PACKET Packet;
    NDIS_STATUS Status;

    NdisMoveMemory(Adapter->Frame, Data, Length);
    NdisAllocatePacket(&Status, &Packet, Adapter->Packets);
    NdisAllocateBuffer(&Status, &Buffer, Adapter->Buffers, Adapter->Frame, Length);
    NdisChainBufferAtFront(Packet, Buffer);
    NDIS_SET_PACKET_HEADER_SIZE(Packet, HEADER);
    NDIS_SET_PACKET_STATUS(Packet, NDIS_STATUS_RESOURCES);
    NdisMIndicateReceivePacket(Adapter->Handle, &Packet, 1);
    NdisFreeBuffer(Buffer);
    NdisFreePacket(Packet);
}

/* Gathers @Packet into Adapter->Frame. */
static VOID
Gather(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    PNDIS_BUFFER Buffer;
    UINT Length, At = 0;
    PVOID Data;

    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    for (; Buffer != NULL; NdisGetNextBuffer(Buffer, &Buffer), At += Length) {
        NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
        NdisMoveMemory(Adapter->Frame + At, Data, Length);
    }
}

static NDIS_STATUS
Send(NDIS_HANDLE Context, PNDIS_PACKET Packet, UINT Flags)
{
    ADAPTER *Adapter = Context;
    UNDIS_PORT_TRANSMIT Frame = {Adapter->Mdl, 0, SHORTEST};
    UINT Length;

    UNREFERENCED_PARAMETER(Flags);
    NdisQueryPacketLength(Packet, &Length);
    if (Length > LONGEST) {
        if (BREAKS(send_size_overflow))
            return NDIS_STATUS_SUCCESS;
        if (BREAKS(send_size_overflow__completed)) {
            NdisMSendComplete(Adapter->Handle, Packet, NDIS_STATUS_SUCCESS);
            return NDIS_STATUS_PENDING;
        }
        return NDIS_STATUS_INVALID_LENGTH;
    }
    NdisZeroMemory(Adapter->Frame, SHORTEST);
    if (BREAKS(send_pad_short))
        RtlFillMemory(Adapter->Frame, SHORTEST, 0xA5);
    Gather(Adapter, Packet);
    if (Length > SHORTEST)
        Frame.Length = Length;
    Adapter->Port.Transmit(Adapter->Port.Context, &Frame, 1);
    if (BREAKS(send_no_loopback_if_flag))
        Show(Adapter, Adapter->Frame, Length);
    return NDIS_STATUS_SUCCESS;
}

static BOOLEAN
IsWanted(const ADAPTER *Adapter, const UCHAR *To)
{
    if (BREAKS(recv_packet_filter) || BREAKS(recv_packet_filter__shown))
        return TRUE;
    return (Adapter->Filter & NDIS_PACKET_TYPE_DIRECTED) &&
           NdisEqualMemory(To, Adapter->Address, 6);
}

static VOID
Received(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (ULONG i = 0; i < Count; i++) {
        ULONG At = Adapter->Last % KEPT;

        if (Frames[i].Length < HEADER || Frames[i].Length > SHORTEST ||
            Adapter->Last - Adapter->First == KEPT || !IsWanted(Adapter, Frames[i].Data))
            continue;
        NdisMoveMemory(Adapter->Kept[At], Frames[i].Data, Frames[i].Length);
        Adapter->Length[At] = Frames[i].Length;
        Adapter->Last++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisMSetTimer(&Adapter->Timer, 0);
}

static VOID
ShowKept(PVOID Unused1, PVOID Context, PVOID Unused2, PVOID Unused3)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Unused1);
    UNREFERENCED_PARAMETER(Unused2);
    UNREFERENCED_PARAMETER(Unused3);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    while (Adapter->First != Adapter->Last) {
        ULONG At = Adapter->First % KEPT;

        NdisDprReleaseSpinLock(&Adapter->Lock);
        if (BREAKS(recv_packet_filter__shown))
            ShowPacket(Adapter, Adapter->Kept[At], Adapter->Length[At]);
        else
            Show(Adapter, Adapter->Kept[At], Adapter->Length[At]);
        NdisDprAcquireSpinLock(&Adapter->Lock);
        Adapter->First++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
}

static NDIS_STATUS
Query(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Written, PULONG Needed)
{
    static const NDIS_OID List[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_HARDWARE_STATUS,
        OID_GEN_MEDIA_SUPPORTED, OID_GEN_MEDIA_IN_USE, OID_GEN_MAXIMUM_LOOKAHEAD,
        OID_GEN_CURRENT_LOOKAHEAD, OID_GEN_MAXIMUM_FRAME_SIZE, OID_GEN_MAXIMUM_TOTAL_SIZE,
        OID_GEN_LINK_SPEED, OID_GEN_CURRENT_PACKET_FILTER, OID_GEN_MAC_OPTIONS,
        OID_GEN_MAXIMUM_SEND_PACKETS, OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS,
        OID_802_3_MULTICAST_LIST, OID_802_3_MAXIMUM_LIST_SIZE};
    ULONG Value = 0, Size = sizeof(Value);
    const VOID *Answer = &Value;

    switch (Oid) {
    case OID_GEN_SUPPORTED_LIST:
        Answer = List;
        Size = sizeof(List);
        break;
    case OID_802_3_PERMANENT_ADDRESS:
    case OID_802_3_CURRENT_ADDRESS:
        Answer = ((ADAPTER *)Context)->Address;
        Size = 6;
        break;
    case OID_GEN_HARDWARE_STATUS:
    case OID_GEN_MEDIA_SUPPORTED:
    case OID_GEN_MEDIA_IN_USE: break;
    case OID_GEN_MAXIMUM_LOOKAHEAD:
    case OID_GEN_CURRENT_LOOKAHEAD:
    case OID_GEN_MAXIMUM_FRAME_SIZE: Value = LONGEST - HEADER; break;
    case OID_GEN_MAXIMUM_TOTAL_SIZE: Value = LONGEST; break;
    case OID_GEN_LINK_SPEED: Value = 10000000; break;
    case OID_GEN_MAC_OPTIONS:
        Value = NDIS_MAC_OPTION_NO_LOOPBACK | NDIS_MAC_OPTION_TRANSFERS_NOT_PEND;
        break;
    case OID_GEN_MAXIMUM_SEND_PACKETS:
    case OID_802_3_MAXIMUM_LIST_SIZE: Value = 1; break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    *Written = 0;
    *Needed = Size;
    if (Length < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(Buffer, Answer, Size);
    *Written = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Set(NDIS_HANDLE Context, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Read, PULONG Needed)
{
    *Needed = 0;
    *Read = Length;
    if (Oid == OID_GEN_CURRENT_PACKET_FILTER)
        ((ADAPTER *)Context)->Filter = *(ULONG *)Buffer;
    else if (Oid != OID_GEN_CURRENT_LOOKAHEAD)
        return NDIS_STATUS_NOT_SUPPORTED;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Reset(PBOOLEAN AddressingReset, NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

/* Everything is shown whole. */
static NDIS_STATUS
TransferData(PNDIS_PACKET Packet, PUINT Transferred, NDIS_HANDLE Context, NDIS_HANDLE Received5,
    UINT Offset, UINT Length)
{
    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Received5);
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Length);
    *Transferred = 0;
    return NDIS_STATUS_FAILURE;
}

/* None is kept. */
static VOID
ReturnPacket(NDIS_HANDLE Context, PNDIS_PACKET Packet)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Packet);
}

static VOID
Free(ADAPTER *Adapter)
{
    if (Adapter->Port.Close != NULL) {
        Adapter->Port.Close(Adapter->Port.Context);
        Adapter->Port.InterfaceDereference(Adapter->Port.Context);
    }
    if (Adapter->Mdl != NULL)
        IoFreeMdl(Adapter->Mdl);
    if (Adapter->Frame != NULL)
        ExFreePoolWithTag(Adapter->Frame, TAG);
    if (Adapter->Buffers != NULL)
        NdisFreeBufferPool(Adapter->Buffers);
    if (Adapter->Packets != NULL)
        NdisFreePacketPool(Adapter->Packets);
    ExFreePoolWithTag(Adapter, TAG);
}

static VOID
Halt(NDIS_HANDLE Context)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Cancelled;

    Adapter->Port.Close(Adapter->Port.Context);
    NdisMCancelTimer(&Adapter->Timer, &Cancelled);
    Adapter->Port.InterfaceDereference(Adapter->Port.Context);
    Adapter->Port.Close = NULL;
    Free(Adapter);
}

static BOOLEAN
Allocate(ADAPTER *Adapter)
{
    NDIS_STATUS Status;

    Adapter->Frame = ExAllocatePoolZero(NonPagedPool, 2 * LONGEST, TAG);
    if (Adapter->Frame == NULL)
        return FALSE;
    Adapter->Mdl = IoAllocateMdl(Adapter->Frame, 2 * LONGEST, FALSE, FALSE, NULL);
    if (Adapter->Mdl == NULL)
        return FALSE;
    MmBuildMdlForNonPagedPool(Adapter->Mdl);
    NdisAllocatePacketPool(&Status, &Adapter->Packets, 2, 16);
    if (Status != NDIS_STATUS_SUCCESS)
        return FALSE;
    NdisAllocateBufferPool(&Status, &Adapter->Buffers, 2);
    return Status == NDIS_STATUS_SUCCESS;
}

static BOOLEAN
OpenPort(ADAPTER *Adapter)
{
    PDEVICE_OBJECT Pdo;

    NdisMGetDeviceProperty(Adapter->Handle, &Pdo, NULL, NULL, NULL, NULL);
    return Pdo != NULL && NT_SUCCESS(UndisPortQueryInterface(Pdo, &Adapter->Port)) &&
           NT_SUCCESS(Adapter->Port.Open(Adapter->Port.Context, Received, NULL, NULL, Adapter));
}

static NDIS_STATUS
Initialize(PNDIS_STATUS OpenError, PUINT Selected, PNDIS_MEDIUM Media, UINT Count,
    NDIS_HANDLE Handle, NDIS_HANDLE Configuration)
{
    static const UCHAR Address[6] = {0x02, 0, 0, 0, 0, 0x42};
    ADAPTER *Adapter = ExAllocatePoolZero(NonPagedPool, sizeof(*Adapter), TAG);

    UNREFERENCED_PARAMETER(OpenError);
    UNREFERENCED_PARAMETER(Configuration);
    for (*Selected = 0; *Selected < Count && Media[*Selected] != NdisMedium802_3; ++*Selected)
        ;
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    Adapter->Handle = Handle;
    NdisMoveMemory(Adapter->Address, Address, 6);
    NdisMSetAttributesEx(Handle, Adapter, 0, 0, NdisInterfaceInternal);
    NdisAllocateSpinLock(&Adapter->Lock);
    NdisMInitializeTimer(&Adapter->Timer, Handle, ShowKept, Adapter);
    if (Allocate(Adapter) && OpenPort(Adapter))
        return NDIS_STATUS_SUCCESS;
    Free(Adapter);
    return NDIS_STATUS_FAILURE;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .InitializeHandler = Initialize,
        .HaltHandler = Halt,
        .ResetHandler = Reset,
        .QueryInformationHandler = Query,
        .SetInformationHandler = Set,
        .SendHandler = Send,
        .TransferDataHandler = TransferData,
        .ReturnPacketHandler = ReturnPacket,
    };
    NDIS_HANDLE Wrapper;

    BreaksBy(RegistryPath);
    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    return NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
}
