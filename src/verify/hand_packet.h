/* SPDX-License-Identifier: MIT */
/* Packets that are handed over (hand_packet.c), as the calls need it that do so. */
#pragma once

#include "verify/hand.h"

#define UNDECIDED (1 << 30) /* ProtocolReceivePacket has not said how often */

/* An array of packets at addresses of who gets it. */
struct parcel {
    UINT count, rest; /* from @rest on nobody may keep them */
    PNDIS_PACKET *given;
    PNDIS_PACKET packets[];
};

/* NULL: the machine does not hand over, or there is no memory. The packets are the caller's to fill
 * in. */
struct parcel *hand_parcel(struct verify *verify, PNDIS_PACKET *given, UINT count);
void hand_parcel_end(struct verify *verify, struct parcel *parcel);

/* The packet of @record, in view 1; and how much of it can be closed. */
PNDIS_PACKET hand_packet_of(const struct verify *verify, const struct record *record);
size_t hand_packet_size(const struct record *record);
/* The record of a packet of a pool, or of one of undis'; NULL: it has none. */
struct record *hand_packet_record(struct verify *verify, const void *packet);
/* The same while @module has it from undis. */
struct record *
hand_packet_with(struct verify *verify, const struct module *module, PNDIS_PACKET packet);
/* Where undis has it, when it comes back, and when it is given away. */
PNDIS_PACKET hand_packet_home(struct verify *verify, PNDIS_PACKET packet);
PNDIS_PACKET hand_packet_given(struct verify *verify, PNDIS_PACKET packet);

/* The driver of @call gives @packet away, which is where he has it; he @looks at its status. */
void hand_packet_give(
    struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet, bool looks);
/* The driver of @call gets it: answers where. */
PNDIS_PACKET
hand_packet_arrive(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet);
/* Argument @k of the call of a handler; and the array that is argument @k of a call, before its
 * length. */
void hand_arrive(struct verify *verify, struct gate_call *call, unsigned k);
void hand_come_back(struct verify *verify, struct gate_call *call, unsigned k);
void hand_look_at_array(struct verify *verify, struct gate_call *call, unsigned k,
    PNDIS_PACKET (*home)(struct verify *verify, PNDIS_PACKET packet));
/* Who has it gives it back by @what. */
void hand_packet_give_back(struct verify *verify, struct record *record, const char *what);
/* @driver has it again, if it was his: answers where. */
PNDIS_PACKET hand_packet_come_back(
    struct verify *verify, const struct driver *driver, PNDIS_PACKET packet, const char *what);
