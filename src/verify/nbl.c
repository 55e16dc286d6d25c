/* SPDX-License-Identifier: MIT */
/* NBLs in the ledger: who has one, who lent it before, and what a chain looks like. */
#include "verify/check.h"

#define CHAIN_MAX 65536u

struct record *
module_record(const struct module *module)
{
    return object_prefix(module)->record;
}

struct module *
module_of_call(struct verify *verify, const struct gate_call *call, enum module_kind kind)
{
    static const struct {
        enum object_kind object;
        enum rule_name rule;
    } kinds[] = {[MODULE_BINDING] = {OBJECT_BINDING, RULE_LATE_P},
        [MODULE_FILTER] = {OBJECT_FILTER, RULE_LATE_F},
        [MODULE_MINIPORT] = {OBJECT_ADAPTER, RULE_LATE_M}};
    void *handle = (void *)call->args[0];
    struct object *prefix = object_of(verify->machine, handle, kinds[kind].object);
    struct record *record =
        prefix ? prefix->record : record_grave(verify, handle, kinds[kind].object);

    if (!fails(verify, kinds[kind].rule, !prefix || (record && record->ended)))
        return handle;
    broken_at(verify, kinds[kind].rule, call, record,
        record ? record_move_named(record, "ended") : NULL, "the handle ended here",
        record ? "%s called %s with the handle of a %s that has ended"
               : "%s called %s with a handle that is none of a %s",
        call->driver->name, call->import->name, module_kind_name(kind));
    return NULL;
}

struct record *
nbl_record(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
    struct record *grave;

    if (!fails(verify, RULE_NBL_POOL, !prefix))
        return prefix->record;
    grave = record_grave(verify, nbl, OBJECT_NBL);
    broken(verify, RULE_NBL_POOL, call, NULL, grave, "freed here",
        grave ? "%s called %s with a NET_BUFFER_LIST that is free"
              : "%s called %s with a NET_BUFFER_LIST that is from no pool",
        call->driver->name, call->import->name);
    return NULL;
}

unsigned
chain_count(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST chain)
{
    unsigned n = 0;

    for (PNET_BUFFER_LIST nbl = chain; nbl && n <= CHAIN_MAX; nbl = nbl->Next, n++) {
        if (!nbl_record(verify, call, nbl))
            return 0;
    }
    if (!fails(verify, RULE_NBL_CYCLE, n > CHAIN_MAX))
        return n;
    broken(verify, RULE_NBL_CYCLE, call, NULL, NULL, NULL,
        "%s called %s with a chain of NET_BUFFER_LISTs that has no end", call->driver->name,
        call->import->name);
    return 0;
}

void
nbl_lend(struct record *record, const struct module *who, bool up)
{
    if (record->seats == SEATS) {
        record->lost = true;
        return;
    }
    record->now.who = who;
    record->now.up = up;
    record->below[record->seats++] = record->now;
    record->now = (struct seat){.state = SEAT_TRANSIT};
}

void
nbl_come_back(struct record *record, const struct module *who)
{
    unsigned k = record->seats;

    while (k > 0 && record->below[k - 1].who != who)
        k--;
    if (k > 0) {
        record->now = record->below[k - 1];
        record->seats = (uint8_t)(k - 1);
    } else {
        /* It was lent by a driver whose calls are not seen. */
        record->now = (struct seat){.who = who, .state = SEAT_HELD};
    }
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x9E3779B97F4A7C15ull + (hash >> 29);
}

uint64_t
nbl_list_hash(const NET_BUFFER_LIST *nbl)
{
    uint64_t hash = 1;
    unsigned n = 0;

    for (const NET_BUFFER *nb = nbl->FirstNetBuffer; nb && n < CHAIN_MAX; nb = nb->Next, n++)
        hash = mix(hash, (uintptr_t)nb);
    return hash;
}

uint64_t
nbl_layout_hash(const NET_BUFFER_LIST *nbl)
{
    uint64_t hash = 1;
    unsigned n = 0;

    for (const NET_BUFFER *nb = nbl->FirstNetBuffer; nb && n < CHAIN_MAX; nb = nb->Next, n++) {
        hash = mix(hash, (uintptr_t)nb->MdlChain);
        hash = mix(hash, nb->DataOffset);
        hash = mix(hash, nb->DataLength);
    }
    return hash;
}

void
nbl_arrive(
    struct record *record, PNET_BUFFER_LIST nbl, const struct module *who, enum seat_state state)
{
    record->now = (struct seat){.who = who,
        .state = (uint8_t)state,
        .source = nbl->SourceHandle,
        .list = nbl_list_hash(nbl),
        .layout = nbl_layout_hash(nbl)};
}

void
check_dispatch_flag(struct verify *verify, const struct gate_call *call, ULONG flags)
{
    /* The bit is the same in send, complete, receive and return flags. */
    if (fails(verify, RULE_SEND_FLAGS,
            (flags & NDIS_SEND_FLAGS_DISPATCH_LEVEL) && call->irql < DISPATCH_LEVEL))
        broken(verify, RULE_SEND_FLAGS, call, NULL, NULL, NULL,
            "%s called %s at IRQL %u with the flag that says DISPATCH_LEVEL", call->driver->name,
            call->import->name, call->irql);
}
