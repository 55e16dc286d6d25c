/* SPDX-License-Identifier: MIT */
/* A miniport over a port, for the rules about frames on their way: what it is sent leaves in order,
 * whole and padded; what comes is indicated in order, if the packet filter wants it. See wrong.h.
 *
 *     Send --> Sends --Drain--> port          Received --> Indicate, with RESOURCES
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS680_MINIPORT     1

#include <ndis.h>
#include <undis/port.h>

#include "breaks.h"
#include "plain.h"

#define TAG       'eriW'
#define HEADER    14u
#define SHORTEST  60u
#define LONGEST   1514u
#define BUFFER    2048u
#define FRAGMENTS 4u /* that wrong ones take */
#define GROUPS    4u
#define SPLIT     50u /* where received frames are split: within TCP, behind the look-ahead */

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, Pool;
    UNDIS_PORT_INTERFACE Port;
    BOOLEAN Open;
    UCHAR Address[6], Group[GROUPS][6];
    ULONG Filter, Groups;
    KSPIN_LOCK Lock; /* guards what follows */
    PNET_BUFFER_LIST Sends, *Link;
    BOOLEAN Draining;
    /* Draining alone */
    PUCHAR Padded;
    PMDL PaddedMdl;
    /* Received alone; the last one is for what a wrong one indicates itself */
    PUCHAR Data[UNDIS_PORT_BATCH + 1];
    PMDL Mdl[UNDIS_PORT_BATCH + 1];
    PNET_BUFFER_LIST Nbl[UNDIS_PORT_BATCH + 1];
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle;

static VOID
Indicate(ADAPTER *Adapter, PNET_BUFFER_LIST Chain, ULONG Count)
{
    NdisMIndicateReceiveNetBufferLists(Adapter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, Count,
        NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
}

/* The frame in the buffer @Index, as an NBL. */
static PNET_BUFFER_LIST
Fill(ADAPTER *Adapter, ULONG Index, const VOID *Data, ULONG Length)
{
    PNET_BUFFER_LIST Nbl = Adapter->Nbl[Index];
    USHORT Type;

    NdisMoveMemory(Adapter->Data[Index], Data, Length);
    NdisMoveMemory(&Type, Adapter->Data[Index] + 12, sizeof(Type));
    NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Nbl)) = Length;
    NET_BUFFER_LIST_INFO(Nbl, NetBufferListFrameType) = (PVOID)(ULONG_PTR)Type;
    Nbl->SourceHandle = Adapter->Handle;
    Nbl->Next = NULL;
    return Nbl;
}

static ULONG
Fragments(PNET_BUFFER Nb)
{
    ULONG Count = 0;

    for (PMDL Mdl = NET_BUFFER_CURRENT_MDL(Nb); Mdl != NULL; Mdl = Mdl->Next)
        Count++;
    return Count;
}

/* What the device gets of @Nb: short frames are a copy with zeros behind. */
static UNDIS_PORT_TRANSMIT
Describe(ADAPTER *Adapter, PNET_BUFFER Nb)
{
    UNDIS_PORT_TRANSMIT Frame = {
        NET_BUFFER_CURRENT_MDL(Nb), NET_BUFFER_CURRENT_MDL_OFFSET(Nb), NET_BUFFER_DATA_LENGTH(Nb)};
    PVOID Data;

    if (Frame.Length >= SHORTEST)
        return Frame;
    RtlZeroMemory(Adapter->Padded, SHORTEST);
    if (BREAKS(send_pad_short))
        RtlFillMemory(Adapter->Padded, SHORTEST, 0xA5);
    Data = NdisGetDataBuffer(Nb, Frame.Length, Adapter->Padded, 1, 0);
    if (Data != Adapter->Padded)
        NdisMoveMemory(Adapter->Padded, Data, Frame.Length);
    return (UNDIS_PORT_TRANSMIT){Adapter->PaddedMdl, 0, SHORTEST};
}

static NDIS_STATUS
Transmit(ADAPTER *Adapter, PNET_BUFFER Nb)
{
    UNDIS_PORT_TRANSMIT Frame = Describe(Adapter, Nb);

    if (Frame.Length > LONGEST) {
        if (BREAKS(send_size_overflow))
            return NDIS_STATUS_SUCCESS;
        return NDIS_STATUS_INVALID_LENGTH;
    }
    if (BREAKS(hw_sg_fragment_limit)) {
        if (Fragments(Nb) > FRAGMENTS)
            return NDIS_STATUS_FAILURE;
    }
    if (BREAKS(hw_sg_fragment_limit__dropped)) {
        if (Fragments(Nb) > FRAGMENTS)
            return NDIS_STATUS_SUCCESS;
    }
    Adapter->Port.Transmit(Adapter->Port.Context, &Frame, 1);
    if (BREAKS(send_no_loopback_if_flag)) {
        UCHAR Copy[LONGEST];
        PVOID Data = NdisGetDataBuffer(Nb, NET_BUFFER_DATA_LENGTH(Nb), Copy, 1, 0);
        Indicate(Adapter, Fill(Adapter, UNDIS_PORT_BATCH, Data, NET_BUFFER_DATA_LENGTH(Nb)), 1);
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
SendOne(ADAPTER *Adapter, PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
    NDIS_STATUS Status = NDIS_STATUS_SUCCESS, Result;

    if (BREAKS(send_nb_order)) {
        if (NET_BUFFER_NEXT_NB(Nb) != NULL) {
            Transmit(Adapter, NET_BUFFER_NEXT_NB(Nb));
            Transmit(Adapter, Nb);
            Nb = NET_BUFFER_NEXT_NB(NET_BUFFER_NEXT_NB(Nb));
        }
    }
    for (; Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb)) {
        Result = Transmit(Adapter, Nb);
        if (Result != NDIS_STATUS_SUCCESS)
            Status = Result;
    }
    NET_BUFFER_LIST_STATUS(Nbl) = Status;
    NdisMSendNetBufferListsComplete(Adapter->Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

static PNET_BUFFER_LIST
TakeSends(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain;

    KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    Chain = Adapter->Sends;
    Adapter->Sends = NULL;
    Adapter->Link = &Adapter->Sends;
    Adapter->Draining = Chain != NULL;
    KeReleaseSpinLockFromDpcLevel(&Adapter->Lock);
    return Chain;
}

/* The port is given one frame at a time. */
static VOID
Drain(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain, Nbl;

    while ((Chain = TakeSends(Adapter)) != NULL) {
        if (BREAKS(send_nbl_order_same_flow)) {
            if ((Nbl = Chain->Next) != NULL) {
                Chain->Next = Nbl->Next;
                Nbl->Next = Chain;
                Chain = Nbl;
            }
        }
        while ((Nbl = Chain) != NULL) {
            Chain = Nbl->Next;
            Nbl->Next = NULL;
            SendOne(Adapter, Nbl);
        }
    }
}

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Mine;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    *Adapter->Link = Chain;
    while (*Adapter->Link != NULL)
        Adapter->Link = &(*Adapter->Link)->Next;
    Mine = !Adapter->Draining;
    Adapter->Draining = TRUE;
    KeReleaseSpinLockFromDpcLevel(&Adapter->Lock);
    if (Mine)
        Drain(Adapter);
    KeLowerIrql(Irql);
}

static BOOLEAN
IsGroup(const ADAPTER *Adapter, const UCHAR *To)
{
    if (BREAKS(recv_packet_filter__groups))
        return TRUE;
    for (ULONG i = 0; i < Adapter->Groups; i++)
        if (NdisEqualMemory(To, Adapter->Group[i], 6))
            return TRUE;
    return FALSE;
}

/* By the packet filter and the multicast addresses. */
static BOOLEAN
IsWanted(const ADAPTER *Adapter, const UCHAR *To)
{
    static const UCHAR Everybody[6] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    if (BREAKS(recv_packet_filter))
        return TRUE;
    if (Adapter->Filter & NDIS_PACKET_TYPE_PROMISCUOUS)
        return TRUE;
    if (NdisEqualMemory(To, Everybody, 6))
        return (Adapter->Filter & NDIS_PACKET_TYPE_BROADCAST) != 0;
    if (To[0] & 1)
        return (Adapter->Filter & NDIS_PACKET_TYPE_MULTICAST) && IsGroup(Adapter, To);
    return (Adapter->Filter & NDIS_PACKET_TYPE_DIRECTED) &&
           NdisEqualMemory(To, Adapter->Address, 6);
}

static VOID
Received(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    PNET_BUFFER_LIST Chain = NULL, *Link = &Chain;
    ADAPTER *Adapter = Context;
    ULONG Taken = 0;

    for (ULONG i = 0; i < Count; i++) {
        if (Frames[i].Length < HEADER || Frames[i].Length > LONGEST ||
            !IsWanted(Adapter, Frames[i].Data))
            continue;
        *Link = Fill(Adapter, Taken++, Frames[i].Data, Frames[i].Length);
        Link = &(*Link)->Next;
    }
    if (BREAKS(recv_order_per_flow)) {
        if (Taken > 1) {
            PNET_BUFFER_LIST First = Chain;
            Chain = First->Next;
            First->Next = Chain->Next;
            Chain->Next = First;
        }
    }
    if (Taken != 0)
        Indicate(Adapter, Chain, Taken);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Flags);
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    ADAPTER *Adapter = Context;
    struct _SET *Set = &Request->DATA.SET_INFORMATION;

    if (Request->RequestType != NdisRequestSetInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (Set->Oid == OID_GEN_CURRENT_PACKET_FILTER) {
        Adapter->Filter = *(ULONG *)Set->InformationBuffer;
    } else if (Set->Oid == OID_802_3_MULTICAST_LIST) {
        Adapter->Groups = Set->InformationBufferLength / 6;
        NdisMoveMemory(Adapter->Group, Set->InformationBuffer, Set->InformationBufferLength);
    } else if (Set->Oid != OID_GEN_CURRENT_LOOKAHEAD) {
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    Set->BytesRead = Set->InformationBufferLength;
    return NDIS_STATUS_SUCCESS;
}

/* Sends are completed before they return. */
static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    Adapter->Port.Hold(Adapter->Port.Context, TRUE);
    KeFlushQueuedDpcs();
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    Adapter->Port.Hold(Adapter->Port.Context, FALSE);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SetAttributes(ADAPTER *Adapter)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = LONGEST - HEADER,
        .LookaheadSize = LONGEST,
        .MacOptions = NDIS_MAC_OPTION_NO_LOOPBACK,
        .SupportedPacketFilters =
            NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_PROMISCUOUS,
        .MediaConnectState = MediaConnectStateConnected,
        .MacAddressLength = 6,
    };

    NdisMoveMemory(General.CurrentMacAddress, Adapter->Address, 6);
    NdisMoveMemory(General.PermanentMacAddress, Adapter->Address, 6);
    if (NdisMSetMiniportAttributes(Adapter->Handle,
            (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_FAILURE;
    return NdisMSetMiniportAttributes(Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static BOOLEAN
AllocateBuffers(ADAPTER *Adapter)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };
    ULONG First;

    Adapter->Pool = NdisAllocateNetBufferListPool(Adapter->Handle, &Parameters);
    Adapter->Padded = ExAllocatePoolZero(NonPagedPoolNx, SHORTEST, TAG);
    if (Adapter->Pool == NULL || Adapter->Padded == NULL)
        return FALSE;
    Adapter->PaddedMdl = NdisAllocateMdl(Adapter->Handle, Adapter->Padded, SHORTEST);
    for (ULONG i = 0; i <= UNDIS_PORT_BATCH; i++) {
        Adapter->Data[i] = ExAllocatePoolZero(NonPagedPoolNx, BUFFER, TAG);
        if (Adapter->Data[i] == NULL)
            return FALSE;
        First = SPLIT;
        if (BREAKS(recv_header_not_split))
            First = HEADER + 16;
        if (BREAKS(recv_header_not_split__upper))
            First = HEADER + 24;
        Adapter->Mdl[i] = NdisAllocateMdl(Adapter->Handle, Adapter->Data[i], First);
        if (Adapter->Mdl[i] != NULL)
            Adapter->Mdl[i]->Next =
                NdisAllocateMdl(Adapter->Handle, Adapter->Data[i] + First, BUFFER - First);
        Adapter->Nbl[i] =
            NdisAllocateNetBufferAndNetBufferList(Adapter->Pool, 0, 0, Adapter->Mdl[i], 0, BUFFER);
        if (Adapter->Nbl[i] == NULL)
            return FALSE;
    }
    return Adapter->PaddedMdl != NULL;
}

static VOID
Free(ADAPTER *Adapter)
{
    if (Adapter->Open)
        Adapter->Port.Close(Adapter->Port.Context);
    for (ULONG i = 0; i <= UNDIS_PORT_BATCH; i++) {
        if (Adapter->Nbl[i] != NULL)
            NdisFreeNetBufferList(Adapter->Nbl[i]);
        if (Adapter->Mdl[i] != NULL && Adapter->Mdl[i]->Next != NULL)
            NdisFreeMdl(Adapter->Mdl[i]->Next);
        if (Adapter->Mdl[i] != NULL)
            NdisFreeMdl(Adapter->Mdl[i]);
        if (Adapter->Data[i] != NULL)
            ExFreePoolWithTag(Adapter->Data[i], TAG);
    }
    if (Adapter->PaddedMdl != NULL)
        NdisFreeMdl(Adapter->PaddedMdl);
    if (Adapter->Padded != NULL)
        ExFreePoolWithTag(Adapter->Padded, TAG);
    if (Adapter->Pool != NULL)
        NdisFreeNetBufferListPool(Adapter->Pool);
    if (Adapter->Port.InterfaceDereference != NULL)
        Adapter->Port.InterfaceDereference(Adapter->Port.Context);
    ExFreePoolWithTag(Adapter, TAG);
}

static BOOLEAN
OpenPort(ADAPTER *Adapter)
{
    PDEVICE_OBJECT Pdo;

    NdisMGetDeviceProperty(Adapter->Handle, &Pdo, NULL, NULL, NULL, NULL);
    if (Pdo == NULL || !NT_SUCCESS(UndisPortQueryInterface(Pdo, &Adapter->Port)))
        return FALSE;
    Adapter->Port.Hold(Adapter->Port.Context, TRUE);
    Adapter->Open =
        NT_SUCCESS(Adapter->Port.Open(Adapter->Port.Context, Received, NULL, NULL, Adapter));
    return Adapter->Open;
}

static NDIS_STATUS
Initialize(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext, PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
    static const UCHAR Address[6] = {0x02, 0, 0, 0, 0, 0x42};
    ADAPTER *Adapter = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Adapter), TAG);

    UNREFERENCED_PARAMETER(DriverContext);
    UNREFERENCED_PARAMETER(Parameters);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    Adapter->Handle = Handle;
    Adapter->Link = &Adapter->Sends;
    NdisMoveMemory(Adapter->Address, Address, 6);
    KeInitializeSpinLock(&Adapter->Lock);
    if (SetAttributes(Adapter) == NDIS_STATUS_SUCCESS && AllocateBuffers(Adapter) &&
        OpenPort(Adapter))
        return NDIS_STATUS_SUCCESS;
    Free(Adapter);
    return NDIS_STATUS_FAILURE;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    UNREFERENCED_PARAMETER(Action);
    Free(Context);
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Action);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = PLAIN_TABLE;

    BreaksBy(RegistryPath);
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
