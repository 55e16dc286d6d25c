/* SPDX-License-Identifier: MIT */
/* An adapter: a miniport instance and what stands on it. Made by adapter_create for a stack of
 * undis.h, ended by adapter_remove.
 *
 * Operations (start, pause, restart, attach, detach, bind, unbind, remove) exclude each other:
 * adapter_begin waits until the operation before has ended. That is an owner word, not a lock:
 * drivers are called meanwhile and may send, indicate and answer.
 */
#pragma once

#include "ndis/stack/module.h"

/* A binding in the list, running or not; the list is replaced as a whole. */
struct hardware;
struct receivers {
    unsigned count; /* running: the first ones, they get what is received */
    unsigned open;  /* all: they hear of status */
    struct module *bindings[];
};

enum instance_state {
    INSTANCE_ABSENT,  /* its stack has not been started */
    INSTANCE_WANTED,  /* the driver has asked for it, its stack has not been started */
    INSTANCE_PRESENT, /* its stack is started, the driver has not asked for it */
    INSTANCE_STARTED  /* both */
};

/* A block of machine memory that the path may still look at. */
struct retired {
    struct retired *next;
};

/* Capabilities of NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES and
 * NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES that are kept. */
enum adapter_assist {
    ASSIST_FILTER_HARDWARE,
    ASSIST_FILTER_CURRENT,
    ASSIST_SWITCH_HARDWARE,
    ASSIST_SWITCH_CURRENT,
    ASSIST_SRIOV_HARDWARE,
    ASSIST_SRIOV_CURRENT,
    ASSIST_QOS_HARDWARE,
    ASSIST_QOS_CURRENT,
    ASSIST_OFFLOAD_HARDWARE,
    ASSIST_OFFLOAD_CURRENT, /* as the miniport has indicated it; wants_lock */
    ASSIST_OFFLOAD_SHOWN,   /* as it has come through the filters; wants_lock */
    ASSIST_TCP_HARDWARE,
    ASSIST_TCP_CURRENT,
    ADAPTER_ASSISTS
};

/* A part of the adapter with a number and states of its own. The default port, 0, is always there;
 * the miniport allocates and frees the others (lifecycle/port.c, path/port.c). */
struct ndis_port {
    LIST_ENTRY link; /* in adapter.ports */
    enum { PORT_ALLOCATED, PORT_ACTIVE, PORT_LEAVING } state;
    NDIS_PORT_CHARACTERISTICS is;
};

struct adapter {
    LIST_ENTRY link;                 /* in ndis.adapters */
    struct undis *machine;           /* [I] */
    uint32_t id;                     /* [I] */
    uint32_t operating;              /* word: 0 no operation, 1 one under way */
    struct task *operated_by;        /* the task of that operation */
    const char *name;                /* [I] "net0" */
    UNICODE_STRING device_name;      /* [I] \DEVICE\{GUID} */
    GUID instance;                   /* [I] */
    UNICODE_STRING instance_name;    /* [I] {GUID} */
    wchar_t names[3][96];            /* [I] behind device_name and instance_name; friendly name */
    const wchar_t *friendly_name;    /* [I] names[2] */
    uint32_t later;                  /* word, [A] operations that tasks will still do on it */
    NET_LUID luid;                   /* [I] */
    NET_IFINDEX if_index;            /* [I] */
    PDEVICE_OBJECT pdo;              /* [I] */
    PDEVICE_OBJECT fdo;              /* [I] */
    struct hardware *hardware;       /* [I] service/hardware.h */
    uint32_t links_lock;             /* host_lock; held to change who stands where (links.c) */
    struct module *_Atomic miniport; /* [S] NULL before it is initialised */
    struct module *_Atomic top;      /* [S] topmost filter, or the miniport */
    LIST_ENTRY bindings;             /* [S] of module.link */
    struct receivers *receivers;     /* [H] who gets what arrives at the top */
    bool shared;                     /* [H] ever had two bindings: returns look for clones */
    bool looped;                     /* [A] a send was ever shown to bindings here */
    uint32_t wants_lock;             /* host_lock; guards what the bindings want */
    struct module_wants host_wants;  /* of the host program; as those of a binding */
    struct oid_memory *oid_memory;   /* wants_lock; path/oid_memory.c */
    LIST_ENTRY ports;                /* wants_lock; of struct ndis_port, by number */
    struct ndis_port default_port;   /* wants_lock; the first of them */
    struct retired *retired;         /* [A] freed after the next grace period */
    _Atomic bool running;            /* [S] restarted, not paused */
    bool pausing;                    /* [S] from the top down, and what comes up is shown */
    bool power_failed;               /* [S] the last time it was to wake */
    _Atomic bool surprised;          /* [S] the device is gone already */
    LIST_ENTRY offers;               /* address families on offer (ndis/connection); ndis.lock */
    struct bind *binding_now;        /* [S] whose ProtocolBindAdapter(Ex) is under way, or NULL */
    NDIS_HANDLE clone_pool;          /* [I] NBLs for the second and further receivers */

    /* [S] from NdisMSetMiniportAttributes */
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration;
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general; /* [S] pointers into copies below */
    NDIS_OID *supported_oids;                         /* [S] */
    void *assist[ADAPTER_ASSISTS];          /* [S] copies, beginning with their headers; or NULL */
    NDIS_PNP_CAPABILITIES pnp_capabilities; /* [S] */
    NDIS_PM_CAPABILITIES pm_capabilities;   /* [S] */
    NDIS_RECEIVE_SCALE_CAPABILITIES receive_scale_capabilities; /* [S] */
    ULONG supported_oid_count;                                  /* [S] */
    bool has_registration, has_general;
    PNDIS_RESTART_ATTRIBUTES restart_attributes; /* [S] as of the last restart */
    NDIS_HANDLE add_device_context;              /* [S] from MiniportAddDevice */

    /* An intermediate driver's instance: initialized when the device is there and the driver wants
     * it. Guarded by ndis.lock. */
    struct driver *instance_driver; /* [I] NULL: an ordinary adapter */
    enum instance_state instance_state;
    NDIS_HANDLE instance_context; /* what the driver calls it */
    void (*instance_start)(void *argument);
    void *instance_argument;
    NDIS_LINK_STATE link_state; /* wants_lock; last NDIS_STATUS_LINK_STATE */
    uint32_t operation_told;    /* [A] of NDIS_STATUS_OPER_STATUS (path/operation.c) */

    uint32_t operations;      /* [S] of operated_by, one within the other */
    LIST_ENTRY configured;    /* [S] protocols that its stack wants bound (lifecycle/leave.c) */
    _Atomic bool takes_binds; /* [S] its stack has been started */
    _Atomic bool failed;      /* [S] given up by its miniport */
    _Atomic bool secondary;   /* [A] of a bundle: no protocol is bound (lifecycle/bundle.c) */
    /* Power (lifecycle/power.c) */
    NDIS_DEVICE_POWER_STATE power; /* [A] as the layers were last told; beyond D0 it sleeps */
    bool knows_power;              /* [S] the miniport told its power capabilities */
    _Atomic bool power_paused;     /* [S] paused because it sleeps */
    _Atomic bool power_halted;     /* [S] the miniport knows no power states and is halted */
};

/* Per machine: everything registered with NDIS. */
struct ndis {
    uint32_t lock;            /* executive_lock word; guards the lists */
    LIST_ENTRY registrations; /* of struct ndis_driver.link */
    LIST_ENTRY adapters;
    LIST_ENTRY vcs;              /* of struct co_vc.link (ndis/connection) */
    uint32_t vc_indices;         /* given to VCs so far */
    LIST_ENTRY if_stack;         /* of struct if_stack_row.link (ndis/service/ifstack.c) */
    LIST_ENTRY interfaces;       /* of providers (ndis/service/interface.c) */
    LIST_ENTRY luid_indices;     /* given to them */
    uint32_t partial_cancel_ids; /* [A] given out */
};

/* A driver's registration as miniport, filter or protocol. */
struct ndis_driver {
    LIST_ENTRY link;
    enum object_kind kind;  /* OBJECT_MINIPORT_DRIVER, _FILTER_DRIVER, _PROTOCOL_DRIVER */
    struct driver *driver;  /* [I] */
    NDIS_HANDLE context;    /* [I] the driver's */
    UCHAR major, minor;     /* [I] NDIS version of its characteristics; 0: none registered yet */
    uint32_t modules;       /* [A] that stand somewhere */
    bool binds_complete;    /* [S] protocols: told NetEventBindsComplete */
    uint32_t opens, closes; /* [A] of protocols */
    union {
        NDIS_MINIPORT_DRIVER_CHARACTERISTICS miniport;
        NDIS_FILTER_DRIVER_CHARACTERISTICS filter;
        NDIS_PROTOCOL_DRIVER_CHARACTERISTICS protocol;
        NDIS51_MINIPORT_CHARACTERISTICS miniport5; /* major < 6 */
        NDIS50_PROTOCOL_CHARACTERISTICS protocol5; /* major < 6 */
    };
    PDRIVER_UNLOAD unload; /* of NdisMRegisterUnloadHandler */
    bool layered;          /* [I] an intermediate driver: its miniports wait for the driver */
    struct ndis_driver *associate;          /* the other edge of an intermediate driver */
    wchar_t unique_name[64];                /* filters: the GUID string; protocols: Name */
    NDIS_MINIPORT_PNP_CHARACTERISTICS *pnp; /* optional handlers, or NULL */
    struct co_handlers *co;                 /* CoNDIS handlers (ndis/connection), or NULL */
};

/* The registration behind a handle; bug check (the rule of its kind) when it is none of @kind. */
struct ndis_driver *
ndis_driver_from_handle(NDIS_HANDLE handle, enum object_kind kind, const char *caller);
/* Of @driver as @kind, NULL when it has not registered (a wrapper handle alone is no registration). */
struct ndis_driver *ndis_driver_find(struct driver *driver, enum object_kind kind);

/* Waits for the operation before; PASSIVE_LEVEL. A task that operates already goes on. */
void adapter_begin(struct adapter *adapter);
void adapter_end(struct adapter *adapter);
/* A task that was counted in adapter.later has ended its work on it: it may be gone. */
void adapter_later_done(struct adapter *adapter);

/* In another power state than D0: no OID requests but that it wakes. */
static inline bool
adapter_sleeps(const struct adapter *adapter)
{
    return __atomic_load_n(&adapter->power, __ATOMIC_ACQUIRE) > NdisDeviceStateD0;
}

/* links.c: who stands where. Changed by the operation owner; stack_resolve follows. @miniport NULL: it
 * stands no more. */
void stack_put_miniport(struct adapter *adapter, struct module *miniport);
void stack_put_filter(struct module *filter);
void stack_take_filter(struct module *filter);
void stack_put_binding(struct module *binding);
void stack_take_binding(struct module *binding);
/* The first that is @wanted from the top of the stack, above or below a module that stands. Counted:
 * module_let_go. NULL: none. Any IRQL up to DISPATCH_LEVEL. */
struct module *
stack_find(const struct adapter *adapter, bool (*wanted)(const struct module *module));
struct module *
stack_find_above(const struct module *from, bool (*wanted)(const struct module *module));
struct module *
stack_find_below(const struct module *from, bool (*wanted)(const struct module *module));
/* For the host: the bindings, then the rest from the top. No driver is called and nothing waited for
 * in @each. */
void stack_each(struct adapter *adapter, void (*each)(const struct module *module, void *context),
    void *context);

/* Works out every hop and the list of receivers from the states, publishes them, and returns when
 * nobody follows the old ones any more. By the operation owner, PASSIVE_LEVEL. */
void stack_resolve(struct adapter *adapter);
/* Puts @block aside until the path cannot see it any more; any IRQL up to DISPATCH_LEVEL. */
void stack_retire(struct adapter *adapter, struct retired *block);
/* Waits for that and frees what was put aside before; PASSIVE_LEVEL. */
void stack_reap(struct adapter *adapter);
