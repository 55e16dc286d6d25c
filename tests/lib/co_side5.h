/* SPDX-License-Identifier: MIT */
/* One side of a connection in NDIS 5, client or call manager: a protocol that binds, sends packets
 * on VCs and looks at what comes. Its test has the handlers of its role.
 */
#pragma once

#include "check.h"

#include <stdbool.h>
#include <stdint.h>

#define NDIS51 1
#include <ndis.h>

#define SIDE5_PACKETS 5u
#define SIDE5_SIZE    64u

/* Zeroed before each run; what the test reads is written last. Context of its binding and VCs. */
struct side5 {
    NDIS_HANDLE driver, binding, packets, buffers;
    NDIS_EVENT done;
    NDIS_STATUS status;
    NDIS_TIMER timer;
    PNDIS_PACKET last[SIDE5_PACKETS]; /* as last sent */
    UCHAR data[SIDE5_SIZE];
    test_counter sent, back, received, told, batches;
};

/* In a ProtocolBindAdapter. */
VOID side5_bind(struct side5 *side, PNDIS_STRING device);
/* In a ProtocolUnbindAdapter. */
NDIS_STATUS side5_unbind(struct side5 *side);
/* @c has the handlers of the role; the others are filled in. First without the handler of what is
 * received, which must be refused. */
NDIS_STATUS side5_register(struct side5 *side, NDIS_PROTOCOL_CHARACTERISTICS *c);
/* SIDE5_PACKETS packets on the VC. */
VOID side5_send(struct side5 *side, NDIS_HANDLE on);
/* They are back, and as many have come. */
bool side5_all_there(const struct side5 *side);
