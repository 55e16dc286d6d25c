/* SPDX-License-Identifier: MIT */
/*
 * Connection-oriented NDIS: address families, SAPs, virtual connections, calls; both generations.
 */
#ifndef UNDIS_NDIS_CONNECTION_H
#define UNDIS_NDIS_CONNECTION_H

#include <ndis/common.h>

EXTERN_C_START

struct _VAR_STRING;

typedef struct _NDIS_PACKET NDIS_PACKET, *PNDIS_PACKET, **PPNDIS_PACKET;
typedef struct _NDIS_REQUEST NDIS_REQUEST, *PNDIS_REQUEST;

/* Quality of service of one direction. */
#ifndef __QOS_H_
typedef ULONG SERVICETYPE;
typedef struct _flowspec {
    ULONG TokenRate;
    ULONG TokenBucketSize;
    ULONG PeakBandwidth;
    ULONG Latency;
    ULONG DelayVariation;
    SERVICETYPE ServiceType;
    ULONG MaxSduSize;
    ULONG MinimumPolicedSize;
} FLOWSPEC, *PFLOWSPEC, *LPFLOWSPEC;
#endif

typedef ULONG NDIS_AF, *PNDIS_AF;

#define CO_ADDRESS_FAMILY_Q2931      ((NDIS_AF)0x1)
#define CO_ADDRESS_FAMILY_PSCHED     ((NDIS_AF)0x2)
#define CO_ADDRESS_FAMILY_L2TP       ((NDIS_AF)0x3)
#define CO_ADDRESS_FAMILY_IRDA       ((NDIS_AF)0x4)
#define CO_ADDRESS_FAMILY_1394       ((NDIS_AF)0x5)
#define CO_ADDRESS_FAMILY_PPP        ((NDIS_AF)0x6)
#define CO_ADDRESS_FAMILY_INFINIBAND ((NDIS_AF)0x7)
#define CO_ADDRESS_FAMILY_TAPI       ((NDIS_AF)0x800)
#define CO_ADDRESS_FAMILY_TAPI_PROXY ((NDIS_AF)0x801)
#define CO_ADDRESS_FAMILY_PROXY      0x80000000

typedef struct _CO_ADDRESS_FAMILY {
    NDIS_AF AddressFamily;
    ULONG MajorVersion;
    ULONG MinorVersion;
} CO_ADDRESS_FAMILY, *PCO_ADDRESS_FAMILY;

typedef struct _CO_SPECIFIC_PARAMETERS {
    ULONG ParamType;
    ULONG Length;
    UCHAR Parameters[1];
} CO_SPECIFIC_PARAMETERS, *PCO_SPECIFIC_PARAMETERS;

typedef struct _CO_CALL_MANAGER_PARAMETERS {
    FLOWSPEC Transmit;
    FLOWSPEC Receive;
    CO_SPECIFIC_PARAMETERS CallMgrSpecific;
} CO_CALL_MANAGER_PARAMETERS, *PCO_CALL_MANAGER_PARAMETERS;

#define RECEIVE_TIME_INDICATION 0x00000001
#define USE_TIME_STAMPS         0x00000002
#define TRANSMIT_VC             0x00000004
#define RECEIVE_VC              0x00000008
#define INDICATE_ERRED_PACKETS  0x00000010
#define INDICATE_END_OF_TX      0x00000020
#define RESERVE_RESOURCES_VC    0x00000040
#define ROUND_DOWN_FLOW         0x00000080
#define ROUND_UP_FLOW           0x00000100

typedef struct _CO_MEDIA_PARAMETERS {
    ULONG Flags;
    ULONG ReceivePriority;
    ULONG ReceiveSizeHint;
    CO_SPECIFIC_PARAMETERS MediaSpecific;
} CO_MEDIA_PARAMETERS, *PCO_MEDIA_PARAMETERS;

#define PERMANENT_VC            0x00000001
#define CALL_PARAMETERS_CHANGED 0x00000002
#define QUERY_CALL_PARAMETERS   0x00000004
#define BROADCAST_VC            0x00000008
#define MULTIPOINT_VC           0x00000010

typedef struct _CO_CALL_PARAMETERS {
    ULONG Flags;
    PCO_CALL_MANAGER_PARAMETERS CallMgrParameters;
    PCO_MEDIA_PARAMETERS MediaParameters;
} CO_CALL_PARAMETERS, *PCO_CALL_PARAMETERS;

typedef struct _CO_SAP {
    ULONG SapType;
    ULONG SapLength;
    UCHAR Sap[1];
} CO_SAP, *PCO_SAP;

typedef VOID (*CM_ACTIVATE_VC_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef NDIS_STATUS (*CM_ADD_PARTY_HANDLER)(NDIS_HANDLE CallMgrVcContext,
    PCO_CALL_PARAMETERS CallParameters, NDIS_HANDLE NdisPartyHandle,
    PNDIS_HANDLE CallMgrPartyContext);

typedef NDIS_STATUS (*CM_CLOSE_AF_HANDLER)(NDIS_HANDLE CallMgrAfContext);

typedef NDIS_STATUS (*CM_CLOSE_CALL_HANDLER)(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size);

typedef NDIS_STATUS (*CM_DEREG_SAP_HANDLER)(NDIS_HANDLE CallMgrSapContext);

typedef VOID (*CM_DEACTIVATE_VC_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext);

typedef NDIS_STATUS (*CM_DROP_PARTY_HANDLER)(
    NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size);

typedef VOID (*CM_INCOMING_CALL_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef NDIS_STATUS (*CM_MAKE_CALL_HANDLER)(NDIS_HANDLE CallMgrVcContext,
    PCO_CALL_PARAMETERS CallParameters, NDIS_HANDLE NdisPartyHandle,
    PNDIS_HANDLE CallMgrPartyContext);

typedef NDIS_STATUS (*CM_MODIFY_CALL_QOS_HANDLER)(
    NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef NDIS_STATUS (*CM_OPEN_AF_HANDLER)(NDIS_HANDLE CallMgrBindingContext,
    PCO_ADDRESS_FAMILY AddressFamily, NDIS_HANDLE NdisAfHandle, PNDIS_HANDLE CallMgrAfContext);

typedef NDIS_STATUS (*CM_REG_SAP_HANDLER)(NDIS_HANDLE CallMgrAfContext, PCO_SAP Sap,
    NDIS_HANDLE NdisSapHandle, PNDIS_HANDLE CallMgrSapContext);

typedef NDIS_STATUS (*CO_CREATE_VC_HANDLER)(
    NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext);

typedef NDIS_STATUS (*CO_DELETE_VC_HANDLER)(NDIS_HANDLE ProtocolVcContext);

typedef VOID (*CO_SEND_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet);

typedef VOID (*CO_STATUS_HANDLER)(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_STATUS GeneralStatus, PVOID StatusBuffer, UINT StatusBufferSize);

typedef UINT (*CO_RECEIVE_PACKET_HANDLER)(
    NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet);

typedef NDIS_STATUS (*CO_REQUEST_HANDLER)(NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest);

typedef VOID (*CO_REQUEST_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest);

typedef struct _NDIS_CALL_MANAGER_CHARACTERISTICS {
    UCHAR MajorVersion;
    UCHAR MinorVersion;
    USHORT Filler;
    UINT Reserved;
    CO_CREATE_VC_HANDLER CmCreateVcHandler;
    CO_DELETE_VC_HANDLER CmDeleteVcHandler;
    CM_OPEN_AF_HANDLER CmOpenAfHandler;
    CM_CLOSE_AF_HANDLER CmCloseAfHandler;
    CM_REG_SAP_HANDLER CmRegisterSapHandler;
    CM_DEREG_SAP_HANDLER CmDeregisterSapHandler;
    CM_MAKE_CALL_HANDLER CmMakeCallHandler;
    CM_CLOSE_CALL_HANDLER CmCloseCallHandler;
    CM_INCOMING_CALL_COMPLETE_HANDLER CmIncomingCallCompleteHandler;
    CM_ADD_PARTY_HANDLER CmAddPartyHandler;
    CM_DROP_PARTY_HANDLER CmDropPartyHandler;
    CM_ACTIVATE_VC_COMPLETE_HANDLER CmActivateVcCompleteHandler;
    CM_DEACTIVATE_VC_COMPLETE_HANDLER CmDeactivateVcCompleteHandler;
    CM_MODIFY_CALL_QOS_HANDLER CmModifyCallQoSHandler;
    CO_REQUEST_HANDLER CmRequestHandler;
    CO_REQUEST_COMPLETE_HANDLER CmRequestCompleteHandler;
} NDIS_CALL_MANAGER_CHARACTERISTICS, *PNDIS_CALL_MANAGER_CHARACTERISTICS;

typedef VOID (*CL_OPEN_AF_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisAfHandle);

typedef VOID (*CL_CLOSE_AF_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext);

typedef VOID (*CL_REG_SAP_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle);

typedef VOID (*CL_DEREG_SAP_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext);

typedef VOID (*CL_MAKE_CALL_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE NdisPartyHandle, PCO_CALL_PARAMETERS CallParameters);

typedef VOID (*CL_MODIFY_CALL_QOS_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef VOID (*CL_CLOSE_CALL_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext);

typedef VOID (*CL_ADD_PARTY_COMPLETE_HANDLER)(NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext,
    NDIS_HANDLE NdisPartyHandle, PCO_CALL_PARAMETERS CallParameters);

typedef VOID (*CL_DROP_PARTY_COMPLETE_HANDLER)(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext);

typedef NDIS_STATUS (*CL_INCOMING_CALL_HANDLER)(NDIS_HANDLE ProtocolSapContext,
    NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef VOID (*CL_INCOMING_CALL_QOS_CHANGE_HANDLER)(
    NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef VOID (*CL_INCOMING_CLOSE_CALL_HANDLER)(
    NDIS_STATUS CloseStatus, NDIS_HANDLE ProtocolVcContext, PVOID CloseData, UINT Size);

typedef VOID (*CL_INCOMING_DROP_PARTY_HANDLER)(
    NDIS_STATUS DropStatus, NDIS_HANDLE ProtocolPartyContext, PVOID CloseData, UINT Size);

typedef VOID (*CL_CALL_CONNECTED_HANDLER)(NDIS_HANDLE ProtocolVcContext);

typedef struct _NDIS_CLIENT_CHARACTERISTICS {
    UCHAR MajorVersion;
    UCHAR MinorVersion;
    USHORT Filler;
    UINT Reserved;
    CO_CREATE_VC_HANDLER ClCreateVcHandler;
    CO_DELETE_VC_HANDLER ClDeleteVcHandler;
    CO_REQUEST_HANDLER ClRequestHandler;
    CO_REQUEST_COMPLETE_HANDLER ClRequestCompleteHandler;
    CL_OPEN_AF_COMPLETE_HANDLER ClOpenAfCompleteHandler;
    CL_CLOSE_AF_COMPLETE_HANDLER ClCloseAfCompleteHandler;
    CL_REG_SAP_COMPLETE_HANDLER ClRegisterSapCompleteHandler;
    CL_DEREG_SAP_COMPLETE_HANDLER ClDeregisterSapCompleteHandler;
    CL_MAKE_CALL_COMPLETE_HANDLER ClMakeCallCompleteHandler;
    CL_MODIFY_CALL_QOS_COMPLETE_HANDLER ClModifyCallQoSCompleteHandler;
    CL_CLOSE_CALL_COMPLETE_HANDLER ClCloseCallCompleteHandler;
    CL_ADD_PARTY_COMPLETE_HANDLER ClAddPartyCompleteHandler;
    CL_DROP_PARTY_COMPLETE_HANDLER ClDropPartyCompleteHandler;
    CL_INCOMING_CALL_HANDLER ClIncomingCallHandler;
    CL_INCOMING_CALL_QOS_CHANGE_HANDLER ClIncomingCallQoSChangeHandler;
    CL_INCOMING_CLOSE_CALL_HANDLER ClIncomingCloseCallHandler;
    CL_INCOMING_DROP_PARTY_HANDLER ClIncomingDropPartyHandler;
    CL_CALL_CONNECTED_HANDLER ClCallConnectedHandler;
} NDIS_CLIENT_CHARACTERISTICS, *PNDIS_CLIENT_CHARACTERISTICS;

typedef VOID(PROTCOL_CO_AF_REGISTER_NOTIFY)(
    NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily);

typedef PROTCOL_CO_AF_REGISTER_NOTIFY *CO_AF_REGISTER_NOTIFY_HANDLER;

typedef NDIS_STATUS(MINIPORT_CO_CREATE_VC)(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE MiniportVcContext);

typedef MINIPORT_CO_CREATE_VC *W_CO_CREATE_VC_HANDLER;

typedef NDIS_STATUS(MINIPORT_CO_DELETE_VC)(NDIS_HANDLE MiniportVcContext);

typedef MINIPORT_CO_DELETE_VC *W_CO_DELETE_VC_HANDLER;

typedef NDIS_STATUS(MINIPORT_CO_ACTIVATE_VC)(
    NDIS_HANDLE MiniportVcContext, PCO_CALL_PARAMETERS CallParameters);

typedef MINIPORT_CO_ACTIVATE_VC *W_CO_ACTIVATE_VC_HANDLER;

typedef NDIS_STATUS(MINIPORT_CO_DEACTIVATE_VC)(NDIS_HANDLE MiniportVcContext);

typedef MINIPORT_CO_DEACTIVATE_VC *W_CO_DEACTIVATE_VC_HANDLER;

typedef VOID (*W_CO_SEND_PACKETS_HANDLER)(
    NDIS_HANDLE MiniportVcContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

typedef NDIS_STATUS (*W_CO_REQUEST_HANDLER)(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_REQUEST NdisRequest);

typedef struct _NDIS_AF_LIST NDIS_AF_LIST, *PNDIS_AF_LIST;

NDIS_API NDIS_STATUS NdisClAddParty(NDIS_HANDLE NdisVcHandle, NDIS_HANDLE ProtocolPartyContext,
    PCO_CALL_PARAMETERS CallParameters, PNDIS_HANDLE NdisPartyHandle);

NDIS_API NDIS_STATUS NdisClCloseAddressFamily(NDIS_HANDLE NdisAfHandle);

NDIS_API NDIS_STATUS NdisClCloseCall(
    NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size);

NDIS_API NDIS_STATUS NdisClDeregisterSap(NDIS_HANDLE NdisSapHandle);

NDIS_API NDIS_STATUS NdisClDropParty(NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size);

NDIS_API VOID NdisClIncomingCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API NDIS_STATUS NdisClMakeCall(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_HANDLE NdisPartyHandle);

NDIS_API NDIS_STATUS NdisClModifyCallQoS(
    NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API NDIS_STATUS NdisClOpenAddressFamily(NDIS_HANDLE NdisBindingHandle,
    PCO_ADDRESS_FAMILY AddressFamily, NDIS_HANDLE ProtocolAfContext,
    PNDIS_CLIENT_CHARACTERISTICS ClCharacteristics, UINT SizeOfClCharacteristics,
    PNDIS_HANDLE NdisAfHandle);

NDIS_API NDIS_STATUS NdisClRegisterSap(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE ProtocolSapContext,
    PCO_SAP Sap, PNDIS_HANDLE NdisSapHandle);

NDIS_API NDIS_STATUS NdisCmActivateVc(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmAddPartyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisPartyHandle,
    NDIS_HANDLE CallMgrPartyContext, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmCloseAddressFamilyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle);

NDIS_API VOID NdisCmCloseCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle);

NDIS_API NDIS_STATUS NdisCmDeactivateVc(NDIS_HANDLE NdisVcHandle);

NDIS_API VOID NdisCmDeregisterSapComplete(NDIS_STATUS Status, NDIS_HANDLE NdisSapHandle);

NDIS_API VOID NdisCmDispatchCallConnected(NDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisCmDispatchIncomingCall(
    NDIS_HANDLE NdisSapHandle, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmDispatchIncomingCallQoSChange(
    NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmDispatchIncomingCloseCall(
    NDIS_STATUS CloseStatus, NDIS_HANDLE NdisVcHandle, PVOID Buffer, UINT Size);

NDIS_API VOID NdisCmDispatchIncomingDropParty(
    NDIS_STATUS DropStatus, NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size);

NDIS_API VOID NdisCmDropPartyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisPartyHandle);

NDIS_API VOID NdisCmMakeCallComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, NDIS_HANDLE CallMgrPartyContext,
    PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmModifyCallQoSComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisCmOpenAddressFamilyComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle, NDIS_HANDLE CallMgrAfContext);

NDIS_API NDIS_STATUS NdisCmRegisterAddressFamily(NDIS_HANDLE NdisBindingHandle,
    PCO_ADDRESS_FAMILY AddressFamily, PNDIS_CALL_MANAGER_CHARACTERISTICS CmCharacteristics,
    UINT SizeOfCmCharacteristics);

NDIS_API VOID NdisCmRegisterSapComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisSapHandle, NDIS_HANDLE CallMgrSapContext);

NDIS_API NDIS_STATUS NdisMCmActivateVc(
    NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API NDIS_STATUS NdisMCmCreateVc(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE MiniportVcContext, PNDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisMCmDeactivateVc(NDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisMCmDeleteVc(NDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisMCmRegisterAddressFamily(NDIS_HANDLE MiniportAdapterHandle,
    PCO_ADDRESS_FAMILY AddressFamily, PNDIS_CALL_MANAGER_CHARACTERISTICS CmCharacteristics,
    UINT SizeOfCmCharacteristics);

NDIS_API NDIS_STATUS NdisMCmRequest(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, PNDIS_REQUEST NdisRequest);

NDIS_API NDIS_STATUS NdisCoCreateVc(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE ProtocolVcContext, PNDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisCoDeleteVc(NDIS_HANDLE NdisVcHandle);

NDIS_API NDIS_STATUS NdisCoRequest(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle, PNDIS_REQUEST NdisRequest);

NDIS_API VOID NdisCoRequestComplete(NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle, PNDIS_REQUEST NdisRequest);

NDIS_API VOID NdisCoSendPackets(
    NDIS_HANDLE NdisVcHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);

NDIS_API VOID NdisMCoActivateVcComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters);

NDIS_API VOID NdisMCoDeactivateVcComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle);
/* NDIS 6 handlers that differ from those of NDIS 5. */
typedef CO_CREATE_VC_HANDLER PROTOCOL_CO_CREATE_VC_HANDLER;
typedef NDIS_STATUS(PROTOCOL_CO_CREATE_VC)(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle,
                                           PNDIS_HANDLE ProtocolVcContext);
typedef NDIS_STATUS(PROTOCOL_CO_DELETE_VC)(NDIS_HANDLE ProtocolVcContext);
typedef NDIS_STATUS(PROTOCOL_CO_OID_REQUEST)(NDIS_HANDLE ProtocolAfContext,
                                             NDIS_HANDLE ProtocolVcContext,
                                             NDIS_HANDLE ProtocolPartyContext,
                                             PNDIS_OID_REQUEST OidRequest);
typedef PROTOCOL_CO_OID_REQUEST(*CO_OID_REQUEST_HANDLER);
typedef VOID(PROTOCOL_CO_OID_REQUEST_COMPLETE)(NDIS_HANDLE ProtocolAfContext,
                                               NDIS_HANDLE ProtocolVcContext,
                                               NDIS_HANDLE ProtocolPartyContext,
                                               PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
typedef PROTOCOL_CO_OID_REQUEST_COMPLETE(*CO_OID_REQUEST_COMPLETE_HANDLER);
typedef VOID(PROTOCOL_CL_OPEN_AF_COMPLETE_EX)(NDIS_HANDLE ProtocolAfContext,
                                              NDIS_HANDLE NdisAfHandle, NDIS_STATUS Status);
typedef PROTOCOL_CL_OPEN_AF_COMPLETE_EX(*CL_OPEN_AF_COMPLETE_HANDLER_EX);
typedef NDIS_STATUS(PROTOCOL_CL_NOTIFY_CLOSE_AF)(NDIS_HANDLE ClientAfContext);
typedef PROTOCOL_CL_NOTIFY_CLOSE_AF(*CL_NOTIFY_CLOSE_AF_HANDLER);
typedef VOID(PROTOCOL_CM_NOTIFY_CLOSE_AF_COMPLETE)(NDIS_HANDLE CallMgrAfContext,
                                                   NDIS_STATUS Status);
typedef PROTOCOL_CM_NOTIFY_CLOSE_AF_COMPLETE(*CM_NOTIFY_CLOSE_AF_COMPLETE_HANDLER);
typedef VOID(PROTOCOL_CO_STATUS_EX)(NDIS_HANDLE ProtocolBindingContext,
                                    NDIS_HANDLE ProtocolVcContext,
                                    PNDIS_STATUS_INDICATION StatusIndication);
typedef PROTOCOL_CO_STATUS_EX(*CO_STATUS_HANDLER_EX);
typedef VOID(PROTOCOL_CO_AF_REGISTER_NOTIFY)(NDIS_HANDLE ProtocolBindingContext,
                                             PCO_ADDRESS_FAMILY AddressFamily);
typedef VOID(PROTOCOL_CO_RECEIVE_NET_BUFFER_LISTS)(NDIS_HANDLE ProtocolBindingContext,
                                                   NDIS_HANDLE ProtocolVcContext,
                                                   PNET_BUFFER_LIST NetBufferLists,
                                                   ULONG NumberOfNetBufferLists,
                                                   ULONG ReceiveFlags);
typedef PROTOCOL_CO_RECEIVE_NET_BUFFER_LISTS(*CO_RECEIVE_NET_BUFFER_LISTS_HANDLER);
typedef VOID(PROTOCOL_CO_SEND_NET_BUFFER_LISTS_COMPLETE)(NDIS_HANDLE ProtocolVcContext,
                                                         PNET_BUFFER_LIST NetBufferLists,
                                                         ULONG SendCompleteFlags);
typedef PROTOCOL_CO_SEND_NET_BUFFER_LISTS_COMPLETE(*CO_SEND_NET_BUFFER_LISTS_COMPLETE_HANDLER);
typedef VOID(MINIPORT_CO_SEND_NET_BUFFER_LISTS)(NDIS_HANDLE MiniportVcContext,
                                                PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags);
typedef MINIPORT_CO_SEND_NET_BUFFER_LISTS(*MINIPORT_CO_SEND_NET_BUFFER_LISTS_HANDLER);
typedef NDIS_STATUS(MINIPORT_CO_OID_REQUEST)(NDIS_HANDLE MiniportAdapterContext,
                                             NDIS_HANDLE MiniportVcContext,
                                             PNDIS_OID_REQUEST OidRequest);
typedef MINIPORT_CO_OID_REQUEST(*MINIPORT_CO_OID_REQUEST_HANDLER);
typedef W_CO_CREATE_VC_HANDLER MINIPORT_CO_CREATE_VC_HANDLER;
typedef W_CO_DELETE_VC_HANDLER MINIPORT_CO_DELETE_VC_HANDLER;
typedef W_CO_ACTIVATE_VC_HANDLER MINIPORT_CO_ACTIVATE_VC_HANDLER;
typedef W_CO_DEACTIVATE_VC_HANDLER MINIPORT_CO_DEACTIVATE_VC_HANDLER;

typedef struct _NDIS_MINIPORT_CO_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    W_CO_CREATE_VC_HANDLER CoCreateVcHandler;
    W_CO_DELETE_VC_HANDLER CoDeleteVcHandler;
    W_CO_ACTIVATE_VC_HANDLER CoActivateVcHandler;
    W_CO_DEACTIVATE_VC_HANDLER CoDeactivateVcHandler;
    MINIPORT_CO_SEND_NET_BUFFER_LISTS_HANDLER CoSendNetBufferListsHandler;
    MINIPORT_CO_OID_REQUEST_HANDLER CoOidRequestHandler;
} NDIS_MINIPORT_CO_CHARACTERISTICS, *PNDIS_MINIPORT_CO_CHARACTERISTICS;

#define NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1                                         \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_MINIPORT_CO_CHARACTERISTICS, CoOidRequestHandler)

typedef struct _NDIS_PROTOCOL_CO_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    CO_STATUS_HANDLER_EX CoStatusHandlerEx;
    CO_AF_REGISTER_NOTIFY_HANDLER CoAfRegisterNotifyHandler;
    CO_RECEIVE_NET_BUFFER_LISTS_HANDLER CoReceiveNetBufferListsHandler;
    CO_SEND_NET_BUFFER_LISTS_COMPLETE_HANDLER CoSendNetBufferListsCompleteHandler;
} NDIS_PROTOCOL_CO_CHARACTERISTICS, *PNDIS_PROTOCOL_CO_CHARACTERISTICS;

#define NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1                                         \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_PROTOCOL_CO_CHARACTERISTICS, CoSendNetBufferListsCompleteHandler)

typedef struct _NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS {
    NDIS_OBJECT_HEADER Header;
    ULONG Reserved;
    CO_CREATE_VC_HANDLER CmCreateVcHandler;
    CO_DELETE_VC_HANDLER CmDeleteVcHandler;
    CM_OPEN_AF_HANDLER CmOpenAfHandler;
    CM_CLOSE_AF_HANDLER CmCloseAfHandler;
    CM_REG_SAP_HANDLER CmRegisterSapHandler;
    CM_DEREG_SAP_HANDLER CmDeregisterSapHandler;
    CM_MAKE_CALL_HANDLER CmMakeCallHandler;
    CM_CLOSE_CALL_HANDLER CmCloseCallHandler;
    CM_INCOMING_CALL_COMPLETE_HANDLER CmIncomingCallCompleteHandler;
    CM_ADD_PARTY_HANDLER CmAddPartyHandler;
    CM_DROP_PARTY_HANDLER CmDropPartyHandler;
    CM_ACTIVATE_VC_COMPLETE_HANDLER CmActivateVcCompleteHandler;
    CM_DEACTIVATE_VC_COMPLETE_HANDLER CmDeactivateVcCompleteHandler;
    CM_MODIFY_CALL_QOS_HANDLER CmModifyCallQoSHandler;
    CO_OID_REQUEST_HANDLER CmOidRequestHandler;
    CO_OID_REQUEST_COMPLETE_HANDLER CmOidRequestCompleteHandler;
    CM_NOTIFY_CLOSE_AF_COMPLETE_HANDLER CmNotifyCloseAfCompleteHandler;
} NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS, *PNDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS;

#define NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1 1
#define NDIS_SIZEOF_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1                                   \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS, CmNotifyCloseAfCompleteHandler)

typedef struct _NDIS_CO_CLIENT_OPTIONAL_HANDLERS {
    NDIS_OBJECT_HEADER Header;
    ULONG Reserved;
    CO_CREATE_VC_HANDLER ClCreateVcHandler;
    CO_DELETE_VC_HANDLER ClDeleteVcHandler;
    CO_OID_REQUEST_HANDLER ClOidRequestHandler;
    CO_OID_REQUEST_COMPLETE_HANDLER ClOidRequestCompleteHandler;
    CL_OPEN_AF_COMPLETE_HANDLER_EX ClOpenAfCompleteHandlerEx;
    CL_CLOSE_AF_COMPLETE_HANDLER ClCloseAfCompleteHandler;
    CL_REG_SAP_COMPLETE_HANDLER ClRegisterSapCompleteHandler;
    CL_DEREG_SAP_COMPLETE_HANDLER ClDeregisterSapCompleteHandler;
    CL_MAKE_CALL_COMPLETE_HANDLER ClMakeCallCompleteHandler;
    CL_MODIFY_CALL_QOS_COMPLETE_HANDLER ClModifyCallQoSCompleteHandler;
    CL_CLOSE_CALL_COMPLETE_HANDLER ClCloseCallCompleteHandler;
    CL_ADD_PARTY_COMPLETE_HANDLER ClAddPartyCompleteHandler;
    CL_DROP_PARTY_COMPLETE_HANDLER ClDropPartyCompleteHandler;
    CL_INCOMING_CALL_HANDLER ClIncomingCallHandler;
    CL_INCOMING_CALL_QOS_CHANGE_HANDLER ClIncomingCallQoSChangeHandler;
    CL_INCOMING_CLOSE_CALL_HANDLER ClIncomingCloseCallHandler;
    CL_INCOMING_DROP_PARTY_HANDLER ClIncomingDropPartyHandler;
    CL_CALL_CONNECTED_HANDLER ClCallConnectedHandler;
    CL_NOTIFY_CLOSE_AF_HANDLER ClNotifyCloseAfHandler;
} NDIS_CO_CLIENT_OPTIONAL_HANDLERS, *PNDIS_CO_CLIENT_OPTIONAL_HANDLERS;

#define NDIS_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1 1
#define NDIS_SIZEOF_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1                                         \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_CO_CLIENT_OPTIONAL_HANDLERS, ClNotifyCloseAfHandler)

NDIS_API NDIS_STATUS NdisClOpenAddressFamilyEx(NDIS_HANDLE NdisBindingHandle,
                                               PCO_ADDRESS_FAMILY AddressFamily,
                                               NDIS_HANDLE ClientAfContext,
                                               PNDIS_HANDLE NdisAfHandle);
NDIS_API VOID NdisClNotifyCloseAddressFamilyComplete(NDIS_HANDLE NdisAfHandle, NDIS_STATUS Status);
NDIS_API NDIS_STATUS NdisCmRegisterAddressFamilyEx(NDIS_HANDLE NdisBindingHandle,
                                                   PCO_ADDRESS_FAMILY AddressFamily);
NDIS_API NDIS_STATUS NdisMCmRegisterAddressFamilyEx(NDIS_HANDLE NdisBindingHandle,
                                                    PCO_ADDRESS_FAMILY AddressFamily);
NDIS_API NDIS_STATUS NdisCmNotifyCloseAddressFamily(NDIS_HANDLE NdisAfHandle);
NDIS_API NDIS_STATUS NdisCoOidRequest(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle,
                                      NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle,
                                      PNDIS_OID_REQUEST OidRequest);
NDIS_API VOID NdisCoOidRequestComplete(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
                                       NDIS_HANDLE NdisPartyHandle, PNDIS_OID_REQUEST OidRequest,
                                       NDIS_STATUS Status);
NDIS_API NDIS_STATUS NdisMCmOidRequest(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
                                       NDIS_HANDLE NdisPartyHandle, PNDIS_OID_REQUEST OidRequest);
NDIS_API VOID NdisMCoOidRequestComplete(NDIS_HANDLE NdisMiniportHandle,
                                        PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
NDIS_API VOID NdisCoSendNetBufferLists(NDIS_HANDLE NdisVcHandle, PNET_BUFFER_LIST NetBufferLists,
                                       ULONG SendFlags);
NDIS_API VOID NdisMCoSendNetBufferListsComplete(NDIS_HANDLE NdisVcHandle,
                                                PNET_BUFFER_LIST NetBufferLists,
                                                ULONG SendCompleteFlags);
NDIS_API VOID NdisMCoIndicateReceiveNetBufferLists(NDIS_HANDLE NdisVcHandle,
                                                   PNET_BUFFER_LIST NetBufferLists,
                                                   ULONG NumberOfNetBufferLists,
                                                   ULONG CoReceiveFlags);
NDIS_API VOID NdisMCoIndicateStatusEx(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE NdisVcHandle,
                                      PNDIS_STATUS_INDICATION StatusIndication);
NDIS_API NDIS_STATUS NdisCoAssignInstanceName(NDIS_HANDLE NdisVcHandle,
                                              PNDIS_STRING BaseInstanceName,
                                              PNDIS_STRING VcInstanceName);
NDIS_API NDIS_STATUS NdisCoGetTapiCallId(NDIS_HANDLE NdisVcHandle, struct _VAR_STRING *TapiCallId);
NDIS_API NDIS_STATUS NdisClGetProtocolVcContextFromTapiCallId(UNICODE_STRING TapiCallId,
                                                              PNDIS_HANDLE ProtocolVcContext);

/* A call manager inside a miniport completes through the same calls. */
#define NdisMCmOpenAddressFamilyComplete(S_, H_, C_) NdisCmOpenAddressFamilyComplete(S_, H_, C_)
#define NdisMCmCloseAddressFamilyComplete(S_, H_) NdisCmCloseAddressFamilyComplete(S_, H_)
#define NdisMCmRegisterSapComplete(S_, H_, C_) NdisCmRegisterSapComplete(S_, H_, C_)
#define NdisMCmDeregisterSapComplete(S_, H_) NdisCmDeregisterSapComplete(S_, H_)
#define NdisMCmMakeCallComplete(S_, V_, P_, C_, CP_) NdisCmMakeCallComplete(S_, V_, P_, C_, CP_)
#define NdisMCmCloseCallComplete(S_, V_, P_) NdisCmCloseCallComplete(S_, V_, P_)
#define NdisMCmAddPartyComplete(S_, H_, C_, CP_) NdisCmAddPartyComplete(S_, H_, C_, CP_)
#define NdisMCmDropPartyComplete(S_, H_) NdisCmDropPartyComplete(S_, H_)
#define NdisMCmDispatchIncomingCall(S_, V_, CP_) NdisCmDispatchIncomingCall(S_, V_, CP_)
#define NdisMCmDispatchCallConnected(H_) NdisCmDispatchCallConnected(H_)
#define NdisMCmModifyCallQoSComplete(S_, H_, CP_) NdisCmModifyCallQoSComplete(S_, H_, CP_)
#define NdisMCmDispatchIncomingCallQoSChange(V_, CP_) NdisCmDispatchIncomingCallQoSChange(V_, CP_)
#define NdisMCmDispatchIncomingCloseCall(S_, V_, B_, Z_)                                           \
    NdisCmDispatchIncomingCloseCall(S_, V_, B_, Z_)
#define NdisMCmDispatchIncomingDropParty(S_, P_, B_, Z_)                                           \
    NdisCmDispatchIncomingDropParty(S_, P_, B_, Z_)
#define NdisMCmRequestComplete(S_, A_, V_, P_, R_) NdisCoRequestComplete(S_, A_, V_, P_, R_)
#define NdisMCmOidRequestComplete(A_, V_, P_, R_, S_) NdisCoOidRequestComplete(A_, V_, P_, R_, S_)
#define NdisMCmNotifyCloseAddressFamily(H_) NdisCmNotifyCloseAddressFamily(H_)

EXTERN_C_END

#endif
