/* SPDX-License-Identifier: MIT */
/*
 * NDIS 3 to 5.1: packets and buffers, out-of-band data, requests, the characteristics of miniports
 * and protocols, the documented prefix of the adapter and open blocks, and the calls.
 *
 *   NDIS_PACKET --Private.Head--> NDIS_BUFFER --Next--> ...      an NDIS_BUFFER is an MDL
 *        | + NdisPacketOobOffset
 *   NDIS_PACKET_OOB_DATA, NDIS_PACKET_EXTENSION                  metadata behind the packet
 */
/* clang-format off */
#ifndef UNDIS_NDIS_LEGACY_H
#define UNDIS_NDIS_LEGACY_H

#include <ndis/connection.h>
#include <ndis/hardware.h>
#include <ndis/service.h>
#include <ndis/timer5.h>

EXTERN_C_START

typedef struct _NDIS_OPEN_BLOCK NDIS_OPEN_BLOCK, *PNDIS_OPEN_BLOCK;
typedef struct _NDIS_MINIPORT_INTERRUPT NDIS_MINIPORT_INTERRUPT, *PNDIS_MINIPORT_INTERRUPT;

#if defined(NDIS_MINIPORT_MAJOR_VERSION) && UNDIS_MINIPORT_VERSION < 0x0400
typedef struct _NDIS30_MINIPORT_CHARACTERISTICS NDIS_MINIPORT_CHARACTERISTICS;
#elif defined(NDIS_MINIPORT_MAJOR_VERSION) && UNDIS_MINIPORT_VERSION < 0x0500
typedef struct _NDIS40_MINIPORT_CHARACTERISTICS NDIS_MINIPORT_CHARACTERISTICS;
#elif defined(NDIS_MINIPORT_MAJOR_VERSION) && UNDIS_MINIPORT_VERSION < 0x0501
typedef struct _NDIS50_MINIPORT_CHARACTERISTICS NDIS_MINIPORT_CHARACTERISTICS;
#else
typedef struct _NDIS51_MINIPORT_CHARACTERISTICS NDIS_MINIPORT_CHARACTERISTICS;
#endif
typedef NDIS_MINIPORT_CHARACTERISTICS *PNDIS_MINIPORT_CHARACTERISTICS;

#if defined(NDIS_PROTOCOL_MAJOR_VERSION) && UNDIS_PROTOCOL_VERSION < 0x0400
typedef struct _NDIS30_PROTOCOL_CHARACTERISTICS NDIS_PROTOCOL_CHARACTERISTICS;
#elif defined(NDIS_PROTOCOL_MAJOR_VERSION) && UNDIS_PROTOCOL_VERSION < 0x0500
typedef struct _NDIS40_PROTOCOL_CHARACTERISTICS NDIS_PROTOCOL_CHARACTERISTICS;
#else
typedef struct _NDIS50_PROTOCOL_CHARACTERISTICS NDIS_PROTOCOL_CHARACTERISTICS;
#endif
typedef NDIS_PROTOCOL_CHARACTERISTICS *PNDIS_PROTOCOL_CHARACTERISTICS;

#define NdisInterruptLevelSensitive LevelSensitive
#define NdisInterruptLatched Latched
typedef KINTERRUPT_MODE NDIS_INTERRUPT_MODE, *PNDIS_INTERRUPT_MODE;

typedef struct _X_FILTER FDDI_FILTER, *PFDDI_FILTER;

typedef struct _X_FILTER ARC_FILTER, *PARC_FILTER;

typedef struct _X_FILTER TR_FILTER, *PTR_FILTER;

typedef struct _X_FILTER NULL_FILTER, *PNULL_FILTER;

#define fPACKET_WRAPPER_RESERVED             0x3f
#define fPACKET_CONTAINS_MEDIA_SPECIFIC_INFO 0x40
#define fPACKET_ALLOCATED_BY_NDIS            0x80
#define NDIS_FLAGS_PROTOCOL_ID_MASK          0x0000000f
#define NDIS_FLAGS_MULTICAST_PACKET          0x00000010
#define NDIS_FLAGS_RESERVED2                 0x00000020
#define NDIS_FLAGS_RESERVED3                 0x00000040
#define NDIS_FLAGS_DONT_LOOPBACK             0x00000080
#define NDIS_FLAGS_IS_LOOPBACK_PACKET        0x00000100
#define NDIS_FLAGS_LOOPBACK_ONLY             0x00000200
#define NDIS_FLAGS_RESERVED4                 0x00000400
#define NDIS_FLAGS_DOUBLE_BUFFERED           0x00000800
#define NDIS_FLAGS_SENT_AT_DPC               0x00001000
#define NDIS_FLAGS_USES_SG_BUFFER_LIST       0x00002000
#define NDIS_FLAGS_USES_ORIGINAL_PACKET      0x00004000
#define NDIS_FLAGS_PADDED                    0x00010000
#define NDIS_FLAGS_XLATE_AT_TOP              0x00020000

typedef NDIS_HANDLE PNDIS_PACKET_POOL;

typedef struct _NDIS_PACKET_PRIVATE {
    UINT PhysicalCount;
    UINT TotalLength;
    PNDIS_BUFFER Head;
    PNDIS_BUFFER Tail;
    PNDIS_PACKET_POOL Pool;
    UINT Count;
    ULONG Flags;
    BOOLEAN ValidCounts;
    UCHAR NdisPacketFlags;
    USHORT NdisPacketOobOffset;
} NDIS_PACKET_PRIVATE, *PNDIS_PACKET_PRIVATE;

typedef struct _NDIS_PACKET {
    NDIS_PACKET_PRIVATE Private;
    union {
        struct {
            UCHAR MiniportReserved[2 * sizeof(PVOID)];
            UCHAR WrapperReserved[2 * sizeof(PVOID)];
        };
        struct {
            UCHAR MiniportReservedEx[3 * sizeof(PVOID)];
            UCHAR WrapperReservedEx[sizeof(PVOID)];
        };
        struct {
            UCHAR MacReserved[4 * sizeof(PVOID)];
        };
    };
    ULONG_PTR Reserved[2];
    UCHAR ProtocolReserved[1];
} NDIS_PACKET, *PNDIS_PACKET, **PPNDIS_PACKET;

typedef struct _NDIS_PACKET_STACK {
    ULONG_PTR IMReserved[2];
    ULONG_PTR NdisReserved[4];
} NDIS_PACKET_STACK, *PNDIS_PACKET_STACK;

typedef struct _NDIS_PACKET_OOB_DATA {
    union {
        ULONGLONG TimeToSend;
        ULONGLONG TimeSent;
    };
    ULONGLONG TimeReceived;
    UINT HeaderSize;
    UINT SizeMediaSpecificInfo;
    PVOID MediaSpecificInformation;
    NDIS_STATUS Status;
} NDIS_PACKET_OOB_DATA, *PNDIS_PACKET_OOB_DATA;

typedef struct _NDIS_WAN_PACKET {
    LIST_ENTRY WanPacketQueue;
    PUCHAR CurrentBuffer;
    ULONG CurrentLength;
    PUCHAR StartBuffer;
    PUCHAR EndBuffer;
    PVOID ProtocolReserved1;
    PVOID ProtocolReserved2;
    PVOID ProtocolReserved3;
    PVOID ProtocolReserved4;
    PVOID MacReserved1;
    PVOID MacReserved2;
    PVOID MacReserved3;
    PVOID MacReserved4;
} NDIS_WAN_PACKET, *PNDIS_WAN_PACKET;

typedef UCHAR NDIS_DMA_SIZE;

#define NDIS_DMA_24BITS ((NDIS_DMA_SIZE)0)
#define NDIS_DMA_32BITS ((NDIS_DMA_SIZE)1)
#define NDIS_DMA_64BITS ((NDIS_DMA_SIZE)2)

typedef enum _NDIS_PROCESSOR_TYPE {
    NdisProcessorX86,
    NdisProcessorMips,
    NdisProcessorAlpha,
    NdisProcessorPpc,
    NdisProcessorAmd64,
    NdisProcessorIA64
} NDIS_PROCESSOR_TYPE,
    *PNDIS_PROCESSOR_TYPE;

typedef enum _NDIS_ENVIRONMENT_TYPE {
    NdisEnvironmentWindows,
    NdisEnvironmentWindowsNt
} NDIS_ENVIRONMENT_TYPE,
    *PNDIS_ENVIRONMENT_TYPE;

typedef struct _NDIS_WAN_LINE_DOWN {
    UCHAR RemoteAddress[6];
    UCHAR LocalAddress[6];
} NDIS_WAN_LINE_DOWN, *PNDIS_WAN_LINE_DOWN;

typedef struct _NDIS_WAN_LINE_UP {
    ULONG LinkSpeed;
    ULONG MaximumTotalSize;
    NDIS_WAN_QUALITY Quality;
    USHORT SendWindow;
    UCHAR RemoteAddress[6];
    UCHAR LocalAddress[6];
    ULONG ProtocolBufferLength;
    PUCHAR ProtocolBuffer;
    USHORT ProtocolType;
    NDIS_STRING DeviceName;
} NDIS_WAN_LINE_UP, *PNDIS_WAN_LINE_UP;

typedef struct _OID_LIST OID_LIST, *POID_LIST;

typedef enum _NDIS_PNP_DEVICE_STATE {
    NdisPnPDeviceAdded,
    NdisPnPDeviceStarted,
    NdisPnPDeviceQueryStopped,
    NdisPnPDeviceStopped,
    NdisPnPDeviceQueryRemoved,
    NdisPnPDeviceRemoved,
    NdisPnPDeviceSurpriseRemoved
} NDIS_PNP_DEVICE_STATE;


typedef struct _NDIS_IPSEC_PACKET_INFO {
    union {
        struct {
            NDIS_HANDLE OffloadHandle;
            NDIS_HANDLE NextOffloadHandle;
        } Transmit;
        struct {
            ULONG SA_DELETE_REQ : 1;
            ULONG CRYPTO_DONE : 1;
            ULONG NEXT_CRYPTO_DONE : 1;
            ULONG CryptoStatus;
        } Receive;
    };
} NDIS_IPSEC_PACKET_INFO, *PNDIS_IPSEC_PACKET_INFO;

#define WAN_ERROR_CRC             0x00000001
#define WAN_ERROR_FRAMING         0x00000002
#define WAN_ERROR_HARDWAREOVERRUN 0x00000004
#define WAN_ERROR_BUFFEROVERRUN   0x00000008
#define WAN_ERROR_TIMEOUT         0x00000010
#define WAN_ERROR_ALIGNMENT       0x00000020

typedef struct _NDIS_MAC_FRAGMENT {
    NDIS_HANDLE NdisLinkContext;
    ULONG Errors;
} NDIS_MAC_FRAGMENT, *PNDIS_MAC_FRAGMENT;

typedef struct _NDIS_MAC_LINE_DOWN {
    NDIS_HANDLE NdisLinkContext;
} NDIS_MAC_LINE_DOWN, *PNDIS_MAC_LINE_DOWN;

typedef struct _NDIS_MAC_LINE_UP {
    ULONG LinkSpeed;
    NDIS_WAN_QUALITY Quality;
    USHORT SendWindow;
    NDIS_HANDLE ConnectionWrapperID;
    NDIS_HANDLE NdisLinkHandle;
    NDIS_HANDLE NdisLinkContext;
} NDIS_MAC_LINE_UP, *PNDIS_MAC_LINE_UP;

typedef struct _NDIS_PACKET_EXTENSION {
    PVOID NdisPacketInfo[MaxPerPacketInfo];
} NDIS_PACKET_EXTENSION, *PNDIS_PACKET_EXTENSION;

typedef enum _NDIS_TASK {
    TcpIpChecksumNdisTask,
    IpSecNdisTask,
    TcpLargeSendNdisTask,
    MaxNdisTask
} NDIS_TASK,
    *PNDIS_TASK;

typedef enum _NDIS_ENCAPSULATION {
    UNSPECIFIED_Encapsulation,
    NULL_Encapsulation,
    IEEE_802_3_Encapsulation,
    IEEE_802_5_Encapsulation,
    LLC_SNAP_ROUTED_Encapsulation,
    LLC_SNAP_BRIDGED_Encapsulation
} NDIS_ENCAPSULATION;

typedef struct _NDIS_ENCAPSULATION_FORMAT {
    NDIS_ENCAPSULATION Encapsulation;
    struct {
        ULONG FixedHeaderSize : 1;
        ULONG Reserved : 31;
    } Flags;
    ULONG EncapsulationHeaderSize;
} NDIS_ENCAPSULATION_FORMAT, *PNDIS_ENCAPSULATION_FORMAT;

typedef struct _NDIS_TASK_OFFLOAD_HEADER {
    ULONG Version;
    ULONG Size;
    ULONG Reserved;
    ULONG OffsetFirstTask;
    NDIS_ENCAPSULATION_FORMAT EncapsulationFormat;
} NDIS_TASK_OFFLOAD_HEADER, *PNDIS_TASK_OFFLOAD_HEADER;

typedef struct _NDIS_TASK_OFFLOAD {
    ULONG Version;
    ULONG Size;
    NDIS_TASK Task;
    ULONG OffsetNextTask;
    ULONG TaskBufferLength;
    UCHAR TaskBuffer[1];
} NDIS_TASK_OFFLOAD, *PNDIS_TASK_OFFLOAD;

typedef struct _NDIS_TASK_TCP_IP_CHECKSUM {
    struct {
        ULONG IpOptionsSupported : 1;
        ULONG TcpOptionsSupported : 1;
        ULONG TcpChecksum : 1;
        ULONG UdpChecksum : 1;
        ULONG IpChecksum : 1;
    } V4Transmit;
    struct {
        ULONG IpOptionsSupported : 1;
        ULONG TcpOptionsSupported : 1;
        ULONG TcpChecksum : 1;
        ULONG UdpChecksum : 1;
        ULONG IpChecksum : 1;
    } V4Receive;
    struct {
        ULONG IpOptionsSupported : 1;
        ULONG TcpOptionsSupported : 1;
        ULONG TcpChecksum : 1;
        ULONG UdpChecksum : 1;
    } V6Transmit;
    struct {
        ULONG IpOptionsSupported : 1;
        ULONG TcpOptionsSupported : 1;
        ULONG TcpChecksum : 1;
        ULONG UdpChecksum : 1;
    } V6Receive;
} NDIS_TASK_TCP_IP_CHECKSUM, *PNDIS_TASK_TCP_IP_CHECKSUM;

#define NDIS_TASK_TCP_LARGE_SEND_V0 0

typedef struct _NDIS_TASK_TCP_LARGE_SEND {
    ULONG Version;
    ULONG MaxOffLoadSize;
    ULONG MinSegmentCount;
    BOOLEAN TcpOptions;
    BOOLEAN IpOptions;
} NDIS_TASK_TCP_LARGE_SEND, *PNDIS_TASK_TCP_LARGE_SEND;

typedef struct _NDIS_TASK_IPSEC {
    struct {
        ULONG AH_ESP_COMBINED;
        ULONG TRANSPORT_TUNNEL_COMBINED;
        ULONG V4_OPTIONS;
        ULONG RESERVED;
    } Supported;
    struct {
        ULONG MD5 : 1;
        ULONG SHA_1 : 1;
        ULONG Transport : 1;
        ULONG Tunnel : 1;
        ULONG Send : 1;
        ULONG Receive : 1;
    } V4AH;
    struct {
        ULONG DES : 1;
        ULONG RESERVED : 1;
        ULONG TRIPLE_DES : 1;
        ULONG NULL_ESP : 1;
        ULONG Transport : 1;
        ULONG Tunnel : 1;
        ULONG Send : 1;
        ULONG Receive : 1;
    } V4ESP;
} NDIS_TASK_IPSEC, *PNDIS_TASK_IPSEC;

#define IPSEC_TPT_UDPESP_ENCAPTYPE_IKE                 0x00000001
#define IPSEC_TUN_UDPESP_ENCAPTYPE_IKE                 0x00000002
#define IPSEC_TPTOVERTUN_UDPESP_ENCAPTYPE_IKE          0x00000004
#define IPSEC_TPT_UDPESP_OVER_PURE_TUN_ENCAPTYPE_IKE   0x00000008
#define IPSEC_TPT_UDPESP_ENCAPTYPE_OTHER               0x00000010
#define IPSEC_TUN_UDPESP_ENCAPTYPE_OTHER               0x00000020
#define IPSEC_TPTOVERTUN_UDPESP_ENCAPTYPE_OTHER        0x00000040
#define IPSEC_TPT_UDPESP_OVER_PURE_TUN_ENCAPTYPE_OTHER 0x00000080
#define NDIS_TASK_OFFLOAD_VERSION                      1
#define MAX_HASHES                                     4
#define TRUNCATED_HASH_LEN                             12
#define CRYPTO_SUCCESS                                 0
#define CRYPTO_GENERIC_ERROR                           1
#define CRYPTO_TRANSPORT_AH_AUTH_FAILED                2
#define CRYPTO_TRANSPORT_ESP_AUTH_FAILED               3
#define CRYPTO_TUNNEL_AH_AUTH_FAILED                   4
#define CRYPTO_TUNNEL_ESP_AUTH_FAILED                  5
#define CRYPTO_INVALID_PACKET_SYNTAX                   6
#define CRYPTO_INVALID_PROTOCOL                        7

typedef struct _NDIS_WAN_CO_FRAGMENT {
    ULONG Errors;
} NDIS_WAN_CO_FRAGMENT, *PNDIS_WAN_CO_FRAGMENT;

typedef struct _NDIS_WAN_FRAGMENT {
    UCHAR RemoteAddress[6];
    UCHAR LocalAddress[6];
} NDIS_WAN_FRAGMENT, *PNDIS_WAN_FRAGMENT;

typedef struct _WAN_CO_LINKPARAMS {
    ULONG TransmitSpeed;
    ULONG ReceiveSpeed;
    ULONG SendWindow;
} WAN_CO_LINKPARAMS, *PWAN_CO_LINKPARAMS;

typedef struct _NDIS_WAN_GET_STATS {
    UCHAR LocalAddress[6];
    ULONG BytesSent;
    ULONG BytesRcvd;
    ULONG FramesSent;
    ULONG FramesRcvd;
    ULONG CRCErrors;
    ULONG TimeoutErrors;
    ULONG AlignmentErrors;
    ULONG SerialOverrunErrors;
    ULONG FramingErrors;
    ULONG BufferOverrunErrors;
    ULONG BytesTransmittedUncompressed;
    ULONG BytesReceivedUncompressed;
    ULONG BytesTransmittedCompressed;
    ULONG BytesReceivedCompressed;
} NDIS_WAN_GET_STATS, *PNDIS_WAN_GET_STATS;

#define PROTOCOL_RESERVED_SIZE_IN_PACKET (4 * sizeof(PVOID))

typedef VOID (*OPEN_ADAPTER_COMPLETE_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus);

typedef VOID (*CLOSE_ADAPTER_COMPLETE_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status);

typedef VOID (*RESET_COMPLETE_HANDLER)(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status);

typedef VOID (*REQUEST_COMPLETE_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status);

typedef VOID (*STATUS_HANDLER)(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus,
    PVOID StatusBuffer, UINT StatusBufferSize);

typedef VOID (*STATUS_COMPLETE_HANDLER)(NDIS_HANDLE ProtocolBindingContext);

typedef VOID (*SEND_COMPLETE_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status);

typedef VOID (*WAN_SEND_COMPLETE_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_WAN_PACKET Packet, NDIS_STATUS Status);

typedef VOID (*TRANSFER_DATA_COMPLETE_HANDLER)(NDIS_HANDLE ProtocolBindingContext,
    PNDIS_PACKET Packet, NDIS_STATUS Status, UINT BytesTransferred);

typedef VOID (*WAN_TRANSFER_DATA_COMPLETE_HANDLER)(VOID);

typedef NDIS_STATUS (*RECEIVE_HANDLER)(NDIS_HANDLE ProtocolBindingContext,
    NDIS_HANDLE MacReceiveContext, PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookAheadBuffer,
    UINT LookaheadBufferSize, UINT PacketSize);

typedef NDIS_STATUS (*WAN_RECEIVE_HANDLER)(
    NDIS_HANDLE NdisLinkHandle, PUCHAR Packet, ULONG PacketSize);

typedef VOID (*RECEIVE_COMPLETE_HANDLER)(NDIS_HANDLE ProtocolBindingContext);

typedef INT (*RECEIVE_PACKET_HANDLER)(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet);

typedef VOID (*BIND_HANDLER)(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2);

typedef VOID (*UNBIND_HANDLER)(
    PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext);

typedef NDIS_STATUS (*PNP_EVENT_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent);

typedef VOID (*UNLOAD_PROTOCOL_HANDLER)(VOID);

typedef BOOLEAN (*W_CHECK_FOR_HANG_HANDLER)(NDIS_HANDLE MiniportAdapterContext);

typedef VOID (*W_DISABLE_INTERRUPT_HANDLER)(NDIS_HANDLE MiniportAdapterContext);

typedef VOID (*W_ENABLE_INTERRUPT_HANDLER)(NDIS_HANDLE MiniportAdapterContext);

typedef VOID (*W_HALT_HANDLER)(NDIS_HANDLE MiniportAdapterContext);

typedef VOID (*W_HANDLE_INTERRUPT_HANDLER)(NDIS_HANDLE MiniportAdapterContext);

typedef NDIS_STATUS (*W_INITIALIZE_HANDLER)(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex,
    PNDIS_MEDIUM MediumArray, UINT MediumArraySize, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE WrapperConfigurationContext);

typedef VOID (*W_ISR_HANDLER)(PBOOLEAN InterruptRecognized, PBOOLEAN QueueMiniportHandleInterrupt,
    NDIS_HANDLE MiniportAdapterContext);

typedef NDIS_STATUS (*W_QUERY_INFORMATION_HANDLER)(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid,
    PVOID InformationBuffer, ULONG InformationBufferLength, PULONG BytesWritten,
    PULONG BytesNeeded);

typedef NDIS_STATUS (*W_RECONFIGURE_HANDLER)(PNDIS_STATUS OpenErrorStatus,
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE WrapperConfigurationContext);

typedef NDIS_STATUS (*W_RESET_HANDLER)(
    PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext);

typedef NDIS_STATUS (*W_SEND_HANDLER)(
    NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags);

typedef NDIS_STATUS (*WM_SEND_HANDLER)(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisLinkHandle, PNDIS_WAN_PACKET Packet);

typedef NDIS_STATUS (*W_SET_INFORMATION_HANDLER)(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid,
    PVOID InformationBuffer, ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded);

typedef NDIS_STATUS (*W_TRANSFER_DATA_HANDLER)(PNDIS_PACKET Packet, PUINT BytesTransferred,
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset,
    UINT BytesToTransfer);

typedef NDIS_STATUS (*WM_TRANSFER_DATA_HANDLER)(VOID);

typedef VOID (*ADAPTER_SHUTDOWN_HANDLER)(PVOID ShutdownContext);

typedef VOID (*W_RETURN_PACKET_HANDLER)(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet);

typedef VOID (*W_SEND_PACKETS_HANDLER)(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

typedef VOID (*W_ALLOCATE_COMPLETE_HANDLER)(NDIS_HANDLE MiniportAdapterContext,
    PVOID VirtualAddress, PNDIS_PHYSICAL_ADDRESS PhysicalAddress, ULONG Length, PVOID Context);

typedef VOID (*W_CANCEL_SEND_PACKETS_HANDLER)(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId);

typedef VOID (*W_PNP_EVENT_NOTIFY_HANDLER)(NDIS_HANDLE MiniportAdapterContext,
    NDIS_DEVICE_PNP_EVENT PnPEvent, PVOID InformationBuffer, ULONG InformationBufferLength);

typedef BOOLEAN (*PNDIS_INTERRUPT_SERVICE)(PVOID InterruptContext);

typedef VOID (*PNDIS_DEFERRED_PROCESSING)(
    PVOID SystemSpecific1, PVOID InterruptContext, PVOID SystemSpecific2, PVOID SystemSpecific3);

typedef struct _NDIS_WRAPPER_HANDLE NDIS_WRAPPER_HANDLE, *PNDIS_WRAPPER_HANDLE;

typedef struct _NDIS_PROTOCOL_BLOCK NDIS_PROTOCOL_BLOCK, *PNDIS_PROTOCOL_BLOCK;

typedef struct _NDIS_M_DRIVER_BLOCK NDIS_M_DRIVER_BLOCK, *PNDIS_M_DRIVER_BLOCK;

typedef struct _X_FILTER ETH_FILTER, *PETH_FILTER;

typedef struct _NDIS_BIND_PATHS {
    UINT Number;
    NDIS_STRING Paths[1];
} NDIS_BIND_PATHS, *PNDIS_BIND_PATHS;

typedef VOID (*ETH_RCV_COMPLETE_HANDLER)(PETH_FILTER Filter);

typedef VOID (*ETH_RCV_INDICATE_HANDLER)(PETH_FILTER Filter, NDIS_HANDLE MacReceiveContext,
    PCHAR Address, PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookaheadBuffer,
    UINT LookaheadBufferSize, UINT PacketSize);

typedef VOID (*FDDI_RCV_COMPLETE_HANDLER)(PFDDI_FILTER Filter);

typedef VOID (*FDDI_RCV_INDICATE_HANDLER)(PFDDI_FILTER Filter, NDIS_HANDLE MacReceiveContext,
    PCHAR Address, UINT AddressLength, PVOID HeaderBuffer, UINT HeaderBufferSize,
    PVOID LookaheadBuffer, UINT LookaheadBufferSize, UINT PacketSize);

typedef VOID (*FILTER_PACKET_INDICATION_HANDLER)(
    NDIS_HANDLE Miniport, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

typedef VOID (*TR_RCV_COMPLETE_HANDLER)(PTR_FILTER Filter);

typedef VOID (*TR_RCV_INDICATE_HANDLER)(PTR_FILTER Filter, NDIS_HANDLE MacReceiveContext,
    PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookaheadBuffer, UINT LookaheadBufferSize,
    UINT PacketSize);

typedef VOID (*WAN_RCV_COMPLETE_HANDLER)(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisLinkContext);

typedef VOID (*WAN_RCV_HANDLER)(PNDIS_STATUS Status, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE NdisLinkContext, PUCHAR Packet, ULONG PacketSize);

typedef VOID (*NDIS_M_REQ_COMPLETE_HANDLER)(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status);

typedef VOID (*NDIS_M_RESET_COMPLETE_HANDLER)(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status, BOOLEAN AddressingReset);

typedef VOID (*NDIS_M_SEND_COMPLETE_HANDLER)(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet, NDIS_STATUS Status);

typedef VOID (*NDIS_M_SEND_RESOURCES_HANDLER)(NDIS_HANDLE MiniportAdapterHandle);

typedef VOID (*NDIS_M_STATUS_HANDLER)(NDIS_HANDLE MiniportHandle, NDIS_STATUS GeneralStatus,
    PVOID StatusBuffer, UINT StatusBufferSize);

typedef VOID (*NDIS_M_STS_COMPLETE_HANDLER)(NDIS_HANDLE MiniportAdapterHandle);

typedef VOID (*NDIS_M_TD_COMPLETE_HANDLER)(NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet,
    NDIS_STATUS Status, UINT BytesTransferred);

typedef VOID (*NDIS_WM_SEND_COMPLETE_HANDLER)(
    NDIS_HANDLE MiniportAdapterHandle, PVOID Packet, NDIS_STATUS Status);

typedef NDIS_STATUS (*WAN_SEND_HANDLER)(
    NDIS_HANDLE MacBindingHandle, NDIS_HANDLE LinkHandle, PVOID Packet);

typedef VOID (*SEND_PACKETS_HANDLER)(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

typedef NDIS_STATUS (*SEND_HANDLER)(NDIS_HANDLE NdisBindingHandle, PNDIS_PACKET Packet);

typedef NDIS_STATUS (*TRANSFER_DATA_HANDLER)(NDIS_HANDLE NdisBindingHandle,
    NDIS_HANDLE MacReceiveContext, UINT ByteOffset, UINT BytesToTransfer, PNDIS_PACKET Packet,
    PUINT BytesTransferred);

typedef NDIS_STATUS (*RESET_HANDLER)(NDIS_HANDLE NdisBindingHandle);

typedef NDIS_STATUS (*REQUEST_HANDLER)(NDIS_HANDLE NdisBindingHandle, PNDIS_REQUEST NdisRequest);

#define NDIS_M_MAX_LOOKAHEAD 526


struct _NDIS_REQUEST {
    UCHAR MacReserved[4 * sizeof(PVOID)];
    NDIS_REQUEST_TYPE RequestType;
    union _DATA {
        struct QUERY_INFORMATION {
            NDIS_OID Oid;
            PVOID InformationBuffer;
            UINT InformationBufferLength;
            UINT BytesWritten;
            UINT BytesNeeded;
        } QUERY_INFORMATION;
        struct SET_INFORMATION {
            NDIS_OID Oid;
            PVOID InformationBuffer;
            UINT InformationBufferLength;
            UINT BytesRead;
            UINT BytesNeeded;
        } SET_INFORMATION;
    } DATA;
    UCHAR NdisReserved[9 * sizeof(PVOID)];
    union {
        UCHAR CallMgrReserved[2 * sizeof(PVOID)];
        UCHAR ProtocolReserved[2 * sizeof(PVOID)];
    };
    UCHAR MiniportReserved[2 * sizeof(PVOID)];
};

struct _NDIS_MINIPORT_INTERRUPT {
    PKINTERRUPT InterruptObject;
    KSPIN_LOCK DpcCountLock;
    PVOID Reserved;
    W_ISR_HANDLER MiniportIsr;
    W_HANDLE_INTERRUPT_HANDLER MiniportDpc;
    KDPC InterruptDpc;
    PNDIS_MINIPORT_BLOCK Miniport;
    LONG DpcCount;
    KEVENT DpcsCompletedEvent;
    BOOLEAN SharedInterrupt;
    BOOLEAN IsrRequested;
};

/* What a miniport registers: each version is a prefix of the next. */
#define UNDIS_MINIPORT_CHARACTERISTICS_30                                                          \
    UCHAR MajorNdisVersion;                                                                        \
    UCHAR MinorNdisVersion;                                                                        \
    USHORT Filler;                                                                                 \
    UINT Reserved;                                                                                 \
    W_CHECK_FOR_HANG_HANDLER CheckForHangHandler;                                                  \
    W_DISABLE_INTERRUPT_HANDLER DisableInterruptHandler;                                           \
    W_ENABLE_INTERRUPT_HANDLER EnableInterruptHandler;                                             \
    W_HALT_HANDLER HaltHandler;                                                                    \
    W_HANDLE_INTERRUPT_HANDLER HandleInterruptHandler;                                             \
    W_INITIALIZE_HANDLER InitializeHandler;                                                        \
    W_ISR_HANDLER ISRHandler;                                                                      \
    W_QUERY_INFORMATION_HANDLER QueryInformationHandler;                                           \
    W_RECONFIGURE_HANDLER ReconfigureHandler;                                                      \
    W_RESET_HANDLER ResetHandler;                                                                  \
    union {                                                                                        \
        W_SEND_HANDLER SendHandler;                                                                \
        WM_SEND_HANDLER WanSendHandler;                                                            \
    };                                                                                             \
    W_SET_INFORMATION_HANDLER SetInformationHandler;                                               \
    union {                                                                                        \
        W_TRANSFER_DATA_HANDLER TransferDataHandler;                                               \
        WM_TRANSFER_DATA_HANDLER WanTransferDataHandler;                                           \
    };

#define UNDIS_MINIPORT_CHARACTERISTICS_40                                                          \
    UNDIS_MINIPORT_CHARACTERISTICS_30                                                              \
    W_RETURN_PACKET_HANDLER ReturnPacketHandler;                                                   \
    W_SEND_PACKETS_HANDLER SendPacketsHandler;                                                     \
    W_ALLOCATE_COMPLETE_HANDLER AllocateCompleteHandler;

#define UNDIS_MINIPORT_CHARACTERISTICS_50                                                          \
    UNDIS_MINIPORT_CHARACTERISTICS_40                                                              \
    W_CO_CREATE_VC_HANDLER CoCreateVcHandler;                                                      \
    W_CO_DELETE_VC_HANDLER CoDeleteVcHandler;                                                      \
    W_CO_ACTIVATE_VC_HANDLER CoActivateVcHandler;                                                  \
    W_CO_DEACTIVATE_VC_HANDLER CoDeactivateVcHandler;                                              \
    W_CO_SEND_PACKETS_HANDLER CoSendPacketsHandler;                                                \
    W_CO_REQUEST_HANDLER CoRequestHandler;

typedef struct _NDIS30_MINIPORT_CHARACTERISTICS {
    UNDIS_MINIPORT_CHARACTERISTICS_30
} NDIS30_MINIPORT_CHARACTERISTICS, *PNDIS30_MINIPORT_CHARACTERISTICS;

typedef struct _NDIS40_MINIPORT_CHARACTERISTICS {
    UNDIS_MINIPORT_CHARACTERISTICS_40
} NDIS40_MINIPORT_CHARACTERISTICS, *PNDIS40_MINIPORT_CHARACTERISTICS;

typedef struct _NDIS50_MINIPORT_CHARACTERISTICS {
    UNDIS_MINIPORT_CHARACTERISTICS_50
} NDIS50_MINIPORT_CHARACTERISTICS, *PNDIS50_MINIPORT_CHARACTERISTICS;

typedef struct _NDIS51_MINIPORT_CHARACTERISTICS {
    union {
        NDIS50_MINIPORT_CHARACTERISTICS Ndis50Chars;
        struct {
            UNDIS_MINIPORT_CHARACTERISTICS_50
        };
    };
    W_CANCEL_SEND_PACKETS_HANDLER CancelSendPacketsHandler;
    W_PNP_EVENT_NOTIFY_HANDLER PnPEventNotifyHandler;
    ADAPTER_SHUTDOWN_HANDLER AdapterShutdownHandler;
    PVOID Reserved1;
    PVOID Reserved2;
    PVOID Reserved3;
    PVOID Reserved4;
} NDIS51_MINIPORT_CHARACTERISTICS, *PNDIS51_MINIPORT_CHARACTERISTICS;

/* What a protocol registers. */
#define UNDIS_PROTOCOL_CHARACTERISTICS_30                                                          \
    UCHAR MajorNdisVersion;                                                                        \
    UCHAR MinorNdisVersion;                                                                        \
    USHORT Filler;                                                                                 \
    union {                                                                                        \
        UINT Reserved;                                                                             \
        UINT Flags;                                                                                \
    };                                                                                             \
    OPEN_ADAPTER_COMPLETE_HANDLER OpenAdapterCompleteHandler;                                      \
    CLOSE_ADAPTER_COMPLETE_HANDLER CloseAdapterCompleteHandler;                                    \
    union {                                                                                        \
        SEND_COMPLETE_HANDLER SendCompleteHandler;                                                 \
        WAN_SEND_COMPLETE_HANDLER WanSendCompleteHandler;                                          \
    };                                                                                             \
    union {                                                                                        \
        TRANSFER_DATA_COMPLETE_HANDLER TransferDataCompleteHandler;                                \
        WAN_TRANSFER_DATA_COMPLETE_HANDLER WanTransferDataCompleteHandler;                         \
    };                                                                                             \
    RESET_COMPLETE_HANDLER ResetCompleteHandler;                                                   \
    REQUEST_COMPLETE_HANDLER RequestCompleteHandler;                                               \
    union {                                                                                        \
        RECEIVE_HANDLER ReceiveHandler;                                                            \
        WAN_RECEIVE_HANDLER WanReceiveHandler;                                                     \
    };                                                                                             \
    RECEIVE_COMPLETE_HANDLER ReceiveCompleteHandler;                                               \
    STATUS_HANDLER StatusHandler;                                                                  \
    STATUS_COMPLETE_HANDLER StatusCompleteHandler;                                                 \
    NDIS_STRING Name;

#define UNDIS_PROTOCOL_CHARACTERISTICS_40                                                          \
    UNDIS_PROTOCOL_CHARACTERISTICS_30                                                              \
    RECEIVE_PACKET_HANDLER ReceivePacketHandler;                                                   \
    BIND_HANDLER BindAdapterHandler;                                                               \
    UNBIND_HANDLER UnbindAdapterHandler;                                                           \
    PNP_EVENT_HANDLER PnPEventHandler;                                                             \
    UNLOAD_PROTOCOL_HANDLER UnloadHandler;

typedef struct _NDIS30_PROTOCOL_CHARACTERISTICS {
    UNDIS_PROTOCOL_CHARACTERISTICS_30
} NDIS30_PROTOCOL_CHARACTERISTICS, *PNDIS30_PROTOCOL_CHARACTERISTICS;

typedef struct _NDIS40_PROTOCOL_CHARACTERISTICS {
    UNDIS_PROTOCOL_CHARACTERISTICS_40
} NDIS40_PROTOCOL_CHARACTERISTICS, *PNDIS40_PROTOCOL_CHARACTERISTICS;

typedef struct _NDIS50_PROTOCOL_CHARACTERISTICS {
    union {
        NDIS40_PROTOCOL_CHARACTERISTICS Ndis40Chars;
        struct {
            UNDIS_PROTOCOL_CHARACTERISTICS_40
        };
    };
    PVOID ReservedHandlers[4];
    CO_SEND_COMPLETE_HANDLER CoSendCompleteHandler;
    CO_STATUS_HANDLER CoStatusHandler;
    CO_RECEIVE_PACKET_HANDLER CoReceivePacketHandler;
    CO_AF_REGISTER_NOTIFY_HANDLER CoAfRegisterNotifyHandler;
} NDIS50_PROTOCOL_CHARACTERISTICS, *PNDIS50_PROTOCOL_CHARACTERISTICS;

/*
 * The prefix of an adapter's block that NDIS 5 macros reach into: an adapter handle points here.
 * Only the handlers and filter databases have a meaning; the rest keeps them at their offsets.
 */
struct _NDIS_MINIPORT_BLOCK {
    PVOID Signature;
    PNDIS_MINIPORT_BLOCK NextMiniport;
    PNDIS_M_DRIVER_BLOCK DriverHandle;
    NDIS_HANDLE MiniportAdapterContext;
    UNICODE_STRING MiniportName;
    PNDIS_BIND_PATHS BindPaths;
    NDIS_HANDLE OpenQueue;
    REFERENCE ShortRef;
    NDIS_HANDLE DeviceContext;
    UCHAR Padding1;
    UCHAR LockAcquired;
    UCHAR PmodeOpens;
    UCHAR AssignedProcessor;
    KSPIN_LOCK Lock;
    PNDIS_REQUEST MediaRequest;
    PNDIS_MINIPORT_INTERRUPT Interrupt;
    ULONG Flags;
    ULONG PnPFlags;
    LIST_ENTRY PacketList;
    PNDIS_PACKET FirstPendingPacket;
    PNDIS_PACKET ReturnPacketsQueue;
    ULONG RequestBuffer;
    PVOID SetMCastBuffer;
    PNDIS_MINIPORT_BLOCK PrimaryMiniport;
    PVOID WrapperContext;
    PVOID BusDataContext;
    ULONG PnPCapabilities;
    PCM_RESOURCE_LIST Resources;
    NDIS_TIMER WakeUpDpcTimer;
    UNICODE_STRING BaseName;
    UNICODE_STRING SymbolicLinkName;
    ULONG CheckForHangSeconds;
    USHORT CFHangTicks;
    USHORT CFHangCurrentTick;
    NDIS_STATUS ResetStatus;
    NDIS_HANDLE ResetOpen;
    union {
        PETH_FILTER EthDB;
        PNULL_FILTER NullDB;
    };
    PTR_FILTER TrDB;
    PFDDI_FILTER FddiDB;
    PARC_FILTER ArcDB;
    FILTER_PACKET_INDICATION_HANDLER PacketIndicateHandler;
    NDIS_M_SEND_COMPLETE_HANDLER SendCompleteHandler;
    NDIS_M_SEND_RESOURCES_HANDLER SendResourcesHandler;
    NDIS_M_RESET_COMPLETE_HANDLER ResetCompleteHandler;
    NDIS_MEDIUM MediaType;
    ULONG BusNumber;
    NDIS_INTERFACE_TYPE BusType;
    NDIS_INTERFACE_TYPE AdapterType;
    PDEVICE_OBJECT DeviceObject;
    PDEVICE_OBJECT PhysicalDeviceObject;
    PDEVICE_OBJECT NextDeviceObject;
    PVOID MapRegisters;
    PNDIS_AF_LIST CallMgrAfList;
    PVOID MiniportThread;
    PVOID SetInfoBuf;
    USHORT SetInfoBufLen;
    USHORT MaxSendPackets;
    NDIS_STATUS FakeStatus;
    PVOID LockHandler;
    PUNICODE_STRING pAdapterInstanceName;
    PNDIS_MINIPORT_TIMER TimerQueue;
    UINT MacOptions;
    PNDIS_REQUEST PendingRequest;
    UINT MaximumLongAddresses;
    UINT MaximumShortAddresses;
    UINT CurrentLookahead;
    UINT MaximumLookahead;
    W_HANDLE_INTERRUPT_HANDLER HandleInterruptHandler;
    W_DISABLE_INTERRUPT_HANDLER DisableInterruptHandler;
    W_ENABLE_INTERRUPT_HANDLER EnableInterruptHandler;
    W_SEND_PACKETS_HANDLER SendPacketsHandler;
    PVOID DeferredSendHandler;
    ETH_RCV_INDICATE_HANDLER EthRxIndicateHandler;
    TR_RCV_INDICATE_HANDLER TrRxIndicateHandler;
    FDDI_RCV_INDICATE_HANDLER FddiRxIndicateHandler;
    ETH_RCV_COMPLETE_HANDLER EthRxCompleteHandler;
    TR_RCV_COMPLETE_HANDLER TrRxCompleteHandler;
    FDDI_RCV_COMPLETE_HANDLER FddiRxCompleteHandler;
    NDIS_M_STATUS_HANDLER StatusHandler;
    NDIS_M_STS_COMPLETE_HANDLER StatusCompleteHandler;
    NDIS_M_TD_COMPLETE_HANDLER TDCompleteHandler;
    NDIS_M_REQ_COMPLETE_HANDLER QueryCompleteHandler;
    NDIS_M_REQ_COMPLETE_HANDLER SetCompleteHandler;
    NDIS_WM_SEND_COMPLETE_HANDLER WanSendCompleteHandler;
    WAN_RCV_HANDLER WanRcvHandler;
    WAN_RCV_COMPLETE_HANDLER WanRcvCompleteHandler;
};

/* The prefix of an open that NDIS 5 macros reach into: a binding handle of NDIS 5 points here. */
struct _NDIS_OPEN_BLOCK {
    PVOID MacHandle;
    NDIS_HANDLE BindingHandle;
    PNDIS_MINIPORT_BLOCK MiniportHandle;
    PNDIS_PROTOCOL_BLOCK ProtocolHandle;
    NDIS_HANDLE ProtocolBindingContext;
    PNDIS_OPEN_BLOCK MiniportNextOpen;
    PNDIS_OPEN_BLOCK ProtocolNextOpen;
    NDIS_HANDLE MiniportAdapterContext;
    BOOLEAN Reserved1;
    BOOLEAN Reserved2;
    BOOLEAN Reserved3;
    BOOLEAN Reserved4;
    PNDIS_STRING BindDeviceName;
    KSPIN_LOCK Reserved5;
    PNDIS_STRING RootDeviceName;
    union {
        SEND_HANDLER SendHandler;
        WAN_SEND_HANDLER WanSendHandler;
    };
    TRANSFER_DATA_HANDLER TransferDataHandler;
    SEND_COMPLETE_HANDLER SendCompleteHandler;
    TRANSFER_DATA_COMPLETE_HANDLER TransferDataCompleteHandler;
    RECEIVE_HANDLER ReceiveHandler;
    RECEIVE_COMPLETE_HANDLER ReceiveCompleteHandler;
    WAN_RECEIVE_HANDLER WanReceiveHandler;
    REQUEST_COMPLETE_HANDLER RequestCompleteHandler;
    RECEIVE_PACKET_HANDLER ReceivePacketHandler;
    SEND_PACKETS_HANDLER SendPacketsHandler;
    RESET_HANDLER ResetHandler;
    REQUEST_HANDLER RequestHandler;
    RESET_COMPLETE_HANDLER ResetCompleteHandler;
    STATUS_HANDLER StatusHandler;
    STATUS_COMPLETE_HANDLER StatusCompleteHandler;
};

/* Packets: chains and counts. */
#define NDIS_PACKET_FIRST_NDIS_BUFFER(_Packet) ((_Packet)->Private.Head)
#define NDIS_PACKET_LAST_NDIS_BUFFER(_Packet) ((_Packet)->Private.Tail)
#define NDIS_PACKET_VALID_COUNTS(_Packet) ((_Packet)->Private.ValidCounts)
#define NDIS_BUFFER_LINKAGE(_Buffer) ((_Buffer)->Next)
#define NdisGetNextBuffer(_CurrentBuffer, _NextBuffer) (*(_NextBuffer) = (_CurrentBuffer)->Next)
#define NdisGetPacketFlags(_Packet) ((_Packet)->Private.Flags)
#define NdisSetPacketFlags(_Packet, _Flags) ((_Packet)->Private.Flags |= (_Flags))
#define NdisClearPacketFlags(_Packet, _Flags) ((_Packet)->Private.Flags &= ~(_Flags))
#define NDIS_GET_PACKET_PROTOCOL_TYPE(_Packet) ((_Packet)->Private.Flags & NDIS_PROTOCOL_ID_MASK)
#define NdisCopyLookaheadData(_Destination, _Source, _Length, _ReceiveFlags)                       \
    RtlCopyMemory((_Destination), (_Source), (_Length))
#define NdisBufferVirtualAddressSafe(_Buffer, _Priority)                                           \
    MmGetSystemAddressForMdlSafe((_Buffer), (_Priority))

/* In NdisPacketFlags, a bit of the wrapper's: NdisReinitializePacket has dropped buffers. */
#define UNDIS_PACKET_DROPPED 0x01
/* Blocks, as in the DDK: some drivers write no semicolon behind them. */
#define NdisReinitializePacket(_Packet)                                                            \
    {                                                                                              \
        if ((_Packet)->Private.Head != NULL)                                                       \
            (_Packet)->Private.NdisPacketFlags |= UNDIS_PACKET_DROPPED;                            \
        (_Packet)->Private.Head = (PNDIS_BUFFER)NULL;                                              \
        (_Packet)->Private.ValidCounts = FALSE;                                                    \
    }
#define NdisRecalculatePacketCounts(_Packet) { UndisPacketRecount(_Packet); }
#define NdisChainBufferAtFront(_Packet, _Buffer) { UndisPacketChainFront((_Packet), (_Buffer)); }
#define NdisChainBufferAtBack(_Packet, _Buffer) { UndisPacketChainBack((_Packet), (_Buffer)); }
#define NdisQueryPacketLength(_Packet, _Length) NdisQueryPacket((_Packet), NULL, NULL, NULL, (_Length))

NT_INLINE PNDIS_BUFFER
UndisBufferLast(PNDIS_BUFFER Buffer)
{
    while (Buffer->Next != NULL)
        Buffer = Buffer->Next;
    return Buffer;
}

NT_INLINE VOID
UndisPacketChainFront(PNDIS_PACKET Packet, PNDIS_BUFFER Buffer)
{
    PNDIS_BUFFER Last = UndisBufferLast(Buffer);

    if (Packet->Private.Head == NULL)
        Packet->Private.Tail = Last;
    Last->Next = Packet->Private.Head;
    Packet->Private.Head = Buffer;
    Packet->Private.ValidCounts = FALSE;
}

NT_INLINE VOID
UndisPacketChainBack(PNDIS_PACKET Packet, PNDIS_BUFFER Buffer)
{
    if (Packet->Private.Head == NULL)
        Packet->Private.Head = Buffer;
    else
        Packet->Private.Tail->Next = Buffer;
    Packet->Private.Tail = UndisBufferLast(Buffer);
    Packet->Private.ValidCounts = FALSE;
}

NT_INLINE VOID
UndisPacketRecount(PNDIS_PACKET Packet)
{
    if (Packet->Private.Head != NULL)
        Packet->Private.Tail = UndisBufferLast(Packet->Private.Head);
    Packet->Private.ValidCounts = FALSE;
}

NT_INLINE VOID
NdisQueryPacket(PNDIS_PACKET Packet, PUINT PhysicalBufferCount, PUINT BufferCount,
                PNDIS_BUFFER *FirstBuffer, PUINT TotalPacketLength)
{
    if (FirstBuffer != NULL)
        *FirstBuffer = Packet->Private.Head;
    if (TotalPacketLength == NULL && BufferCount == NULL && PhysicalBufferCount == NULL)
        return;
    if (!Packet->Private.ValidCounts) {
        PNDIS_BUFFER Buffer;

        Packet->Private.PhysicalCount = Packet->Private.TotalLength = Packet->Private.Count = 0;
        for (Buffer = Packet->Private.Head; Buffer != NULL; Buffer = Buffer->Next) {
            Packet->Private.PhysicalCount += NDIS_MDL_TO_SPAN_PAGES(Buffer);
            Packet->Private.TotalLength += MmGetMdlByteCount(Buffer);
            Packet->Private.Count++;
        }
        Packet->Private.ValidCounts = TRUE;
    }
    if (PhysicalBufferCount != NULL)
        *PhysicalBufferCount = Packet->Private.PhysicalCount;
    if (BufferCount != NULL)
        *BufferCount = Packet->Private.Count;
    if (TotalPacketLength != NULL)
        *TotalPacketLength = Packet->Private.TotalLength;
}

/* Packets: out-of-band data and per-packet information. */
#define NDIS_OOB_DATA_FROM_PACKET(_Packet)                                                         \
    ((PNDIS_PACKET_OOB_DATA)((PUCHAR)(_Packet) + (_Packet)->Private.NdisPacketOobOffset))
#define NDIS_GET_PACKET_HEADER_SIZE(_Packet) (NDIS_OOB_DATA_FROM_PACKET(_Packet)->HeaderSize)
#define NDIS_GET_PACKET_STATUS(_Packet) (NDIS_OOB_DATA_FROM_PACKET(_Packet)->Status)
#define NDIS_GET_PACKET_TIME_TO_SEND(_Packet) (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeToSend)
#define NDIS_GET_PACKET_TIME_SENT(_Packet) (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeSent)
#define NDIS_GET_PACKET_TIME_RECEIVED(_Packet) (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeReceived)
#define NDIS_SET_PACKET_HEADER_SIZE(_Packet, _HdrSize)                                             \
    (NDIS_OOB_DATA_FROM_PACKET(_Packet)->HeaderSize = (_HdrSize))
#define NDIS_SET_PACKET_STATUS(_Packet, _Status)                                                   \
    (NDIS_OOB_DATA_FROM_PACKET(_Packet)->Status = (_Status))
#define NDIS_SET_PACKET_TIME_TO_SEND(_Packet, _Time)                                               \
    (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeToSend = (_Time))
#define NDIS_SET_PACKET_TIME_SENT(_Packet, _Time)                                                  \
    (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeSent = (_Time))
#define NDIS_SET_PACKET_TIME_RECEIVED(_Packet, _Time)                                              \
    (NDIS_OOB_DATA_FROM_PACKET(_Packet)->TimeReceived = (_Time))

#define NDIS_GET_PACKET_MEDIA_SPECIFIC_INFO(_Packet, _pMediaSpecificInfo, _pSizeMediaSpecificInfo) \
    do {                                                                                           \
        if (((_Packet)->Private.NdisPacketFlags & fPACKET_ALLOCATED_BY_NDIS) == 0 ||               \
            ((_Packet)->Private.NdisPacketFlags & fPACKET_CONTAINS_MEDIA_SPECIFIC_INFO) == 0) {    \
            *(_pMediaSpecificInfo) = NULL;                                                         \
            *(_pSizeMediaSpecificInfo) = 0;                                                        \
        } else {                                                                                   \
            *(_pMediaSpecificInfo) = NDIS_OOB_DATA_FROM_PACKET(_Packet)->MediaSpecificInformation; \
            *(_pSizeMediaSpecificInfo) = NDIS_OOB_DATA_FROM_PACKET(_Packet)->SizeMediaSpecificInfo; \
        }                                                                                          \
    } while (0)
#define NDIS_SET_PACKET_MEDIA_SPECIFIC_INFO(_Packet, _MediaSpecificInfo, _SizeMediaSpecificInfo)   \
    do {                                                                                           \
        if (((_Packet)->Private.NdisPacketFlags & fPACKET_ALLOCATED_BY_NDIS) != 0) {               \
            (_Packet)->Private.NdisPacketFlags |= fPACKET_CONTAINS_MEDIA_SPECIFIC_INFO;            \
            NDIS_OOB_DATA_FROM_PACKET(_Packet)->MediaSpecificInformation = (_MediaSpecificInfo);   \
            NDIS_OOB_DATA_FROM_PACKET(_Packet)->SizeMediaSpecificInfo = (_SizeMediaSpecificInfo);  \
        }                                                                                          \
    } while (0)

#define NDIS_PACKET_EXTENSION_FROM_PACKET(_Packet)                                                 \
    ((PNDIS_PACKET_EXTENSION)((PUCHAR)(_Packet) + (_Packet)->Private.NdisPacketOobOffset +         \
                              sizeof(NDIS_PACKET_OOB_DATA)))
#define NDIS_PER_PACKET_INFO_FROM_PACKET(_Packet, _Id)                                             \
    (NDIS_PACKET_EXTENSION_FROM_PACKET(_Packet)->NdisPacketInfo[(_Id)])
#define NDIS_GET_ORIGINAL_PACKET(_Packet)                                                          \
    ((PNDIS_PACKET)NDIS_PER_PACKET_INFO_FROM_PACKET((_Packet), OriginalPacketInfo))
#define NDIS_SET_ORIGINAL_PACKET(_Packet, _OriginalPacket)                                         \
    (NDIS_PER_PACKET_INFO_FROM_PACKET((_Packet), OriginalPacketInfo) = (_OriginalPacket))
#define NDIS_GET_PACKET_CANCEL_ID(_Packet) NDIS_PER_PACKET_INFO_FROM_PACKET((_Packet), PacketCancelId)
#define NDIS_SET_PACKET_CANCEL_ID(_Packet, _CancelId)                                              \
    (NDIS_PER_PACKET_INFO_FROM_PACKET((_Packet), PacketCancelId) = (_CancelId))
NDIS_API VOID NdisSetPacketCancelId(PNDIS_PACKET Packet, PVOID CancelId);
NDIS_API PVOID NdisGetPacketCancelId(PNDIS_PACKET Packet);

/* Buffers. */
NDIS_API VOID NdisFreeBuffer(PNDIS_BUFFER Buffer);
NDIS_API VOID NdisQueryBuffer(PNDIS_BUFFER Buffer, PVOID *VirtualAddress, PUINT Length);
NDIS_API VOID NdisQueryBufferSafe(PNDIS_BUFFER Buffer, PVOID *VirtualAddress, PUINT Length,
                                  MM_PAGE_PRIORITY Priority);
NDIS_API VOID NdisQueryBufferOffset(PNDIS_BUFFER Buffer, PUINT Offset, PUINT Length);
NDIS_API VOID NdisAdjustBufferLength(PNDIS_BUFFER Buffer, UINT Length);
NDIS_API ULONG NdisBufferLength(PNDIS_BUFFER Buffer);
NDIS_API PVOID NdisBufferVirtualAddress(PNDIS_BUFFER Buffer);
NDIS_API ULONG NDIS_BUFFER_TO_SPAN_PAGES(PNDIS_BUFFER Buffer);
NDIS_API VOID NdisGetBufferPhysicalArraySize(PNDIS_BUFFER Buffer, PUINT ArraySize);
NDIS_API VOID NdisGetFirstBufferFromPacketSafe(PNDIS_PACKET Packet, PNDIS_BUFFER *FirstBuffer,
                                               PVOID *FirstBufferVA, PUINT FirstBufferLength,
                                               PUINT TotalBufferLength, MM_PAGE_PRIORITY Priority);

/* What a miniport tells NDIS: exports, and macros that go through the adapter's block. */
NDIS_API VOID NdisMSendComplete(NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet,
                                NDIS_STATUS Status);
NDIS_API VOID NdisMSendResourcesAvailable(NDIS_HANDLE MiniportAdapterHandle);
NDIS_API VOID NdisMTransferDataComplete(NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet,
                                        NDIS_STATUS Status, UINT BytesTransferred);
NDIS_API VOID NdisMIndicateStatus(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS GeneralStatus,
                                  PVOID StatusBuffer, UINT StatusBufferSize);
NDIS_API VOID NdisMIndicateStatusComplete(NDIS_HANDLE MiniportAdapterHandle);
NDIS_API VOID NdisMQueryInformationComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status);
NDIS_API VOID NdisMSetInformationComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status);
NDIS_API VOID NdisMSetAttributes(NDIS_HANDLE MiniportAdapterHandle,
                                 NDIS_HANDLE MiniportAdapterContext, BOOLEAN BusMaster,
                                 NDIS_INTERFACE_TYPE AdapterType);

#define UNDIS_BLOCK_(_Handle) ((PNDIS_MINIPORT_BLOCK)(_Handle))
#define NdisMIndicateReceivePacket(_Handle, _ReceivePackets, _NumberOfPackets)                     \
    (*UNDIS_BLOCK_(_Handle)->PacketIndicateHandler)((_Handle), (_ReceivePackets), (_NumberOfPackets))
#define NdisMEthIndicateReceive(_Handle, _Context, _Header, _HeaderSize, _Lookahead, _LookaheadSize, \
                                _PacketSize)                                                       \
    (*UNDIS_BLOCK_(_Handle)->EthRxIndicateHandler)(                                                \
        UNDIS_BLOCK_(_Handle)->EthDB, (NDIS_HANDLE)(_Context), (PCHAR)(_Header), (_Header),        \
        (_HeaderSize), (_Lookahead), (_LookaheadSize), (_PacketSize))
#define NdisMEthIndicateReceiveComplete(_Handle)                                                   \
    (*UNDIS_BLOCK_(_Handle)->EthRxCompleteHandler)(UNDIS_BLOCK_(_Handle)->EthDB)
#define NdisMTrIndicateReceive(_Handle, _Context, _Header, _HeaderSize, _Lookahead, _LookaheadSize,  \
                               _PacketSize)                                                        \
    (*UNDIS_BLOCK_(_Handle)->TrRxIndicateHandler)(UNDIS_BLOCK_(_Handle)->TrDB,                     \
                                                  (NDIS_HANDLE)(_Context), (_Header),              \
                                                  (_HeaderSize), (_Lookahead), (_LookaheadSize),   \
                                                  (_PacketSize))
#define NdisMTrIndicateReceiveComplete(_Handle)                                                    \
    (*UNDIS_BLOCK_(_Handle)->TrRxCompleteHandler)(UNDIS_BLOCK_(_Handle)->TrDB)
#define NdisMFddiIndicateReceive(_Handle, _Context, _Header, _HeaderSize, _Lookahead,              \
                                 _LookaheadSize, _PacketSize)                                      \
    (*UNDIS_BLOCK_(_Handle)->FddiRxIndicateHandler)(                                               \
        UNDIS_BLOCK_(_Handle)->FddiDB, (NDIS_HANDLE)(_Context), (PCHAR)(_Header) + 1,              \
        (*(PUCHAR)(_Header) & 0x40) ? FDDI_LENGTH_OF_LONG_ADDRESS : FDDI_LENGTH_OF_SHORT_ADDRESS,  \
        (_Header), (_HeaderSize), (_Lookahead), (_LookaheadSize), (_PacketSize))
#define NdisMFddiIndicateReceiveComplete(_Handle)                                                  \
    (*UNDIS_BLOCK_(_Handle)->FddiRxCompleteHandler)(UNDIS_BLOCK_(_Handle)->FddiDB)
NDIS_API VOID ArcFilterDprIndicateReceive(PARC_FILTER Filter, PUCHAR pRawHeader, PUCHAR pData,
                                          UINT Length);
NDIS_API VOID ArcFilterDprIndicateReceiveComplete(PARC_FILTER Filter);
#define NdisMArcIndicateReceive(_Handle, _Header, _Data, _Length)                                  \
    ArcFilterDprIndicateReceive(                                                                   \
        UNDIS_BLOCK_(_Handle)->ArcDB, (PUCHAR)(_Header), (PUCHAR)(_Data), (_Length))
#define NdisMArcIndicateReceiveComplete(_Handle)                                                   \
    ArcFilterDprIndicateReceiveComplete(UNDIS_BLOCK_(_Handle)->ArcDB)
#define FDDI_LENGTH_OF_LONG_ADDRESS 6
#define FDDI_LENGTH_OF_SHORT_ADDRESS 2
#define TR_LENGTH_OF_ADDRESS 6
#define TR_LENGTH_OF_FUNCTIONAL 4

/* Registering. */
NDIS_API VOID NdisInitializeWrapper(PNDIS_HANDLE NdisWrapperHandle, PVOID SystemSpecific1,
                                    PVOID SystemSpecific2, PVOID SystemSpecific3);
#define NdisMInitializeWrapper(_H, _S1, _S2, _S3) NdisInitializeWrapper((_H), (_S1), (_S2), (_S3))
NDIS_API NDIS_STATUS NdisIMInitializeDeviceInstance(NDIS_HANDLE DriverHandle,
                                                    PNDIS_STRING DriverInstance);
NDIS_API NDIS_STATUS NdisIMNotifyPnPEvent(NDIS_HANDLE MiniportHandle, PNET_PNP_EVENT NetPnPEvent);
NDIS_API VOID NdisCloseAdapter(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle);

#define NdisMUpdateSharedMemory(_H, _L, _V, _P) NdisUpdateSharedMemory((_H), (_L), (_V), (_P))
#define NdisUpdateSharedMemory(_H, _L, _V, _P)

/* Calls. */
NDIS_API VOID NdisSetPeriodicTimer(PNDIS_TIMER NdisTimer, UINT MillisecondsPeriod);

NDIS_API VOID NdisAllocateBuffer(PNDIS_STATUS Status, PNDIS_BUFFER *Buffer, NDIS_HANDLE PoolHandle,
    PVOID VirtualAddress, UINT Length);

NDIS_API VOID NdisAllocateBufferPool(
    PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle, UINT NumberOfDescriptors);

NDIS_API VOID NdisFreeBufferPool(NDIS_HANDLE PoolHandle);

NDIS_API VOID NdisAllocatePacketPool(PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle,
    UINT NumberOfDescriptors, UINT ProtocolReservedLength);

NDIS_API VOID NdisAllocatePacketPoolEx(PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle,
    UINT NumberOfDescriptors, UINT NumberOfOverflowDescriptors, UINT ProtocolReservedLength);

NDIS_API VOID NdisSetPacketPoolProtocolId(NDIS_HANDLE PacketPoolHandle, UINT ProtocolId);

NDIS_API UINT NdisPacketPoolUsage(NDIS_HANDLE PoolHandle);

NDIS_API UINT NdisPacketSize(UINT ProtocolReservedSize);

NDIS_API NDIS_HANDLE NdisGetPoolFromPacket(PNDIS_PACKET Packet);

NDIS_API PNDIS_PACKET_STACK NdisIMGetCurrentPacketStack(
    PNDIS_PACKET Packet, BOOLEAN *StacksRemaining);

NDIS_API VOID NdisFreePacketPool(NDIS_HANDLE PoolHandle);

NDIS_API VOID NdisFreePacket(PNDIS_PACKET Packet);

NDIS_API VOID NdisDprFreePacket(PNDIS_PACKET Packet);

NDIS_API VOID NdisDprFreePacketNonInterlocked(PNDIS_PACKET Packet);

NDIS_API VOID NdisAllocatePacket(PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle);

NDIS_API VOID NdisDprAllocatePacket(
    PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle);

NDIS_API VOID NdisDprAllocatePacketNonInterlocked(
    PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle);

NDIS_API VOID NdisGetFirstBufferFromPacket(PNDIS_PACKET _Packet, PNDIS_BUFFER *_FirstBuffer,
    PVOID *_FirstBufferVA, PUINT _FirstBufferLength, PUINT _TotalBufferLength);

NDIS_API VOID NdisUnchainBufferAtFront(PNDIS_PACKET Packet, PNDIS_BUFFER *Buffer);

NDIS_API VOID NdisUnchainBufferAtBack(PNDIS_PACKET Packet, PNDIS_BUFFER *Buffer);

NDIS_API VOID NdisCopyFromPacketToPacket(PNDIS_PACKET Destination, UINT DestinationOffset,
    UINT BytesToCopy, PNDIS_PACKET Source, UINT SourceOffset, PUINT BytesCopied);

NDIS_API VOID NdisCopyFromPacketToPacketSafe(PNDIS_PACKET Destination, UINT DestinationOffset,
    UINT BytesToCopy, PNDIS_PACKET Source, UINT SourceOffset, PUINT BytesCopied,
    MM_PAGE_PRIORITY Priority);

NDIS_API VOID NdisSetPacketStatus(
    PNDIS_PACKET Packet, NDIS_STATUS Status, NDIS_HANDLE Handle, ULONG Code);

#define NdisFlushBuffer(Buffer, WriteToDevice) KeFlushIoBuffers((Buffer), !(WriteToDevice), TRUE)

NDIS_API VOID NdisCopyBuffer(PNDIS_STATUS Status, PNDIS_BUFFER *Buffer, NDIS_HANDLE PoolHandle,
    PVOID MemoryDescriptor, UINT Offset, UINT Length);

NDIS_API VOID NdisImmediateReadSharedMemory(NDIS_HANDLE WrapperConfigurationContext,
    ULONG SharedMemoryAddress, PUCHAR Buffer, ULONG Length);

NDIS_API VOID NdisImmediateWriteSharedMemory(NDIS_HANDLE WrapperConfigurationContext,
    ULONG SharedMemoryAddress, PUCHAR Buffer, ULONG Length);

NDIS_API NDIS_STATUS NdisMAllocateSharedMemoryAsync(
    NDIS_HANDLE MiniportAdapterHandle, ULONG Length, BOOLEAN Cached, PVOID Context);

NDIS_API VOID NdisOpenConfiguration(
    PNDIS_STATUS Status, PNDIS_HANDLE ConfigurationHandle, NDIS_HANDLE WrapperConfigurationContext);

NDIS_API ULONG NdisReadPciSlotInformation(
    NDIS_HANDLE NdisAdapterHandle, ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length);

NDIS_API ULONG NdisWritePciSlotInformation(
    NDIS_HANDLE NdisAdapterHandle, ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length);

NDIS_API ULONG NdisReadPcmciaAttributeMemory(
    NDIS_HANDLE NdisAdapterHandle, ULONG Offset, PVOID Buffer, ULONG Length);

NDIS_API ULONG NdisWritePcmciaAttributeMemory(
    NDIS_HANDLE NdisAdapterHandle, ULONG Offset, PVOID Buffer, ULONG Length);

/* A protocol sends on a link, through its open's block. */
#define WanMiniportSend(Status_, NdisBindingHandle_, NdisLinkHandle_, WanPacket_)                  \
    (*(Status_) = ((PNDIS_OPEN_BLOCK)(NdisBindingHandle_))                                         \
                      ->WanSendHandler(((PNDIS_OPEN_BLOCK)(NdisBindingHandle_))->BindingHandle,     \
                          (NdisLinkHandle_), (WanPacket_)))

NDIS_API VOID NdisMWanIndicateReceive(PNDIS_STATUS Status, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE NdisLinkContext, PUCHAR PacketBuffer, UINT PacketSize);

NDIS_API VOID NdisMWanIndicateReceiveComplete(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisLinkContext);

NDIS_API VOID NdisMWanSendComplete(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_WAN_PACKET Packet, NDIS_STATUS Status);

NDIS_API NDIS_STATUS NdisMDeregisterDevice(NDIS_HANDLE NdisDeviceHandle);

NDIS_API NDIS_STATUS NdisMInitializeScatterGatherDma(
    NDIS_HANDLE MiniportAdapterHandle, BOOLEAN Dma64BitAddresses, ULONG MaximumPhysicalMapping);

NDIS_API NDIS_STATUS NdisMPromoteMiniport(NDIS_HANDLE MiniportAdapterHandle);

NDIS_API NDIS_STATUS NdisMRegisterDevice(NDIS_HANDLE NdisWrapperHandle, PNDIS_STRING DeviceName,
    PNDIS_STRING SymbolicName, PDRIVER_DISPATCH MajorFunctions[], PDEVICE_OBJECT *pDeviceObject,
    NDIS_HANDLE *NdisDeviceHandle);

NDIS_API VOID NdisMRegisterUnloadHandler(
    NDIS_HANDLE NdisWrapperHandle, PDRIVER_UNLOAD UnloadHandler);

NDIS_API NDIS_STATUS NdisMSetMiniportSecondary(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE PrimaryMiniportAdapterHandle);

NDIS_API VOID NdisMCoIndicateReceivePacket(
    NDIS_HANDLE NdisVcHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

NDIS_API VOID NdisMCoIndicateStatus(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_STATUS GeneralStatus, PVOID StatusBuffer, ULONG StatusBufferSize);

NDIS_API VOID NdisMCoReceiveComplete(NDIS_HANDLE MiniportAdapterHandle);

NDIS_API VOID NdisMCoRequestComplete(
    NDIS_STATUS Status, NDIS_HANDLE MiniportAdapterHandle, PNDIS_REQUEST Request);

NDIS_API VOID NdisMCoSendComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PNDIS_PACKET Packet);

NDIS_API VOID NdisIMCopySendCompletePerPacketInfo(PNDIS_PACKET DstPacket, PNDIS_PACKET SrcPacket);

NDIS_API VOID NdisIMCopySendPerPacketInfo(PNDIS_PACKET DstPacket, PNDIS_PACKET SrcPacket);

NDIS_API VOID NdisIMDeregisterLayeredMiniport(NDIS_HANDLE DriverHandle);

NDIS_API NDIS_STATUS NdisMAllocateMapRegisters(NDIS_HANDLE MiniportAdapterHandle, UINT DmaChannel,
    NDIS_DMA_SIZE DmaSize, ULONG PhysicalMapRegistersNeeded, ULONG MaximumPhysicalMapping);

NDIS_API VOID NdisMCloseLog(NDIS_HANDLE LogHandle);

NDIS_API NDIS_STATUS NdisMCreateLog(
    NDIS_HANDLE MiniportAdapterHandle, UINT Size, PNDIS_HANDLE LogHandle);

NDIS_API VOID NdisMDeregisterAdapterShutdownHandler(NDIS_HANDLE MiniportHandle);

NDIS_API VOID NdisMDeregisterInterrupt(PNDIS_MINIPORT_INTERRUPT Interrupt);

NDIS_API VOID NdisMRegisterAdapterShutdownHandler(
    NDIS_HANDLE MiniportHandle, PVOID ShutdownContext, ADAPTER_SHUTDOWN_HANDLER ShutdownHandler);

NDIS_API NDIS_STATUS NdisMRegisterInterrupt(PNDIS_MINIPORT_INTERRUPT Interrupt,
    NDIS_HANDLE MiniportAdapterHandle, UINT InterruptVector, UINT InterruptLevel,
    BOOLEAN RequestIsr, BOOLEAN SharedInterrupt, NDIS_INTERRUPT_MODE InterruptMode);

NDIS_API NDIS_STATUS NdisMRegisterMiniport(NDIS_HANDLE NdisWrapperHandle,
    PNDIS_MINIPORT_CHARACTERISTICS MiniportCharacteristics, UINT CharacteristicsLength);

NDIS_API BOOLEAN NdisMSynchronizeWithInterrupt(
    PNDIS_MINIPORT_INTERRUPT Interrupt, PVOID SynchronizeFunction, PVOID SynchronizeContext);

NDIS_API VOID NdisMFlushLog(NDIS_HANDLE LogHandle);

NDIS_API VOID NdisMFreeMapRegisters(NDIS_HANDLE MiniportAdapterHandle);

NDIS_API VOID NdisMSetTimer(PNDIS_MINIPORT_TIMER Timer, UINT MillisecondsToDelay);

NDIS_API VOID NdisMInitializeTimer(PNDIS_MINIPORT_TIMER Timer, NDIS_HANDLE MiniportAdapterHandle,
    PNDIS_TIMER_FUNCTION TimerFunction, PVOID FunctionContext);

NDIS_API VOID NdisMSetPeriodicTimer(PNDIS_MINIPORT_TIMER Timer, UINT MillisecondPeriod);

NDIS_API VOID NdisMCancelTimer(PNDIS_MINIPORT_TIMER Timer, PBOOLEAN TimerCancelled);

NDIS_API VOID NdisMSetAttributesEx(NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE MiniportAdapterContext, UINT CheckForHangTimeInSeconds, ULONG AttributeFlags,
    NDIS_INTERFACE_TYPE AdapterType);

NDIS_API NDIS_STATUS NdisMWriteLogData(NDIS_HANDLE LogHandle, PVOID LogBuffer, UINT LogBufferSize);

NDIS_API VOID NdisMQueryAdapterResources(PNDIS_STATUS Status,
    NDIS_HANDLE WrapperConfigurationContext, PNDIS_RESOURCE_LIST ResourceList, PUINT BufferSize);

NDIS_API VOID NdisTerminateWrapper(NDIS_HANDLE NdisWrapperHandle, PVOID SystemSpecific);

typedef VOID (*W_MINIPORT_CALLBACK)(NDIS_HANDLE MiniportAdapterContext, PVOID CallbackContext);

NDIS_API NDIS_STATUS NdisIMQueueMiniportCallback(
    NDIS_HANDLE MiniportAdapterHandle, W_MINIPORT_CALLBACK CallbackRoutine, PVOID CallbackContext);

NDIS_API VOID NdisIMRevertBack(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE SwitchHandle);

NDIS_API BOOLEAN NdisIMSwitchToMiniport(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_HANDLE SwitchHandle);

NDIS_API VOID NdisFreeDmaChannel(PNDIS_HANDLE NdisDmaHandle);

NDIS_API NDIS_STATUS NdisIMRegisterLayeredMiniport(NDIS_HANDLE NdisWrapperHandle,
    PNDIS_MINIPORT_CHARACTERISTICS MiniportCharacteristics, UINT CharacteristicsLength,
    PNDIS_HANDLE DriverHandle);

NDIS_API VOID NdisTransferData(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle,
    NDIS_HANDLE MacReceiveContext, UINT ByteOffset, UINT BytesToTransfer, PNDIS_PACKET Packet,
    PUINT BytesTransferred);

NDIS_API VOID NdisSend(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNDIS_PACKET Packet);

NDIS_API VOID NdisSendPackets(
    NDIS_HANDLE NdisBindingHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

NDIS_API VOID NdisRequest(
    PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNDIS_REQUEST NdisRequest);

NDIS_API VOID NdisReset(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle);

NDIS_API VOID NdisDeregisterProtocol(PNDIS_STATUS Status, NDIS_HANDLE NdisProtocolHandle);

NDIS_API VOID NdisOpenAdapter(PNDIS_STATUS Status, PNDIS_STATUS OpenErrorStatus,
    PNDIS_HANDLE NdisBindingHandle, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE NdisProtocolHandle, NDIS_HANDLE ProtocolBindingContext,
    PNDIS_STRING AdapterName, UINT OpenOptions, PSTRING AddressingInformation);

NDIS_API VOID NdisCompleteBindAdapter(
    NDIS_HANDLE BindAdapterContext, NDIS_STATUS Status, NDIS_STATUS OpenStatus);

NDIS_API VOID NdisCompleteUnbindAdapter(NDIS_HANDLE UnbindAdapterContext, NDIS_STATUS Status);

NDIS_API VOID NdisSetProtocolFilter(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle,
    RECEIVE_HANDLER ReceiveHandler, RECEIVE_PACKET_HANDLER ReceivePacketHandler, NDIS_MEDIUM Medium,
    UINT Offset, UINT Size, PUCHAR Pattern);

NDIS_API VOID NdisGetDriverHandle(PNDIS_HANDLE NdisBindingHandle, PNDIS_HANDLE NdisDriverHandle);

NDIS_API VOID NdisOpenProtocolConfiguration(
    PNDIS_STATUS Status, PNDIS_HANDLE ConfigurationHandle, PNDIS_STRING ProtocolSection);

NDIS_API VOID NdisCompletePnPEvent(
    NDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNET_PNP_EVENT NetPnPEvent);

#define NdisSetSendFlags(_Packet, _Flags)   (_Packet)->Private.Flags = (_Flags)
#define NdisQuerySendFlags(_Packet, _Flags) *(_Flags) = (_Packet)->Private.Flags

NDIS_API VOID NdisReturnPackets(PNDIS_PACKET *PacketsToReturn, UINT NumberOfPackets);

NDIS_API PNDIS_PACKET NdisGetReceivedPacket(
    PNDIS_HANDLE NdisBindingHandle, PNDIS_HANDLE MacContext);

NDIS_API VOID NdisCancelSendPackets(NDIS_HANDLE NdisBindingHandle, PVOID CancelId);

NDIS_API NDIS_STATUS NdisQueryPendingIOCount(PVOID NdisBindingHandle, PULONG IoCount);

NDIS_API VOID NdisRegisterProtocol(PNDIS_STATUS Status, PNDIS_HANDLE NdisProtocolHandle,
    PNDIS_PROTOCOL_CHARACTERISTICS ProtocolCharacteristics, UINT CharacteristicsLength);

typedef NDIS_STATUS (*OPEN_ADAPTER_HANDLER)(PNDIS_STATUS OpenErrorStatus,
    NDIS_HANDLE *MacBindingHandle, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE NdisBindingContext, NDIS_HANDLE MacAdapterContext,
    UINT OpenOptions, PSTRING AddressingInformation);

typedef NDIS_STATUS (*CLOSE_ADAPTER_HANDLER)(NDIS_HANDLE MacBindingHandle);

typedef NDIS_STATUS (*WAN_TRANSFER_DATA_HANDLER)(VOID);

typedef NDIS_STATUS (*QUERY_GLOBAL_STATISTICS_HANDLER)(
    NDIS_HANDLE MacAdapterContext, PNDIS_REQUEST NdisRequest);

typedef VOID (*UNLOAD_MAC_HANDLER)(NDIS_HANDLE MacMacContext);

typedef NDIS_STATUS (*ADD_ADAPTER_HANDLER)(
    NDIS_HANDLE MacMacContext, NDIS_HANDLE WrapperConfigurationContext, PNDIS_STRING AdapterName);

typedef VOID (*REMOVE_ADAPTER_HANDLER)(NDIS_HANDLE MacAdapterContext);

EXTERN_C_END

#endif
