/* SPDX-License-Identifier: MIT */
/* What the objects of connections share: handles, references, and moves from state to state.
 *
 *     request  --co_must(begins)-->  driver's handler  --co_must(answered)-->  the asker
 *
 * A move is one compare-and-swap, so of two answers to one request the second finds no move and is
 * the one that is told.
 */
#include "ndis/connection/connection.h"

void *
co_create(struct undis *machine, enum object_kind kind, size_t size, uint32_t state)
{
    struct co_object *object = object_create(machine, kind, size);

    if (!object)
        return NULL;
    object->references = 1;
    object->state = state;
    return object;
}

void
co_get(void *object)
{
    __atomic_add_fetch(&((struct co_object *)object)->references, 1, __ATOMIC_RELAXED);
}

void
co_put(void *object)
{
    if (__atomic_sub_fetch(&((struct co_object *)object)->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (object_prefix(object)->kind == OBJECT_VC)
        co_vc_end(object);
    object_destroy(object);
}

static void *
object_from(NDIS_HANDLE handle, enum object_kind kind, const char *caller)
{
    if (!object_of(machine_self(), handle, kind))
        gate_bug_check("condis-handle-kind", "%s called %s with %p, which is no living %s handle",
            block_self->driver ? ((struct driver *)block_self->driver)->name : "undis", caller,
            handle, object_kind_name(kind));
    return handle;
}

struct co_family *
co_family_of(NDIS_HANDLE handle, const char *caller)
{
    return object_from(handle, OBJECT_FAMILY, caller);
}

struct co_sap *
co_sap_of(NDIS_HANDLE handle, const char *caller)
{
    return object_from(handle, OBJECT_SAP, caller);
}

struct co_vc *
co_vc_of(NDIS_HANDLE handle, const char *caller)
{
    return object_from(handle, OBJECT_VC, caller);
}

struct co_party *
co_party_of(NDIS_HANDLE handle, const char *caller)
{
    return object_from(handle, OBJECT_PARTY, caller);
}

struct co_vc *
co_vc_quick(NDIS_HANDLE handle, const char *caller)
{
    if (__builtin_expect(!path_is_vc(handle), 0))
        return co_vc_of(handle, caller);
    return handle;
}

bool
co_try(uint32_t *state, const struct co_move *move, uint32_t *before)
{
    uint32_t now = __atomic_load_n(state, __ATOMIC_ACQUIRE);

    do {
        *before = now;
        if (!(now & move->from))
            return false;
    } while (!__atomic_compare_exchange_n(
        state, &now, move->to, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    return true;
}

uint32_t
co_must(uint32_t *state, const struct co_move *move)
{
    uint32_t before;

    if (!co_try(state, move, &before))
        gate_bug_check(move->rule, "%s called %s in state %u, which takes it in states %u only",
            block_self->driver ? ((struct driver *)block_self->driver)->name : "undis", move->call,
            (unsigned)__builtin_ctz(before), move->from);
    return before;
}

void
co_out_of_order(const char *caller, const char *what)
{
    gate_bug_check("condis-teardown-order", "%s called %s while %s",
        block_self->driver ? ((struct driver *)block_self->driver)->name : "undis", caller, what);
}

void
co_require_sync(NDIS_STATUS status, struct module *module, const char *handler)
{
    if (status == NDIS_STATUS_PENDING)
        gate_bug_check("condis-create-delete-sync", "%s answered %s with NDIS_STATUS_PENDING",
            module->driver->name, handler);
}
