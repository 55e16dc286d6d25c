/* SPDX-License-Identifier: MIT */
/* What portnic answers: a table of OIDs, each with its getter or setter. None pends. What has neither
 * NDIS answers, from the attributes and from what was set last. */
#include "portnic.h"

#define VENDOR_ID 0x00FFFFFFu /* none assigned */

/* Writes the answer to @Buffer (ANSWER_MAX bytes) and its size. Under the lock. */
#define ANSWER_MAX 256
typedef ULONG GETTER(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer);
/* @Length bytes at @Buffer; *@Needed when they are too few. Under the lock. */
typedef NDIS_STATUS SETTER(ADAPTER *Adapter, const VOID *Buffer, ULONG Length, ULONG *Needed);

static ULONG64
Sum(const ULONG64 *Values)
{
    return Values[0] + Values[1] + Values[2];
}

static ULONG
GetNumber(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer)
{
    ULONG Frame = Adapter->Mtu + HEADER_SIZE, Value = 0;

    switch (Oid) {
    case OID_GEN_HARDWARE_STATUS: Value = NdisHardwareStatusReady; break;
    case OID_GEN_MAXIMUM_TOTAL_SIZE: Value = Frame; break;
    case OID_GEN_TRANSMIT_BLOCK_SIZE:
    case OID_GEN_RECEIVE_BLOCK_SIZE: Value = Adapter->BufferSize; break;
    case OID_GEN_TRANSMIT_BUFFER_SPACE: Value = UNDIS_PORT_BATCH * Frame; break;
    case OID_GEN_RECEIVE_BUFFER_SPACE: Value = Adapter->BufferCount * Adapter->BufferSize; break;
    case OID_GEN_VENDOR_ID: Value = VENDOR_ID; break;
    case OID_GEN_VENDOR_DRIVER_VERSION: Value = 0x00010000; break;
    case OID_GEN_MAXIMUM_SEND_PACKETS: Value = UNDIS_PORT_BATCH; break;
    default: break; /* errors that this hardware cannot have */
    }
    NdisMoveMemory(Buffer, &Value, sizeof(Value));
    return sizeof(Value);
}

static ULONG
GetCounter(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer)
{
    ULONG64 Value = 0;

    if (Oid == OID_GEN_XMIT_OK)
        Value = Sum(Adapter->Counters.OutFrames);
    else if (Oid == OID_GEN_RCV_OK)
        Value = Sum(Adapter->Counters.InFrames);
    else if (Oid == OID_GEN_RCV_NO_BUFFER)
        Value = Adapter->Counters.InDiscards;
    NdisMoveMemory(Buffer, &Value, sizeof(Value));
    return sizeof(Value);
}

static ULONG
GetVendor(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer)
{
    static const CHAR Text[] = "undis port";

    UNREFERENCED_PARAMETER(Adapter);
    UNREFERENCED_PARAMETER(Oid);
    NdisMoveMemory(Buffer, Text, sizeof(Text));
    return sizeof(Text);
}

static ULONG
GetStatistics(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer)
{
    const COUNTERS *Counters = &Adapter->Counters;
    NDIS_STATISTICS_INFO Info = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_STATISTICS_INFO_REVISION_1,
            NDIS_SIZEOF_STATISTICS_INFO_REVISION_1},
        .SupportedStatistics = STATISTICS,
        .ifInDiscards = Counters->InDiscards,
        .ifHCInOctets = Sum(Counters->InBytes),
        .ifHCInUcastPkts = Counters->InFrames[0],
        .ifHCInMulticastPkts = Counters->InFrames[1],
        .ifHCInBroadcastPkts = Counters->InFrames[2],
        .ifHCOutOctets = Sum(Counters->OutBytes),
        .ifHCOutUcastPkts = Counters->OutFrames[0],
        .ifHCOutMulticastPkts = Counters->OutFrames[1],
        .ifHCOutBroadcastPkts = Counters->OutFrames[2],
        .ifHCInUcastOctets = Counters->InBytes[0],
        .ifHCInMulticastOctets = Counters->InBytes[1],
        .ifHCInBroadcastOctets = Counters->InBytes[2],
        .ifHCOutUcastOctets = Counters->OutBytes[0],
        .ifHCOutMulticastOctets = Counters->OutBytes[1],
        .ifHCOutBroadcastOctets = Counters->OutBytes[2],
    };

    UNREFERENCED_PARAMETER(Oid);
    NdisMoveMemory(Buffer, &Info, sizeof(Info));
    return sizeof(Info);
}

static ULONG
GetModeration(ADAPTER *Adapter, NDIS_OID Oid, PVOID Buffer)
{
    NDIS_INTERRUPT_MODERATION_PARAMETERS Info = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_INTERRUPT_MODERATION_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_INTERRUPT_MODERATION_PARAMETERS_REVISION_1},
        .InterruptModeration = NdisInterruptModerationNotSupported,
    };

    UNREFERENCED_PARAMETER(Adapter);
    UNREFERENCED_PARAMETER(Oid);
    NdisMoveMemory(Buffer, &Info, sizeof(Info));
    return sizeof(Info);
}

static NDIS_STATUS
SetPacketFilter(ADAPTER *Adapter, const VOID *Buffer, ULONG Length, ULONG *Needed)
{
    ULONG Filter, Known = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST |
                          NDIS_PACKET_TYPE_ALL_MULTICAST | NDIS_PACKET_TYPE_BROADCAST |
                          NDIS_PACKET_TYPE_PROMISCUOUS;

    *Needed = sizeof(Filter);
    if (Length < sizeof(Filter))
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(&Filter, Buffer, sizeof(Filter));
    if (Filter & ~Known)
        return NDIS_STATUS_NOT_SUPPORTED;
    Adapter->PacketFilter = Filter;
    return NDIS_STATUS_SUCCESS;
}

/* Frames are always shown whole. */
static NDIS_STATUS
SetLookahead(ADAPTER *Adapter, const VOID *Buffer, ULONG Length, ULONG *Needed)
{
    ULONG Lookahead;

    *Needed = sizeof(Lookahead);
    if (Length < sizeof(Lookahead))
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(&Lookahead, Buffer, sizeof(Lookahead));
    if (Lookahead > Adapter->Mtu + HEADER_SIZE)
        return NDIS_STATUS_INVALID_DATA;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SetMulticast(ADAPTER *Adapter, const VOID *Buffer, ULONG Length, ULONG *Needed)
{
    *Needed = 0;
    if (Length % ADDRESS_SIZE != 0)
        return NDIS_STATUS_INVALID_LENGTH;
    if (Length > sizeof(Adapter->Multicast)) {
        *Needed = sizeof(Adapter->Multicast);
        return NDIS_STATUS_MULTICAST_FULL;
    }
    NdisMoveMemory(Adapter->Multicast, Buffer, Length);
    Adapter->MulticastCount = Length / ADDRESS_SIZE;
    return NDIS_STATUS_SUCCESS;
}

static const struct {
    NDIS_OID Oid;
    GETTER *Get;
    SETTER *Set;
} Table[] = {
    {OID_GEN_HARDWARE_STATUS, GetNumber, NULL},
    {OID_GEN_MAXIMUM_TOTAL_SIZE, GetNumber, NULL},
    {OID_GEN_TRANSMIT_BLOCK_SIZE, GetNumber, NULL},
    {OID_GEN_RECEIVE_BLOCK_SIZE, GetNumber, NULL},
    {OID_GEN_TRANSMIT_BUFFER_SPACE, GetNumber, NULL},
    {OID_GEN_RECEIVE_BUFFER_SPACE, GetNumber, NULL},
    {OID_GEN_CURRENT_PACKET_FILTER, NULL, SetPacketFilter},
    {OID_GEN_CURRENT_LOOKAHEAD, NULL, SetLookahead},
    {OID_GEN_VENDOR_ID, GetNumber, NULL},
    {OID_GEN_VENDOR_DESCRIPTION, GetVendor, NULL},
    {OID_GEN_VENDOR_DRIVER_VERSION, GetNumber, NULL},
    {OID_GEN_MAXIMUM_SEND_PACKETS, GetNumber, NULL},
    {OID_GEN_STATISTICS, GetStatistics, NULL},
    {OID_GEN_INTERRUPT_MODERATION, GetModeration, NULL},
    {OID_GEN_XMIT_OK, GetCounter, NULL},
    {OID_GEN_RCV_OK, GetCounter, NULL},
    {OID_GEN_XMIT_ERROR, NULL, NULL},
    {OID_GEN_RCV_ERROR, NULL, NULL},
    {OID_GEN_RCV_NO_BUFFER, GetCounter, NULL},
    {OID_802_3_PERMANENT_ADDRESS, NULL, NULL},
    {OID_802_3_CURRENT_ADDRESS, NULL, NULL},
    {OID_802_3_MULTICAST_LIST, NULL, SetMulticast},
    {OID_802_3_MAXIMUM_LIST_SIZE, NULL, NULL},
    {OID_802_3_RCV_ERROR_ALIGNMENT, GetNumber, NULL},
    {OID_802_3_XMIT_ONE_COLLISION, GetNumber, NULL},
    {OID_802_3_XMIT_MORE_COLLISIONS, GetNumber, NULL},
};

#define OIDS (sizeof(Table) / sizeof(Table[0]))

/* The same, as NDIS wants it. */
const NDIS_OID SupportedOids[] = {OID_GEN_HARDWARE_STATUS, OID_GEN_MAXIMUM_TOTAL_SIZE,
    OID_GEN_TRANSMIT_BLOCK_SIZE, OID_GEN_RECEIVE_BLOCK_SIZE, OID_GEN_TRANSMIT_BUFFER_SPACE,
    OID_GEN_RECEIVE_BUFFER_SPACE, OID_GEN_CURRENT_PACKET_FILTER, OID_GEN_CURRENT_LOOKAHEAD,
    OID_GEN_VENDOR_ID, OID_GEN_VENDOR_DESCRIPTION, OID_GEN_VENDOR_DRIVER_VERSION,
    OID_GEN_MAXIMUM_SEND_PACKETS, OID_GEN_STATISTICS, OID_GEN_INTERRUPT_MODERATION, OID_GEN_XMIT_OK,
    OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR, OID_GEN_RCV_ERROR, OID_GEN_RCV_NO_BUFFER,
    OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS, OID_802_3_MULTICAST_LIST,
    OID_802_3_MAXIMUM_LIST_SIZE, OID_802_3_RCV_ERROR_ALIGNMENT, OID_802_3_XMIT_ONE_COLLISION,
    OID_802_3_XMIT_MORE_COLLISIONS};
const ULONG SupportedOidsSize = sizeof(SupportedOids);
C_ASSERT(sizeof(SupportedOids) / sizeof(SupportedOids[0]) == OIDS);

static NDIS_STATUS
Query(ADAPTER *Adapter, PNDIS_OID_REQUEST Request, GETTER *Get)
{
    ULONG Size, Room = Request->DATA.QUERY_INFORMATION.InformationBufferLength;
    UCHAR Answer[ANSWER_MAX];

    NdisAcquireSpinLock(&Adapter->Lock);
    Size = Get(Adapter, Request->DATA.QUERY_INFORMATION.Oid, Answer);
    NdisReleaseSpinLock(&Adapter->Lock);
    Request->DATA.QUERY_INFORMATION.BytesNeeded = Size;
    Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
    /* A 64-bit counter may be asked for as 32 bits: the low half. */
    if (Get == GetCounter && Room >= 4 && Room < Size)
        Size = 4;
    if (Room < Size)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    NdisMoveMemory(Request->DATA.QUERY_INFORMATION.InformationBuffer, Answer, Size);
    Request->DATA.QUERY_INFORMATION.BytesWritten = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Set(ADAPTER *Adapter, PNDIS_OID_REQUEST Request, SETTER *Setter)
{
    ULONG Length = Request->DATA.SET_INFORMATION.InformationBufferLength, Needed = 0;
    NDIS_STATUS Status;

    NdisAcquireSpinLock(&Adapter->Lock);
    Status = Setter(Adapter, Request->DATA.SET_INFORMATION.InformationBuffer, Length, &Needed);
    NdisReleaseSpinLock(&Adapter->Lock);
    Request->DATA.SET_INFORMATION.BytesRead = Status == NDIS_STATUS_SUCCESS ? Length : 0;
    Request->DATA.SET_INFORMATION.BytesNeeded = Status == NDIS_STATUS_SUCCESS ? 0 : Needed;
    return Status;
}

static NDIS_STATUS
Answer(ADAPTER *Adapter, PNDIS_OID_REQUEST OidRequest)
{
    BOOLEAN IsSet = OidRequest->RequestType == NdisRequestSetInformation;
    BOOLEAN IsQuery = OidRequest->RequestType == NdisRequestQueryInformation ||
                      OidRequest->RequestType == NdisRequestQueryStatistics;
    ULONG i;

    for (i = 0; i < OIDS; i++) {
        if (Table[i].Oid != OidRequest->DATA.QUERY_INFORMATION.Oid)
            continue;
        if (IsQuery && Table[i].Get != NULL)
            return Query(Adapter, OidRequest, Table[i].Get);
        if (IsSet && Table[i].Set != NULL)
            return Set(Adapter, OidRequest, Table[i].Set);
    }
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_IO_WORKITEM_FUNCTION AnswerLate;

static VOID
AnswerLate(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    ADAPTER *Adapter = WorkItemContext;
    PNDIS_OID_REQUEST Request = Adapter->Request;

    UNREFERENCED_PARAMETER(NdisIoWorkItemHandle);
    NdisMOidRequestComplete(Adapter->Handle, Request, Answer(Adapter, Request));
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Answering = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    NdisSetEvent(&Adapter->AnswerOver);
}

NDIS_STATUS
PortnicOidRequest(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    BOOLEAN Later;

    NdisAcquireSpinLock(&Adapter->Lock);
    /* The completion of the one before may be what brings this one. */
    Later = Adapter->AnswerItem != NULL && !Adapter->Answering && Adapter->Requests++ % 2 == 0;
    Adapter->Answering |= Later;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (!Later)
        return Answer(Adapter, OidRequest);
    NdisResetEvent(&Adapter->AnswerOver);
    Adapter->Request = OidRequest;
    NdisQueueIoWorkItem(Adapter->AnswerItem, AnswerLate, Adapter);
    return NDIS_STATUS_PENDING;
}

/* A request that is pending is answered at once. */
VOID
PortnicCancelOidRequest(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(RequestId);
}

/* Under the lock. */
VOID
OidLinkState(ADAPTER *Adapter, NDIS_LINK_STATE *State)
{
    ULONG64 Speed = Adapter->LinkUp ? Adapter->LinkSpeed : NDIS_LINK_SPEED_UNKNOWN;

    NdisZeroMemory(State, sizeof(*State));
    State->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    State->Header.Revision = NDIS_LINK_STATE_REVISION_1;
    State->Header.Size = NDIS_SIZEOF_LINK_STATE_REVISION_1;
    State->MediaConnectState =
        Adapter->LinkUp ? MediaConnectStateConnected : MediaConnectStateDisconnected;
    State->MediaDuplexState = Adapter->LinkUp ? MediaDuplexStateFull : MediaDuplexStateUnknown;
    State->XmitLinkSpeed = Speed;
    State->RcvLinkSpeed = Speed;
    State->PauseFunctions = NdisPauseFunctionsUnsupported;
}
