/* SPDX-License-Identifier: MIT */
/* tun:NAME - IP packets of a TUN interface. */
#include "host/ports/device.h"
#include <linux/if_tun.h>
#include <net/if.h>

static int
tun_open(struct host_port *port, const struct port_spec *spec)
{
    port->info.ethernet = false;
    return device_open(port, spec, IFF_TUN);
}

const struct host_port_kind host_port_tun = {
    .name = "tun",
    .open = tun_open,
    .close = device_close,
    .read = device_read,
    .write = device_write,
    .interrupt = device_interrupt,
    .flush = device_flush,
};
