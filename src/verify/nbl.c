/* SPDX-License-Identifier: MIT */
/* NBLs in the ledger: who has one, who lent it before, and what a chain looks like. */
#include "verify/check.h"

#include <string.h>

#define CHAIN_MAX 65536u

/* In NET_BUFFER_LIST.Flags, in the headers of every version. */
#define FLAGS_OF_NDIS 0x00000FFCu

struct record *
module_record(const struct module *module)
{
    return object_prefix(module)->record;
}

struct module *
module_of_call_for(
    struct verify *verify, const struct gate_call *call, enum module_kind kind, enum rule_name late)
{
    static const enum object_kind objects[] = {[MODULE_BINDING] = OBJECT_BINDING,
        [MODULE_FILTER] = OBJECT_FILTER,
        [MODULE_MINIPORT] = OBJECT_ADAPTER};
    void *handle = (void *)call->args[0];
    struct object *prefix = object_of(verify->machine, handle, objects[kind]);
    struct record *record = prefix ? prefix->record : record_grave(verify, handle, objects[kind]);

    if (kind == MODULE_BINDING && fails(verify, RULE_OPEN_LATE, handle == MODULE_UNOPENED)) {
        broken(verify, RULE_OPEN_LATE, call, NULL, NULL, NULL,
            "%s called %s with the handle of a binding whose open is pending", call->driver->name,
            call->import->name);
        return NULL;
    }
    if (!fails(verify, late, !prefix || (record && record->ended)))
        return handle;
    broken_at(verify, late, call, record, record ? record_move_named(record, "ended") : NULL,
        "the handle ended here",
        record ? "%s called %s with the handle of a %s that has ended"
               : "%s called %s with a handle that is none of a %s",
        call->driver->name, call->import->name, module_kind_name(kind));
    return NULL;
}

struct module *
module_of_call(struct verify *verify, const struct gate_call *call, enum module_kind kind)
{
    static const enum rule_name late[] = {[MODULE_BINDING] = RULE_LATE_P,
        [MODULE_FILTER] = RULE_LATE_F,
        [MODULE_MINIPORT] = RULE_LATE_M};

    return module_of_call_for(verify, call, kind, late[kind]);
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

    if (fails(verify, RULE_NBL_NONE, !chain))
        broken(verify, RULE_NBL_NONE, call, NULL, NULL, NULL,
            "%s called %s with no NET_BUFFER_LIST", call->driver->name, call->import->name);
    for (PNET_BUFFER_LIST nbl = chain; nbl && n <= CHAIN_MAX; nbl = nbl_next(nbl), n++) {
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

bool
nbl_crosses(const struct record *record, const struct module *from)
{
    const struct module *who = record->now.who;
    bool down = record->now.state == SEAT_SEND;
    bool up = record->now.state == SEAT_RECEIVE || record->now.state == SEAT_LENT;

    return who && who->driver == from->driver &&
           ((down && who->kind == MODULE_MINIPORT && from->kind == MODULE_BINDING) ||
               (up && who->kind == MODULE_BINDING && from->kind == MODULE_MINIPORT));
}

void
nbl_lend(struct record *record, const struct module *who, bool up)
{
    if (record->seats == SEATS) {
        record->lost = true;
        return;
    }
    record->now.crossed = nbl_crosses(record, who) ? record->now.who : NULL;
    record->now.who = who;
    record->now.up = up;
    record->below[record->seats++] = record->now;
    record->now = (struct seat){.state = SEAT_TRANSIT};
}

void
nbl_come_back(struct verify *verify, struct record *record, const struct module *who)
{
    const NET_BUFFER_LIST *nbl = nbl_of(verify, record);
    unsigned k = record->seats;

    while (k > 0 && record->below[k - 1].who != who)
        k--;
    if (k > 0) {
        record->now = record->below[k - 1];
        record->seats = (uint8_t)(k - 1);
        if (record->now.crossed) {
            who = record->now.crossed;
            record->now.who = who;
        }
        /* Those who had it in between were free to write what is reserved for them. */
        record->now.fields = nbl_fields_hash(nbl, who->kind);
        record->now.flags = nbl->Flags & FLAGS_OF_NDIS;
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
    const NET_BUFFER *nb = nbl->FirstNetBuffer;

    for (unsigned n = 0; nb && n < CHAIN_MAX; n++) {
        hash = mix(hash, (uintptr_t)nb);
        nb = ((const NET_BUFFER *)at_undis(nb))->Next;
    }
    return hash;
}

uint64_t
nbl_layout_hash(const NET_BUFFER_LIST *nbl)
{
    uint64_t hash = 1;
    unsigned n = 0;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb && n < CHAIN_MAX; nb = nb_next(nb), n++) {
        hash = mix(hash, (uintptr_t)nb->MdlChain);
        hash = mix(hash, nb->DataOffset);
        hash = mix(hash, nb->DataLength);
    }
    return hash;
}

#define LOOKED_AT 64u /* bytes of each NET_BUFFER */

static uint64_t
bytes_hash(uint64_t hash, const unsigned char *bytes, ULONG count)
{
    uint64_t word;

    for (; count >= sizeof(word); bytes += sizeof(word), count -= sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        hash = mix(hash, word);
    }
    for (ULONG k = 0; k < count; k++)
        hash = mix(hash, bytes[k]);
    return hash;
}

const unsigned char *
mdl_data(const MDL *mdl)
{
    if (mdl_is_mapped(mdl))
        return mdl_mapped(mdl);
    if (mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_PARTIAL))
        return at_undis((const unsigned char *)mdl->StartVa + mdl->ByteOffset);
    return NULL;
}

/* MDLs that are neither end it. */
static uint64_t
nb_data_hash(uint64_t hash, const NET_BUFFER *nb)
{
    ULONG left = nb->DataLength < LOOKED_AT ? nb->DataLength : LOOKED_AT;
    ULONG offset = nb->CurrentMdlOffset;

    for (const MDL *mdl = nb_current(nb); mdl && left; mdl = mdl_next(mdl), offset = 0) {
        const unsigned char *data = mdl_data(mdl);
        ULONG here = mdl->ByteCount > offset ? mdl->ByteCount - offset : 0;

        if (!data)
            break;
        here = here < left ? here : left;
        hash = bytes_hash(hash, data + offset, here);
        left -= here;
    }
    return hash;
}

uint64_t
nbl_data_hash(const NET_BUFFER_LIST *nbl)
{
    uint64_t hash = 1;
    unsigned n = 0;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb && n < CHAIN_MAX; nb = nb_next(nb), n++)
        hash = nb_data_hash(hash, nb);
    return hash;
}

void
check_data(struct verify *verify, const struct gate_call *call, enum rule_name rule,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    bool same_place =
        nbl_list_hash(nbl) == record->now.list && nbl_layout_hash(nbl) == record->now.layout;

    if (fails(verify, rule, same_place && nbl_data_hash(nbl) != record->now.data))
        broken(verify, rule, call, NULL, record, "received here",
            "the data of NBL %u changed while %s had it", record->id, call->driver->name);
}

/* Whose members are whose: a filter may write none of these, a miniport its own two. */
uint64_t
nbl_fields_hash(const NET_BUFFER_LIST *nbl, enum module_kind kind)
{
    uint64_t hash = mix(1, (uintptr_t)nbl->NdisPoolHandle);

    if (kind == MODULE_BINDING)
        return hash;
    for (unsigned k = 0; k < RTL_NUMBER_OF(nbl->ProtocolReserved); k++)
        hash = mix(hash, (uintptr_t)nbl->ProtocolReserved[k]);
    if (kind == MODULE_FILTER)
        for (unsigned k = 0; k < RTL_NUMBER_OF(nbl->MiniportReserved); k++)
            hash = mix(hash, (uintptr_t)nbl->MiniportReserved[k]);
    return hash;
}

void
check_fields(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    bool other = nbl_fields_hash(nbl, from->kind) != record->now.fields;

    if (fails(verify, RULE_NBL_RESERVED, other))
        broken(verify, RULE_NBL_RESERVED, call, NULL, record, "received here",
            "%s changed members of NBL %u that are reserved for others", call->driver->name,
            record->id);
    if (fails(verify, RULE_NBL_FLAGS, (nbl->Flags & FLAGS_OF_NDIS) != record->now.flags))
        broken(verify, RULE_NBL_FLAGS, call, NULL, record, "received here",
            "%s changed flags of NBL %u that are reserved for NDIS", call->driver->name,
            record->id);
}

/* An MDL that was freed and rests is filled so: see rested.c. */
static bool
has_freed_mdl(const NET_BUFFER *nb)
{
    unsigned n = 0;

    for (const MDL *mdl = at_undis(nb->MdlChain); mdl && n < CHAIN_MAX; mdl = mdl_next(mdl), n++)
        if (memory_is_freed(&mdl->Next))
            return true;
    return false;
}

/* What is wrong with the data of @nb, or NULL. */
static const char *
layout_fault(const NET_BUFFER *nb)
{
    ULONG before = 0;
    bool current = false;
    unsigned n = 0;
    uint64_t all = 0;

    for (const MDL *mdl = at_undis(nb->MdlChain); mdl && n < CHAIN_MAX; mdl = mdl_next(mdl), n++) {
        if (mdl == nb_current(nb)) {
            current = true;
            before = (ULONG)all;
            if (nb->CurrentMdlOffset > mdl->ByteCount)
                return "a CurrentMdlOffset behind its MDL";
        }
        all += mdl->ByteCount;
    }
    if ((uint64_t)nb->DataOffset + nb->DataLength > all)
        return "more data than its MDLs have room for";
    if (!current)
        return "a CurrentMdl that is not in its chain";
    if (before + nb->CurrentMdlOffset != nb->DataOffset)
        return "a CurrentMdlOffset that does not fit its DataOffset";
    return NULL;
}

void
check_layout(struct verify *verify, const struct gate_call *call, const struct record *record,
    const NET_BUFFER_LIST *nbl)
{
    unsigned n = 0;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb && n < CHAIN_MAX; nb = nb_next(nb), n++) {
        const char *fault = NULL;

        if (fails(verify, RULE_AFTER_FREE, has_freed_mdl(nb)))
            broken(verify, RULE_AFTER_FREE, call, NULL, record, "last seen here",
                "%s called %s with NBL %u, which has an MDL that was freed", call->driver->name,
                call->import->name, record->id);
        else if (nb->MdlChain)
            fault = layout_fault(nb);
        if (fails(verify, RULE_NBL_NO_MDL, !nb->MdlChain && (nb->DataOffset || nb->DataLength)))
            broken(verify, RULE_NBL_NO_MDL, call, NULL, record, "last seen here",
                "%s called %s with NBL %u, which has a NET_BUFFER with data but without an MDL",
                call->driver->name, call->import->name, record->id);
        else if (fails(verify, RULE_NBL_OFFSETS, fault != NULL))
            broken(verify, RULE_NBL_OFFSETS, call, NULL, record, "last seen here",
                "%s called %s with NBL %u, which has a NET_BUFFER with %s", call->driver->name,
                call->import->name, record->id, fault);
    }
}

void
nbl_arrive(
    struct record *record, PNET_BUFFER_LIST nbl, const struct module *who, enum seat_state state)
{
    record->now = (struct seat){.who = who,
        .state = (uint8_t)state,
        .source = nbl->SourceHandle,
        .list = nbl_list_hash(nbl),
        .layout = nbl_layout_hash(nbl),
        .fields = nbl_fields_hash(nbl, who->kind),
        .data = nbl_data_hash(nbl),
        .flags = nbl->Flags & FLAGS_OF_NDIS};
    record->followed = false;
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
