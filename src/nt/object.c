/* SPDX-License-Identifier: MIT */
/* The prefix before every object the core makes. See object.h. */
#include "nt/gate.h"

static const char *const kind_names[OBJECT_KINDS] = {
    [OBJECT_NONE] = "nothing",
    [OBJECT_NBL] = "NBL",
    [OBJECT_NB] = "NB",
    [OBJECT_MDL] = "MDL",
    [OBJECT_NBL_POOL] = "NBL pool",
    [OBJECT_NB_POOL] = "NB pool",
    [OBJECT_OID_REQUEST] = "OID request",
    [OBJECT_POOL_MEMORY] = "pool memory",
    [OBJECT_IRP] = "IRP",
    [OBJECT_DEVICE] = "device",
    [OBJECT_DRIVER] = "driver",
    [OBJECT_FILE] = "file",
    [OBJECT_KEY] = "key",
    [OBJECT_THREAD] = "thread",
    [OBJECT_EVENT] = "event",
    [OBJECT_TIMER] = "timer",
    [OBJECT_WORK_ITEM] = "work item",
    [OBJECT_RW_LOCK] = "reader-writer lock",
    [OBJECT_CONFIGURATION] = "configuration",
    [OBJECT_ADAPTER] = "adapter",
    [OBJECT_FILTER] = "filter module",
    [OBJECT_BINDING] = "binding",
    [OBJECT_MINIPORT_DRIVER] = "miniport driver",
    [OBJECT_FILTER_DRIVER] = "filter driver",
    [OBJECT_PROTOCOL_DRIVER] = "protocol driver",
    [OBJECT_BIND_CONTEXT] = "bind context",
    [OBJECT_PACKET_POOL] = "packet pool",
    [OBJECT_PACKET] = "packet",
    [OBJECT_FAMILY] = "address family",
    [OBJECT_SAP] = "SAP",
    [OBJECT_VC] = "VC",
    [OBJECT_PARTY] = "party",
    [OBJECT_IF_PROVIDER] = "interface provider",
    [OBJECT_POLL] = "poll object",
    [OBJECT_SHARED_MEMORY] = "shared memory",
    [OBJECT_CONFIGURATION_VALUE] = "configuration value",
};
_Static_assert(OBJECT_KINDS <= 64, "undis.next_object_id");

const char *
object_kind_name(enum object_kind kind)
{
    return kind < OBJECT_KINDS && kind_names[kind] ? kind_names[kind] : "object";
}

/* Runs hook @which of the table for @prefix, unless undis works for itself. */
static void
tell(struct object *prefix, bool created)
{
    const struct gate_hooks *hooks = prefix->machine->hooks;
    struct block *self = block_self;
    void (*hook)(void *, struct object *);

    if (__builtin_expect(!hooks, 1) || !self || self->quiet)
        return;
    hook = created ? hooks->created : hooks->destroyed;
    if (!hook)
        return;
    self->quiet = true;
    hook(prefix->machine->hook_context, prefix);
    self->quiet = false;
}

bool
object_fails(struct undis *machine, enum object_kind kind, size_t size)
{
    const struct gate_hooks *hooks = machine->hooks;
    struct block *self = block_self;
    bool fails;

    if (__builtin_expect(!hooks, 1) || !hooks->fault || !self || self->quiet)
        return false;
    self->quiet = true;
    fails = hooks->fault(machine->hook_context, kind, size);
    self->quiet = false;
    return fails;
}

void
object_init(struct undis *machine, struct object *prefix, enum object_kind kind, size_t size,
    void *home, uint32_t tag)
{
    *prefix = (struct object){
        .magic = OBJECT_MAGIC,
        .kind = (uint16_t)kind,
        .tag = tag,
        .home = home,
        .id = __atomic_add_fetch(&machine->next_object_id[kind], 1, __ATOMIC_RELAXED),
        .machine = machine,
        .maker = block_self ? block_self->driver : NULL,
        .size = size,
    };
    tell(prefix, true);
}

void *
object_create(struct undis *machine, enum object_kind kind, size_t size)
{
    struct object *prefix;

    if (object_fails(machine, kind, size))
        return NULL;
    prefix = arena_zalloc(machine->arena, sizeof(*prefix) + size, 16);
    if (!prefix)
        return NULL;
    object_init(machine, prefix, kind, size, NULL, 0);
    return prefix + 1;
}

/* The hooks, unless there are none or undis works for itself. */
static const struct gate_hooks *
hooks_of(const struct undis *machine)
{
    return machine->hooks && block_self && !block_self->quiet ? machine->hooks : NULL;
}

bool
object_retire(void *body)
{
    struct object *prefix = object_prefix(body);

    tell(prefix, false);
    __atomic_store_n(&prefix->magic, OBJECT_DEAD, __ATOMIC_RELAXED);
    return prefix->record && hooks_of(prefix->machine);
}

static void
rests(struct undis *machine, const struct object_rest *object, object_let_go *let_go)
{
    block_self->quiet = true;
    machine->hooks->rests(machine->hook_context, object, let_go);
    block_self->quiet = false;
}

void
object_rests(void *body, size_t size, enum object_kind elements, object_let_go *let_go)
{
    struct object *prefix = object_prefix(body);
    struct object_rest object = {prefix->record, body, size, elements};

    prefix->record = NULL;
    rests(prefix->machine, &object, let_go);
}

void
object_pool_ends(struct undis *machine, enum object_kind elements, const void *pool)
{
    const struct gate_hooks *hooks = hooks_of(machine);

    if (!hooks || !hooks->pool_ends)
        return;
    block_self->quiet = true;
    hooks->pool_ends(machine->hook_context, elements, pool);
    block_self->quiet = false;
}

static void
release(struct undis *machine, void *block)
{
    arena_release(machine->arena, block);
}

void
object_destroy_in(void *body, void *block)
{
    struct object *prefix = object_prefix(body);
    struct undis *machine = prefix->machine;
    struct object_rest object = {.memory = block, .size = prefix->size};

    if (!object_retire(body)) {
        arena_free(machine->arena, block);
        return;
    }
    object.record = prefix->record;
    arena_retire(machine->arena, block);
    rests(machine, &object, release);
}

void
object_destroy(void *body)
{
    object_destroy_in(body, object_prefix(body));
}

/* What lies there may be no object, closed, and another's who writes to it just now. */
static __attribute__((no_sanitize("thread", "address"))) bool
is_object(const struct object *prefix, const struct undis *machine, enum object_kind kind)
{
    return prefix->magic == OBJECT_MAGIC && prefix->machine == machine &&
           (kind == OBJECT_NONE || prefix->kind == kind);
}

struct object *
object_of(struct undis *machine, const void *body, enum object_kind kind)
{
    struct object *prefix;
    size_t size;
    char *start;

    if (!body || ((uintptr_t)body & 15) || !arena_owns(machine->arena, body))
        return NULL;
    prefix = object_prefix(body);
    start = arena_find(machine->arena, prefix, &size);
    if (!start || (char *)arena_home(machine->arena, prefix) + sizeof(*prefix) > start + size)
        return NULL;
    return is_object(arena_unclosed(machine->arena, prefix), machine, kind) ? prefix : NULL;
}
