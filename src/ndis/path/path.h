/* SPDX-License-Identifier: MIT */
/* What the journeys of the data path share: a run holds a processor, so lanes and hops need
 * neither lock nor atomic read-modify-write.
 */
#pragma once

#include "ndis/stack/call.h"
#include "nt/processor.h"

/* Raises to DISPATCH_LEVEL unless there already; answers what path_leave needs. */
static inline KIRQL
path_enter(void)
{
    KIRQL irql = irql_now();

    return irql < DISPATCH_LEVEL ? irql_raise(DISPATCH_LEVEL) : irql;
}

static inline void
path_leave(KIRQL irql)
{
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
}

/* @flags for who is called after path_enter: DISPATCH_LEVEL, but not under a verifier when the caller
 * was at PASSIVE_LEVEL. */
static inline ULONG
path_flags(KIRQL irql, ULONG flags)
{
    const struct gate_hooks *hooks = irql == PASSIVE_LEVEL ? gate_hooks() : NULL;

    if (__builtin_expect(hooks != NULL, 0) && hooks->at_callers_irql)
        return flags & ~CALL_AT_DISPATCH;
    return flags | CALL_AT_DISPATCH;
}

static inline uint64_t
path_count(const NET_BUFFER_LIST *chain)
{
    uint64_t n = 0;

    for (; chain; chain = NET_BUFFER_LIST_NEXT_NBL(chain))
        n++;
    return n;
}

/* True of a handle of a VC (ndis/connection), safe for any value. */
static inline bool
path_is_vc(const void *handle)
{
    const struct object *prefix = object_prefix(handle);

    return handle && !((uintptr_t)handle & 15) && arena_owns(machine_self()->arena, prefix) &&
           prefix->magic == OBJECT_MAGIC && prefix->kind == OBJECT_VC;
}

/* What a miniport reports of its link is kept (status.c). */
void path_note_status(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication);

/* The bindings on @adapter at this moment, counted, until path_bindings_end. NULL: none. */
struct module **path_bindings(struct adapter *adapter, unsigned *count);
void path_bindings_end(struct undis *machine, struct module **bindings, unsigned count);

/* The module behind a data-path handle: one comparison; the full check is verify's. */
static inline struct module *
path_module(NDIS_HANDLE handle, enum module_kind kind, const char *caller)
{
    struct module *module = handle;

    if (__builtin_expect(!module || module->kind != kind, 0))
        return module_from_handle(handle, kind, caller);
    return module;
}

/* What NdisMSendNetBufferListsComplete and NdisMIndicateReceiveNetBufferLists do; the same for a
 * filter. */
void send_complete_above(struct module *from, PNET_BUFFER_LIST chain, ULONG flags);
void receive_indicate_above(
    struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags);
/* What NdisSendNetBufferLists does. */
void send_below(struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags);
/* In the flags of a completion to a binding of NDIS 5: MiniportSend has answered so, and nobody has
 * called NdisMSendComplete. */
#define SEND_COMPLETE_ANSWERED 0x80000000u
/* That, for NBLs that are no receives of @from's: nothing is counted. At DISPATCH_LEVEL. */
void receive_show_above(
    struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags);
