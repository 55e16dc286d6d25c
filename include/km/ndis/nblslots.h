/* SPDX-License-Identifier: MIT */
/*
 * The other out-of-band slots of a NET_BUFFER_LIST: filters, queues, virtual subnets, IPsec,
 * media-specific information.
 */
#ifndef UNDIS_NDIS_NBLSLOTS_H
#define UNDIS_NDIS_NBLSLOTS_H

#include <ndis/nbl.h>
#include <ntddndis.h>

EXTERN_C_START

typedef struct _NDIS_NET_BUFFER_LIST_FILTERING_INFO {
    union {
        struct {
            USHORT FilterId;
            union {
                USHORT QueueId;
                USHORT VPortId;
            } QueueVPortInfo;
        } FilteringInfo;
        PVOID Value;
    };
} NDIS_NET_BUFFER_LIST_FILTERING_INFO, *PNDIS_NET_BUFFER_LIST_FILTERING_INFO;

#define UNDIS_FILTERING_INFO_(_NBL)                                                                \
    ((PNDIS_NET_BUFFER_LIST_FILTERING_INFO)&NET_BUFFER_LIST_INFO((_NBL), NetBufferListFilteringInfo))
#define NET_BUFFER_LIST_RECEIVE_FILTER_ID(_NBL) (UNDIS_FILTERING_INFO_(_NBL)->FilteringInfo.FilterId)
#define NET_BUFFER_LIST_RECEIVE_QUEUE_ID(_NBL)                                                     \
    (UNDIS_FILTERING_INFO_(_NBL)->FilteringInfo.QueueVPortInfo.QueueId)
#define NET_BUFFER_LIST_RECEIVE_FILTER_VPORT_ID(_NBL)                                              \
    (UNDIS_FILTERING_INFO_(_NBL)->FilteringInfo.QueueVPortInfo.VPortId)

typedef struct _NDIS_NET_BUFFER_LIST_VIRTUAL_SUBNET_INFO {
    union {
        struct {
            UINT32 VirtualSubnetId : 24;
            UINT32 ReservedBits : 8;
        };
        PVOID Value;
    };
} NDIS_NET_BUFFER_LIST_VIRTUAL_SUBNET_INFO, *PNDIS_NET_BUFFER_LIST_VIRTUAL_SUBNET_INFO;

typedef struct _NDIS_TCP_SEND_OFFLOADS_SUPPLEMENTAL_NET_BUFFER_LIST_INFO {
    union {
        struct {
            ULONG IsEncapsulatedPacket : 1;
            ULONG EncapsulatedPacketOffsetsValid : 1;
            ULONG InnerFrameOffset : 8;
            ULONG TransportIpHeaderRelativeOffset : 6;
            ULONG TcpHeaderRelativeOffset : 10;
            ULONG IsInnerIPv6 : 1;
            ULONG TcpOptionsPresent : 1;
            ULONG Reserved : 4;
        } EncapsulatedPacketOffsets;
        PVOID Value;
    };
} NDIS_TCP_SEND_OFFLOADS_SUPPLEMENTAL_NET_BUFFER_LIST_INFO,
    *PNDIS_TCP_SEND_OFFLOADS_SUPPLEMENTAL_NET_BUFFER_LIST_INFO;

typedef struct _NDIS_IPSEC_OFFLOAD_V1_NET_BUFFER_LIST_INFO {
    union {
        struct {
            NDIS_HANDLE OffloadHandle;
        } Transmit;
        struct {
            USHORT SaDeleteReq : 1;
            USHORT CryptoDone : 1;
            USHORT NextCryptoDone : 1;
            USHORT Pad : 13;
            USHORT CryptoStatus;
        } Receive;
    };
} NDIS_IPSEC_OFFLOAD_V1_NET_BUFFER_LIST_INFO, *PNDIS_IPSEC_OFFLOAD_V1_NET_BUFFER_LIST_INFO;

typedef enum _NDIS_CLASS_ID {
    NdisClass802_3Priority,
    NdisClassWirelessWanMbxMailbox,
    NdisClassIrdaPacketInfo,
    NdisClassAtmAALInfo
} NDIS_CLASS_ID;

typedef struct _MEDIA_SPECIFIC_INFORMATION {
    UINT NextEntryOffset;
    NDIS_CLASS_ID ClassId;
    UINT Size;
    UCHAR ClassInformation[1];
} MEDIA_SPECIFIC_INFORMATION, *PMEDIA_SPECIFIC_INFORMATION;

typedef struct _NDIS_NBL_MEDIA_SPECIFIC_INFORMATION {
    struct _NDIS_NBL_MEDIA_SPECIFIC_INFORMATION *NextEntry;
    ULONG Tag;
    UCHAR Data[1];
} NDIS_NBL_MEDIA_SPECIFIC_INFORMATION, *PNDIS_NBL_MEDIA_SPECIFIC_INFORMATION;

/* The information of a packet's slots, by number; both generations know it. */
typedef enum _NDIS_PER_PACKET_INFO {
    TcpIpChecksumPacketInfo,
    IpSecPacketInfo,
    TcpLargeSendPacketInfo,
    ClassificationHandlePacketInfo,
    NdisReserved,
    ScatterGatherListPacketInfo,
    Ieee8021QInfo,
    OriginalPacketInfo,
    PacketCancelId,
    OriginalNetBufferList,
    CachedNetBufferList,
    ShortPacketPaddingInfo,
    MaxPerPacketInfo
} NDIS_PER_PACKET_INFO,
    *PNDIS_PER_PACKET_INFO;

/* A device's capabilities that NdisMSetMiniportAttributes and INF keywords restrict. */
#define NDIS_DEVICE_NOT_STOPPABLE 0x00000001
#define NDIS_DEVICE_NOT_REMOVEABLE 0x00000002
#define NDIS_DEVICE_NOT_SUSPENDABLE 0x00000004
#define NDIS_DEVICE_DISABLE_PM 0x00000008
#define NDIS_DEVICE_DISABLE_WAKE_UP 0x00000010
#define NDIS_DEVICE_DISABLE_WAKE_ON_RECONNECT 0x00000020
#define NDIS_DEVICE_DISABLE_WAKE_ON_MAGIC_PACKET 0x00000080
#define NDIS_DEVICE_DISABLE_WAKE_ON_PATTERN_MATCH 0x00000100

EXTERN_C_END

#endif
