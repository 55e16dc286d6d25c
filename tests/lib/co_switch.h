/* SPDX-License-Identifier: MIT */
/* What the files of the peers' call manager share. */
#pragma once

#include "co_inner.h"

#include "check.h"

enum { WAITING, RETURNED, ANSWERED };

struct vc {
    LIST_ENTRY link;
    struct co_switch *to;
    struct family *family;
    NDIS_HANDLE handle;
    struct vc *other;
    BOOLEAN callee, up;
    uint64_t busy;   /* the other end's thread tells its client something */
    uint32_t answer; /* WAITING, RETURNED, ANSWERED */
    NDIS_STATUS result;
    NDIS_HANDLE party;
    PVOID party_context;
    PCO_CALL_PARAMETERS wish;
    struct co_dial dial; /* what the VC is activated with */
    KEVENT activated;
    NDIS_STATUS activate_status;
    struct co_end end; /* of an MCM */
};

struct family {
    LIST_ENTRY link;
    struct co_switch *to;
    NDIS_HANDLE handle;
    BOOLEAN noticed;
};

struct sap {
    LIST_ENTRY link;
    struct family *family;
    NDIS_HANDLE handle;
    ULONG number;
};

struct party {
    LIST_ENTRY link;
    struct vc *vc;
    NDIS_HANDLE handle;
    ULONG number;
};

/* A request that is answered later. */
struct switch_later {
    VOID (*answer)(struct switch_later *);
    struct co_switch *to;
    PVOID object;
    PVOID extra;
    NDIS_STATUS status;
};

/* co_switch.c */
KIRQL switch_raise(struct co_switch *to);
NDIS_STATUS
switch_later(
    struct co_switch *to, VOID (*answer)(struct switch_later *), PVOID object, PVOID extra);
PVOID switch_list_add(struct co_switch *to, LIST_ENTRY *list, SIZE_T size, test_counter *count);
VOID switch_list_remove(struct co_switch *to, PVOID object);
struct vc *switch_vc_add(struct co_switch *to, struct family *family);
VOID switch_activate(struct vc *vc, ULONG circuit, ULONG end);
VOID switch_deactivate(struct vc *vc);
VOID switch_delete_own(PVOID Context);

/* co_switch_call.c */
VOID switch_incoming_call_complete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters);
NDIS_STATUS switch_make_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext);
NDIS_STATUS switch_close_call(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size);
NDIS_STATUS switch_modify_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters);
NDIS_STATUS switch_add_party(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext);
NDIS_STATUS switch_drop_party(NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size);

/* co_switch_ask.c */
VOID switch_request_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
NDIS_STATUS switch_oid_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest);
