/* SPDX-License-Identifier: MIT */
/* Frames in many shapes both ways through one stack, for drivers that are wrong about them: told.h.
 *
 *     peer protocol, linked in --> filter --> miniport --> program --> nowhere
 *     program: to the miniport, to somebody else --> miniport --> filter --> peer protocol
 */
#pragma once

#include "lib/frame.h"
#include "lib/machine.h"
#include "lib/peer.h"

#include <ntddndis.h>

#include <string.h>

#define WIRED_ROUNDS 80u

static struct peer_protocol *wired_peer;

/* Its frames have several places. */
static bool
is_wired(const char *wrong)
{
    return strncmp(wrong, "wired.", 6) == 0 || strncmp(wrong, "wired5.", 7) == 0 ||
           strstr(wrong, "promisc_extra") || strstr(wrong, "dpc_reenable");
}

static struct undis_driver *
wired_protocol(struct undis *machine)
{
    wired_peer = peer_protocol_add(machine, "protocol");
    wired_peer->peer.origin = 3;
    return wired_peer->peer.driver;
}

/* @nic: the frames go through one. */
static int
wired_open(struct undis *machine, bool nic, struct undis_port **program, struct undis_port **bottom)
{
    if (undis_port_program(machine, NULL, NULL, program))
        return 1;
    *bottom = *program;
    return nic ? undis_hardware_open(machine, "ringnic", *program, bottom) : 0;
}

/* A few frames of one flow, and of IP, to the miniport, between others that it does not want: to somebody else,
 * to a group that is another one each time. */
static void
wired_inject(struct undis_port *program, unsigned round)
{
    static const uint8_t to[4][6] = {
        {2, 0, 0, 0, 0, 0x42}, {2, 0, 0, 0, 0, 0x42}, {2, 0, 0, 0, 0, 0x99}, {1, 0, 0x5E, 1, 0, 0}};
    /* EtherType; version and length of the header ... no fragment, TTL, TCP */
    static const uint8_t ip[] = {8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 6};
    uint8_t frame[FRAME_MIN];

    for (unsigned k = 0; k < 8; k++) {
        frame_fill(frame, sizeof(frame), 4, (uint64_t)round * 8 + k);
        memcpy(frame, to[k % 4], sizeof(to[0]));
        if (k % 4 == 3)
            frame[5] = (uint8_t)round;
        if (k == 5)
            memcpy(frame + 12, ip, sizeof(ip));
        undis_port_inject(program, frame, sizeof(frame));
    }
}

static void
wired_set(struct undis_stack *stack)
{
    uint32_t filter =
        NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST | NDIS_PACKET_TYPE_BROADCAST;
    uint8_t groups[2][6] = {{1, 0, 0x5E, 1, 0, 1}, {1, 0, 0x5E, 1, 0, 7}};
    uint32_t lookahead = 50; /* within the TCP header */
    uint32_t size = sizeof(groups), status;

    undis_stack_oid(stack, true, OID_802_3_MULTICAST_LIST, groups, &size, &status);
    size = sizeof(lookahead);
    undis_stack_oid(stack, true, OID_GEN_CURRENT_LOOKAHEAD, &lookahead, &size, &status);
    size = sizeof(filter);
    undis_stack_oid(stack, true, OID_GEN_CURRENT_PACKET_FILTER, &filter, &size, &status);
}

static void
wired_send(unsigned round, bool oversize)
{
    static const struct {
        unsigned nbls, nbs, size, pieces;
    } shapes[] = {{3, 1, 200, 2}, {1, 2, 300, 2}, {1, 1, 1000, 12}, {2, 1, 44, 2}};
    unsigned k = round % 4;

    wired_peer->peer.pieces = shapes[k].pieces;
    peer_protocol_send(wired_peer, shapes[k].nbls, shapes[k].nbs, shapes[k].size);
    if (oversize)
        peer_protocol_send(wired_peer, 1, 1, 3000);
}

static int
wired_run(struct undis *machine, struct undis_driver *drivers[3], const char *wrong, uint64_t ns)
{
    struct undis_driver *filters[2] = {drivers[1]}, *protocols[2] = {drivers[2]};
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = drivers[0], .filters = filters, .protocols = protocols};
    struct undis_port *program;
    struct undis_stack *stack;

    if (wired_open(machine, strncmp(wrong, "nic.", 4) == 0, &program, &config.bottom) ||
        undis_stack_create(machine, &config, &stack) || undis_stack_start(stack))
        return 1;
    wired_set(stack);
    for (unsigned round = 0; round < WIRED_ROUNDS; round++) {
        wired_inject(program, round);
        wired_send(round, strstr(wrong, "overflow") || strstr(wrong, ".right"));
        undis_run(machine, ns / WIRED_ROUNDS);
    }
    undis_stack_pause(stack);
    undis_stack_restart(stack);
    undis_stack_remove(stack);
    return 0;
}
