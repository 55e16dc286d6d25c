/* SPDX-License-Identifier: MIT */
/* What calls of drivers and of NDIS order: locks, waits, what is handed over, and what NDIS promises
 * of its handlers. See race.h.
 *
 *     an import    gives before undis does what it is for, takes when it has
 *     a handler    takes before the driver gets it, gives when the driver has returned
 *
 * Where the documents leave it open, more is ordered rather than less: a race that is reported is
 * one.
 */
#include "verify/race.h"

#include "host/image.h"
#include "ndis/connection/connection.h"
#include "ndis/stack/legacy.h"

#include <string.h>

#define CHAIN_END   65536u
#define PACKETS_MAX 4096u

/* What an import orders. */
enum import_order {
    TAKES = 1,      /* what its first argument is about */
    GIVES = 2,      /* the same, of a lock */
    WAITS = 4,      /* for its first argument */
    WAITS_MANY = 8, /* for several objects */
    PLANS = 16,     /* something runs later */
    ENDS = 32,      /* afterwards nothing of it runs */
    PUBLISHES = 64, /* NDIS may call handlers */
    SHARES = 128,   /* a list or counter that is changed in one step */
    RINGS = 256,    /* a device */
};

static const struct {
    const char *part;
    bool first; /* the name begins with it */
    uint16_t order;
} names[] = {
    {"WRITE_REGISTER", true, RINGS},
    {"WRITE_PORT", true, RINGS},
    {"Interlocked", false, SHARES},
    {"SList", false, SHARES},
    {"Lookaside", false, SHARES},
    {"KeAcquire", true, TAKES},
    {"KfAcquire", true, TAKES},
    {"KeTryTo", true, TAKES},
    {"ExAcquire", true, TAKES},
    {"ExTryTo", true, TAKES},
    {"ExEnterCriticalRegionAndAcquire", true, TAKES},
    {"IoAcquire", true, TAKES},
    {"NdisAcquire", true, TAKES},
    {"NdisDprAcquire", true, TAKES},
    {"KeRelease", true, GIVES},
    {"KfRelease", true, GIVES},
    {"ExRelease", true, GIVES},
    {"IoRelease", true, GIVES},
    {"NdisRelease", true, GIVES},
    {"NdisDprRelease", true, GIVES},
    {"KeWaitForMultipleObjects", true, WAITS_MANY},
    {"KeWait", true, WAITS},
    {"KeReadState", true, WAITS},
    {"NdisWaitEvent", true, WAITS},
    {"AndWait", false, WAITS},
    {"WaitForRundown", false, WAITS},
    {"ZwWait", true, WAITS},
    {"SetTimer", false, PLANS},
    {"SetCoalescable", false, PLANS},
    {"WorkItem", false, PLANS},
    {"SystemThread", false, PLANS},
    {"NdisMQueueDpc", true, PLANS},
    {"FlushQueuedDpcs", false, ENDS},
    {"CancelTimer", false, ENDS},
    {"FreeTimer", false, ENDS},
    {"DeleteTimer", false, ENDS},
    {"RemoveQueueDpc", false, ENDS},
    {"FreeIoWorkItem", false, ENDS},
    {"IoFreeWorkItem", false, ENDS},
    {"IoDisconnect", true, ENDS},
    {"IoDeleteDevice", true, ENDS},
    {"Deregister", false, ENDS},
    {"CloseAdapter", false, ENDS},
    {"Register", false, PUBLISHES},
    {"Attributes", false, PUBLISHES},
    {"OpenAdapter", false, PUBLISHES},
    {"CreateDevice", false, PUBLISHES},
    {"PauseComplete", false, PUBLISHES},
    {"RestartComplete", false, PUBLISHES},
    {"BindAdapter", false, PUBLISHES},
    {"UnbindAdapter", false, PUBLISHES},
    {"PnPEvent", false, PUBLISHES},
};

static uint16_t
order_of_import(const char *name)
{
    uint16_t order = 0;

    for (unsigned k = 0; k < RTL_NUMBER_OF(names); k++) {
        const char *at = strstr(name, names[k].part);

        if (at && (!names[k].first || at == name))
            order |= names[k].order;
    }
    return order;
}

/* Of a handler. */
enum handler_order {
    LIFE = 1,       /* one of the events of a driver's life */
    LAST = 2,       /* no handler of the data path is under way any more */
    FIRST = 4,      /* what it makes is there for the handlers after it */
    REQUEST = 8,    /* one at a time, of a module */
    PLANNED = 16,   /* was planned */
    INTERRUPT = 32, /* under the lock of the interrupt */
    OWN = 64,       /* the driver itself waits for its end */
};

static const struct {
    const char *part;
    uint8_t order;
} handler_names[] = {
    {"DriverEntry", LIFE | FIRST},
    {"AddDevice", LIFE | FIRST},
    {"SetOptions", LIFE | FIRST},
    {"Initialize", LIFE | FIRST | LAST},
    {"Attach", LIFE | FIRST | LAST},
    {"Detach", LIFE | LAST},
    {"BindAdapter", LIFE | FIRST},
    {"UnbindAdapter", LIFE},
    {"UnbindAdapterEx", LAST},
    {"AdapterComplete", LIFE | FIRST | LAST},
    {"Halt", LIFE | LAST},
    {"Unload", LIFE | LAST},
    {"Pause", LIFE},
    {"Restart", LIFE | FIRST | LAST},
    {"PnPEvent", LIFE | FIRST},
    {"Shutdown", LIFE},
    {"OidRequest", REQUEST},
    {"QueryInformation", REQUEST},
    {"SetInformation", REQUEST},
    {"DEFERRED", OWN},
    {"WORKITEM", PLANNED},
    {"WORKER", PLANNED},
    {"START_ROUTINE", PLANNED},
    {"Timer", PLANNED},
    {"TIMER", PLANNED},
    {"EXT_", PLANNED},
    {"InterruptDPC", PLANNED},
    {"HandleInterrupt", PLANNED},
    {"SERVICE_ROUTINE", INTERRUPT},
    {"SYNCHRONIZE_ROUTINE", INTERRUPT},
    {"MiniportISR", INTERRUPT},
    {"MiniportInterrupt", INTERRUPT},
    {"MessageInterrupt", INTERRUPT},
    {"SynchronizeInterrupt", INTERRUPT},
    {"UndisPort", OWN},
};

uint8_t
order_of_handler(const char *name)
{
    uint8_t order = 0;

    for (unsigned k = 0; k < RTL_NUMBER_OF(handler_names); k++)
        if (strstr(name, handler_names[k].part))
            order |= handler_names[k].order;
    if (order & PLANNED)
        order &= (uint8_t)~INTERRUPT; /* the DPC of one */
    if (strstr(name, "Direct") || strstr(name, "Synchronous") || strstr(name, "Complete") ||
        strstr(name, "Cancel"))
        order &= (uint8_t)~REQUEST;
    return order;
}

/* Objects by their address */

static bool
may_be_object(const struct verify *verify, const struct gate_call *call, const void *address)
{
    return (uintptr_t)address > UINT16_MAX &&
           (arena_owns(verify->machine->arena, address) ||
               (call->driver->image && image_contains(call->driver->image, address)));
}

static void
one(struct verify *verify, const void *object, bool gives)
{
    uintptr_t key = order_key_of(verify, object, SPACE_OBJECT);

    if (gives) {
        order_give(verify, key);
        return;
    }
    order_take(verify, order_known(verify, key) ? key : ORDER_TRANSLATED);
}

static void
chain(struct verify *verify, const void *first, bool gives)
{
    const NET_BUFFER_LIST *nbl = at_undis(first);

    for (unsigned n = 0; nbl && n < CHAIN_END; n++) {
        if (!object_of(verify->machine, nbl, OBJECT_NBL))
            return;
        one(verify, nbl, gives);
        if (nbl->ParentNetBufferList)
            one(verify, nbl->ParentNetBufferList, gives);
        nbl = nbl_next(nbl);
    }
}

static void
packets(struct verify *verify, const void *array, uintptr_t count, bool gives)
{
    const PNDIS_PACKET *packet = array;

    if (count > PACKETS_MAX)
        return; /* that is no count, and @array none */
    for (uintptr_t k = 0; k < count; k++)
        one(verify, packet[k], gives);
}

/* All that the arguments of a call name, from @first on. */
static void
objects(struct verify *verify, const struct gate_call *call, unsigned first, bool gives)
{
    const char *name = call->import ? call->import->name : call->handler->name;

    for (unsigned k = first; k < call->count; k++) {
        void *object = (void *)call->args[k];
        uintptr_t count = k + 1 < call->count ? call->args[k + 1] : 0;

        if (!may_be_object(verify, call, object))
            continue;
        if (strstr(name, "Packets") || strstr(name, "ReceivePacket"))
            packets(verify, object, count, gives);
        if (strstr(name, "NetBufferLists"))
            chain(verify, object, gives);
        if (gives || order_known(verify, order_key_of(verify, object, SPACE_OBJECT)))
            one(verify, object, gives);
    }
    if (gives)
        order_give(verify, ORDER_TRANSLATED);
}

/* Imports */

/* The lock behind the first argument. */
static uintptr_t
lock_key(const struct verify *verify, const struct gate_call *call)
{
    const char *name = call->import->name;
    const void *lock = (const void *)call->args[0];

    if (strstr(name, "CancelSpinLock"))
        return ORDER_CANCEL;
    if (strstr(name, "InterruptSpinLock"))
        return order_key_of(verify, call->driver, SPACE_INTERRUPT);
    if (strstr(name, "ReleaseInStackQueued"))
        lock = ((const KLOCK_QUEUE_HANDLE *)lock)->LockQueue.Lock;
    return order_key_of(verify, lock, SPACE_LOCK);
}

/* The module that answers: whose requests are ordered. Of connections the handle is that of both. */
static uintptr_t
answered_key(const struct verify *verify, const struct gate_call *call)
{
    const void *handle = (const void *)call->args[0];
    const void *who = call->driver;

    if (object_of(verify->machine, handle, OBJECT_FAMILY)) {
        const struct co_family *family = handle;

        who = family->manager->driver == call->driver ? family->manager : family->client;
    } else if (object_of(verify->machine, handle, OBJECT_NONE)) {
        who = handle;
    }
    return order_key_of(verify, who, SPACE_REQUESTS);
}

static uint16_t
import_order(const struct verify *verify, const struct gate_call *call)
{
    return verify->races->imports[call->import - import_table];
}

void
order_before_in(struct verify *verify, struct gate_call *call)
{
    uint16_t order;

    if (!verify->races)
        return;
    order = import_order(verify, call);
    order_settle(verify);
    if (block_self->irql == DISPATCH_LEVEL) {
        order_give(verify, ORDER_PROCESSOR + block_self->processor);
        race_activity(verify)->settled = false;
    }
    if (order & (GIVES | SHARES))
        order_give(verify, lock_key(verify, call));
    if (order & PLANS)
        order_give(verify, ORDER_PLANNED);
    if (order & RINGS)
        order_give(verify, ORDER_DEVICE);
    if (order & PUBLISHES) {
        order_give(verify, ORDER_PUBLISHED);
        order_give(verify, ORDER_LIFE);
    }
    if (strstr(call->import->name, "RequestComplete") ||
        strstr(call->import->name, "InformationComplete"))
        order_give(verify, answered_key(verify, call));
    if (!(order & (TAKES | GIVES | SHARES | WAITS | WAITS_MANY)))
        objects(verify, call, 0, true);
}

static void
waited(struct verify *verify, const struct gate_call *call, uint16_t order)
{
    void *const *objects_of = (void *const *)call->args[1];

    order_take(verify, ORDER_TASKS); /* a thread may be what ended */
    if (order & WAITS)
        order_take(verify, order_key_of(verify, (void *)call->args[0], SPACE_OBJECT));
    for (ULONG k = 0; order & WAITS_MANY && k < (ULONG)call->args[0]; k++)
        order_take(verify, order_key_of(verify, objects_of[k], SPACE_OBJECT));
}

void
order_after_in(struct verify *verify, struct gate_call *call)
{
    uint16_t order;

    if (!verify->races)
        return;
    order = import_order(verify, call);
    order_settle(verify);
    /* One that was only tried for may not have been got: too much is ordered then. */
    if (order & (TAKES | SHARES))
        order_take(verify, lock_key(verify, call));
    if (order & (WAITS | WAITS_MANY))
        waited(verify, call, order);
    if (order & ENDS) {
        order_take(verify, ORDER_ENDED);
        order_take(verify, ORDER_LEFT);
    }
}

/* Handlers */

/* The request that a handler has got. */
static bool
gives_argument(const struct gate_call *call)
{
    return strstr(call->handler->name, "OidRequest") ||
           strcmp(call->handler->name, "DispatchRoutine") == 0 ||
           strstr(call->handler->name, "NetBufferLists") ||
           strstr(call->handler->name, "ReceivePacket");
}

/* NDIS lets one function at a time into a serialized miniport. */
static bool
is_serialized(const struct gate_call *call)
{
    const struct module *miniport = call->module;

    return strncmp(call->handler->name, "Miniport", 8) == 0 && miniport && miniport->legacy &&
           !miniport->legacy->serial.off;
}

/* Of a binding, which was paused until now. */
static bool
is_restart(const struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];

    return strcmp(call->handler->name, "ProtocolNetPnPEvent") == 0 &&
           event->NetPnPEvent.NetEvent == NetEventRestart;
}

/* Which OID is set. */
static void
note_request(struct verify *verify, const struct gate_call *call, uint8_t order)
{
    struct activity *self = race_activity(verify);
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];

    if (!self || !(order & REQUEST))
        return;
    if (strstr(call->handler->name, "SetInformation"))
        self->oid = (NDIS_OID)call->args[1];
    else if (strstr(call->handler->name, "OidRequest") && !strstr(call->handler->name, "CoOid"))
        self->oid = request->RequestType == NdisRequestSetInformation
                        ? request->DATA.SET_INFORMATION.Oid
                        : 0;
}

void
order_before_out(struct verify *verify, struct gate_call *call, uint8_t order)
{
    if (!verify->races || !call->driver)
        return;
    order_settle(verify);
    order_take(verify, ORDER_PUBLISHED);
    if (order & LIFE)
        order_take(verify, ORDER_LIFE);
    if (order & LAST || is_restart(call))
        order_take(verify, ORDER_LEFT);
    if (order & REQUEST)
        order_take(verify, order_key_of(verify, call->module, SPACE_REQUESTS));
    if (order & PLANNED)
        order_take(verify, ORDER_PLANNED);
    if (is_serialized(call))
        order_take(verify, order_key_of(verify, call->module, SPACE_SERIAL));
    if (order & INTERRUPT) {
        order_take(verify, order_key_of(verify, call->driver, SPACE_INTERRUPT));
        order_take(verify, ORDER_DEVICE);
    }
    objects(verify, call, strstr(call->handler->name, "DEFERRED") ? 0 : 1, false);
    note_request(verify, call, order);
}

void
order_after_out(struct verify *verify, struct gate_call *call, uint8_t order)
{
    if (!verify->races || !call->driver)
        return;
    order_settle(verify);
    if (order & LIFE)
        order_give(verify, ORDER_LIFE);
    if (order & FIRST)
        order_give(verify, ORDER_PUBLISHED);
    if (order & REQUEST) {
        order_give(verify, order_key_of(verify, call->module, SPACE_REQUESTS));
        race_activity(verify)->oid = 0;
    }
    if (order & INTERRUPT) {
        order_give(verify, order_key_of(verify, call->driver, SPACE_INTERRUPT));
        order_give(verify, ORDER_PLANNED);
    }
    if (is_serialized(call))
        order_give(verify, order_key_of(verify, call->module, SPACE_SERIAL));
    order_give(verify, order & (PLANNED | OWN | INTERRUPT) ? ORDER_ENDED : ORDER_LEFT);
    if (gives_argument(call))
        objects(verify, call, 1, true);
    if (block_self->irql == DISPATCH_LEVEL) {
        order_give(verify, ORDER_PROCESSOR + block_self->processor);
        race_activity(verify)->settled = false;
    }
}

/* From the other end of a wire. One in another machine answers, for all that is known here. */
static void
frames_arrive(struct verify *verify, const void *end, const void *other)
{
    uintptr_t key = order_key_of(verify, end, SPACE_OBJECT);

    order_take(verify, order_known(verify, key) ? key : order_key_of(verify, other, SPACE_OBJECT));
}

void
order_event(struct verify *verify, const char *what, const void *subject, uintptr_t other)
{
    if (!verify->races)
        return;
    /* What a driver sent is before what the other one does when it has come. */
    if (strcmp(what, "frames leave") == 0)
        order_give(verify, order_key_of(verify, subject, SPACE_OBJECT));
    if (strcmp(what, "frames arrive") == 0)
        frames_arrive(verify, subject, (const void *)other);
    if (strcmp(what, "port opens") == 0)
        order_give(verify, ORDER_PUBLISHED);
    if (strcmp(what, "port is closed") == 0)
        order_take(verify, ORDER_ENDED);
}

bool
order_create(struct verify *verify)
{
    struct races *races = ledger_alloc(verify, sizeof(*races));
    uint16_t *imports = ledger_alloc(verify, (import_count + 1) * sizeof(*imports));

    if (!races || !imports)
        return false;
    for (unsigned k = 0; k < import_count; k++)
        imports[k] = order_of_import(import_table[k].name);
    for (unsigned k = 0; k < SLOTS - 1; k++)
        races->slot_ring[k] = (uint8_t)k;
    races->slots_free = SLOTS - 1;
    races->imports = imports;
    verify->races = races;
    return true;
}
