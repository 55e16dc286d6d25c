/* SPDX-License-Identifier: MIT */
/*
 * What the NICs of NDIS 4 and 5 on a port have in common: finding the port, reading the address,
 * answering OIDs. Included by each of them, so that each stays one small driver.
 */
#pragma once

#include <ndis.h>
#include <undis/port.h>

#define NIC5_ADDRESS_SIZE 6
#define NIC5_ETHERNET     14
#define NIC5_MULTICAST    16

typedef struct _NIC5 {
    NDIS_HANDLE Handle;
    UNDIS_PORT_INTERFACE Port;
    NDIS_MEDIUM Medium;
    UINT HeaderSize; /* of the medium */
    ULONG Mtu;
    ULONGLONG LinkSpeed;
    BOOLEAN LinkUp;
    UCHAR PermanentAddress[NIC5_ADDRESS_SIZE];
    UCHAR Address[NIC5_ADDRESS_SIZE];
    ULONG PacketFilter;
    ULONG Lookahead; /* bytes behind the header that a look-ahead indication shows */
    UCHAR Multicast[NIC5_MULTICAST][NIC5_ADDRESS_SIZE];
    ULONG MulticastCount;
    ULONG SendPackets; /* OID_GEN_MAXIMUM_SEND_PACKETS */
    ULONG Sent, Received, NoBuffer;
} NIC5;

static const NDIS_OID Nic5Oids[] = {
    OID_GEN_SUPPORTED_LIST,
    OID_GEN_HARDWARE_STATUS,
    OID_GEN_MEDIA_SUPPORTED,
    OID_GEN_MEDIA_IN_USE,
    OID_GEN_MAXIMUM_LOOKAHEAD,
    OID_GEN_CURRENT_LOOKAHEAD,
    OID_GEN_MAXIMUM_FRAME_SIZE,
    OID_GEN_MAXIMUM_TOTAL_SIZE,
    OID_GEN_MAXIMUM_SEND_PACKETS,
    OID_GEN_LINK_SPEED,
    OID_GEN_MEDIA_CONNECT_STATUS,
    OID_GEN_CURRENT_PACKET_FILTER,
    OID_GEN_MAC_OPTIONS,
    OID_GEN_DRIVER_VERSION,
    OID_GEN_VENDOR_DESCRIPTION,
    OID_GEN_XMIT_OK,
    OID_GEN_RCV_OK,
    OID_GEN_RCV_NO_BUFFER,
    OID_802_3_PERMANENT_ADDRESS,
    OID_802_3_CURRENT_ADDRESS,
    OID_802_3_MULTICAST_LIST,
    OID_802_3_MAXIMUM_LIST_SIZE,
};

/* The port under the adapter, and what it suggests. */
static NDIS_STATUS
Nic5FindPort(NIC5 *Nic)
{
    static const UCHAR Usual[NIC5_ADDRESS_SIZE] = {0x02, 0x6E, 0x69, 0x63, 0x35, 0x01};
    UNDIS_PORT_ATTRIBUTES Attributes;
    PDEVICE_OBJECT Pdo;

    NdisMGetDeviceProperty(Nic->Handle, &Pdo, NULL, NULL, NULL, NULL);
    if (Pdo == NULL || !NT_SUCCESS(UndisPortQueryInterface(Pdo, &Nic->Port)))
        return NDIS_STATUS_ADAPTER_NOT_FOUND;
    Nic->Port.QueryAttributes(Nic->Port.Context, &Attributes);
    if (!Attributes.Ethernet) {
        Nic->Port.InterfaceDereference(Nic->Port.Context);
        DbgPrint("the port carries raw IP; an Ethernet port is needed\n");
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    }
    Nic->Mtu = Attributes.Mtu;
    Nic->Lookahead = Attributes.Mtu;
    Nic->LinkSpeed = Attributes.LinkSpeed;
    Nic->LinkUp = Attributes.LinkUp;
    NdisMoveMemory(Nic->PermanentAddress, Attributes.HasAddress ? Attributes.Address : Usual,
        NIC5_ADDRESS_SIZE);
    NdisMoveMemory(Nic->Address, Nic->PermanentAddress, NIC5_ADDRESS_SIZE);
    return NDIS_STATUS_SUCCESS;
}

/* The keyword NetworkAddress. */
static VOID
Nic5ReadAddress(NIC5 *Nic, NDIS_HANDLE Configuration)
{
    NDIS_STATUS Status;
    PVOID Address;
    UINT Length;

    NdisReadNetworkAddress(&Status, &Address, &Length, Configuration);
    if (Status == NDIS_STATUS_SUCCESS && Length == NIC5_ADDRESS_SIZE && !(*(PUCHAR)Address & 1))
        NdisMoveMemory(Nic->Address, Address, NIC5_ADDRESS_SIZE);
}

/* The index of @Medium in what NDIS offers; @Count when it is not there. */
static UINT
Nic5FindMedium(PNDIS_MEDIUM Media, UINT Count, NDIS_MEDIUM Medium)
{
    UINT i;

    for (i = 0; i < Count && Media[i] != Medium; i++)
        ;
    return i;
}

/* What the packet filter lets through, by the destination address. */
static BOOLEAN
Nic5Wants(const NIC5 *Nic, const UCHAR *Address)
{
    static const UCHAR Broadcast[NIC5_ADDRESS_SIZE] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    ULONG i;

    if (Nic->PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS)
        return TRUE;
    if (NdisEqualMemory(Address, Broadcast, NIC5_ADDRESS_SIZE))
        return (Nic->PacketFilter & NDIS_PACKET_TYPE_BROADCAST) != 0;
    if (!(Address[0] & 1))
        return (Nic->PacketFilter & NDIS_PACKET_TYPE_DIRECTED) &&
               NdisEqualMemory(Address, Nic->Address, NIC5_ADDRESS_SIZE);
    if (Nic->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return TRUE;
    for (i = 0; Nic->PacketFilter & NDIS_PACKET_TYPE_MULTICAST && i < Nic->MulticastCount; i++)
        if (NdisEqualMemory(Address, Nic->Multicast[i], NIC5_ADDRESS_SIZE))
            return TRUE;
    return FALSE;
}

/* Answers that are a number; FALSE: @Oid has none. */
static BOOLEAN
Nic5Number(const NIC5 *Nic, NDIS_OID Oid, PULONG Number)
{
    const struct {
        NDIS_OID Oid;
        ULONG Number;
    } Numbers[] = {
        {OID_GEN_HARDWARE_STATUS, NdisHardwareStatusReady},
        {OID_GEN_MEDIA_SUPPORTED, Nic->Medium},
        {OID_GEN_MEDIA_IN_USE, Nic->Medium},
        {OID_GEN_MAXIMUM_LOOKAHEAD, Nic->Mtu},
        {OID_GEN_CURRENT_LOOKAHEAD, Nic->Lookahead},
        {OID_GEN_MAXIMUM_FRAME_SIZE, Nic->Mtu},
        {OID_GEN_MAXIMUM_TOTAL_SIZE, Nic->Mtu + Nic->HeaderSize},
        {OID_GEN_MAXIMUM_SEND_PACKETS, Nic->SendPackets},
        {OID_GEN_LINK_SPEED, (ULONG)(Nic->LinkSpeed / 100)},
        {OID_GEN_MEDIA_CONNECT_STATUS,
            Nic->LinkUp ? NdisMediaStateConnected : NdisMediaStateDisconnected},
        {OID_GEN_CURRENT_PACKET_FILTER, Nic->PacketFilter},
        {OID_GEN_MAC_OPTIONS, NDIS_MAC_OPTION_COPY_LOOKAHEAD_DATA | NDIS_MAC_OPTION_NO_LOOPBACK},
        {OID_GEN_DRIVER_VERSION, NDIS_MINIPORT_MAJOR_VERSION << 8 | NDIS_MINIPORT_MINOR_VERSION},
        {OID_GEN_XMIT_OK, Nic->Sent},
        {OID_GEN_RCV_OK, Nic->Received},
        {OID_GEN_RCV_NO_BUFFER, Nic->NoBuffer},
        {OID_802_3_MAXIMUM_LIST_SIZE, NIC5_MULTICAST},
    };
    ULONG i;

    for (i = 0; i < sizeof(Numbers) / sizeof(Numbers[0]); i++) {
        if (Numbers[i].Oid == Oid) {
            *Number = Numbers[i].Number;
            return TRUE;
        }
    }
    return FALSE;
}

static NDIS_STATUS
Nic5Query(NIC5 *Nic, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Written, PULONG Needed)
{
    static const char Vendor[] = "undis";
    ULONG Number, Size = sizeof(Number);
    const VOID *Answer = &Number;

    switch (Oid) {
    case OID_GEN_SUPPORTED_LIST:
        Answer = Nic5Oids;
        Size = sizeof(Nic5Oids);
        break;
    case OID_GEN_VENDOR_DESCRIPTION:
        Answer = Vendor;
        Size = sizeof(Vendor);
        break;
    case OID_802_3_PERMANENT_ADDRESS:
    case OID_802_5_PERMANENT_ADDRESS:
    case OID_FDDI_LONG_PERMANENT_ADDR:
        Answer = Nic->PermanentAddress;
        Size = NIC5_ADDRESS_SIZE;
        break;
    case OID_802_3_CURRENT_ADDRESS:
    case OID_802_5_CURRENT_ADDRESS:
    case OID_FDDI_LONG_CURRENT_ADDR:
        Answer = Nic->Address;
        Size = NIC5_ADDRESS_SIZE;
        break;
    case OID_802_3_MULTICAST_LIST:
        Answer = Nic->Multicast;
        Size = Nic->MulticastCount * NIC5_ADDRESS_SIZE;
        break;
    default:
        if (!Nic5Number(Nic, Oid, &Number))
            return NDIS_STATUS_NOT_SUPPORTED;
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
Nic5Set(NIC5 *Nic, NDIS_OID Oid, PVOID Buffer, ULONG Length, PULONG Read, PULONG Needed)
{
    *Read = *Needed = 0;
    switch (Oid) {
    case OID_GEN_CURRENT_PACKET_FILTER:
    case OID_GEN_CURRENT_LOOKAHEAD:
        *Needed = sizeof(ULONG);
        if (Length < sizeof(ULONG))
            return NDIS_STATUS_INVALID_LENGTH;
        NdisMoveMemory(Oid == OID_GEN_CURRENT_PACKET_FILTER ? &Nic->PacketFilter : &Nic->Lookahead,
            Buffer, sizeof(ULONG));
        *Read = sizeof(ULONG);
        return NDIS_STATUS_SUCCESS;
    case OID_802_3_MULTICAST_LIST:
        if (Length % NIC5_ADDRESS_SIZE != 0)
            return NDIS_STATUS_INVALID_LENGTH;
        if (Length > sizeof(Nic->Multicast)) {
            *Needed = sizeof(Nic->Multicast);
            return NDIS_STATUS_MULTICAST_FULL;
        }
        NdisMoveMemory(Nic->Multicast, Buffer, Length);
        Nic->MulticastCount = Length / NIC5_ADDRESS_SIZE;
        *Read = Length;
        return NDIS_STATUS_SUCCESS;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
}
