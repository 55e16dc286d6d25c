/* SPDX-License-Identifier: MIT */
/* What stands on an adapter, top to bottom:
 *
 *     binding  binding ...     one per protocol driver that opened the adapter
 *           \  /
 *          filter              newest on top
 *          filter
 *         miniport             exactly one, at the bottom
 *
 * The data path follows hops: where this module's sends, completions, indications and returns go
 * next. They are resolved when the stack changes (stack_resolve) and published with a grace period
 * (processor_grace), so the path reads them without a lock. A NULL hop means "refused here":
 * paused, or nothing there.
 *
 * Lock key: [I] set before publication, [S] changed by the adapter's operation owner only,
 * [H] hop: written by the operation owner, read on the path with relaxed loads, [A] atomic,
 * [P] per processor: written by its owner only, [W] guarded by the word named.
 *
 * A module is made by lifecycle (adapter.c, filter.c, binding.c), held by its adapter, and ends
 * when it is halted, detached or closed. Its address is the handle that the driver gets, and begins
 * with what the macros of NDIS 5 reach into behind a handle.
 */
#pragma once

#include "nt/gate.h"
#include <ndis.h>

struct adapter;
struct legacy;
struct reset;
struct module;
struct ndis_driver;

enum module_kind { MODULE_BINDING, MODULE_FILTER, MODULE_MINIPORT };

enum module_state {
    MODULE_DETACHED,  /* halted, detached or closed: handlers are not called */
    MODULE_ATTACHING, /* in MiniportInitializeEx, FilterAttach, ProtocolBindAdapterEx */
    MODULE_PAUSED,
    MODULE_RESTARTING,
    MODULE_RUNNING,
    MODULE_PAUSING,
    MODULE_DETACHING
};

/* What travels. The same signatures serve filters, miniports and protocols. */
struct module_path {
    VOID (*send)(NDIS_HANDLE, PNET_BUFFER_LIST, NDIS_PORT_NUMBER, ULONG);
    VOID (*send_complete)(NDIS_HANDLE, PNET_BUFFER_LIST, ULONG);
    VOID (*receive)(NDIS_HANDLE, PNET_BUFFER_LIST, NDIS_PORT_NUMBER, ULONG, ULONG);
    VOID (*give_back)(NDIS_HANDLE, PNET_BUFFER_LIST, ULONG);
    VOID (*cancel_send)(NDIS_HANDLE, PVOID);
};

/* Monotonic counts of NET_BUFFER_LISTs; one lane per processor, no atomics. */
struct module_lane {
    uint64_t sent;           /* passed down by this module */
    uint64_t send_completed; /* of them, given back to it */
    uint64_t send_later;     /* of them, given back after the call had returned */
    uint64_t indicated;      /* passed up by this module */
    uint64_t returned;       /* of them, given back to it */
    uint64_t resources;      /* of them, indicated with NDIS_RECEIVE_FLAGS_RESOURCES */
    uint64_t dropped;        /* of them, taken by nobody */
} __attribute__((aligned(64)));

/* One call of a driver that may be answered later: pause, restart, open, bind, close ... */
struct module_operation {
    uint32_t word;      /* 0 idle, 1 waiting for the completion call, 2 completed */
    NDIS_STATUS status; /* of the completion */
    const char *name;   /* "FilterPause": for the hang report */
    uint64_t since;     /* ns */
    const char *rule;   /* of completing it twice, and the driver that completed it */
    const char *by;
};

/* Serialised OID requests of a module (path/oid.c). */
struct module_oids {
    uint32_t lock; /* host_lock; guards the rest [W] */
    bool busy;
    PNDIS_OID_REQUEST current;
    PNDIS_OID_REQUEST first, last; /* waiting, linked through NdisReserved */
    _Atomic uint64_t count;        /* [A] requests given to the module's handler */
};

/* What stands for the handlers of an NDIS 5 driver: functions of the core that translate, and call
 * the driver through the gate themselves. The members of its module_path are such functions too;
 * all of them get the module. A NULL member is what a missing handler is. */
struct module_core {
    NDIS_STATUS (*oid_request)(struct module *, PNDIS_OID_REQUEST);
    void (*oid_complete)(struct module *, PNDIS_OID_REQUEST, NDIS_STATUS);
    void (*status)(struct module *, PNDIS_STATUS_INDICATION);
    NDIS_STATUS (*pause)(struct module *);
    NDIS_STATUS (*restart)(struct module *);
    NDIS_STATUS (*net_pnp_event)(struct module *, PNET_PNP_EVENT_NOTIFICATION);
    void (*device_pnp_event)(struct module *, PNET_DEVICE_PNP_EVENT);
    NDIS_STATUS (*unbind)(struct module *, NDIS_HANDLE);
    void (*open_complete)(struct module *, NDIS_STATUS);
    void (*close_complete)(struct module *);
    /* Bindings on an NDIS 5 miniport, with no filter between: what comes by look-ahead, its end,
     * and the end of a transfer that was pended. */
    void (*lookahead)(struct module *, NDIS_HANDLE, PVOID, UINT, PVOID, UINT, UINT);
    void (*lookahead_end)(struct module *);
    void (*transfer_complete)(struct module *, PNDIS_PACKET, NDIS_STATUS, UINT);
};

struct multicast;

/* What a binding wants to receive (path/audience.c); changed under the adapter's wants_lock. */
struct module_wants {
    uint32_t filter;             /* [A] NDIS_PACKET_TYPE_*; means something once it is chosen */
    bool chosen;                 /* [A] it has set its packet filter; before, it gets everything */
    bool checks;                 /* [A] some frames are not for it */
    uint32_t options;            /* [A] NDIS_PROT_OPTION_* */
    uint32_t lookahead;          /* [W] 0: never set */
    struct multicast *multicast; /* [H] NULL: no addresses */
};

struct module {
    union {
        NDIS_MINIPORT_BLOCK block; /* [I] miniports: handlers for NDIS 5 macros */
        NDIS_OPEN_BLOCK open;      /* [I] bindings: the same */
    };
    enum module_kind kind;            /* [I] */
    const struct module_core *core;   /* [I] NULL: a driver of NDIS 6 */
    struct undis *machine;            /* [I] */
    struct driver *driver;            /* [I] */
    struct ndis_driver *registration; /* [I] */
    struct adapter *adapter;          /* [I] */
    NDIS_HANDLE context;              /* [I] the driver's own pointer */
    bool choosing;                    /* [S] filters: in FilterSetModuleOptions */
    NDIS_STATUS chosen;               /* [S] filters: its last answer */
    struct module_path path;          /* [S] NULL members: skipped on that way */

    struct module *send_hop;     /* [H] */
    struct module *complete_hop; /* [H] NULL: to the bindings by SourceHandle */
    struct module *receive_hop;  /* [H] NULL: to the bindings */
    struct module *return_hop;   /* [H] never NULL above a miniport */
    bool receive_closed;         /* [H] what it indicates is given back at once */
    bool loops;                  /* [A] miniports: bindings may want what others send */

    struct module_lane *lanes;         /* [P] one per processor */
    _Atomic enum module_state state;   /* [A] written by the operation owner */
    struct module_operation operation; /* [A] */
    struct module_oids oids;
    struct module *_Atomic upper; /* [S] NULL at the ends; see links.c for who looks at it */
    struct module *_Atomic lower; /* [S] the same; bindings: lower only */
    LIST_ENTRY link;              /* [S] bindings of the adapter; filters use upper and lower */
    uint32_t holds;               /* word: 1 while it stands, and what is under way that needs it */
    _Atomic uint64_t statuses;    /* [A] indications passed up by it */
    struct legacy *legacy;        /* [I] miniports of NDIS 5 (legacy.h), else NULL */
    struct binding5 *binding5;    /* [I] bindings of NDIS 5 (binding5.h), else NULL */
    void (*end)(struct module *); /* [I] frees what belongs to it, at the very end; or NULL */
    struct reset *reset;          /* [I] of NDIS 6, with MiniportResetEx (lifecycle/reset.c) */
    void *bind_context;           /* [S] bindings: while in ProtocolBindAdapterEx */
    const NET_PNP_EVENT *event;   /* [S] bindings: the network event that is under way */
    NDIS_STATUS event_answer;     /* [S] bindings: to the last one */
    struct module_wants wants;    /* bindings */
    uint32_t connections;         /* [A] address families and VCs that it has a part of */
};

/* Where the handle of a binding goes while its open is pending. */
#define MODULE_UNOPENED ((NDIS_HANDLE)(uintptr_t)0xDDDDDDDDDDDDDDD0)

/* What drivers hold is the module's address; NULL bug checks with the rule of its kind. */
struct module *module_from_handle(NDIS_HANDLE handle, enum module_kind kind, const char *caller);
/* Who asked, while a layer has the request (path/oid.c); NULL: the core. */
static inline const struct module *
oid_origin(const NDIS_OID_REQUEST *request)
{
    return *(const struct module *const *)request->NdisReserved;
}
const char *module_kind_name(enum module_kind kind);
const char *module_state_name(enum module_state state);
struct module *module_create(struct adapter *adapter, enum module_kind kind, struct driver *driver,
    struct ndis_driver *registration);
/* It stands no more. Its memory goes with the last that counted on it. */
void module_destroy(struct module *module);
/* Its memory stays until nothing that was counted needs it any more. Any IRQL up to DISPATCH_LEVEL. */
void module_hold(struct module *module);
void module_let_go(struct module *module);
/* The same around a call of its driver, who may end it in there. */
void *module_enter(struct module *module);
void module_leave(struct module *module, void *entered);
/* Waits for everybody but the calling task, once it is out of the stack; a quarter of the machine's
 * patience at most: what is left then is the verifier's. PASSIVE_LEVEL. */
void module_drain(struct module *module);
void module_set_state(struct module *module, enum module_state state);

/* Sums over the lanes; exact when nothing moves. */
struct module_lane module_sum(const struct module *module);

/* The lane of the processor the running task owns. IRQL >= DISPATCH_LEVEL. */
static inline struct module_lane *
module_lane(const struct module *module)
{
    return &module->lanes[block_self->processor];
}

#define HOP(module, which) __atomic_load_n(&(module)->which, __ATOMIC_RELAXED)

/* Lanes are read by others while their owner counts on: plain adds with relaxed stores. */
static inline void
lane_add(uint64_t *counter, uint64_t n)
{
    __atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
}
