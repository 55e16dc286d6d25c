/* SPDX-License-Identifier: MIT */
/* Checks of single calls: made in a handler where they must not be, in the wrong order, or with
 * arguments that do not fit each other.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

static void *
argument(const struct gate_call *call, unsigned k)
{
    return (void *)call->args[k];
}

/* The first of @names that the running task is in, or NULL. */
static const char *
inside_one(const struct driver *driver, const char *const *names)
{
    for (; *names; names++)
        if (inside(driver, *names))
            return *names;
    return NULL;
}

static void
enumerate_bindings(struct verify *verify, struct gate_call *call)
{
    static const char *const handlers[] = {
        "ProtocolBindAdapterEx", "ProtocolUnbindAdapterEx", "ProtocolNetPnPEvent", NULL};
    const char *handler = inside_one(call->driver, handlers);

    if (fails(verify, RULE_ENUMERATE, handler != NULL))
        broken(verify, RULE_ENUMERATE, call, NULL, NULL, NULL, "%s called %s in its %s",
            call->driver->name, call->import->name, handler);
}

static void
free_something(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_SHUTDOWN_FREE, inside(call->driver, "MiniportShutdownEx")))
        broken(verify, RULE_SHUTDOWN_FREE, call, NULL, NULL, NULL,
            "%s called %s in its MiniportShutdownEx", call->driver->name, call->import->name);
}

/* That of @names whose code runs, or NULL: what a DPC does that runs on top of it is not its. */
static const char *
running_one(const char *const *names)
{
    const struct gate_frame *frame = block_self->frames;

    if (!frame || !frame->handler)
        return NULL;
    while (*names && strcmp(frame->handler->name, *names) != 0)
        names++;
    return *names;
}

static void
indicate_status(struct verify *verify, struct gate_call *call)
{
    static const char *const handlers[] = {"MiniportHaltEx", "MiniportShutdownEx",
        "MiniportInterrupt", "MiniportHalt", "MiniportShutdown", "MiniportISR", NULL};
    const char *handler = running_one(handlers);

    if (fails(verify, RULE_STATUS_WHERE, handler != NULL))
        broken(verify, RULE_STATUS_WHERE, call, NULL, NULL, NULL, "%s called %s in its %s",
            call->driver->name, call->import->name, handler);
}

static void
remove_miniport(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_FATAL_ERROR, true))
        broken(verify, RULE_FATAL_ERROR, call, NULL, NULL, NULL,
            "%s gives up its adapter: Windows takes a dump of it", call->driver->name);
}

static void
freed_index(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_LUID_INDEX, (NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS))
        broken(verify, RULE_LUID_INDEX, call, NULL, NULL, NULL,
            "%s freed NET_LUID index %u, which is not allocated", call->driver->name,
            (unsigned)call->args[1]);
}

/* A row on top of itself; longer circles need the whole table. */
static void
add_row(struct verify *verify, struct gate_call *call)
{
    NET_IFINDEX higher = (NET_IFINDEX)call->args[0], lower = (NET_IFINDEX)call->args[1];
    bool circle = higher == lower;

    for (unsigned k = 0; k < RTL_NUMBER_OF(verify->if_rows); k++)
        circle =
            circle || (higher && verify->if_rows[k][0] == lower && verify->if_rows[k][1] == higher);
    if (fails(verify, RULE_IF_STACK, circle))
        broken(verify, RULE_IF_STACK, call, NULL, NULL, NULL,
            "%s puts interface %u on %u, which stands on it", call->driver->name, higher, lower);
    verify->if_rows[verify->if_row++ % RTL_NUMBER_OF(verify->if_rows)][0] = higher;
    verify->if_rows[(verify->if_row - 1) % RTL_NUMBER_OF(verify->if_rows)][1] = lower;
}

/* Taken away again. */
static void
delete_row(struct verify *verify, struct gate_call *call)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(verify->if_rows); k++)
        if (verify->if_rows[k][0] == (NET_IFINDEX)call->args[0] &&
            verify->if_rows[k][1] == (NET_IFINDEX)call->args[1])
            verify->if_rows[k][0] = verify->if_rows[k][1] = 0;
}

/* Memory, after the last registration is gone. */
static void
allocate(struct verify *verify, struct gate_call *call)
{
    bool late = inside(call->driver, "DriverUnload") &&
                !ndis_driver_find(call->driver, OBJECT_MINIPORT_DRIVER) &&
                !ndis_driver_find(call->driver, OBJECT_FILTER_DRIVER) &&
                !ndis_driver_find(call->driver, OBJECT_PROTOCOL_DRIVER);

    if (fails(verify, RULE_UNLOAD_ALLOCATE, late))
        broken(verify, RULE_UNLOAD_ALLOCATE, call, NULL, NULL, NULL,
            "%s called %s in its DriverUnload, with no registration left", call->driver->name,
            call->import->name);
}

/* Cancel ids carry a byte that NDIS gives out. */
static void
has_partial_id(struct verify *verify, struct gate_call *call)
{
    UCHAR id = (UCHAR)call->result;

    verify->partial_ids[id / 64] |= 1ull << id % 64;
}

static void
check_cancel_id(struct verify *verify, const struct gate_call *call, const void *id)
{
    unsigned high = (unsigned)((uintptr_t)id >> 56);
    bool known = verify->partial_ids[high / 64] >> high % 64 & 1;

    if (fails(verify, RULE_CANCEL_ID, id && !known))
        broken(verify, RULE_CANCEL_ID, call, NULL, NULL, NULL,
            "%s called %s with cancel id %p, whose high byte NDIS has not given out",
            call->driver->name, call->import->name, id);
}

static void
send(struct verify *verify, struct gate_call *call)
{
    PNET_BUFFER_LIST nbl = argument(call, 1);

    if (nbl && object_of(verify->machine, nbl, OBJECT_NBL))
        check_cancel_id(verify, call, NET_BUFFER_LIST_INFO(nbl, NetBufferListCancelId));
}

/* Contiguous data: a copy needs room. */
static void
get_data(struct verify *verify, struct gate_call *call)
{
    const char *storage = argument(call, 2);
    const struct record *block = storage ? pool_around(verify, storage) : NULL;
    uint64_t needed = (ULONG)call->args[1], room;

    if (!block)
        return;
    room = (uint64_t)((const char *)block->body + block->prefix->size - storage);
    if (fails(verify, RULE_STORAGE, needed > room))
        broken(verify, RULE_STORAGE, call, NULL, block, "allocated here",
            "%s asks for %u bytes and gives storage for %u", call->driver->name, (unsigned)needed,
            (unsigned)room);
}

/* MDLs. */
static struct record *
mdl_record(struct verify *verify, const void *mdl)
{
    struct object *prefix = object_of(verify->machine, mdl, OBJECT_MDL);

    return prefix && !prefix->home ? prefix->record : NULL;
}

/* A driver may describe another buffer with an MDL, but not a larger one. */
static void
build_mdl(struct verify *verify, struct gate_call *call)
{
    const MDL *mdl = argument(call, 0);
    const struct record *record = mdl_record(verify, mdl);
    size_t needed;

    if (!record)
        return;
    needed =
        sizeof(*mdl) + ADDRESS_AND_SIZE_TO_SPAN_PAGES((ULONG_PTR)mdl->ByteOffset, mdl->ByteCount) *
                           sizeof(PFN_NUMBER);
    if (fails(verify, RULE_MDL_SIZE, needed > record->prefix->size))
        broken(verify, RULE_MDL_SIZE, call, NULL, record, "allocated here",
            "%s describes %u bytes at offset %u of a page with an MDL that was allocated for "
            "fewer pages",
            call->driver->name, mdl->ByteCount, mdl->ByteOffset);
}

static void
has_mdl(struct verify *verify, struct gate_call *call)
{
    struct record *record = mdl_record(verify, (const void *)call->result);

    if (record)
        record->length = (ULONG)call->args[2];
}

static void
free_mdl(struct verify *verify, struct gate_call *call)
{
    const MDL *mdl = argument(call, 0);
    const struct record *record = mdl_record(verify, mdl);

    if (!record || !record->length)
        return;
    if (fails(verify, RULE_MDL_LENGTH, mdl->ByteCount != record->length))
        broken(verify, RULE_MDL_LENGTH, call, NULL, record, "allocated here",
            "%s frees an MDL of %u bytes that was allocated for %u", call->driver->name,
            mdl->ByteCount, record->length);
}

const struct check call_imports[] = {
    {"NdisReEnumerateProtocolBindings", enumerate_bindings, NULL},
    {"NdisFreeMemory", free_something, NULL},
    {"NdisFreeMemoryWithTagPriority", free_something, NULL},
    {"NdisFreeNetBufferList", free_something, NULL},
    {"NdisFreeNetBufferListPool", free_something, NULL},
    {"NdisMFreeSharedMemory", free_something, NULL},
    {"NdisMDeregisterInterruptEx", free_something, NULL},
    {"ExFreePool", free_something, NULL},
    {"ExFreePoolWithTag", free_something, NULL},
    {"NdisMIndicateStatusEx", indicate_status, NULL},
    {"NdisMIndicateStatus", indicate_status, NULL},
    {"NdisIfFreeNetLuidIndex", NULL, freed_index},
    {"NdisIfAddIfStackEntry", add_row, NULL},
    {"NdisIfDeleteIfStackEntry", delete_row, NULL},
    {"NdisMRemoveMiniport", remove_miniport, NULL},
    {"ExAllocatePoolWithTag", allocate, NULL},
    {"ExAllocatePool2", allocate, NULL},
    {"NdisAllocateMemoryWithTag", allocate, NULL},
    {"NdisAllocateMemoryWithTagPriority", allocate, NULL},
    {"NdisGeneratePartialCancelId", NULL, has_partial_id},
    {"NdisSendNetBufferLists", send, NULL},
    {"NdisGetDataBuffer", get_data, NULL},
    {"MmBuildMdlForNonPagedPool", build_mdl, NULL},
    {"MmProbeAndLockPages", build_mdl, NULL},
    {"NdisAllocateMdl", NULL, has_mdl},
    {"NdisFreeMdl", free_mdl, NULL},
    {NULL, NULL, NULL},
};
