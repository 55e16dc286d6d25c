/* SPDX-License-Identifier: MIT */
/* The table of obligations: who owes what to whom since which event. For the report of a hang.
 *
 *     NBLs            the ledger: who has them lent by whom
 *     packets         the side table: PLACE_SENT, PLACE_SHOWN, PLACE_GIVEN
 *     OID requests    the ledger
 *     IRPs            PLACE_IRP       from a dispatch routine to IoCompleteRequest
 *     pause, restart  PLACE_OPERATION and the module's own word
 *     bind, unbind    PLACE_BIND      from the handler to its answer or completion
 *     resets          PLACE_RESET
 *     waits           PLACE_WAIT      while a task is in a call that waits
 *     and more in pending.c
 */
#include "verify/owed.h"

#include "host/lock.h"
#include "ndis/stack/adapter.h"

#include <stdio.h>
#include <string.h>

#define LOCK_TRIES 1000000 /* somebody may have died with it */

/* Dispatch routines: the IRP is theirs until it is completed or passed on. */

/* A handler of a driver begins what it owes the end of. */
struct place *
begins_at(
    struct verify *verify, const struct gate_call *call, const void *address, enum place_kind kind)
{
    struct place *place = address ? place_make(verify, address, kind, call->handler->name) : NULL;

    if (!place)
        return NULL;
    place->busy = true;
    place->made.depth = (uint8_t)stack_now(call, place->made.stack, MOVE_DEPTH);
    return place;
}

void
ends_at(struct verify *verify, const void *address, enum place_kind kind)
{
    struct place *place = place_find(verify, address, kind);

    if (place)
        place->busy = false;
}

static void
gets_irp(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, (const void *)call->args[1], PLACE_IRP);
}

static void
irp_returned(struct verify *verify, struct gate_call *call)
{
    if ((NTSTATUS)call->result != STATUS_PENDING)
        ends_at(verify, (const void *)call->args[1], PLACE_IRP);
}

static void
complete_irp(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, (const void *)call->args[0], PLACE_IRP);
}

void
owed_gone(struct verify *verify, const struct object *object)
{
    ends_at(verify, object + 1, object->kind == OBJECT_IRP ? PLACE_IRP : PLACE_BIND);
}

/* Operations: the place says where, the module or its record whether still. */

static void
begins(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, call->module, PLACE_OPERATION);
}

static void
returned(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, call->module, PLACE_OPERATION);
}

static void
resets(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, call->module, PLACE_RESET);
}

static void
reset_returned(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, call->module, PLACE_RESET);
}

/* Binds and unbinds, by the context that completes them. */

static void
begins_unbind(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, (const void *)call->args[0], PLACE_BIND);
}

static void
unbind_returned(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[0], PLACE_BIND);
}

static void
begins_bind(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, (const void *)call->args[1], PLACE_BIND);
}

static void
bind_returned(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[1], PLACE_BIND);
}

/* Those of NDIS 5 answer in their first argument. */

static void
begins_unbind5(struct verify *verify, struct gate_call *call)
{
    begins_at(verify, call, (const void *)call->args[2], PLACE_BIND);
}

static void
unbind5_returned(struct verify *verify, struct gate_call *call)
{
    if (*(const NDIS_STATUS *)call->args[0] != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[2], PLACE_BIND);
}

static void
bind5_returned(struct verify *verify, struct gate_call *call)
{
    if (*(const NDIS_STATUS *)call->args[0] != NDIS_STATUS_PENDING)
        ends_at(verify, (const void *)call->args[1], PLACE_BIND);
}

static void
complete_bind(struct verify *verify, struct gate_call *call)
{
    ends_at(verify, (const void *)call->args[0], PLACE_BIND);
}

/* Waits: for an object of a type, or for who has what no object tells of */

#define WAIT_RUNDOWN 100
#define WAIT_LOCK    101

static void
waits_for(struct verify *verify, const struct gate_call *call, uint64_t type)
{
    const struct gate_frame *inside = block_self->frames;
    struct place *place = place_make(verify, block_self, PLACE_WAIT, call->import->name);

    if (!place)
        return;
    place->busy = true;
    place->who = inside ? inside->handler : NULL;
    place->hash = type;
}

static void
waits(struct verify *verify, struct gate_call *call)
{
    const DISPATCHER_HEADER *header = (const void *)call->args[0];

    waits_for(verify, call, header ? header->Type : 0);
}

static void
waits_for_rundown(struct verify *verify, struct gate_call *call)
{
    waits_for(verify, call, WAIT_RUNDOWN);
}

static void
waits_for_lock(struct verify *verify, struct gate_call *call)
{
    waits_for(verify, call, WAIT_LOCK);
}

static void
waits_for_several(struct verify *verify, struct gate_call *call)
{
    PVOID const *objects = (PVOID const *)call->args[1];
    struct gate_call first = *call;

    first.args[0] = call->args[0] ? (uintptr_t)objects[0] : 0;
    waits(verify, &first);
}

static void
waited(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, block_self, PLACE_WAIT);

    (void)call;
    if (place)
        place->busy = false;
}

/* The table */

void
name_module(const struct table *table, char *text, size_t size, const struct module *module)
{
    if (object_of(table->verify->machine, module, OBJECT_NONE))
        snprintf(text, size, "%s %s (%s)", module_kind_name(module->kind), module->driver->name,
            module->adapter->name);
    else
        snprintf(text, size, "NDIS");
}

/* Who owes it. */
static void
begin_row(const struct table *table, struct verify_obligation *row, const struct module *who,
    const char *rule)
{
    *row = (struct verify_obligation){.rule = rule};
    if (object_of(table->verify->machine, who, OBJECT_NONE))
        row->driver = who->driver->name;
    name_module(table, row->owes, sizeof(row->owes), who);
}

void
name_driver(char *text, size_t size, const struct driver *driver)
{
    snprintf(text, size, "%s%s", driver ? "driver " : "", driver ? driver->name : "NDIS");
}

static bool
same(const struct verify_obligation *a, const struct verify_obligation *b)
{
    return strcmp(a->owes, b->owes) == 0 && strcmp(a->to, b->to) == 0 &&
           strcmp(a->what, b->what) == 0 && strcmp(a->event, b->event) == 0;
}

/* Of equal ones the oldest stands for all. */
void
put(struct table *table, struct verify_obligation *row)
{
    unsigned filled = table->count < table->room ? table->count : table->room;

    row->count = 1;
    for (unsigned k = 0; k < filled; k++) {
        if (!same(&table->rows[k], row))
            continue;
        row->count += table->rows[k].count;
        if (row->since < table->rows[k].since)
            table->rows[k] = *row;
        table->rows[k].count = row->count;
        return;
    }
    if (filled < table->room)
        table->rows[filled] = *row;
    table->count++;
}

/* By hand: the C library's sort may allocate. */
static void
sort(struct table *table)
{
    unsigned filled = table->count < table->room ? table->count : table->room;

    for (unsigned k = 1; k < filled; k++) {
        struct verify_obligation row = table->rows[k];
        unsigned at = k;

        for (; at > 0 && table->rows[at - 1].since > row.since; at--)
            table->rows[at] = table->rows[at - 1];
        table->rows[at] = row;
    }
}

void
since(struct verify_obligation *row, const struct move *move)
{
    row->event = move->what;
    row->since = move->time;
    row->stack = move->stack;
    row->depth = move->depth;
}

static void
owes_nbl(struct table *table, const struct record *record)
{
    const struct move *last = record_last(record);
    const struct module *who = record->now.who;
    const struct module *to = record->seats ? record->below[record->seats - 1].who : NULL;
    bool send = record->now.state == SEAT_SEND, receive = record->now.state == SEAT_RECEIVE;
    struct verify_obligation row;

    if (!who || !last || record->lost || !(send || receive))
        return;
    begin_row(table, &row, who, send ? "send-never-lost" : "recv-return-never-lost");
    if (to)
        name_module(table, row.to, sizeof(row.to), to);
    else
        name_driver(row.to, sizeof(row.to), record->maker);
    snprintf(row.what, sizeof(row.what), send ? "NBL to complete" : "NBL to return");
    since(&row, last);
    put(table, &row);
}

static const char *
request_rule(const struct record *record)
{
    const struct module *who = record->now.who;

    if (record->inside)
        return NULL; /* it waits itself */
    return who->kind == MODULE_FILTER ? "oid-filter-drop-none" : "oid-pending-completes";
}

static void
owes_request(struct table *table, const struct record *record)
{
    const struct move *asked = record_last(record);
    const NDIS_OID_REQUEST *request = body_of(table->verify, record);
    struct verify_obligation row;

    if (record->ended || !asked || !record->now.who)
        return;
    begin_row(table, &row, record->now.who, request_rule(record));
    name_module(table, row.to, sizeof(row.to), record->below[0].who);
    snprintf(row.what, sizeof(row.what), "the answer to OID 0x%08X%s",
        (unsigned)request->DATA.QUERY_INFORMATION.Oid,
        record->inside ? ", still in its handler" : "");
    since(&row, asked);
    if (!row.depth) {
        row.stack = (void *const *)&record->handler;
        row.depth = 1;
    }
    put(table, &row);
}

static void
owes_operation(struct table *table, const struct module *module)
{
    const struct place *place = place_find(table->verify, module, PLACE_OPERATION);
    const char *name = module->operation.name;
    struct verify_obligation row;

    if (__atomic_load_n(&module->operation.word, __ATOMIC_ACQUIRE) != 1 || !name)
        return;
    begin_row(table, &row, module, NULL);
    row.event = name;
    row.since = module->operation.since;
    name_driver(row.to, sizeof(row.to), NULL);
    if (place && strcmp(place->made.what, name) == 0)
        since(&row, &place->made);
    snprintf(row.what, sizeof(row.what), "%s %s",
        place && place->busy && row.depth ? "to return from" : "the completion of", name);
    put(table, &row);
}

static void
owes_reset(struct table *table, const struct record *record)
{
    const struct place *place = place_find(table->verify, record->body, PLACE_RESET);
    struct verify_obligation row;

    if (!record->resetting || !place)
        return;
    begin_row(table, &row, record->body, NULL);
    name_driver(row.to, sizeof(row.to), NULL);
    snprintf(row.what, sizeof(row.what), "%s %s",
        place->busy ? "to return from" : "the completion of", place->made.what);
    since(&row, &place->made);
    put(table, &row);
}

/* Who gave the packet that a miniport has: the places of a packet's layers lie beside each other. */
static const struct place *
given(struct verify *verify, const struct place *sent)
{
    for (unsigned layer = 0; layer < 4; layer++) {
        const struct place *place =
            place_find(verify, (const char *)sent->address - layer, PLACE_GIVEN);

        if (place && place->busy)
            return place;
    }
    return NULL;
}

static void
name_giver(const struct table *table, char *text, size_t size, const struct place *place)
{
    if (place && place->who)
        name_module(table, text, size, place->who);
    else
        name_driver(text, size, place ? place->driver : NULL);
}

static void
owes_packet(struct table *table, const struct place *place)
{
    struct verify_obligation row = {.rule = NULL};

    if (place->kind == PLACE_SENT) {
        row.driver = place->driver ? place->driver->name : NULL;
        row.rule = "s5-pending-then-complete";
        name_giver(table, row.owes, sizeof(row.owes), place);
        name_giver(table, row.to, sizeof(row.to), given(table->verify, place));
        snprintf(row.what, sizeof(row.what), "packet to complete");
    } else {
        snprintf(row.owes, sizeof(row.owes), "who received it");
        name_giver(table, row.to, sizeof(row.to), place);
        snprintf(row.what, sizeof(row.what), "packet to return");
    }
    since(&row, &place->made);
    put(table, &row);
}

static void
owes_irp(struct table *table, const struct place *place)
{
    struct verify_obligation row = {.rule = NULL};

    name_driver(row.owes, sizeof(row.owes), place->driver);
    snprintf(row.to, sizeof(row.to), "who sent it");
    snprintf(row.what, sizeof(row.what), "IRP to complete");
    since(&row, &place->made);
    put(table, &row);
}

static void
owes_bind(struct table *table, const struct place *place)
{
    struct verify_obligation row = {.rule = NULL};

    name_driver(row.owes, sizeof(row.owes), place->driver);
    name_driver(row.to, sizeof(row.to), NULL);
    snprintf(row.what, sizeof(row.what), "the completion of %s", place->made.what);
    since(&row, &place->made);
    put(table, &row);
}

static const char *
waited_for(uint64_t type)
{
    static const char *const names[] = {"an event", "an event", "a mutex", "a process", "a queue",
        "a semaphore", "the end of a thread", "an object", "a timer", "a timer"};

    if (type == WAIT_RUNDOWN)
        return "the release of rundown protection";
    if (type == WAIT_LOCK)
        return "a lock";
    return type < RTL_NUMBER_OF(names) ? names[type] : "an object";
}

static void
owes_end_of_wait(struct table *table, const struct place *place)
{
    const struct gate_handler *inside = place->who;
    struct verify_obligation row = {.rule = NULL};

    if (inside && place->driver) {
        row.driver = place->driver->name;
        row.rule = verify_hang_rule(inside->name);
    }
    snprintf(row.owes, sizeof(row.owes), "who is waited for");
    snprintf(row.to, sizeof(row.to), "%s, task %u%s%s", place->driver ? place->driver->name : "-",
        place->made.task, inside ? " in " : "", inside ? inside->name : "");
    snprintf(row.what, sizeof(row.what), "the end of a wait for %s", waited_for(place->hash));
    since(&row, &place->made);
    put(table, &row);
}

static void
owes_by_place(struct verify *verify, struct place *place, void *context)
{
    (void)verify;
    if (!place->busy)
        return;
    if (place->kind == PLACE_SENT || place->kind == PLACE_SHOWN)
        owes_packet(context, place);
    else if (place->kind == PLACE_IRP)
        owes_irp(context, place);
    else if (place->kind == PLACE_BIND)
        owes_bind(context, place);
    else if (place->kind == PLACE_WAIT)
        owes_end_of_wait(context, place);
    else if (place->kind >= PLACE_CO_REQUEST)
        pending_of_place(context, place);
}

static bool
try_lock(struct verify *verify)
{
    for (unsigned k = 0; k < LOCK_TRIES; k++) {
        uint32_t free = 0;

        if (__atomic_compare_exchange_n(
                &verify->lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

unsigned
verify_obligations(struct verify *verify, struct verify_obligation *rows, unsigned room)
{
    struct table table = {verify, rows, room, 0};
    bool locked = try_lock(verify);

    record_for_each(&verify->live, record)
    {
        bool module = record->kind == OBJECT_ADAPTER || record->kind == OBJECT_FILTER ||
                      record->kind == OBJECT_BINDING;

        if (record->kind == OBJECT_NBL)
            owes_nbl(&table, record);
        if (module)
            owes_operation(&table, record->body);
        if (record->kind == OBJECT_ADAPTER)
            owes_reset(&table, record);
        pending_of_record(&table, record);
    }
    record_for_each(&verify->requests, record) owes_request(&table, record);
    places_visit(verify, owes_by_place, &table);
    pending_locks(&table);
    if (locked)
        host_unlock(&verify->lock);
    sort(&table);
    return table.count;
}

const struct check owed_imports[] = {
    {"IofCompleteRequest", complete_irp, NULL},
    {"NdisCompleteBindAdapterEx", complete_bind, NULL},
    {"NdisCompleteBindAdapter", complete_bind, NULL},
    {"NdisCompleteUnbindAdapterEx", complete_bind, NULL},
    {"NdisCompleteUnbindAdapter", complete_bind, NULL},
    {"KeWaitForSingleObject", waits, waited},
    {"KeWaitForMultipleObjects", waits_for_several, waited},
    {"NdisWaitEvent", waits, waited},
    {"ExWaitForRundownProtectionRelease", waits_for_rundown, waited},
    {"ExWaitForRundownProtectionReleaseCacheAware", waits_for_rundown, waited},
    {"ExAcquireFastMutex", waits_for_lock, waited},
    {"KeAcquireGuardedMutex", waits_for_lock, waited},
    {"ExAcquireResourceExclusiveLite", waits_for_lock, waited},
    {"ExAcquireResourceSharedLite", waits_for_lock, waited},
    {"ExAcquirePushLockExclusiveEx", waits_for_lock, waited},
    {"ExAcquirePushLockSharedEx", waits_for_lock, waited},
    {NULL, NULL, NULL},
};

const struct check owed_handlers[] = {
    {"DispatchRoutine", gets_irp, irp_returned},
    {"MiniportPause", begins, returned},
    {"MiniportRestart", begins, returned},
    {"FilterPause", begins, returned},
    {"FilterRestart", begins, returned},
    {"ProtocolNetPnPEvent", begins, returned},
    {"ProtocolBindAdapterEx", begins_bind, bind_returned},
    {"ProtocolBindAdapter", begins_bind, bind5_returned},
    {"ProtocolUnbindAdapterEx", begins_unbind, unbind_returned},
    {"ProtocolUnbindAdapter", begins_unbind5, unbind5_returned},
    {"MiniportReset", resets, reset_returned},
    {"MiniportResetEx", resets, reset_returned},
    {NULL, NULL, NULL},
};
