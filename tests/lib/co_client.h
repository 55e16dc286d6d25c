/* SPDX-License-Identifier: MIT */
/* What the files of the connection-oriented client share. */
#pragma once

#include "co_inner.h"

#include "check.h"

struct party {
    NDIS_HANDLE handle;
    BOOLEAN there;
    struct co_dial dial;
};

struct call {
    struct inner *inner;
    unsigned index;
    NDIS_HANDLE vc;
    BOOLEAN mine;
    _Atomic ULONG busy;   /* while it is made and while it is closed, if it is its own */
    _Atomic BOOLEAN gone; /* the other end has closed it, perhaps before it was known to be on */
    _Atomic BOOLEAN on;   /* there is a call to be closed; who resets it closes it */
    struct co_dial dial;
    struct party parties[CO_PARTIES];
};

struct question {
    struct inner *inner;
    NDIS_OID_REQUEST request;
    ULONG value;
};

struct inner {
    struct co_protocol protocol;
    struct co_client *face;
    struct peer_script script;
    struct peer_queue receives;
    KSPIN_LOCK lock;
    NDIS_HANDLE family, sap;
    _Atomic BOOLEAN open;
    CO_ADDRESS_FAMILY address;
    ULONG number;
    ULONG sap_memory[4];
    struct call *calls[CO_CALLS];
    unsigned used;
    struct call *ringing;
    PCO_CALL_PARAMETERS ringing_parameters;
    /* arguments of the wish under way */
    unsigned call, count, size, whom;
    uint32_t to, result;
    BOOLEAN flag;
    void (*wrong)(const struct co_handles *);
};

static inline struct inner *
inner_of(struct co_client *face)
{
    return face->peer.inner;
}

static inline VOID
act(struct co_client *client, PEER_ACTION *action)
{
    script_run(client->peer.machine, &inner_of(client)->script, action, inner_of(client));
}

/* Sends, receives, requests and statuses (co_client_data.c). */
VOID client_send_complete(
    NDIS_HANDLE ProtocolVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags);
VOID client_give_back(PVOID Context, PNET_BUFFER_LIST Chain);
VOID client_receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNET_BUFFER_LIST NetBufferLists, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags);
VOID client_pausing(struct co_protocol *protocol);
VOID client_request_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
NDIS_STATUS client_oid_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest);
VOID client_status(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNDIS_STATUS_INDICATION StatusIndication);

/* Changes of calls and parties (co_client_party.c). */
VOID client_incoming_change(NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters);
VOID client_modify_complete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters);
VOID client_add_party_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext,
    NDIS_HANDLE NdisPartyHandle, PCO_CALL_PARAMETERS CallParameters);
VOID client_drop_party_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext);
VOID client_incoming_drop_party(
    NDIS_STATUS DropStatus, NDIS_HANDLE ProtocolPartyContext, PVOID CloseData, UINT Size);
