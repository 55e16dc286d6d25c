/* SPDX-License-Identifier: MIT */
/* ringnic: a small Ethernet NIC of our own, so that real register, DMA and interrupt traffic can be
 * tested. Vendor 0x1d75 is nobody's, device 0x7201. One wire, which is a port.
 *
 * Registers, 32 bits each, the same in BAR 0 (memory, 4 KiB) and BAR 1 (ports, 256):
 *
 *     0x00 ID       read: 0x474e4952
 *     0x04 CONTROL  1 send  2 receive  0x80000000 reset, reads as 0
 *     0x08 STATUS   1 link is up
 *     0x0c CAUSE    1 sent  2 received  4 link changed; a read takes what it answers back
 *     0x10 MASK     causes that interrupt
 *     0x14 MAC_LOW  0x18 MAC_HIGH   address, first byte lowest
 *     0x1c MTU      payload bytes of a frame
 *     0x20 TX_LOW  0x24 TX_HIGH  0x28 TX_COUNT  0x2c TX_TAIL  0x30 TX_HEAD
 *     0x40 RX_LOW  0x44 RX_HIGH  0x48 RX_COUNT  0x4c RX_TAIL  0x50 RX_HEAD
 *
 * A ring is COUNT (a power of two, 2 .. 4096) descriptors at LOW, HIGH. The driver fills those
 * before TAIL and writes TAIL; the device works from HEAD to TAIL, sets DONE in each, and counts
 * HEAD on. HEAD and TAIL are indices. A descriptor:
 *
 *     | 8 bytes address | 4 bytes length | 4 bytes flags: 1 END of frame, 2 ERROR, 0x80000000 DONE |
 *
 * Sending gathers descriptors up to the one with END. A received frame takes one descriptor, whose
 * length becomes the frame's; one that does not fit is an ERROR with length 0. Frames wait on the
 * wire while there are few descriptors.
 *
 * Interrupts: its line while CAUSE & MASK; or, plugged in with messages, message 1 when something
 * was received and message 0 for the rest, each time a cause is set that MASK has.
 */
#pragma once

#include "hardware/bus.h"
#include <undis/port.h>

struct ringnic_config {
    const UNDIS_PORT_INTERFACE *wire; /* copied; opened here, dereferenced at the end */
    bool messages;
    unsigned line; /* 1 .. BUS_LINES: shared with who has the same; 0: any */
};

/* On a task of the machine, PASSIVE_LEVEL. 0 or -errno. */
int ringnic_create(
    struct undis *machine, const struct ringnic_config *config, struct bus_device **device);
void ringnic_destroy(struct bus_device *device);
