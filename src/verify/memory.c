/* SPDX-License-Identifier: MIT */
/* Checks of pool memory, and of what is left when a driver or module ends. */
#include "verify/check.h"

/* Calls that allocate: which argument is what. */
enum { NO_TYPE = 0xFF };
struct allocator {
    const char *name;
    uint8_t type, size;
    bool flags; /* the type is POOL_FLAGS */
};

static const struct allocator allocators[] = {
    {"ExAllocatePool", 0, 1, false},
    {"ExAllocatePoolWithTag", 0, 1, false},
    {"ExAllocatePoolWithTagPriority", 0, 1, false},
    {"ExAllocatePoolWithQuota", 0, 1, false},
    {"ExAllocatePoolWithQuotaTag", 0, 1, false},
    {"ExAllocatePool2", 0, 1, true},
    {"NdisAllocateMemory", NO_TYPE, 1, false},
    {"NdisAllocateMemoryWithTag", NO_TYPE, 1, false},
    {"NdisAllocateMemoryWithTagPriority", NO_TYPE, 1, false},
};

static bool
is_named(const struct gate_call *call, const char *name)
{
    const char *import = call->import->name;

    while (*name && *import == *name)
        import++, name++;
    return *import == *name;
}

static const struct allocator *
allocator_of(const struct gate_call *call)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(allocators); k++)
        if (is_named(call, allocators[k].name))
            return &allocators[k];
    return &allocators[0];
}

static bool
asks_for_paged(const struct allocator *a, const struct gate_call *call)
{
    if (a->type == NO_TYPE)
        return false;
    if (a->flags)
        return call->args[a->type] & POOL_FLAG_PAGED;
    return call->args[a->type] & PagedPool;
}

static void
allocate(struct verify *verify, struct gate_call *call)
{
    const struct allocator *a = allocator_of(call);
    size_t size = a->type == NO_TYPE ? (UINT)call->args[a->size] : call->args[a->size];

    if (fails(verify, RULE_MEMORY_ZERO, size == 0))
        broken(verify, RULE_MEMORY_ZERO, call, NULL, NULL, NULL, "%s called %s for 0 bytes",
            call->driver->name, call->import->name);
    if (fails(verify, RULE_MEMORY_IRQL, asks_for_paged(a, call) && call->irql > APC_LEVEL))
        broken(verify, RULE_MEMORY_IRQL, call, NULL, NULL, NULL,
            "%s allocates paged pool at IRQL %u", call->driver->name, call->irql);
}

static void
allocate_tagged(struct verify *verify, struct gate_call *call)
{
    allocate(verify, call);
    if (fails(verify, RULE_MEMORY_TAG, (ULONG)call->args[2] == 0))
        broken(verify, RULE_MEMORY_TAG, call, NULL, NULL, NULL, "%s called %s without a tag",
            call->driver->name, call->import->name);
}

static void
allocated(struct verify *verify, struct gate_call *call)
{
    struct object *prefix =
        object_of(verify->machine, (const void *)call->result, OBJECT_POOL_MEMORY);
    struct record *record = prefix ? prefix->record : NULL;

    if (record)
        record->paged = asks_for_paged(allocator_of(call), call);
}

struct record *
pool_around(struct verify *verify, const void *address)
{
    static const size_t leads[] = {sizeof(struct object), PAGE_SIZE};
    size_t size;
    char *block = arena_find(verify->machine->arena, address, &size);

    for (unsigned k = 0; block && k < RTL_NUMBER_OF(leads); k++) {
        struct object *prefix =
            size >= leads[k] ? object_of(verify->machine, block + leads[k], OBJECT_POOL_MEMORY)
                             : NULL;

        if (prefix)
            return prefix->record;
    }
    return NULL;
}

static void
free_memory(struct verify *verify, const struct gate_call *call, void *memory, ULONG tag)
{
    struct object *prefix = object_of(verify->machine, memory, OBJECT_POOL_MEMORY);
    struct record *record = prefix ? prefix->record : NULL;

    if (fails(verify, RULE_FREE_ONCE, !prefix)) {
        record = record_grave(verify, memory, OBJECT_POOL_MEMORY);
        broken(verify, RULE_FREE_ONCE, call, NULL, record, "freed here",
            record ? "%s freed pool memory that is free" : "%s freed what is no pool memory",
            call->driver->name);
        return;
    }
    if (fails(verify, RULE_FREE_TAG, tag != 0 && tag != prefix->tag))
        broken(verify, RULE_FREE_TAG, call, NULL, record, "allocated here",
            "%s freed a block with tag '%.4s' that was allocated with tag '%.4s'",
            call->driver->name, (const char *)&tag, (const char *)&prefix->tag);
    if (fails(verify, RULE_MEMORY_IRQL, record && record->paged && call->irql > APC_LEVEL))
        broken(verify, RULE_MEMORY_IRQL, call, NULL, record, "allocated here",
            "%s frees paged pool at IRQL %u", call->driver->name, call->irql);
    locks_check_free(verify, call, memory, prefix->size);
}

static void
free_plain(struct verify *verify, struct gate_call *call)
{
    free_memory(verify, call, (void *)call->args[0], 0);
}

static void
free_tagged(struct verify *verify, struct gate_call *call)
{
    free_memory(verify, call, (void *)call->args[0], (ULONG)call->args[1]);
}

static void
free_priority(struct verify *verify, struct gate_call *call)
{
    free_memory(verify, call, (void *)call->args[1], (ULONG)call->args[2]);
}

static const struct {
    enum object_kind kind;
    enum rule_name rule;
    enum record_use use;
} kept[] = {
    {OBJECT_NBL_POOL, RULE_NBL_POOL_FREED, USE_PLAIN},
    {OBJECT_NB_POOL, RULE_NBL_POOL_FREED, USE_PLAIN},
    {OBJECT_POOL_MEMORY, RULE_LEAK_MEMORY, USE_PLAIN},
    {OBJECT_POOL_MEMORY, RULE_LEAK_STRING, USE_STRING},
    {OBJECT_POOL_MEMORY, RULE_LEAK_NAME, USE_NAME}, {OBJECT_MDL, RULE_LEAK_MDL, USE_PLAIN},
    {OBJECT_TIMER, RULE_LEAK_TIMER, USE_PLAIN}, {OBJECT_WORK_ITEM, RULE_LEAK_WORK, USE_PLAIN},
    {OBJECT_CONFIGURATION, RULE_LEAK_CONFIGURATION, USE_PLAIN},
    {OBJECT_CONFIGURATION, RULE_LEAK_KEY, USE_KEY}, {OBJECT_FILE, RULE_LEAK_OBJECT, USE_PLAIN},
    {OBJECT_KEY, RULE_LEAK_OBJECT, USE_PLAIN}, {OBJECT_EVENT, RULE_LEAK_OBJECT, USE_PLAIN},
    {OBJECT_OID_REQUEST, RULE_OID_CLONE_FREED, USE_PLAIN},
    {OBJECT_RW_LOCK, RULE_LEAK_MEMORY, USE_PLAIN},
    {OBJECT_PACKET_POOL, RULE_LEAK_MEMORY, USE_PLAIN},
    {OBJECT_DEVICE, RULE_LEAK_DEVICE, USE_PLAIN}, /* NdisRegisterDeviceEx; others went before */
};

/* MDLs of a pool go with it. */
static bool
left(const struct record *record, const struct driver *driver, unsigned which)
{
    enum object_kind kind = kept[which].kind;

    return record->kind == kind && record->use == kept[which].use && record->maker == driver &&
           record->prefix && !(kind == OBJECT_MDL && record->prefix->home);
}

static void
check_kind(struct verify *verify, struct driver *driver, unsigned which)
{
    enum object_kind kind = kept[which].kind;
    enum rule_name rule = kept[which].rule;
    struct record *first = NULL;
    unsigned count = 0;

    record_for_each(&verify->live, record)
    {
        if (left(record, driver, which) && !count++)
            first = record;
    }
    if (fails(verify, rule, count != 0))
        broken(verify, rule, NULL, driver, first, "the first one was made here",
            "%s was unloaded and left %u x %s", driver->name, count, object_kind_name(kind));
}

void
check_leaks(struct verify *verify, struct driver *driver)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(kept); k++)
        check_kind(verify, driver, k);
    /* Told once; what is freed later is nobody's. */
    record_for_each(&verify->live, record) if (record->maker == driver) record->maker = NULL;
}

void
check_module_leaks(struct verify *verify, const struct module *module)
{
    record_for_each(&verify->live, record)
    {
        bool pool = record->kind == OBJECT_NBL_POOL || record->kind == OBJECT_NB_POOL;

        if (!pool || record->overdue)
            continue;
        if (!fails(verify, RULE_NBL_POOL_FREED,
                pool_handle((const struct packet_pool *)record->body) == module))
            continue;
        record->overdue = true;
        broken(verify, RULE_NBL_POOL_FREED, NULL, module->driver, record, "made here",
            "the %s of %s has ended, but not %s %u, which was made for it",
            module_kind_name(module->kind), module->driver->name, object_kind_name(record->kind),
            record->id);
    }
}

/* What has a rule of its own. */
static void
mark(struct verify *verify, const void *body, enum object_kind kind, enum record_use use)
{
    struct object *prefix = object_of(verify->machine, body, kind);
    struct record *record = prefix ? prefix->record : NULL;

    if (record)
        record->use = (uint8_t)use;
}

static void
has_string(struct verify *verify, struct gate_call *call)
{
    const NDIS_STRING *string = (const void *)call->args[0];

    mark(verify, string->Buffer, OBJECT_POOL_MEMORY, USE_STRING);
}

static void
has_name(struct verify *verify, struct gate_call *call)
{
    const NDIS_STRING *string = (const void *)call->args[0];

    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        mark(verify, string->Buffer, OBJECT_POOL_MEMORY, USE_NAME);
}

static void
has_key(struct verify *verify, const struct gate_call *call, unsigned argument)
{
    if (*(const NDIS_STATUS *)call->args[0] == NDIS_STATUS_SUCCESS)
        mark(verify, *(void **)call->args[argument], OBJECT_CONFIGURATION, USE_KEY);
}

static void
has_key_by_name(struct verify *verify, struct gate_call *call)
{
    has_key(verify, call, 3);
}

static void
has_key_by_index(struct verify *verify, struct gate_call *call)
{
    has_key(verify, call, 4);
}

static void
free_context(struct verify *verify, struct gate_call *call)
{
    const NET_BUFFER_LIST *nbl = (const void *)call->args[0];

    mark(verify, nbl->Context, OBJECT_POOL_MEMORY, USE_CONTEXT);
}

const struct check memory_imports[] = {
    {"NdisFreeNetBufferListContext", free_context, NULL},
    {"NdisInitializeString", NULL, has_string},
    {"NdisMQueryAdapterInstanceName", NULL, has_name},
    {"NdisQueryAdapterInstanceName", NULL, has_name},
    {"NdisQueryBindInstanceName", NULL, has_name},
    {"NdisOpenConfigurationKeyByName", NULL, has_key_by_name},
    {"NdisOpenConfigurationKeyByIndex", NULL, has_key_by_index},
    {"ExAllocatePool", allocate, allocated},
    {"ExAllocatePoolWithTag", allocate, allocated},
    {"ExAllocatePoolWithTagPriority", allocate, allocated},
    {"ExAllocatePoolWithQuota", allocate, allocated},
    {"ExAllocatePoolWithQuotaTag", allocate, allocated},
    {"ExAllocatePool2", allocate, allocated},
    {"NdisAllocateMemory", allocate, NULL},
    {"NdisAllocateMemoryWithTag", allocate, NULL},
    {"NdisAllocateMemoryWithTagPriority", allocate_tagged, NULL},
    {"ExFreePool", free_plain, NULL},
    {"ExFreePoolWithTag", free_tagged, NULL},
    {"NdisFreeMemory", free_plain, NULL},
    {"NdisFreeMemoryWithTag", free_tagged, NULL},
    {"NdisFreeMemoryWithTagPriority", free_priority, NULL},
    {NULL, NULL, NULL},
};
