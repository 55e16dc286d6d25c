/* SPDX-License-Identifier: MIT */
/* Connection-oriented peers: clients, a call manager, a miniport, and one that is both.
 *
 *     client   client ...   listens on numbers, makes calls, sends frames on them
 *         \    /
 *        manager            routes calls between the clients of one adapter
 *           |
 *        miniport           loops the two ends of a circuit onto each other
 *
 * Everything that may pend does so when its peer is told to. See peer.h for the rules of peers.
 */
#pragma once

#include "machine.h"
#include "peer.h"

#define CO_CALLS   8u
#define CO_PARTIES 4u

struct co_client {
    struct peer peer;
    bool pend_incoming, reject, pend_notice;
    enum peer_giving returns;        /* INLINE or HOLD: HOLD keeps one until co_client_release */
    bool pend_requests, pend_create; /* the latter is wrong */

    test_counter notified, opened, open_failed, af_closed; /* address families */
    test_counter listening, listen_failed, unlistened;
    test_counter made, failed, incoming, connected, remote_closed, closed, deleted, created;
    test_counter modified, changed, parties_added, parties_failed, parties_dropped, remote_drops;
    test_counter sent, back, send_failed, received, received_kept;
    test_counter statuses, requests, answers;
    uint32_t last_status, last_answer, last_value;
    struct frames got;
    test_counter wrong;
};

struct co_manager {
    struct peer peer;
    bool pend;                  /* every request is answered later, on a thread */
    bool pend_at_dpc;           /* later means at DISPATCH_LEVEL */
    bool refuse;                /* opens, SAPs, calls */
    bool pend_activate;         /* of the miniport below */
    bool own_vc;                /* makes a VC of its own when it binds */
    bool resources;             /* a miniport of NDIS 5 lets nobody keep what it received */
    bool forgets_sends;         /* the miniport takes VCs down with sends out, which is wrong */
    enum peer_giving completes; /* sends */
    test_counter families, saps, calls, parties, activated, deactivated, requests, answers;
    test_counter notices_answered;
    test_counter own_sent, own_back, own_received;
    test_counter sends, send_refused;
    uint32_t last_answer;
    test_counter wrong;
};

/* The client's calls are numbered in the order in which their VCs were made. */
struct co_client *co_client_add(struct undis *machine, const char *name);
void co_client_listen(struct co_client *client, uint32_t number);
void co_client_unlisten(struct co_client *client);
/* @parties: as a call with several, whose first party is @number. Answers its index. */
unsigned co_client_call(struct co_client *client, uint32_t number, bool parties);
void co_client_add_party(struct co_client *client, unsigned call, uint32_t number);
void co_client_drop_party(struct co_client *client, unsigned call, unsigned party);
void co_client_modify(struct co_client *client, unsigned call);
void co_client_hang_up(struct co_client *client, unsigned call);
void co_client_answer(struct co_client *client, bool take);
/* Deletes a VC of its own making that has no call. Answers the status. */
uint32_t co_client_delete(struct co_client *client, unsigned call);
void co_client_send(struct co_client *client, unsigned call, unsigned nbls, unsigned size);
void co_client_release(struct co_client *client);
#define CO_ASK_MINIPORT 0u
#define CO_ASK_MANAGER  1u
#define CO_ASK_VC       2u /* the manager, about a VC */
void co_client_ask(struct co_client *client, unsigned whom, unsigned call);
/* The names that NDIS gives its VC; both lead back to it. False when they do not. */
bool co_client_names(struct co_client *client, unsigned call);

/* Stand-alone: a manager and the miniport under it. */
struct co_manager *co_manager_add(struct undis *machine, const char *name);
void *co_miniport_add(struct undis *machine, const char *name, struct co_manager *manager);
/* The same in NDIS 5. */
void *co_miniport5_add(struct undis *machine, const char *name, struct co_manager *manager);
/* Both in one: NdisMCmXxx. */
struct co_manager *co_mcm_add(struct undis *machine, const char *name);
void co_manager_ask(struct co_manager *manager);    /* each client */
void co_manager_change(struct co_manager *manager); /* tells each called client of other QoS */
void co_manager_drop(struct co_manager *manager);   /* the far end of every last party goes */
void co_manager_hang_up(struct co_manager *manager);
void co_manager_notice(struct co_manager *manager);              /* asks each client to close */
void co_manager_send(struct co_manager *manager, unsigned nbls); /* on its own VC */
void co_manager_status(struct co_manager *manager, bool vc);     /* by the miniport */

/* What a test may do wrong with, on a thread of the driver. */
struct co_handles {
    void *binding, *family, *sap, *vc, *party, *adapter, *own;
};
void co_client_run(struct co_client *client, void (*wrong)(const struct co_handles *handles));
void co_manager_run(struct co_manager *manager, void (*wrong)(const struct co_handles *handles));

struct co_rig {
    struct undis *machine;
    struct undis_stack *stack;
    struct co_manager *manager;
    void *miniport; /* NULL with an MCM */
    struct co_client *a, *b;
};

struct co_rig_config {
    bool mcm, five; /* five: a miniport of NDIS 5, with a call manager of NDIS 6 */
    bool pend, pend_at_dpc, unverified;
    uint64_t seed;
    enum peer_giving completes;
    bool own_vc;
    void (*sink)(void *context, const struct undis_report *report); /* NULL: the test fails */
};

void co_rig_up(struct co_rig *rig, const struct co_rig_config *config);
void co_rig_down(struct co_rig *rig);
/* @test with a call manager and with an MCM, at once, pended on a thread and at DISPATCH_LEVEL. */
void co_rig_each(void (*test)(const struct co_rig_config *config));
