/* SPDX-License-Identifier: MIT */
/* The hook table: finds the checks of a call and runs them. See check.h.
 *
 * A hook is called by a gate function, whose frame is left out of stacks:
 *
 *     driver -> checked wrapper -> gate_in_before -> hook          in: from the driver on
 *     core   -> call_* -> gate_out_after -> hook                   out: from call_* on
 */
#include "verify/check.h"
#include "verify/race.h"

#include "host/lock.h"
#include "host/symbol.h"
#include "ndis/packet/descriptor.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Where the running hook was entered: a frame address, and how many frames to leave out. */
#define SCRATCH_FRAME 2
#define SCRATCH_SKIP  3
#define SKIP_IN       2
#define SKIP_OUT      1

static const struct check *const import_tables[] = {links_imports, hand_first_imports,
    hand_oid_first_imports, hand_flight_first_imports, hand_show_first_imports,
    hand_query_first_imports, scribble_imports, history_imports, ready_imports, wire_imports,
    arrival_imports, wire5_imports, wanted_imports, split_imports, asleep_imports, level_imports,
    lock_imports, send_imports, receive_imports, connection_imports, packet_imports, oid_imports,
    state_imports, life_imports, header_imports, memory_imports, timer_imports, service_imports,
    legacy_imports, hardware_imports, flight_imports, show_imports, ask_imports, late_imports,
    intermediate_imports, registration_imports, slow_imports, pass_imports, escape_imports,
    answer_imports, call_imports, owed_imports, pending_imports, handles_imports, settle_imports,
    falling_imports, paused_imports, link_state_imports, list_imports, hand_imports,
    hand_oid_imports, hand_flight_imports, hand_show_imports, hand_query_imports,
    history_last_imports};
static const struct check *const handler_tables[] = {links_handlers, told_first_handlers,
    hand_first_handlers, hand_oid_first_handlers, hand_flight_first_handlers,
    hand_show_first_handlers, hand_query_first_handlers, scribble_handlers, history_handlers,
    ready_handlers, wire_handlers, arrival_handlers, wire5_handlers, wanted_handlers,
    split_handlers, asleep_handlers, send_handlers, receive_handlers, connection_handlers,
    oid_handlers, timer_handlers, life_handlers, state_handlers, legacy_handlers, flight_handlers,
    show_handlers, ask_handlers, late_handlers, intermediate_handlers, self_handlers, slow_handlers,
    pass_handlers, escape_handlers, answer_handlers, owed_handlers, pending_handlers,
    handles_handlers, settle_handlers, falling_handlers, paused_handlers, list_handlers,
    hand_handlers, hand_oid_handlers, hand_flight_handlers, hand_show_handlers, hand_query_handlers,
    hand_shown_handlers};

unsigned
stack_now(const struct gate_call *call, void **stack, unsigned max)
{
    const struct block *self = block_self;
    unsigned n = 0;

    if (call && call->handler)
        stack[n++] = (char *)call->caller + 1;
    return n + stack_walk(self->scratch[SCRATCH_FRAME],
                   (unsigned)(uintptr_t)self->scratch[SCRATCH_SKIP], stack + n, max - n);
}

static void
enter(struct verify *verify, const void *frame, unsigned skip)
{
    block_self->scratch[SCRATCH_FRAME] = (void *)(uintptr_t)frame;
    block_self->scratch[SCRATCH_SKIP] = (void *)(uintptr_t)skip;
    host_lock(&verify->lock);
}

#define ENTER(verify, skip) enter(verify, __builtin_frame_address(0), skip)

static unsigned
handler_slot(const struct gate_handler *handler)
{
    return (unsigned)((uintptr_t)handler * 0x9E3779B97F4A7C15ull >> 56) % HANDLERS;
}

static void
bind_handler(struct handler_checks *slot, const struct gate_handler *handler)
{
    unsigned n = 0;

    slot->handler = handler;
    /* A cancel routine lowers the IRQL with the cancel lock. */
    slot->restores = strcmp(handler->name, "Cancel") != 0;
    slot->order = order_of_handler(handler->name);
    for (unsigned k = 0; k < RTL_NUMBER_OF(handler_tables); k++)
        for (const struct check *check = handler_tables[k]; check->name; check++)
            if (strcmp(check->name, handler->name) == 0) {
                assert(n < HANDLER_CHECKS);
                slot->checks[n++] = check;
            }
}

static const struct handler_checks *
handler_checks(struct verify *verify, const struct gate_handler *handler)
{
    unsigned k = handler_slot(handler);

    for (unsigned tries = 0; tries < HANDLERS; tries++, k = (k + 1) % HANDLERS) {
        struct handler_checks *slot = &verify->handlers[k];

        if (!slot->handler)
            bind_handler(slot, handler);
        if (slot->handler == handler)
            return slot;
    }
    return NULL;
}

/* A driver that gives up is not asked for more: what the verifier knows may be what it has destroyed. */
static bool
is_bug_check(const struct verify *verify, const struct gate_import *import)
{
    return import == verify->bug_checks[0] || import == verify->bug_checks[1];
}

static bool
before_in(void *context, struct gate_call *call)
{
    struct verify *verify = context;
    const struct check *const *checks = verify->imports[call->import - import_table];

    if (!call->driver || is_bug_check(verify, call->import))
        return true;
    ENTER(verify, SKIP_IN);
    watch(verify);
    order_before_in(verify, call);
    check_level(verify, call);
    check_volatile(verify, call);
    check_escapes(verify, call, __builtin_frame_address(0), SKIP_IN);
    for (unsigned k = 0; k < IMPORT_CHECKS && checks[k]; k++)
        if (checks[k]->before)
            checks[k]->before(verify, call);
    host_unlock(&verify->lock);
    return true;
}

static void
after_in(void *context, struct gate_call *call)
{
    struct verify *verify = context;
    const struct check *const *checks = verify->imports[call->import - import_table];

    if (!call->driver || (!checks[0] && !verify->races))
        return;
    ENTER(verify, SKIP_IN);
    order_after_in(verify, call);
    for (unsigned k = 0; k < IMPORT_CHECKS && checks[k]; k++)
        if (checks[k]->after)
            checks[k]->after(verify, call);
    host_unlock(&verify->lock);
}

/* undis calls every handler at a level that its page allows. */
static void
check_entry(struct verify *verify, const struct gate_call *call)
{
    const struct gate_handler *handler = call->handler;

    if (fails(verify, RULE_CALLBACK_ENTRY,
            call->irql < handler->irql_min || call->irql > handler->irql_max))
        broken(verify, RULE_CALLBACK_ENTRY, call, NULL, NULL, NULL,
            "%s of %s is called at IRQL %u, which may be %u to %u", handler->name,
            call->driver->name, call->irql, handler->irql_min, handler->irql_max);
}

static void
before_out(void *context, struct gate_call *call)
{
    struct verify *verify = context;
    const struct handler_checks *checks;

    ENTER(verify, SKIP_OUT);
    check_entry(verify, call);
    call->scratch[SCRATCH_LOCKS] = (void *)(uintptr_t)locks_held(verify);
    call->scratch[SCRATCH_SINCE] = (void *)executive_now(verify->machine->executive);
    call->scratch[SCRATCH_OUTER] = block_self->scratch[SCRATCH_HANDLER];
    block_self->scratch[SCRATCH_HANDLER] = call;
    checks = handler_checks(verify, call->handler);
    order_before_out(verify, call, checks ? checks->order : 0);
    for (unsigned k = 0; checks && k < HANDLER_CHECKS && checks->checks[k]; k++)
        if (checks->checks[k]->before)
            checks->checks[k]->before(verify, call);
    host_unlock(&verify->lock);
}

/* What holds for every handler. */
static void
check_return(
    struct verify *verify, const struct handler_checks *checks, const struct gate_call *call)
{
    KIRQL irql = block_self->irql;
    const struct held *held = held_by_self(verify);
    enum rule_name exit =
        held && held->ndis && held->kind == LOCK_DPR ? RULE_LOCK_EXIT_DPR : RULE_LOCK_EXIT;

    if (fails(verify, exit, (uintptr_t)call->scratch[SCRATCH_LOCKS] < locks_held(verify)))
        broken_at(verify, exit, call, NULL, held ? &held->taken : NULL, "it was taken here",
            "%s of %s returned with a spin lock held", call->handler->name, call->driver->name);
    if (checks && checks->restores && fails(verify, RULE_IRQL_HANDLER, irql != call->irql))
        broken(verify, RULE_IRQL_HANDLER, call, NULL, NULL, NULL,
            "%s of %s was called at IRQL %u and returned at %u", call->handler->name,
            call->driver->name, call->irql, irql);
}

static void
after_out(void *context, struct gate_call *call)
{
    struct verify *verify = context;
    const struct handler_checks *checks;

    ENTER(verify, SKIP_OUT);
    block_self->scratch[SCRATCH_HANDLER] = call->scratch[SCRATCH_OUTER];
    checks = handler_checks(verify, call->handler);
    order_after_out(verify, call, checks ? checks->order : 0);
    check_return(verify, checks, call);
    check_escapes(verify, call, __builtin_frame_address(0), SKIP_OUT);
    for (unsigned k = 0; checks && k < HANDLER_CHECKS && checks->checks[k]; k++)
        if (checks->checks[k]->after)
            checks->checks[k]->after(verify, call);
    host_unlock(&verify->lock);
}

/* Kinds that have a record. NET_BUFFERs that come with their NBL have none of their own. */
static bool
recorded(const struct object *object)
{
    static const uint64_t kinds =
        1ull << OBJECT_NBL | 1ull << OBJECT_NB | 1ull << OBJECT_MDL | 1ull << OBJECT_NBL_POOL |
        1ull << OBJECT_NB_POOL | 1ull << OBJECT_POOL_MEMORY | 1ull << OBJECT_DEVICE |
        1ull << OBJECT_FILE | 1ull << OBJECT_KEY | 1ull << OBJECT_EVENT | 1ull << OBJECT_TIMER |
        1ull << OBJECT_WORK_ITEM | 1ull << OBJECT_CONFIGURATION | 1ull << OBJECT_ADAPTER |
        1ull << OBJECT_FILTER | 1ull << OBJECT_BINDING | 1ull << OBJECT_PACKET |
        1ull << OBJECT_IRP | 1ull << OBJECT_SHARED_MEMORY | 1ull << OBJECT_CONFIGURATION_VALUE |
        1ull << OBJECT_RW_LOCK | 1ull << OBJECT_THREAD | 1ull << OBJECT_PACKET_POOL |
        1ull << OBJECT_MINIPORT_DRIVER | 1ull << OBJECT_FILTER_DRIVER |
        1ull << OBJECT_PROTOCOL_DRIVER | 1ull << OBJECT_BIND_CONTEXT | 1ull << OBJECT_FAMILY |
        1ull << OBJECT_SAP | 1ull << OBJECT_VC | 1ull << OBJECT_PARTY | 1ull << OBJECT_IF_PROVIDER |
        1ull << OBJECT_POLL;
    const NET_BUFFER *nb = (const void *)(object + 1);

    if (object->kind == OBJECT_NB && (uintptr_t)nb->NdisReserved[0] != NB_ALONE)
        return false;
    return object->kind == OBJECT_OID_REQUEST || (kinds >> object->kind & 1);
}

/* Clones of OID requests are live objects; requests under way are entries of their own. */
static void
created(void *context, struct object *object)
{
    struct verify *verify = context;
    struct record *record;

    if (verify->races) {
        ENTER(verify, SKIP_OUT);
        race_forget(verify, object, sizeof(*object) + object->size);
        host_unlock(&verify->lock);
    }
    if (!recorded(object))
        return;
    ENTER(verify, SKIP_OUT);
    record = record_create(
        verify, object->kind == OBJECT_OID_REQUEST ? OBJECT_NONE : object->kind, object + 1);
    if (record) {
        record->kind = object->kind;
        record->id = object->id;
        record->maker = object->maker;
        record->prefix = object;
        object->record = record;
        record_move(verify, record, "made");
    }
    if (record && object->kind == OBJECT_PACKET && object->tag != DESCRIPTOR_TAG)
        record->maker = NULL; /* of undis, whoever asks */
    if (object->kind == OBJECT_POOL_MEMORY)
        memory_made(object);
    host_unlock(&verify->lock);
}

static void
check_device_left(struct verify *verify, const struct record *record)
{
    if (record->kind != OBJECT_DEVICE || !record->maker || block_self->driver)
        return;
    if (fails(verify, RULE_LEAK_DEVICE, record->maker->leaving))
        broken(verify, RULE_LEAK_DEVICE, NULL, record->maker, record, "made here",
            "%s was unloaded and left a device", record->maker->name);
}

static void
destroyed(void *context, struct object *object)
{
    struct verify *verify = context;
    struct record *record = object->record;

    if (object->kind == OBJECT_IRP || object->kind == OBJECT_BIND_CONTEXT) {
        ENTER(verify, SKIP_OUT);
        owed_gone(verify, object);
        host_unlock(&verify->lock);
    }
    if (!record)
        return;
    ENTER(verify, SKIP_OUT);
    check_device_left(verify, record);
    if (object->kind == OBJECT_NBL) {
        nbl_orphan(record);
        hand_forget(verify, record);
    }
    if (object->kind == OBJECT_PACKET)
        hand_forget_packet(verify, record);
    if (object->kind == OBJECT_MDL)
        hand_forget_mdl(verify, object + 1);
    if (object->kind == OBJECT_POOL_MEMORY) {
        hand_forget_memory(verify, object);
        locks_check_free(verify, NULL, object + 1, object->size);
        check_places(verify, object + 1, object->size);
        check_media(verify, object + 1, object->size);
        memory_freed(verify, object);
    }
    record_move(verify, record, "freed");
    record_end(verify, record);
    host_unlock(&verify->lock);
}

static void
rests(void *context, const struct object_rest *object, object_let_go *let_go)
{
    struct verify *verify = context;

    ENTER(verify, SKIP_OUT);
    race_freed(verify, ((const struct record *)object->record)->body, object->size);
    memory_rests(verify, object, let_go);
    host_unlock(&verify->lock);
}

static void
pool_ends(void *context, enum object_kind elements, const void *pool)
{
    struct verify *verify = context;

    ENTER(verify, SKIP_OUT);
    memory_pool_ends(verify, elements, pool);
    host_unlock(&verify->lock);
}

static void
event(void *context, const char *what, void *subject, uintptr_t detail)
{
    struct verify *verify = context;

    ENTER(verify, SKIP_OUT);
    order_event(verify, what, subject, detail);
    if (strcmp(what, "unloaded") == 0) {
        memory_check_rested(verify, subject);
        check_leaks(verify, subject);
        check_places_of(verify, subject);
        places_forget_driver(verify, subject);
        registrations_forget(verify, subject);
    } else if (strcmp(what, "Detached") == 0 && detail == MODULE_DETACHED)
        check_module_leaks(verify, subject);
    else if (strcmp(what, "taken-back") == 0)
        hand_packet_taken_back(verify, subject);
    host_unlock(&verify->lock);
}

static void
passes(void *context, const struct gate_wire *frame)
{
    struct verify *verify = context;

    ENTER(verify, SKIP_OUT);
    wire_passes(verify, frame);
    host_unlock(&verify->lock);
}

static bool
touched(void *context, const void *address, void *const *stack, unsigned depth)
{
    struct verify *verify = context;
    bool told;

    ENTER(verify, SKIP_OUT);
    /* What a driver has given away is told as that, whoever has freed it since. */
    told = told_touched(verify, address, stack, depth) ||
           scribble_touched(verify, address, stack, depth) ||
           memory_touched(verify, address, stack, depth, true) ||
           hand_touched(verify, address, stack, depth) ||
           memory_touched(verify, address, stack, depth, false);
    host_unlock(&verify->lock);
    return told;
}

static void
accessed(void *context, void *address, size_t size, unsigned flags)
{
    struct verify *verify = context;

    if (!verify->machine->simulated)
        return;
    ENTER(verify, SKIP_IN);
    race_access(verify, address, size, flags);
    host_unlock(&verify->lock);
}

static bool
shared(void *context, const void *address)
{
    const struct verify *verify = context;

    return verify->races && race_shared(verify, address);
}

static void
activity(void *context, enum gate_activity kind, bool begins)
{
    struct verify *verify = context;

    if (!verify->races)
        return;
    ENTER(verify, SKIP_OUT);
    order_activity(verify, kind, begins);
    host_unlock(&verify->lock);
}

static bool
fault(void *context, enum object_kind kind, size_t size)
{
    (void)size;
    return fault_is_due(context, kind, __builtin_frame_address(0));
}

static const struct gate_hooks hooks = {
    .at_callers_irql = true,
    .before_in = before_in,
    .after_in = after_in,
    .before_out = before_out,
    .after_out = after_out,
    .created = created,
    .destroyed = destroyed,
    .rests = rests,
    .pool_ends = pool_ends,
    .event = event,
    .touched = touched,
    .shared = shared,
    .passes = passes,
    .accessed = accessed,
    .activity = activity,
    .fault = fault,
};

static void
bind_imports(struct verify *verify)
{
    for (unsigned t = 0; t < RTL_NUMBER_OF(import_tables); t++) {
        for (const struct check *check = import_tables[t]; check->name; check++) {
            const struct gate_import *import = gate_import_find(check->name);
            unsigned k = 0;

            if (!import)
                continue;
            while (verify->imports[import - import_table][k])
                k++;
            assert(k < IMPORT_CHECKS);
            verify->imports[import - import_table][k] = check;
        }
    }
}

int
verify_create(
    struct undis *machine, verify_report_fn *report, void *context, struct verify **created_one)
{
    struct verify *verify = arena_zalloc(machine->arena, sizeof(*verify), 64);

    if (!verify)
        return -ENOMEM;
    verify->imports =
        arena_zalloc(machine->arena, (import_count + 1) * sizeof(*verify->imports), 16);
    verify->levels = arena_zalloc(machine->arena, import_count * sizeof(*verify->levels) + 1, 16);
    if (!verify->imports || !verify->levels) {
        arena_free(machine->arena, verify->levels);
        arena_free(machine->arena, verify->imports);
        arena_free(machine->arena, verify);
        return -ENOMEM;
    }
    verify->machine = machine;
    verify->report = report;
    verify->context = context;
    verify->live.next = verify->live.previous = &verify->live;
    verify->requests.next = verify->requests.previous = &verify->requests;
    verify->bug_checks[0] = gate_import_find("KeBugCheck");
    verify->bug_checks[1] = gate_import_find("KeBugCheckEx");
    bind_imports(verify);
    bind_levels(verify);
    machine->hooks = &hooks;
    machine->hook_context = verify;
    *created_one = verify;
    return 0;
}

int
verify_hand_over(struct verify *verify)
{
    int error = arena_can_close() ? arena_open_views(verify->machine->arena) : -ENOTSUP;

    verify->hands_over = !error;
    return error;
}

void
verify_scribble(struct verify *verify)
{
    verify->scribbles = true;
}

void
verify_destroy(struct verify *verify)
{
    struct arena *arena = verify->machine->arena;

    verify->machine->hooks = NULL;
    verify->machine->hook_context = NULL;
    memory_end(verify);
    told_forget(verify);
    hand_shown_end(verify);
    ledger_destroy(verify);
    arena_free(arena, verify->levels);
    arena_free(arena, verify->imports);
    arena_free(arena, verify);
}

unsigned
verify_owned(
    const struct verify *verify, const struct driver *driver, unsigned counts[OBJECT_KINDS])
{
    unsigned all = 0;

    for (unsigned k = 0; k < OBJECT_KINDS; k++)
        counts[k] = 0;
    record_for_each(&verify->live, record)
    {
        if (record->maker != driver)
            continue;
        counts[record->kind]++;
        all++;
    }
    return all;
}
