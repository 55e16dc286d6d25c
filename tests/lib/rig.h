/* SPDX-License-Identifier: MIT */
/* The usual set-up of a test: one machine, one stack of peers.
 *
 *     protocols  protocol0 protocol1 ...
 *     filters    filter0        the topmost
 *                filter1
 *     miniport   miniport
 */
#pragma once

#include "machine.h"
#include "peer.h"

#define RIG_MAX 4u

struct rig_config {
    unsigned filters, protocols; /* protocols 0: 1 */
    unsigned processors;         /* 0: 4 */
    uint64_t seed;
    unsigned trace;
    unsigned miniport;          /* enum peer_kind, with PEER_ARRAYS; 0: NDIS 6 */
    bool first;                 /* the miniport is of NDIS 6.0 */
    unsigned minor;             /* it is of NDIS 6.minor; 0: as compiled */
    bool protocols5;            /* of NDIS 5.1 */
    unsigned protocols_without; /* PEER_WITHOUT_PACKETS */
    enum peer_giving completes; /* sends, by the miniport */
    enum peer_giving returns;   /* receives, by the protocols */
    unsigned without[RIG_MAX];  /* handlers of the filters */
    bool not_started;           /* the test starts the stack */
    bool grows;                 /* the test loads more drivers: memory is not counted */
};

struct rig {
    struct undis *machine;
    struct undis_stack *stack;
    unsigned filter_count, protocol_count;
    struct peer_miniport *miniport;
    struct peer_filter *filters[RIG_MAX];
    struct peer_protocol *protocols[RIG_MAX];
};

void rig_up(struct rig *rig, const struct rig_config *config);
/* Another machine's peers and stack, in a machine that the test made. */
void rig_up_in(struct rig *rig, struct undis *machine, const struct rig_config *config);
/* Takes the stack and the drivers away and checks that everything came back, and nothing twice. */
void rig_take_down(struct rig *rig);
/* That, and the machine. */
void rig_down(struct rig *rig);
/* Runs until nothing is out anywhere. */
void rig_settle(struct rig *rig);
/* The layers' own counts agree with what the peers saw, and nothing is out. */
void rig_check_layers(struct rig *rig);
struct undis_driver *rig_driver(const void *peer);

/* @test with every way of completing, 0, 1 and 3 filters, and some seeds. */
void rig_each_completion(void (*test)(const struct rig_config *config));
/* @test with every way of returning, the same. */
void rig_each_return(void (*test)(const struct rig_config *config));
/* @test with every mixture of protocol, filters and miniport of both generations. */
void rig_each_mixture(void (*test)(const struct rig_config *config));
/* @test with every kind of miniport and every way of completing, the same. */
void rig_each_miniport(void (*test)(const struct rig_config *config));
/* @test with 0, 1 and 3 filters and some seeds. */
void rig_each(void (*test)(const struct rig_config *config));
