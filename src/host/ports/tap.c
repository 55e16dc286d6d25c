/* SPDX-License-Identifier: MIT */
/* tap:NAME - Ethernet frames of a TAP interface. */
#include "host/ports/device.h"
#include <linux/if_tun.h>
#include <net/if.h>

static int
tap_open(struct host_port *port, const struct port_spec *spec)
{
    port->info.ethernet = true;
    return device_open(port, spec, IFF_TAP);
}

const struct host_port_kind host_port_tap = {
    .name = "tap",
    .open = tap_open,
    .close = device_close,
    .read = device_read,
    .write = device_write,
    .interrupt = device_interrupt,
    .flush = device_flush,
};
