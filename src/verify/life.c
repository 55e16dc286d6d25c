/* SPDX-License-Identifier: MIT */
/* Checks of the ends: pause, halt, detach, close. Nothing may be out then. */
#include "verify/check.h"

#include <string.h>

/* The first NBL in each way of being out. */
struct out {
    struct record *send, *receive;          /* in the module's hands, owed to others */
    struct record *own_send, *own_indicate; /* the module's own, in the hands of others */
    unsigned sends, receives, own_sends, own_indications;
};

static void
count_out(const struct module *module, struct record *record, struct out *out)
{
    if (record->now.who == module && record->now.state == SEAT_SEND && !out->sends++)
        out->send = record;
    if (record->now.who == module && record->now.state == SEAT_RECEIVE && !out->receives++)
        out->receive = record;
    for (unsigned k = 0; k < record->seats; k++) {
        const struct seat *seat = &record->below[k];

        if (seat->who != module || seat->state != SEAT_HELD)
            continue;
        if (seat->up && !out->own_indications++)
            out->own_indicate = record;
        if (!seat->up && !out->own_sends++)
            out->own_send = record;
    }
}

static struct out
find_out(struct verify *verify, const struct module *module)
{
    struct out out = {0};

    record_for_each(&verify->live, record) if (record->kind == OBJECT_NBL && !record->lost &&
                                               !record->overdue) count_out(module, record, &out);
    return out;
}

static void
one_out(struct verify *verify, const struct gate_call *call, enum rule_name rule,
    struct record *record, unsigned count, const char *what)
{
    if (!fails(verify, rule, record != NULL))
        return;
    record->overdue = true;
    broken(verify, rule, call, NULL, record, "the oldest one was last seen here",
        "%s: %s with %u %s", call->driver->name,
        call->handler ? call->handler->name : call->import->name, count, what);
}

static enum rule_name
own_rule(const struct module *module, enum life_end end)
{
    static const enum rule_name pause[] = {[MODULE_BINDING] = RULE_PAUSE_OUT_P,
        [MODULE_FILTER] = RULE_PAUSE_OUT_F,
        [MODULE_MINIPORT] = RULE_PAUSE_OUT_M};

    return end == END_CLOSE ? RULE_CLOSE_OUT : pause[module->kind];
}

static bool
receives_now(const struct module *module)
{
    const struct record *record = module_record(module);

    return record && record->receiving;
}

void
check_nothing_out(struct verify *verify, const struct gate_call *call, const struct module *module,
    enum life_end end)
{
    struct out out;
    enum rule_name own = own_rule(module, end);

    /* What a driver that is linked in does with them is not seen. */
    if (!module->driver->image)
        return;
    out = find_out(verify, module);
    if (module->kind != MODULE_BINDING)
        one_out(verify, call, RULE_SEND_LOST, out.send, out.sends, "sends not completed");
    /* A receive handler that has not returned may give back what it has before it does. */
    if ((module->kind != MODULE_BINDING && !(end == END_PAUSE && receives_now(module))) ||
        end == END_CLOSE)
        one_out(verify, call, end == END_CLOSE ? own : RULE_RECV_LOST, out.receive, out.receives,
            "receives not returned");
    one_out(verify, call, own, out.own_send, out.own_sends, "of its own sends out");
    one_out(verify, call, own, out.own_indicate, out.own_indications, "of its own NBLs indicated");
}

/* What the module still had or was owed has been reported: its memory may be another's soon. */
static void
forget_module(struct record *record, const struct module *module)
{
    bool seated = false;

    for (unsigned k = 0; k < record->seats; k++)
        seated |= record->below[k].who == module;
    if (record->kind == OBJECT_NBL &&
        (seated || (record->now.who == module && record->now.state != SEAT_HELD)))
        record->lost = true;
    if (record->now.who == module)
        record->now.who = NULL;
    for (unsigned k = 0; k < RTL_NUMBER_OF(record->below); k++)
        if (record->below[k].who == module)
            record->below[k].who = NULL;
}

/* Its handle is of no use from now on. */
static void
end_module(struct verify *verify, const struct module *module)
{
    struct record *record = module_record(module);

    if (!record)
        return;
    record_for_each(&verify->live, out)
    {
        if (out->kind == OBJECT_NBL)
            forget_module(out, module);
    }
    /* Whose handler still runs is still there. */
    record_for_each(&verify->requests, request)
    {
        if (!request->inside)
            forget_module(request, module);
    }
    record->ended = true;
    record_move(verify, record, "ended");
}

static void
paused(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        check_nothing_out(verify, call, call->module, END_PAUSE);
}

static void
event_done(struct verify *verify, struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];
    const struct module *module = call->module;

    if (module && module->kind == MODULE_BINDING && call->scratch[0] && event &&
        (NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        check_nothing_out(verify, call, module, END_PAUSE);
}

/* The event may be gone when a pending handler returns: what it was is noted before. */
static void
event_comes(struct verify *verify, struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];

    (void)verify;
    call->scratch[0] = (void *)(uintptr_t)(event->NetPnPEvent.NetEvent == NetEventPause);
}

/* NET_BUFFERs of pools that were made for the adapter. */
static void
check_nbs_left(struct verify *verify, const struct gate_call *call)
{
    struct record *left = NULL;

    record_for_each(&verify->live, record)
    {
        const struct packet_pool *pool = record->prefix ? record->prefix->home : NULL;

        if (record->kind == OBJECT_NB && record->maker == call->driver && pool &&
            pool_handle(pool) == call->module)
            left = record;
    }
    if (fails(verify, RULE_NB_LEFT, left != NULL))
        broken(verify, RULE_NB_LEFT, call, NULL, left, "last seen here",
            "MiniportHaltEx of %s returned and left NB %u", call->driver->name, left->id);
}

static void
halted(struct verify *verify, struct gate_call *call)
{
    check_nothing_out(verify, call, call->module, END_HALT);
    check_requests_out(verify, call, call->module, END_HALT);
    check_nbs_left(verify, call);
    end_module(verify, call->module);
}

static void
detached(struct verify *verify, struct gate_call *call)
{
    check_nothing_out(verify, call, call->module, END_DETACH);
    check_requests_out(verify, call, call->module, END_DETACH);
    end_module(verify, call->module);
}

static void
miniport_pause_complete(struct verify *verify, struct gate_call *call)
{
    const struct module *module = module_of_call(verify, call, MODULE_MINIPORT);

    if (module && module->state == MODULE_PAUSING)
        check_nothing_out(verify, call, module, END_PAUSE);
}

static void
filter_pause_complete(struct verify *verify, struct gate_call *call)
{
    const struct module *module = module_of_call(verify, call, MODULE_FILTER);

    if (module && module->state == MODULE_PAUSING)
        check_nothing_out(verify, call, module, END_PAUSE);
}

static void
event_complete(struct verify *verify, struct gate_call *call)
{
    const struct module *module = module_of_call(verify, call, MODULE_BINDING);
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];

    if (module && event->NetPnPEvent.NetEvent == NetEventPause &&
        (NDIS_STATUS)call->args[2] == NDIS_STATUS_SUCCESS)
        check_nothing_out(verify, call, module, END_PAUSE);
}

static void
close_binding(struct verify *verify, struct gate_call *call)
{
    const struct module *module = module_of_call(verify, call, MODULE_BINDING);

    if (!module)
        return;
    check_nothing_out(verify, call, module, END_CLOSE);
    end_module(verify, module);
}

/* What a status must carry, by its code: a structure with a header. */
static const struct {
    NDIS_STATUS code;
    ULONG size;
} status_sizes[] = {
    {NDIS_STATUS_LINK_STATE, NDIS_SIZEOF_LINK_STATE_REVISION_1},
    {NDIS_STATUS_OPER_STATUS, NDIS_SIZEOF_OPER_STATE_REVISION_1},
};

static void
check_status_structure(struct verify *verify, const struct gate_call *call,
    const NDIS_STATUS_INDICATION *status, ULONG size)
{
    const NDIS_OBJECT_HEADER *header = status->StatusBuffer;

    if (!size || status->StatusBufferSize < size || !header)
        return;
    if (fails(verify, RULE_HEADER_SIZE, header->Size < size))
        broken(verify, RULE_HEADER_SIZE, call, NULL, NULL, NULL,
            "%s indicated status 0x%08X with size %u in the header of its buffer; revision %u has "
            "%u at least",
            call->driver->name, (unsigned)status->StatusCode, header->Size, header->Revision, size);
}

static void
check_status_buffer(
    struct verify *verify, const struct gate_call *call, const NDIS_STATUS_INDICATION *status)
{
    ULONG size = 0;

    for (unsigned k = 0; k < RTL_NUMBER_OF(status_sizes); k++)
        if (status_sizes[k].code == status->StatusCode)
            size = status_sizes[k].size;
    if (fails(verify, RULE_STATUS_SIZE,
            status->StatusBufferSize < size || (status->StatusBufferSize && !status->StatusBuffer)))
        broken(verify, RULE_STATUS_SIZE, call, NULL, NULL, NULL,
            "%s indicated status 0x%08X with %u bytes at %p; it has %u bytes at least",
            call->driver->name, (unsigned)status->StatusCode, status->StatusBufferSize,
            status->StatusBuffer, size);
    check_status_structure(verify, call, status, size);
    if (fails(verify, RULE_STATUS_DESTINATION, status->RequestId && !status->DestinationHandle))
        broken(verify, RULE_STATUS_DESTINATION, call, NULL, NULL, NULL,
            "%s indicated status 0x%08X with a RequestId but no DestinationHandle",
            call->driver->name, (unsigned)status->StatusCode);
}

static void
indicate_status(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const NDIS_STATUS_INDICATION *status = (const void *)call->args[1];

    const struct module *from = module_of_call_for(
        verify, call, kind, kind == MODULE_FILTER ? RULE_STATUS_LATE_F : RULE_STATUS_LATE_M);

    if (!from)
        return;
    if (kind == MODULE_MINIPORT && fails(verify, RULE_STATUS_RESET,
                                       status->StatusCode == NDIS_STATUS_RESET_START ||
                                           status->StatusCode == NDIS_STATUS_RESET_END))
        broken(verify, RULE_STATUS_RESET, call, NULL, NULL, NULL,
            "%s indicated the start or end of a reset, which is for NDIS to say",
            call->driver->name);
    if (kind == MODULE_FILTER && fails(verify, RULE_STATUS_LATE_F, from->state == MODULE_ATTACHING))
        broken(verify, RULE_STATUS_LATE_F, call, NULL, NULL, NULL,
            "%s indicated a status while its filter is %s", call->driver->name,
            module_state_name(from->state));
    check_status_buffer(verify, call, status);
    check_no_lock(verify, call, RULE_STATUS_LOCK);
    if (fails(verify, RULE_STATUS_HEADER,
            status->Header.Type != NDIS_OBJECT_TYPE_STATUS_INDICATION ||
                status->Header.Revision < NDIS_STATUS_INDICATION_REVISION_1 ||
                status->Header.Size < NDIS_SIZEOF_STATUS_INDICATION_REVISION_1))
        broken(verify, RULE_STATUS_HEADER, call, NULL, NULL, NULL,
            "%s indicated status 0x%08X with type 0x%02X, revision %u and size %u in the header",
            call->driver->name, (unsigned)status->StatusCode, status->Header.Type,
            status->Header.Revision, status->Header.Size);
    if (fails(verify, RULE_STATUS_HEADER,
            kind == MODULE_MINIPORT && status->SourceHandle != (NDIS_HANDLE)call->args[0]))
        broken(verify, RULE_STATUS_HEADER, call, NULL, NULL, NULL,
            "%s indicated status 0x%08X with a SourceHandle that is not its handle",
            call->driver->name, (unsigned)status->StatusCode);
}

static void
miniport_status(struct verify *verify, struct gate_call *call)
{
    indicate_status(verify, call, MODULE_MINIPORT);
}

static void
filter_status(struct verify *verify, struct gate_call *call)
{
    indicate_status(verify, call, MODULE_FILTER);
}

const struct check life_imports[] = {
    {"NdisMPauseComplete", miniport_pause_complete, NULL},
    {"NdisFPauseComplete", filter_pause_complete, NULL},
    {"NdisCompleteNetPnPEvent", event_complete, NULL},
    {"NdisCloseAdapterEx", close_binding, NULL},
    {"NdisMIndicateStatusEx", miniport_status, NULL},
    {"NdisFIndicateStatus", filter_status, NULL},
    {NULL, NULL, NULL},
};

const struct check life_handlers[] = {
    {"MiniportPause", NULL, paused},
    {"FilterPause", NULL, paused},
    {"ProtocolNetPnPEvent", event_comes, event_done},
    {"MiniportHaltEx", NULL, halted},
    {"FilterDetach", NULL, detached},
    {NULL, NULL, NULL},
};
