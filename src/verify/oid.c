/* SPDX-License-Identifier: MIT */
/* Checks of OID requests: answered exactly once, by return or by completion.
 *
 * A request under way is a record in verify.requests, from the handler's call until both the
 * answer is there and the handler has returned. Its memory may be used for the next request before
 * the handler of this one returns, so a handler finds its record by number.
 */
#include "verify/check.h"

#include <string.h>

/* What BytesWritten and BytesNeeded hold until the driver sets them; no length. */
#define COUNT_UNSET 0xBADC0DE0u

/* Requests that clean up: they end well, are not accepted, or are aborted. */
static const NDIS_OID must_succeed[] = {OID_RECEIVE_FILTER_CLEAR_FILTER,
    OID_RECEIVE_FILTER_FREE_QUEUE, OID_802_3_DELETE_MULTICAST_ADDRESS, OID_PM_REMOVE_WOL_PATTERN,
    OID_PM_REMOVE_PROTOCOL_OFFLOAD, OID_TUNNEL_INTERFACE_RELEASE_OID};

/* The request at @request (NULL: any) that @at has and has not answered. */
static struct record *
open_request(struct verify *verify, const void *request, const struct module *at)
{
    request = request ? arena_home(verify->machine->arena, request) : NULL;
    record_for_each(&verify->requests, record)
    {
        if (!record->ended && record->now.who == at && (!request || record->body == request))
            return record;
    }
    return NULL;
}

static struct record *
by_serial(struct verify *verify, uint32_t serial)
{
    record_for_each(&verify->requests, record) if (record->serial == serial) return record;
    return NULL;
}

/* The counts of a request; NULL where its type has none. */
struct counts {
    ULONG length;
    UINT *written, *needed;
    UINT *read; /* of a set */
};

static struct counts
counts_of(NDIS_OID_REQUEST *request)
{
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;
    struct _SET *set = &request->DATA.SET_INFORMATION;
    struct _METHOD *method = &request->DATA.METHOD_INFORMATION;

    switch (request->RequestType) {
    case NdisRequestQueryInformation:
    case NdisRequestQueryStatistics:
        return (struct counts){
            query->InformationBufferLength, &query->BytesWritten, &query->BytesNeeded, NULL};
    case NdisRequestMethod:
        return (struct counts){
            method->OutputBufferLength, &method->BytesWritten, &method->BytesNeeded, NULL};
    case NdisRequestSetInformation:
        return (struct counts){
            set->InformationBufferLength, NULL, &set->BytesNeeded, &set->BytesRead};
    default: return (struct counts){0, NULL, NULL, NULL};
    }
}

static void
counts_mark(NDIS_OID_REQUEST *request)
{
    struct counts counts = counts_of(request);

    if (counts.written)
        *counts.written = COUNT_UNSET;
    if (counts.needed)
        *counts.needed = COUNT_UNSET;
    if (counts.read)
        *counts.read = COUNT_UNSET;
}

static bool
unset(UINT *count)
{
    return count && *count == COUNT_UNSET;
}

static void
clear(UINT *count)
{
    if (unset(count))
        *count = 0;
}

bool
oid_needs_nothing(NDIS_STATUS status, UINT needed, ULONG room)
{
    return (status == NDIS_STATUS_BUFFER_TOO_SHORT && needed <= room) ||
           (status == NDIS_STATUS_INVALID_LENGTH && !needed);
}

static void
check_counts_set(struct verify *verify, const struct gate_call *call, const struct record *record,
    const struct counts *counts, NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;
    /* A filter that passes an answer up copies what the one below has set. */
    enum rule_name written_rule = ((const struct module *)record->now.who)->kind == MODULE_FILTER
                                      ? RULE_OID_COPIED
                                      : RULE_OID_WRITTEN_SET;
    bool asks_more = status == NDIS_STATUS_BUFFER_TOO_SHORT || status == NDIS_STATUS_INVALID_LENGTH;

    if (fails(verify, written_rule, status == NDIS_STATUS_SUCCESS && unset(counts->written)))
        broken(verify, written_rule, call, NULL, record, "asked here",
            "%s answered OID 0x%08X with success and did not set BytesWritten", call->driver->name,
            oid);
    if (fails(verify, RULE_OID_COPIED,
            written_rule == RULE_OID_COPIED && status == NDIS_STATUS_SUCCESS &&
                unset(counts->read)))
        broken(verify, RULE_OID_COPIED, call, NULL, record, "asked here",
            "%s answered OID 0x%08X with success and did not set BytesRead", call->driver->name,
            oid);
    if (fails(verify, RULE_OID_NEEDED_SET, asks_more && unset(counts->needed)))
        broken(verify, RULE_OID_NEEDED_SET, call, NULL, record, "asked here",
            "%s answered OID 0x%08X with 0x%08X and did not set BytesNeeded", call->driver->name,
            oid, (unsigned)status);
    else if (fails(verify, RULE_OID_NEEDED_SET,
                 counts->written && oid_needs_nothing(status, *counts->needed, counts->length)))
        broken(verify, RULE_OID_NEEDED_SET, call, NULL, record, "asked here",
            "%s answered OID 0x%08X with 0x%08X and BytesNeeded %u, for a buffer of %u bytes",
            call->driver->name, oid, (unsigned)status, *counts->needed, counts->length);
}

/* Only a miniport's answer is final; what a filter passes up was checked below. */
static void
check_must_succeed(struct verify *verify, const struct gate_call *call, const struct record *record,
    const NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    NDIS_OID oid = request->DATA.SET_INFORMATION.Oid;
    bool listed = false;

    if (request->RequestType != NdisRequestSetInformation || status == NDIS_STATUS_PENDING)
        return;
    for (unsigned k = 0; k < RTL_NUMBER_OF(must_succeed); k++)
        listed = listed || must_succeed[k] == oid;
    if (fails(verify, RULE_OID_MUST,
            listed && status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_NOT_ACCEPTED &&
                status != NDIS_STATUS_REQUEST_ABORTED && status != NDIS_STATUS_NOT_SUPPORTED))
        broken(verify, RULE_OID_MUST, call, NULL, record, "asked here",
            "%s answered OID 0x%08X, which must succeed, with 0x%08X", call->driver->name, oid,
            (unsigned)status);
}

static void
check_answer(struct verify *verify, const struct gate_call *call, const struct record *record,
    NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    struct counts counts = counts_of(request);
    ULONG length = counts.length, written;

    if (((const struct module *)record->now.who)->kind == MODULE_MINIPORT)
        check_must_succeed(verify, call, record, request, status);
    check_counts_set(verify, call, record, &counts, request, status);
    clear(counts.written);
    clear(counts.needed);
    clear(counts.read);
    written = counts.written ? *counts.written : 0;
    if (fails(verify, RULE_OID_WRITTEN, status == NDIS_STATUS_SUCCESS && written > length))
        broken(verify, RULE_OID_WRITTEN, call, NULL, record, "asked here",
            "%s answered OID 0x%08X with BytesWritten %u for a buffer of %u bytes",
            call->driver->name, request->DATA.QUERY_INFORMATION.Oid, written, length);
}

/* An ordinary request that @at has and has not answered. */
static struct record *
ordinary_request(struct verify *verify, const struct module *at)
{
    record_for_each(&verify->requests, record)
    {
        if (!record->ended && record->now.who == at && !record->armed)
            return record;
    }
    return NULL;
}

/* NDIS gives the next ordinary request when it has the answer to the one before. */
static void
check_next(struct verify *verify, const struct gate_call *call)
{
    struct record *before;

    if (strstr(call->handler->name, "Direct"))
        return;
    before = ordinary_request(verify, call->module);
    if (fails(verify, RULE_OID_NEXT, before != NULL))
        broken(verify, RULE_OID_NEXT, call, NULL, before, "asked here",
            "%s is asked while it has not answered the request before", call->driver->name);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    struct record *record;

    call->scratch[0] = NULL;
    /* The answers of a driver that is linked in are not seen. */
    if (!call->driver->image)
        return;
    check_next(verify, call);
    record = record_create(verify, OBJECT_OID_REQUEST,
        arena_home(verify->machine->arena, (const void *)call->args[1]));
    if (!record)
        return;
    record->inside = true;
    record->armed = strstr(call->handler->name, "Direct") != NULL;
    counts_mark((NDIS_OID_REQUEST *)call->args[1]);
    record->now = (struct seat){.who = call->module, .state = SEAT_CALLED};
    record->below[0].who = oid_origin((NDIS_OID_REQUEST *)call->args[1]);
    record->handler = call->caller;
    record_move(verify, record, call->handler->name);
    call->scratch[0] = (void *)(uintptr_t)record->serial;
}

/* A final answer: nobody may have completed it before. */
static void
answered(struct verify *verify, const struct gate_call *call, struct record *record)
{
    const struct module *at = call->module;
    enum rule_name rule = at->kind == MODULE_FILTER ? RULE_OID_FILTER_ONCE : RULE_OID_AFTER_SYNC;

    if (fails(verify, rule, record->ended))
        broken(verify, rule, call, NULL, record, "completed here",
            "%s answered an OID request with 0x%08X after it had completed it", call->driver->name,
            (unsigned)call->result);
    else
        check_answer(verify, call, record, (void *)call->args[1], (NDIS_STATUS)call->result);
    record_bury(verify, record);
}

static void
handler_returned(struct verify *verify, struct gate_call *call)
{
    struct record *record = by_serial(verify, (uint32_t)(uintptr_t)call->scratch[0]);

    if (!record)
        return;
    record->inside = false;
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        answered(verify, call, record);
    else if (record->ended)
        record_bury(verify, record);
    else
        record->now.state = SEAT_PENDED;
}

/* A clone that the caller made. */
static bool
is_own(struct verify *verify, const struct gate_call *call)
{
    struct object *prefix =
        object_of(verify->machine, (const void *)call->args[1], OBJECT_OID_REQUEST);

    return prefix && prefix->maker == call->driver;
}

static void
complete(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *at = module_of_call(verify, call, kind);
    void *request = (void *)call->args[1];
    NDIS_STATUS status = (NDIS_STATUS)call->args[2];
    enum rule_name once = kind == MODULE_FILTER ? RULE_OID_FILTER_ONCE : RULE_OID_ONCE;
    struct record *record = at ? open_request(verify, request, at) : NULL;

    if (!at)
        return;
    if (inside(call->driver, "NDIS_IO_WORKITEM_FUNCTION"))
        once = RULE_OID_ONCE_WORK;
    check_no_lock(verify, call, RULE_OID_LOCK);
    if (fails(verify, RULE_OID_OWN, !record && kind == MODULE_FILTER && is_own(verify, call))) {
        broken(verify, RULE_OID_OWN, call, NULL, object_prefix(request)->record, "made here",
            "%s passed up the completion of a request that it made itself", call->driver->name);
        return;
    }
    if (fails(verify, once, !record)) {
        broken(verify, once, call, NULL, record_grave(verify, request, OBJECT_OID_REQUEST),
            "answered here",
            "%s called %s for a request it does not have: answered before, or never given to it",
            call->driver->name, call->import->name);
        return;
    }
    if (fails(verify, RULE_OID_DIRECT,
            record->armed != (strstr(call->import->name, "Direct") != NULL)))
        broken(verify, RULE_OID_DIRECT, call, NULL, record, "asked here",
            "%s completed with %s a request that it got otherwise", call->driver->name,
            call->import->name);
    if (fails(verify, RULE_OID_FINAL, status == NDIS_STATUS_PENDING))
        broken(verify, RULE_OID_FINAL, call, NULL, record, "asked here",
            "%s completed an OID request with NDIS_STATUS_PENDING", call->driver->name);
    check_answer(verify, call, record, request, status);
    record_move(verify, record, call->import->name);
    record->ended = true;
    if (!record->inside)
        record_bury(verify, record);
}

static void
filter_complete(struct verify *verify, struct gate_call *call)
{
    complete(verify, call, MODULE_FILTER);
}

static void
miniport_complete(struct verify *verify, struct gate_call *call)
{
    complete(verify, call, MODULE_MINIPORT);
}

static void
check_nonpaged(struct verify *verify, const struct gate_call *call, const NDIS_OID_REQUEST *request)
{
    const struct record *block = pool_around(verify, request);
    const struct record *buffer =
        pool_around(verify, request->DATA.QUERY_INFORMATION.InformationBuffer);

    if (!block || !block->paged)
        block = buffer;
    if (fails(verify, RULE_OID_PAGED, block && block->paged))
        broken(verify, RULE_OID_PAGED, call, NULL, block, "allocated here",
            "%s called %s with a request or buffer in paged pool", call->driver->name,
            call->import->name);
}

static void
ask(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call_for(
        verify, call, kind, kind == MODULE_BINDING ? RULE_OID_STATE_P : RULE_LATE_F);
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const NDIS_OBJECT_HEADER *header = &request->Header;
    struct record *mine;

    if (!from)
        return;
    check_no_lock(verify, call, RULE_OID_LOCK);
    check_nonpaged(verify, call, request);
    if (fails(verify, RULE_OID_HEADER,
            header->Type != NDIS_OBJECT_TYPE_OID_REQUEST ||
                header->Revision < NDIS_OID_REQUEST_REVISION_1 ||
                header->Size < NDIS_SIZEOF_OID_REQUEST_REVISION_1))
        broken(verify, RULE_OID_HEADER, call, NULL, NULL, NULL,
            "%s called %s with type 0x%02X, revision %u and size %u in the header",
            call->driver->name, call->import->name, header->Type, header->Revision, header->Size);
    if (kind != MODULE_FILTER)
        return;
    mine = open_request(verify, request, from);
    if (fails(verify, RULE_OID_CLONE, mine != NULL))
        broken(verify, RULE_OID_CLONE, call, NULL, mine, "asked here",
            "%s passed an OID request on that is no clone", call->driver->name);
    if (fails(verify, RULE_PREDETACH, from->state == MODULE_DETACHING))
        broken(verify, RULE_PREDETACH, call, NULL, NULL, NULL,
            "%s asks for an OID in FilterDetach; NetEventFilterPreDetach is the time for it",
            call->driver->name);
    if (fails(verify, RULE_OID_STATE_F, from->state == MODULE_ATTACHING))
        broken(verify, RULE_OID_STATE_F, call, NULL, NULL, NULL,
            "%s asked for an OID while its filter is %s", call->driver->name,
            module_state_name(from->state));
}

static void
filter_ask(struct verify *verify, struct gate_call *call)
{
    ask(verify, call, MODULE_FILTER);
}

static void
protocol_ask(struct verify *verify, struct gate_call *call)
{
    ask(verify, call, MODULE_BINDING);
}

/* Who pends above waits for who pends below. */
static bool
somebody_below(struct verify *verify, const struct module *module)
{
    for (const struct module *m = module->lower; m; m = m->lower)
        if (open_request(verify, NULL, m))
            return true;
    return false;
}

void
check_requests_out(struct verify *verify, const struct gate_call *call, const struct module *module,
    enum life_end end)
{
    enum rule_name rule = end == END_HALT ? RULE_OID_PENDING : RULE_OID_FILTER_DROP;
    struct record *out = NULL;

    record_for_each(&verify->requests,
        record) if (record->now.who == module && !record->ended && !record->overdue) out = record;
    if (!fails(verify, rule, out && !somebody_below(verify, module)))
        return;
    out->overdue = true;
    broken(verify, rule, call, NULL, out, "asked here",
        "%s of %s returned, but an OID request it had pended is not completed",
        call->handler ? call->handler->name : call->import->name, call->driver->name);
}

const struct check oid_imports[] = {
    {"NdisMOidRequestComplete", miniport_complete, NULL},
    {"NdisMDirectOidRequestComplete", miniport_complete, NULL},
    {"NdisFOidRequestComplete", filter_complete, NULL},
    {"NdisFDirectOidRequestComplete", filter_complete, NULL},
    {"NdisOidRequest", protocol_ask, NULL},
    {"NdisDirectOidRequest", protocol_ask, NULL},
    {"NdisFOidRequest", filter_ask, NULL},
    {"NdisFDirectOidRequest", filter_ask, NULL},
    {NULL, NULL, NULL},
};

const struct check oid_handlers[] = {
    {"MiniportOidRequest", asked, handler_returned},
    {"MiniportDirectOidRequest", asked, handler_returned},
    {"FilterOidRequest", asked, handler_returned},
    {"FilterDirectOidRequest", asked, handler_returned},
    {NULL, NULL, NULL},
};
