/* SPDX-License-Identifier: MIT */
/* More rows of the table of obligations: what is answered later on connections, in miniports of NDIS 5,
 * and by whoever is in a handler, holds a lock, or has work queued.
 *
 *     connections      the state of their objects; the move that began it
 *     CO requests      PLACE_CO_REQUEST   from the handler to the answer
 *     NDIS 5           PLACE_QUERIED      from MiniportQueryInformation, ... to its completion
 *                      PLACE_TRANSFER     from MiniportTransferData to its completion
 *     handlers         PLACE_INSIDE       those of a driver's life, until they return
 *     locks            verify.held
 */
#include "verify/owed.h"

#include "ndis/connection/connection.h"

#include <stdio.h>
#include <string.h>

/* Connections */

enum party { CLIENT, MANAGER, MINIPORT };

/* In this state it owes that, since the newest of these moves. */
static const struct duty {
    uint8_t kind; /* enum object_kind */
    uint16_t word, state;
    uint8_t owes, to; /* enum party */
    const char *what;
    const char *event[2]; /* "made" where it began with the object */
} duties[] = {
    {OBJECT_FAMILY, offsetof(struct co_family, object.state), FAMILY_OPENING, MANAGER, CLIENT,
        "ProtocolCmOpenAf", {"made"}},
    {OBJECT_FAMILY, offsetof(struct co_family, object.state), FAMILY_CLOSING, MANAGER, CLIENT,
        "ProtocolCmCloseAf", {"NdisClCloseAddressFamily"}},
    {OBJECT_FAMILY, offsetof(struct co_family, notice), 2, CLIENT, MANAGER,
        "ProtocolClNotifyCloseAf",
        {"NdisCmNotifyCloseAddressFamily", "NdisMCmNotifyCloseAddressFamily"}},
    {OBJECT_SAP, offsetof(struct co_sap, object.state), SAP_REGISTERING, MANAGER, CLIENT,
        "ProtocolCmRegisterSap", {"made"}},
    {OBJECT_SAP, offsetof(struct co_sap, object.state), SAP_DEREGISTERING, MANAGER, CLIENT,
        "ProtocolCmDeregisterSap", {"NdisClDeregisterSap"}},
    {OBJECT_VC, offsetof(struct co_vc, object.state), CALL_MAKING, MANAGER, CLIENT,
        "ProtocolCmMakeCall", {"NdisClMakeCall"}},
    {OBJECT_VC, offsetof(struct co_vc, object.state), CALL_OFFERED, CLIENT, MANAGER,
        "ProtocolClIncomingCall", {"NdisCmDispatchIncomingCall", "NdisMCmDispatchIncomingCall"}},
    {OBJECT_VC, offsetof(struct co_vc, object.state), CALL_CLOSING, MANAGER, CLIENT,
        "ProtocolCmCloseCall", {"NdisClCloseCall"}},
    {OBJECT_VC, offsetof(struct co_vc, change), CHANGE_ASKED, MANAGER, CLIENT,
        "ProtocolCmModifyCallQoS", {"NdisClModifyCallQoS"}},
    {OBJECT_VC, offsetof(struct co_vc, link_state), LINK_RISING | LINK_CHANGING, MINIPORT, MANAGER,
        "MiniportCoActivateVc", {"NdisCmActivateVc", "NdisMCmActivateVc"}},
    {OBJECT_VC, offsetof(struct co_vc, link_state), LINK_FALLING, MINIPORT, MANAGER,
        "MiniportCoDeactivateVc", {"NdisCmDeactivateVc", "NdisMCmDeactivateVc"}},
    {OBJECT_PARTY, offsetof(struct co_party, object.state), PARTY_ADDING, MANAGER, CLIENT,
        "ProtocolCmAddParty", {"made"}},
    {OBJECT_PARTY, offsetof(struct co_party, object.state), PARTY_DROPPING, MANAGER, CLIENT,
        "ProtocolCmDropParty", {"NdisClDropParty"}},
};

static const struct module *
party_of(const struct record *record, enum party party)
{
    const void *body = record->body;
    const struct co_vc *vc = body;
    const struct co_family *family = body;

    if (record->kind == OBJECT_SAP)
        family = ((const struct co_sap *)body)->family;
    if (record->kind == OBJECT_FAMILY || record->kind == OBJECT_SAP)
        return party == CLIENT ? family->client : family->manager;
    if (record->kind == OBJECT_PARTY)
        vc = ((const struct co_party *)body)->vc;
    if (party == MINIPORT)
        return vc->miniport;
    return party == CLIENT ? vc->client : vc->manager;
}

static const struct move *
event_of(const struct record *record, const struct duty *duty)
{
    for (unsigned k = 0; k < 2 && duty->event[k]; k++) {
        const struct move *move = record_move_named(record, duty->event[k]);

        if (move)
            return move;
    }
    return record_last(record);
}

static void
owes_duty(struct table *table, const struct record *record, const struct duty *duty)
{
    const uint32_t *word = (const uint32_t *)((const char *)record->body + duty->word);
    const struct module *to = party_of(record, (enum party)duty->to);
    const struct move *event = event_of(record, duty);
    struct verify_obligation row = {.rule = NULL};

    if (!(__atomic_load_n(word, __ATOMIC_ACQUIRE) & duty->state) || !event)
        return;
    name_module(table, row.owes, sizeof(row.owes), party_of(record, (enum party)duty->owes));
    if (to)
        name_module(table, row.to, sizeof(row.to), to);
    else
        name_driver(row.to, sizeof(row.to), record->maker);
    snprintf(row.what, sizeof(row.what), "the completion of %s", duty->what);
    since(&row, event);
    put(table, &row);
}

/* Work that nobody has begun. */
static void
owes_work(struct table *table, const struct driver *driver, const struct move *queued)
{
    struct verify_obligation row = {.rule = NULL};

    snprintf(row.owes, sizeof(row.owes), "NDIS, on a worker");
    name_driver(row.to, sizeof(row.to), driver);
    snprintf(row.what, sizeof(row.what), "to run a work item");
    since(&row, queued);
    put(table, &row);
}

void
pending_of_record(struct table *table, struct record *record)
{
    const struct move *last = record_last(record);

    for (unsigned k = 0; k < RTL_NUMBER_OF(duties); k++)
        if (record->kind == duties[k].kind)
            owes_duty(table, record, &duties[k]);
    if (record->kind == OBJECT_WORK_ITEM && record->armed && last)
        owes_work(table, record->maker, last);
}

/* Requests on connections */

static void
begins_request(struct verify *verify, struct gate_call *call, unsigned argument)
{
    struct place *place =
        begins_at(verify, call, (const void *)call->args[argument], PLACE_CO_REQUEST);

    if (place)
        place->who = call->module;
}

static void
request_returned(struct verify *verify, struct gate_call *call, unsigned argument)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[argument], PLACE_CO_REQUEST);
}

static void
begins_request_2(struct verify *verify, struct gate_call *call)
{
    begins_request(verify, call, 2);
}

static void
request_2_returned(struct verify *verify, struct gate_call *call)
{
    request_returned(verify, call, 2);
}

static void
begins_request_3(struct verify *verify, struct gate_call *call)
{
    begins_request(verify, call, 3);
}

static void
request_3_returned(struct verify *verify, struct gate_call *call)
{
    request_returned(verify, call, 3);
}

/* The argument of an answer that says to what. */
static const struct {
    const char *name;
    uint8_t argument;
} answers[] = {
    {"NdisCoOidRequestComplete", 3},
    {"NdisMCoOidRequestComplete", 1},
    {"NdisCoRequestComplete", 4},
    {"NdisMCoRequestComplete", 2},
};

static void
answers_request(struct verify *verify, struct gate_call *call)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(answers); k++)
        if (strcmp(answers[k].name, call->import->name) == 0)
            ends_at(verify, (const void *)call->args[answers[k].argument], PLACE_CO_REQUEST);
}

/* Miniports of NDIS 5: one query or set at a time; the rest of packets */

static void
queried(struct verify *verify, struct gate_call *call)
{
    struct place *place = begins_at(verify, call, call->module, PLACE_QUERIED);

    if (!place)
        return;
    place->who = call->module;
    place->hash = (NDIS_OID)call->args[1];
}

static void
query_returned(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        ends_at(verify, call->module, PLACE_QUERIED);
}

static void
completes_query(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, (const void *)call->args[0], PLACE_QUERIED);
}

static void
transfers(struct verify *verify, struct gate_call *call)
{
    struct place *place = begins_at(verify, call, (const void *)call->args[0], PLACE_TRANSFER);

    if (place)
        place->who = call->module;
}

static void
transfer_returned(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[0], PLACE_TRANSFER);
}

static void
completes_transfer(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, (const void *)call->args[1], PLACE_TRANSFER);
}

/* Handlers that have no completion: they return, or do not */

static void
goes_inside(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, call, PLACE_INSIDE);
}

static void
comes_out(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, call, PLACE_INSIDE);
}

void
pending_of_place(struct table *table, const struct place *place)
{
    struct verify_obligation row = {.rule = NULL};

    if (place->kind == PLACE_INSIDE)
        name_driver(row.owes, sizeof(row.owes), place->driver);
    else
        name_module(table, row.owes, sizeof(row.owes), place->who);
    name_driver(row.to, sizeof(row.to), NULL);
    if (place->kind == PLACE_QUERIED)
        snprintf(row.what, sizeof(row.what), "the answer to OID 0x%08X", (unsigned)place->hash);
    else if (place->kind == PLACE_CO_REQUEST)
        snprintf(row.what, sizeof(row.what), "the answer to a request on a connection");
    else if (place->kind == PLACE_TRANSFER)
        snprintf(row.what, sizeof(row.what), "the completion of a transfer");
    else
        snprintf(row.what, sizeof(row.what), "to return from %s", place->made.what);
    since(&row, &place->made);
    put(table, &row);
}

void
pending_locks(struct table *table)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        const struct held *held = &table->verify->held[k];
        struct verify_obligation row = {.rule = NULL};

        if (!held->lock)
            continue;
        snprintf(row.owes, sizeof(row.owes), "%s, task %u", held->driver->name, held->task);
        snprintf(row.to, sizeof(row.to), "who wants it");
        snprintf(row.what, sizeof(row.what), "to release a lock");
        since(&row, &held->taken);
        put(table, &row);
    }
}

const struct check pending_imports[] = {
    {"NdisCoOidRequestComplete", answers_request, NULL},
    {"NdisMCoOidRequestComplete", answers_request, NULL},
    {"NdisCoRequestComplete", answers_request, NULL},
    {"NdisMCoRequestComplete", answers_request, NULL},
    {"NdisMQueryInformationComplete", completes_query, NULL},
    {"NdisMSetInformationComplete", completes_query, NULL},
    {"NdisMTransferDataComplete", completes_transfer, NULL},
    {NULL, NULL, NULL},
};

const struct check pending_handlers[] = {
    {"ProtocolCoOidRequest", begins_request_3, request_3_returned},
    {"ProtocolCoRequest", begins_request_3, request_3_returned},
    {"MiniportCoOidRequest", begins_request_2, request_2_returned},
    {"MiniportCoRequest", begins_request_2, request_2_returned},
    {"MiniportQueryInformation", queried, query_returned},
    {"MiniportSetInformation", queried, query_returned},
    {"MiniportTransferData", transfers, transfer_returned},
    {"DriverEntry", goes_inside, comes_out},
    {"DriverUnload", goes_inside, comes_out},
    {"MiniportInitializeEx", goes_inside, comes_out},
    {"MiniportInitialize", goes_inside, comes_out},
    {"MiniportHaltEx", goes_inside, comes_out},
    {"MiniportHalt", goes_inside, comes_out},
    {"FilterAttach", goes_inside, comes_out},
    {"FilterDetach", goes_inside, comes_out},
    {NULL, NULL, NULL},
};
