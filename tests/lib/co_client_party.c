/* SPDX-License-Identifier: MIT */
/* The connection-oriented client changes its calls: their quality, and their parties. */
#include "co_client.h"

VOID
client_incoming_change(NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(CallParameters);
    COUNT(((struct call *)ProtocolVcContext)->inner->face->changed, 1);
}

VOID
client_modify_complete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct call *call = ProtocolVcContext;

    if (Status != NDIS_STATUS_SUCCESS || CallParameters != &call->dial.call)
        COUNT(call->inner->face->wrong, 1);
    COUNT(call->inner->face->modified, 1);
}

static VOID
modify(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = inner->calls[inner->call];
    NDIS_STATUS status = NdisClModifyCallQoS(call->vc, &call->dial.call);

    if (status != NDIS_STATUS_PENDING)
        client_modify_complete(status, call, &call->dial.call);
}

void
co_client_modify(struct co_client *client, unsigned call)
{
    inner_of(client)->call = call;
    act(client, modify);
}

/* Parties */

VOID
client_add_party_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext,
    NDIS_HANDLE NdisPartyHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct party *party = ProtocolPartyContext;
    struct inner *inner = CONTAINING_RECORD(CallParameters, struct party, dial.call) == party
                              ? *(struct inner **)party->dial.tail
                              : NULL;

    CHECK(inner);
    party->there = Status == NDIS_STATUS_SUCCESS;
    if (party->there && party->handle != NdisPartyHandle)
        COUNT(inner->face->wrong, 1);
    COUNT(*(party->there ? &inner->face->parties_added : &inner->face->parties_failed), 1);
}

static VOID
party_wanted(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = inner->calls[inner->call];
    unsigned i = 1;
    struct party *party;
    NDIS_STATUS status;

    while (call->parties[i].there)
        i++;
    CHECK(i < CO_PARTIES);
    party = &call->parties[i];
    dial_set(&party->dial, inner->to, 0, 0);
    *(struct inner **)party->dial.tail = inner;
    status = NdisClAddParty(call->vc, party, &party->dial.call, &party->handle);
    if (status != NDIS_STATUS_PENDING)
        client_add_party_complete(status, party, party->handle, &party->dial.call);
}

void
co_client_add_party(struct co_client *client, unsigned call, uint32_t number)
{
    inner_of(client)->call = call;
    inner_of(client)->to = number;
    act(client, party_wanted);
}

VOID
client_drop_party_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolPartyContext)
{
    struct party *party = ProtocolPartyContext;
    struct inner *inner = *(struct inner **)party->dial.tail;

    if (Status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->wrong, 1);
    party->there = FALSE;
    COUNT(inner->face->parties_dropped, 1);
}

static VOID
drop_party(struct party *party)
{
    NDIS_STATUS status = NdisClDropParty(party->handle, "bye", 3);

    if (status != NDIS_STATUS_PENDING)
        client_drop_party_complete(status, party);
}

static VOID
drop_wanted(PVOID Context)
{
    struct inner *inner = Context;

    drop_party(&inner->calls[inner->call]->parties[inner->count]);
}

void
co_client_drop_party(struct co_client *client, unsigned call, unsigned party)
{
    inner_of(client)->call = call;
    inner_of(client)->count = party;
    act(client, drop_wanted);
}

VOID
client_incoming_drop_party(
    NDIS_STATUS DropStatus, NDIS_HANDLE ProtocolPartyContext, PVOID CloseData, UINT Size)
{
    struct party *party = ProtocolPartyContext;

    UNREFERENCED_PARAMETER(DropStatus);
    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    COUNT((*(struct inner **)party->dial.tail)->face->remote_drops, 1);
    drop_party(party);
}
