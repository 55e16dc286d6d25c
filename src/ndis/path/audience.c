/* SPDX-License-Identifier: MIT */
/* What bindings want to receive. Each has a packet filter, multicast addresses and a look-ahead of
 * its own; the miniport is told what all of them want together.
 *
 *     NdisOidRequest(set filter A) --> request with A | B | C --> filters --> miniport
 *                                  <-- request with A         <-- its answer
 *
 * Writers hold wants_lock at DISPATCH_LEVEL; the path reads filters as words and address lists by
 * a pointer whose old value is freed after a grace period. A binding that has never set its packet
 * filter gets everything.
 */
#include "ndis/path/audience.h"
#include "host/lock.h"
#include "ndis/path/multicast.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/path/status.h"

#include <string.h>

struct audience_change {
    struct adapter *adapter;
    struct module_wants *wants; /* of the binding, or the host's */
    NDIS_OID oid;               /* oid, buffer, length: as the binding asked */
    PVOID buffer;
    ULONG length;
    void (*undo)(struct audience_change *);
    struct module_wants before;
    ULONG all_before;       /* the packet filter of all */
    struct multicast *left; /* the list that the change replaced */
    UCHAR data[];           /* what goes down */
};

static KIRQL
wants_enter(struct adapter *adapter)
{
    KIRQL irql = path_enter();

    host_lock(&adapter->wants_lock);
    return irql;
}

static void
wants_leave(struct adapter *adapter, KIRQL irql)
{
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
}

/* The open bindings, for who is at DISPATCH_LEVEL. */
static const struct receivers *
open_bindings(struct adapter *adapter)
{
    return __atomic_load_n(&adapter->receivers, __ATOMIC_ACQUIRE);
}

/* Those of each open binding, and of the host program; NULL behind them. */
static const struct module_wants *
wants_of(struct adapter *adapter, unsigned i)
{
    const struct receivers *list = open_bindings(adapter);

    if (i < list->open)
        return &list->bindings[i]->wants;
    return i == list->open ? &adapter->host_wants : NULL;
}

static ULONG
filter_locked(struct adapter *adapter)
{
    const struct module_wants *wants;
    ULONG filter = 0;

    for (unsigned i = 0; (wants = wants_of(adapter, i)); i++)
        if (wants->chosen)
            filter |= wants->filter;
    return filter;
}

static ULONG
lookahead_locked(struct adapter *adapter)
{
    const struct module_wants *wants;
    ULONG lookahead = 0;

    for (unsigned i = 0; (wants = wants_of(adapter, i)); i++)
        lookahead = max(lookahead, wants->lookahead);
    return lookahead;
}

static bool
among(const UCHAR *addresses, unsigned count, const UCHAR *address)
{
    for (unsigned i = 0; i < count; i++)
        if (memcmp(addresses + (size_t)i * ADDRESS, address, ADDRESS) == 0)
            return true;
    return false;
}

/* Every address once. Those behind the first @max are counted as often as they stand somewhere. */
static unsigned
multicast_locked(struct adapter *adapter, UCHAR *addresses, unsigned max)
{
    const struct module_wants *wants;
    unsigned count = 0;

    for (unsigned i = 0; (wants = wants_of(adapter, i)); i++) {
        const struct multicast *list = wants->multicast;

        for (unsigned k = 0; list && k < list->count; k++) {
            if (among(addresses, min(count, max), list->entries[k].address))
                continue;
            if (count < max)
                memcpy(addresses + (size_t)count * ADDRESS, list->entries[k].address, ADDRESS);
            count++;
        }
    }
    return count;
}

/* How many entries all lists have: a bound for multicast_locked. */
static unsigned
entries_locked(struct adapter *adapter)
{
    const struct module_wants *wants;
    unsigned count = 0;

    for (unsigned i = 0; (wants = wants_of(adapter, i)); i++)
        if (wants->multicast)
            count += wants->multicast->count;
    return count;
}

static bool
ethernet(const struct adapter *adapter)
{
    return adapter->general.MediaType == NdisMedium802_3;
}

static bool
wants_everything(ULONG filter)
{
    return filter & (NDIS_PACKET_TYPE_PROMISCUOUS | NDIS_PACKET_TYPE_ALL_LOCAL);
}

static bool
may_loop_to(const struct module_wants *wants)
{
    return wants->chosen && wants->filter && !(wants->filter & NDIS_PACKET_TYPE_NO_LOCAL) &&
           !(wants->options & NDIS_PROT_OPTION_NO_LOOPBACK);
}

static void
update_locked(struct adapter *adapter)
{
    const struct receivers *open = open_bindings(adapter);
    bool loops = false;

    for (unsigned i = 0; i < open->open; i++) {
        struct module_wants *wants = &open->bindings[i]->wants;
        bool all = ethernet(adapter) ? wants_everything(wants->filter) : wants->filter != 0;

        __atomic_store_n(&wants->checks, wants->chosen && !all, __ATOMIC_RELAXED);
        loops = loops || may_loop_to(wants);
    }
    if (adapter->miniport)
        __atomic_store_n(&adapter->miniport->loops, loops && open->open > 1, __ATOMIC_RELAXED);
}

void
audience_update(struct adapter *adapter)
{
    KIRQL irql = wants_enter(adapter);

    update_locked(adapter);
    wants_leave(adapter, irql);
}

ULONG
audience_filter(struct adapter *adapter)
{
    KIRQL irql = wants_enter(adapter);
    ULONG filter = filter_locked(adapter);

    wants_leave(adapter, irql);
    return filter;
}

ULONG
audience_lookahead(struct adapter *adapter)
{
    KIRQL irql = wants_enter(adapter);
    ULONG lookahead = lookahead_locked(adapter);

    wants_leave(adapter, irql);
    return lookahead ? lookahead : adapter->general.LookaheadSize;
}

unsigned
audience_multicast(struct adapter *adapter, UCHAR *addresses, unsigned max)
{
    KIRQL irql = wants_enter(adapter);
    unsigned count = multicast_locked(adapter, addresses, max);

    wants_leave(adapter, irql);
    return count;
}

static bool
filter_takes(const struct module *binding, ULONG filter, const UCHAR *to)
{
    static const UCHAR everybody[ADDRESS] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    if (!(to[0] & 1))
        return filter & NDIS_PACKET_TYPE_DIRECTED &&
               memcmp(to, binding->adapter->general.CurrentMacAddress, ADDRESS) == 0;
    if (memcmp(to, everybody, ADDRESS) == 0)
        return filter & NDIS_PACKET_TYPE_BROADCAST;
    if (filter & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return true;
    return filter & NDIS_PACKET_TYPE_MULTICAST && multicast_lists(&binding->wants, to);
}

bool
audience_wants(const struct module *binding, PNET_BUFFER_LIST nbl)
{
    const struct module_wants *wants = &binding->wants;
    ULONG filter = __atomic_load_n(&wants->filter, __ATOMIC_RELAXED);
    UCHAR storage[ADDRESS], *to;

    if (nbl->NblFlags & NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET) {
        bool own = nbl->MiniportReserved[0] == binding && !nbl->MiniportReserved[1];

        if (own || !may_loop_to(wants))
            return false;
    }
    if (!__atomic_load_n(&wants->chosen, __ATOMIC_RELAXED) || wants_everything(filter))
        return true;
    if (!ethernet(binding->adapter))
        return filter != 0;
    to = NdisGetDataBuffer(NET_BUFFER_LIST_FIRST_NB(nbl), ADDRESS, storage, 1, 0);
    return to && filter_takes(binding, filter, to);
}

/* A change with @size bytes to go down; NULL: no memory. */
static struct audience_change *
change_create(
    struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request, size_t size)
{
    struct audience_change *change = machine_alloc(adapter->machine, sizeof(*change) + size);
    const struct _SET *set = &request->DATA.SET_INFORMATION;

    if (!change)
        return NULL;
    change->adapter = adapter;
    change->wants = wants;
    change->oid = set->Oid;
    change->buffer = set->InformationBuffer;
    change->length = set->InformationBufferLength;
    return change;
}

/* The request goes down with what stands in @change. */
static NDIS_STATUS
divert(PNDIS_OID_REQUEST request, struct audience_change *change, NDIS_OID oid, ULONG length)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;

    set->Oid = oid;
    set->InformationBuffer = change->data;
    set->InformationBufferLength = length;
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
too_short(PNDIS_OID_REQUEST request, ULONG needed)
{
    request->DATA.SET_INFORMATION.BytesRead = 0;
    request->DATA.SET_INFORMATION.BytesNeeded = needed;
    return NDIS_STATUS_INVALID_LENGTH;
}

static void
undo_filter(struct audience_change *change)
{
    struct module_wants *wants = change->wants;

    __atomic_store_n(&wants->filter, change->before.filter, __ATOMIC_RELAXED);
    __atomic_store_n(&wants->chosen, change->before.chosen, __ATOMIC_RELAXED);
}

static NDIS_STATUS
set_filter(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct audience_change **made)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct audience_change *change;
    ULONG all;
    KIRQL irql;

    if (set->InformationBufferLength < sizeof(ULONG))
        return too_short(request, sizeof(ULONG));
    change = *made = change_create(adapter, wants, request, sizeof(ULONG));
    if (!change)
        return NDIS_STATUS_RESOURCES;
    change->undo = undo_filter;
    irql = wants_enter(adapter);
    change->before = *wants;
    change->all_before = filter_locked(adapter);
    __atomic_store_n(&wants->filter, *(ULONG *)change->buffer, __ATOMIC_RELAXED);
    __atomic_store_n(&wants->chosen, true, __ATOMIC_RELAXED);
    update_locked(adapter);
    all = filter_locked(adapter);
    wants_leave(adapter, irql);
    memcpy(change->data, &all, sizeof(all));
    return divert(request, change, change->oid, sizeof(ULONG));
}

static void
undo_lookahead(struct audience_change *change)
{
    change->wants->lookahead = change->before.lookahead;
}

static NDIS_STATUS
set_lookahead(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct audience_change **made)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct audience_change *change;
    ULONG wanted, most;
    KIRQL irql;

    if (set->InformationBufferLength < sizeof(ULONG))
        return too_short(request, sizeof(ULONG));
    wanted = *(ULONG *)set->InformationBuffer;
    if (wanted > adapter->general.LookaheadSize)
        return NDIS_STATUS_INVALID_DATA;
    change = *made = change_create(adapter, wants, request, sizeof(ULONG));
    if (!change)
        return NDIS_STATUS_RESOURCES;
    change->undo = undo_lookahead;
    irql = wants_enter(adapter);
    change->before = *wants;
    wants->lookahead = wanted;
    most = lookahead_locked(adapter);
    wants_leave(adapter, irql);
    memcpy(change->data, &most, sizeof(most));
    return divert(request, change, change->oid, sizeof(ULONG));
}

/* Known to NDIS alone. */
static NDIS_STATUS
set_options(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct audience_change **made)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;
    KIRQL irql;

    (void)made;
    if (set->InformationBufferLength < sizeof(ULONG))
        return too_short(request, sizeof(ULONG));
    irql = wants_enter(adapter);
    wants->options = *(ULONG *)set->InformationBuffer;
    update_locked(adapter);
    wants_leave(adapter, irql);
    set->BytesRead = sizeof(ULONG);
    return NDIS_STATUS_SUCCESS;
}

static void
undo_multicast(struct audience_change *change)
{
    struct multicast *now = change->wants->multicast;

    __atomic_store_n(&change->wants->multicast, change->left, __ATOMIC_RELEASE);
    change->left = now;
}

/* Makes @next the binding's list and writes what all want together into the change. */
static NDIS_STATUS
list_apply(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct multicast *next, struct audience_change **made)
{
    unsigned most = entries_locked(adapter) + next->count, all;
    struct audience_change *change =
        change_create(adapter, wants, request, (size_t)max(most, 1u) * ADDRESS);

    if (!change)
        return NDIS_STATUS_RESOURCES;
    change->undo = undo_multicast;
    change->left = wants->multicast;
    __atomic_store_n(&wants->multicast, next, __ATOMIC_RELEASE);
    all = multicast_locked(adapter, change->data, most);
    if (all > adapter->general.MaxMulticastListSize) {
        __atomic_store_n(&wants->multicast, change->left, __ATOMIC_RELEASE);
        stack_retire(adapter, &next->retired);
        machine_free(adapter->machine, change);
        return NDIS_STATUS_MULTICAST_FULL;
    }
    *made = change;
    return divert(request, change, OID_802_3_MULTICAST_LIST, all * ADDRESS);
}

static NDIS_STATUS
set_multicast(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct audience_change **made)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    const struct multicast *old;
    struct multicast *next;
    NDIS_STATUS status;
    unsigned room;
    KIRQL irql;

    if (set->InformationBufferLength % ADDRESS ||
        (set->Oid != OID_802_3_MULTICAST_LIST && set->InformationBufferLength != ADDRESS))
        return too_short(request, ADDRESS);
    irql = wants_enter(adapter);
    old = wants->multicast;
    room = set->InformationBufferLength / ADDRESS + (old ? old->count : 0);
    next = machine_alloc(adapter->machine, sizeof(*next) + room * sizeof(next->entries[0]));
    status = next ? multicast_next(next, old, set) : NDIS_STATUS_RESOURCES;
    if (status == NDIS_STATUS_SUCCESS)
        status = list_apply(adapter, wants, request, next, made);
    else
        machine_free(adapter->machine, next);
    wants_leave(adapter, irql);
    return status;
}

static const struct {
    NDIS_OID oid;
    NDIS_STATUS(*set)
    (struct adapter *, struct module_wants *, PNDIS_OID_REQUEST, struct audience_change **);
} wishes[] = {
    {OID_GEN_CURRENT_PACKET_FILTER, set_filter},
    {OID_GEN_CURRENT_LOOKAHEAD, set_lookahead},
    {OID_GEN_PROTOCOL_OPTIONS, set_options},
    {OID_802_3_MULTICAST_LIST, set_multicast},
    {OID_802_3_ADD_MULTICAST_ADDRESS, set_multicast},
    {OID_802_3_DELETE_MULTICAST_ADDRESS, set_multicast},
};

bool
audience_request(struct adapter *adapter, struct module_wants *wants, PNDIS_OID_REQUEST request,
    struct audience_change **change, NDIS_STATUS *status)
{
    *change = NULL;
    if (request->RequestType != NdisRequestSetInformation ||
        !oid_of_medium(adapter, request->DATA.SET_INFORMATION.Oid))
        return false;
    if (irql_now() == PASSIVE_LEVEL)
        stack_reap(adapter);
    for (size_t i = 0; i < RTL_NUMBER_OF(wishes); i++) {
        if (wishes[i].oid != request->DATA.SET_INFORMATION.Oid)
            continue;
        *status = wishes[i].set(adapter, wants, request, change);
        return *status != NDIS_STATUS_PENDING;
    }
    return false;
}

/* What goes down to the miniport now is told to the layers above it. */
static void
tell_filter(struct adapter *adapter, ULONG before)
{
    ULONG now = audience_filter(adapter);

    if (now != before)
        status_of_ndis(adapter, NDIS_STATUS_PACKET_FILTER, &now, sizeof(now));
}

void
audience_answered(PNDIS_OID_REQUEST request, struct audience_change *change, NDIS_STATUS status)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;
    struct adapter *adapter = change->adapter;

    set->Oid = change->oid;
    set->InformationBuffer = change->buffer;
    set->InformationBufferLength = change->length;
    if (status == NDIS_STATUS_SUCCESS) {
        set->BytesRead = change->length;
    } else {
        KIRQL irql = wants_enter(adapter);

        change->undo(change);
        update_locked(adapter);
        wants_leave(adapter, irql);
    }
    if (change->left)
        stack_retire(adapter, &change->left->retired);
    if (status == NDIS_STATUS_SUCCESS && change->oid == OID_GEN_CURRENT_PACKET_FILTER)
        tell_filter(adapter, change->all_before);
    machine_free(adapter->machine, change);
}

/* The layers from @at down are told @oid, as nobody's request; @at NULL: from the top. */
static void
tell(struct adapter *adapter, struct module *at, NDIS_OID oid, void *buffer, ULONG length)
{
    NDIS_OID_REQUEST *request =
        object_create(adapter->machine, OBJECT_OID_REQUEST, sizeof(*request));

    if (!request)
        return;
    request->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    request->RequestType = NdisRequestSetInformation;
    request->DATA.SET_INFORMATION.Oid = oid;
    request->DATA.SET_INFORMATION.InformationBuffer = buffer;
    request->DATA.SET_INFORMATION.InformationBufferLength = length;
    if (at)
        oid_run_at(at, request);
    else
        oid_run(adapter, request);
    object_destroy(request);
}

static void
tell_multicast(struct adapter *adapter, struct module *at)
{
    unsigned room = audience_multicast(adapter, NULL, 0);
    UCHAR *addresses = machine_alloc(adapter->machine, (size_t)max(room, 1u) * ADDRESS);

    if (!addresses)
        return;
    room = min(room, audience_multicast(adapter, addresses, room));
    tell(adapter, at, OID_802_3_MULTICAST_LIST, addresses, room * ADDRESS);
    machine_free(adapter->machine, addresses);
}

void
audience_restore(struct adapter *adapter)
{
    struct module *miniport = adapter->miniport;
    ULONG filter = audience_filter(adapter), lookahead = audience_lookahead(adapter);

    tell(adapter, miniport, OID_GEN_CURRENT_PACKET_FILTER, &filter, sizeof(filter));
    tell(adapter, miniport, OID_GEN_CURRENT_LOOKAHEAD, &lookahead, sizeof(lookahead));
    if (adapter->general.MaxMulticastListSize)
        tell_multicast(adapter, miniport);
}

void
audience_leave(struct module *binding)
{
    struct adapter *adapter = binding->adapter;
    KIRQL irql = wants_enter(adapter);
    struct module_wants had = binding->wants;
    ULONG before = filter_locked(adapter), now;

    binding->wants = (struct module_wants){.chosen = had.chosen};
    update_locked(adapter);
    now = filter_locked(adapter);
    wants_leave(adapter, irql);
    if (before != now) {
        tell(adapter, NULL, OID_GEN_CURRENT_PACKET_FILTER, &now, sizeof(now));
        tell_filter(adapter, before);
    }
    if (!had.multicast)
        return;
    tell_multicast(adapter, NULL);
    stack_retire(adapter, &had.multicast->retired);
}

void
audience_forget(struct adapter *adapter)
{
    struct multicast *multicast = adapter->host_wants.multicast;

    adapter->host_wants = (struct module_wants){0};
    machine_free(adapter->machine, multicast);
}
