/* SPDX-License-Identifier: MIT */
/* What the connection-oriented peers share; they see include/km. */
#pragma once

#include "co.h"
#include "peer_inner.h"

#define CO_OID 0xFF554E02u /* a ULONG, answered with the asked driver's number */

/* Where a call goes: in CallMgrParameters; which circuit it is: in MediaParameters. */
struct co_dial {
    CO_CALL_PARAMETERS call;
    CO_CALL_MANAGER_PARAMETERS manager;
    ULONG pad[4];
    CO_MEDIA_PARAMETERS media;
    ULONG tail[4];
};

static inline VOID
dial_set(struct co_dial *dial, ULONG number, ULONG circuit, ULONG end)
{
    ULONG place[2] = {circuit, end};

    RtlZeroMemory(dial, sizeof(*dial));
    dial->call.CallMgrParameters = &dial->manager;
    dial->call.MediaParameters = &dial->media;
    dial->manager.CallMgrSpecific.Length = sizeof(number);
    dial->media.MediaSpecific.Length = sizeof(place);
    RtlCopyMemory(dial->manager.CallMgrSpecific.Parameters, &number, sizeof(number));
    RtlCopyMemory(dial->media.MediaSpecific.Parameters, place, sizeof(place));
}

static inline ULONG
dial_number(PCO_CALL_PARAMETERS call)
{
    ULONG number;

    RtlCopyMemory(&number, call->CallMgrParameters->CallMgrSpecific.Parameters, sizeof(number));
    return number;
}

#define CIRCUITS 64u

struct co_switch;

/* The hardware: two ends per circuit. What is sent into one comes out of the other. */
struct co_end {
    NDIS_HANDLE vc;
    ULONG circuit, end;
    BOOLEAN up, gone;
    uint64_t out; /* sends not completed */
    struct co_loop *loop;
};

struct co_loop {
    struct co_manager *face;
    KSPIN_LOCK lock;
    struct co_end *ends[CIRCUITS][2];
    struct peer_queue sends;
    struct peer_pools pools;
    NDIS_HANDLE adapter;
    uint64_t receives_out;
};

NDIS_STATUS loop_create(struct co_loop *loop, NDIS_HANDLE driver, struct co_manager *face);
VOID loop_destroy(struct co_loop *loop);
VOID loop_up(struct co_end *end, ULONG circuit, ULONG which);
/* Waits until its sends are completed. */
VOID loop_down(struct co_end *end);
VOID loop_send(struct co_end *end, PNET_BUFFER_LIST chain);
VOID loop_return(struct co_loop *loop, PNET_BUFFER_LIST chain);
NDIS_STATUS loop_answer(PNDIS_OID_REQUEST request, ULONG value);
/* Registers an ordinary miniport around @loop; @options is its SetOptions. */
struct co_loop_driver {
    struct co_switch *to; /* an MCM's */
    struct co_loop loop;
    NDIS_HANDLE driver;
    VOID (*halting)(struct co_loop_driver *);
    NDIS_STATUS (*initialized)(struct co_loop_driver *);
};
NTSTATUS loop_register(PDRIVER_OBJECT object, PUNICODE_STRING path, struct co_loop_driver *driver,
    PVOID options, PVOID unload);

/* A protocol that binds to connection-oriented adapters; the first member of those that do. */
struct co_protocol {
    struct co_switch *to; /* a manager's; first, as in struct co_loop_driver */
    NDIS_HANDLE driver, binding;
    KEVENT opened, closed;
    NDIS_STATUS open_status;
    struct peer_pools pools;
    _Atomic BOOLEAN running;
    uint64_t out; /* sends not back, receives kept */
    NDIS_STATUS (*bound)(struct co_protocol *);
    VOID (*unbinding)(struct co_protocol *);
    VOID (*pausing)(struct co_protocol *);
};

NTSTATUS protocol_register(struct co_protocol *protocol, PVOID options);

/* The manager's half, for both kinds: a switch between the SAPs of the adapter. */
struct co_switch {
    struct co_manager *face;
    struct co_loop *loop;
    struct co_protocol *protocol; /* NULL: an MCM */
    struct peer_script script;
    KSPIN_LOCK lock; /* guards the lists */
    LIST_ENTRY families, saps, vcs, parties;
    ULONG next_circuit;
    NDIS_HANDLE own; /* a VC of its own, or NULL */
    void (*wrong)(const struct co_handles *);
};

VOID switch_create(struct co_switch *to, struct co_manager *face);
VOID switch_destroy(struct co_switch *to);
NDIS_STATUS switch_options(NDIS_HANDLE driver);
NDIS_STATUS switch_offer(struct co_switch *to);
/* Asks every client to close, and waits until they have. */
VOID switch_leave(struct co_switch *to);
struct co_switch *switch_of(struct co_manager *face);
/* The stand-alone manager's miniport: what the network tells of its adapter is told there. */
VOID loop_join(struct co_manager *manager, struct co_loop *loop);
/* The end of a VC whose miniport context is the manager's. */
struct co_end *switch_end(NDIS_HANDLE vc_context);
