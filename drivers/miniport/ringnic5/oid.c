/* SPDX-License-Identifier: MIT */
/* What ringnic5 answers. No request pends. */
#include "ringnic5.h"

static const NDIS_OID Supported[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_HARDWARE_STATUS,
    OID_GEN_MEDIA_SUPPORTED, OID_GEN_MEDIA_IN_USE, OID_GEN_MAXIMUM_LOOKAHEAD,
    OID_GEN_MAXIMUM_FRAME_SIZE, OID_GEN_LINK_SPEED, OID_GEN_TRANSMIT_BUFFER_SPACE,
    OID_GEN_RECEIVE_BUFFER_SPACE, OID_GEN_TRANSMIT_BLOCK_SIZE, OID_GEN_RECEIVE_BLOCK_SIZE,
    OID_GEN_VENDOR_ID, OID_GEN_VENDOR_DESCRIPTION, OID_GEN_CURRENT_PACKET_FILTER,
    OID_GEN_CURRENT_LOOKAHEAD, OID_GEN_DRIVER_VERSION, OID_GEN_MAXIMUM_TOTAL_SIZE,
    OID_GEN_MAC_OPTIONS, OID_GEN_MEDIA_CONNECT_STATUS, OID_GEN_MAXIMUM_SEND_PACKETS,
    OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR, OID_GEN_RCV_ERROR, OID_GEN_RCV_NO_BUFFER,
    OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS, OID_802_3_MULTICAST_LIST,
    OID_802_3_MAXIMUM_LIST_SIZE};

static const CHAR Vendor[] = "undis ring NIC, NDIS 5";

/* The answers of four bytes; FALSE: it is none of these. */
static BOOLEAN
Number(const ADAPTER *Adapter, NDIS_OID Oid, PULONG Value)
{
    ULONG Frame = Adapter->Mtu + HEADER_SIZE;

    switch (Oid) {
    case OID_GEN_HARDWARE_STATUS: *Value = NdisHardwareStatusReady; break;
    case OID_GEN_MEDIA_SUPPORTED:
    case OID_GEN_MEDIA_IN_USE: *Value = NdisMedium802_3; break;
    case OID_GEN_MAXIMUM_LOOKAHEAD:
    case OID_GEN_MAXIMUM_FRAME_SIZE: *Value = Adapter->Mtu; break;
    case OID_GEN_LINK_SPEED: *Value = 10000000; break; /* of 100 bit/s */
    case OID_GEN_TRANSMIT_BUFFER_SPACE: *Value = TX_COUNT * Frame; break;
    case OID_GEN_RECEIVE_BUFFER_SPACE: *Value = RX_COUNT * BUFFER_SIZE; break;
    case OID_GEN_TRANSMIT_BLOCK_SIZE:
    case OID_GEN_RECEIVE_BLOCK_SIZE: *Value = BUFFER_SIZE; break;
    case OID_GEN_VENDOR_ID: *Value = 0x00FFFFFF; break; /* none assigned */
    case OID_GEN_CURRENT_PACKET_FILTER: *Value = Adapter->PacketFilter; break;
    case OID_GEN_CURRENT_LOOKAHEAD: *Value = Adapter->Lookahead; break;
    case OID_GEN_MAXIMUM_TOTAL_SIZE: *Value = Frame; break;
    case OID_GEN_MAC_OPTIONS:
        *Value = NDIS_MAC_OPTION_COPY_LOOKAHEAD_DATA | NDIS_MAC_OPTION_TRANSFERS_NOT_PEND |
                 NDIS_MAC_OPTION_NO_LOOPBACK;
        break;
    case OID_GEN_MEDIA_CONNECT_STATUS:
        *Value = Adapter->LinkUp ? NdisMediaStateConnected : NdisMediaStateDisconnected;
        break;
    case OID_GEN_MAXIMUM_SEND_PACKETS: *Value = 1; break;
    case OID_GEN_XMIT_OK: *Value = (ULONG)Adapter->Sent; break;
    case OID_GEN_RCV_OK: *Value = (ULONG)Adapter->Received; break;
    case OID_GEN_XMIT_ERROR: *Value = (ULONG)Adapter->Errors; break;
    case OID_GEN_RCV_ERROR:
    case OID_GEN_RCV_NO_BUFFER: *Value = 0; break; /* frames wait on the wire */
    case OID_802_3_MAXIMUM_LIST_SIZE: *Value = MULTICAST_MAX; break;
    default: return FALSE;
    }
    return TRUE;
}

NDIS_STATUS
Ringnic5Query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    USHORT Version = NDIS_MINIPORT_MAJOR_VERSION << 8 | NDIS_MINIPORT_MINOR_VERSION;
    const VOID *Answer;
    ULONG Value, Size;

    if (Number(Adapter, Oid, &Value)) {
        Answer = &Value;
        Size = sizeof(Value);
    } else if (Oid == OID_GEN_SUPPORTED_LIST) {
        Answer = Supported;
        Size = sizeof(Supported);
    } else if (Oid == OID_GEN_VENDOR_DESCRIPTION) {
        Answer = Vendor;
        Size = sizeof(Vendor);
    } else if (Oid == OID_GEN_DRIVER_VERSION) {
        Answer = &Version;
        Size = sizeof(Version);
    } else if (Oid == OID_802_3_PERMANENT_ADDRESS || Oid == OID_802_3_CURRENT_ADDRESS) {
        Answer = Adapter->Address;
        Size = ADDRESS_SIZE;
    } else {
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    *BytesWritten = 0;
    *BytesNeeded = Size;
    if (InformationBufferLength < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(InformationBuffer, Answer, Size);
    *BytesWritten = Size;
    return NDIS_STATUS_SUCCESS;
}

/* The device has no filter of its own: data.c looks at addresses. */
NDIS_STATUS
Ringnic5Set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    ULONG Size = sizeof(ULONG);

    *BytesRead = 0;
    *BytesNeeded = 0;
    if (Oid == OID_802_3_MULTICAST_LIST) {
        if (InformationBufferLength % ADDRESS_SIZE != 0)
            return NDIS_STATUS_INVALID_LENGTH;
        if (InformationBufferLength > sizeof(Adapter->Multicast))
            return NDIS_STATUS_MULTICAST_FULL;
        NdisMoveMemory(Adapter->Multicast, InformationBuffer, InformationBufferLength);
        Adapter->MulticastCount = InformationBufferLength / ADDRESS_SIZE;
        *BytesRead = InformationBufferLength;
        return NDIS_STATUS_SUCCESS;
    }
    if (Oid != OID_GEN_CURRENT_PACKET_FILTER && Oid != OID_GEN_CURRENT_LOOKAHEAD)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (InformationBufferLength < Size) {
        *BytesNeeded = Size;
        return NDIS_STATUS_INVALID_LENGTH;
    }
    NdisMoveMemory(
        Oid == OID_GEN_CURRENT_PACKET_FILTER ? &Adapter->PacketFilter : &Adapter->Lookahead,
        InformationBuffer, Size);
    /* Without a filter nothing is wanted: frames wait on the wire. */
    WriteRegister(Adapter, REG_CONTROL,
        Adapter->PacketFilter != 0 ? CONTROL_SEND | CONTROL_RECEIVE : CONTROL_SEND);
    *BytesRead = Size;
    return NDIS_STATUS_SUCCESS;
}
