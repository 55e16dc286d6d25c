/* SPDX-License-Identifier: MIT */
/* Checks of pool memory, and of what is left when a driver or module ends. */
#include "verify/check.h"

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
} kept[] = {
    {OBJECT_NBL_POOL, RULE_NBL_POOL_FREED},
    {OBJECT_NB_POOL, RULE_NBL_POOL_FREED},
    {OBJECT_POOL_MEMORY, RULE_LEAK_MEMORY},
    {OBJECT_MDL, RULE_LEAK_MDL},
    {OBJECT_TIMER, RULE_LEAK_TIMER},
    {OBJECT_WORK_ITEM, RULE_LEAK_WORK},
    {OBJECT_CONFIGURATION, RULE_LEAK_CONFIGURATION},
    {OBJECT_OID_REQUEST, RULE_OID_CLONE_FREED},
};

/* MDLs of a pool go with it. */
static bool
left(const struct record *record, const struct driver *driver, enum object_kind kind)
{
    return record->kind == kind && record->maker == driver && record->prefix &&
           !(kind == OBJECT_MDL && record->prefix->home);
}

static void
check_kind(struct verify *verify, struct driver *driver, enum object_kind kind, enum rule_name rule)
{
    struct record *first = NULL;
    unsigned count = 0;

    record_for_each(&verify->live, record)
    {
        if (left(record, driver, kind) && !count++)
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
        check_kind(verify, driver, kept[k].kind, kept[k].rule);
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
                ((const struct packet_pool *)record->body)->ndis_handle == module))
            continue;
        record->overdue = true;
        broken(verify, RULE_NBL_POOL_FREED, NULL, module->driver, record, "made here",
            "the %s of %s has ended, but not %s %u, which was made for it",
            module_kind_name(module->kind), module->driver->name, object_kind_name(record->kind),
            record->id);
    }
}

const struct check memory_imports[] = {
    {"ExFreePool", free_plain, NULL},
    {"ExFreePoolWithTag", free_tagged, NULL},
    {"NdisFreeMemory", free_plain, NULL},
    {"NdisFreeMemoryWithTag", free_tagged, NULL},
    {"NdisFreeMemoryWithTagPriority", free_priority, NULL},
    {NULL, NULL, NULL},
};
