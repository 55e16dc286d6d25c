/* SPDX-License-Identifier: MIT */
/* Two of portnic joined by a wire, a scripted protocol above each:
 *
 *     protocol == [pass] - portnic == wire == portnic - [pass] == protocol
 */
#pragma once

#include "machine.h"
#include "peer.h"

struct pair_end {
    struct undis_port *wire;
    struct undis_stack *stack;
    struct peer_protocol *above;
    uint8_t address[6];
};

struct pair {
    struct undis *machine;
    struct undis_driver *nic, *pass; /* pass: or NULL */
    struct pair_end ends[2];
};

/* NDIS_STATUS_LINK_STATE that protocols of pairs have heard: up, down. */
extern test_counter pair_ups, pair_downs;

/* @keyword, @value: a parameter of portnic, or NULL. */
void pair_up(struct pair *pair, bool pass, const char *keyword, const char *value);
/* The same in a machine of the test's own. */
void pair_up_in(
    struct pair *pair, struct undis *machine, bool pass, const char *keyword, const char *value);
void pair_down(struct pair *pair);
/* Query or set of 32 bits through the whole stack, which must succeed. */
uint32_t pair_get(struct pair *pair, unsigned end, uint32_t oid);
void pair_set(struct pair *pair, unsigned end, uint32_t oid, uint32_t value);
/* What a request answers; *@length as undis_stack_oid has it. */
uint32_t
pair_oid(struct pair *pair, unsigned end, bool set, uint32_t oid, void *buffer, uint32_t *length);
/* @count frames of @size bytes from one end to address @to (NULL: everybody); waits until they are
 * back. */
void pair_send(struct pair *pair, unsigned end, const uint8_t *to, unsigned count, unsigned size);
/* Runs until the other end's NIC has nothing more to come: frames are on the wire at most 1 ms. */
void pair_settle(struct pair *pair);
