/* SPDX-License-Identifier: MIT */
/* null: takes every frame and counts it; nothing ever comes. */
#include "undis/error.h"
#include "undis/ports/port.h"
#include <string.h>

static int
null_create(struct undis_port *port, const struct port_spec *spec)
{
    char error[256];
    uint64_t mtu = 1500;
    int result = port_spec_check(spec, "mtu", error, sizeof(error));

    if (!result)
        result = port_spec_number(spec, "mtu", 68, 65521, &mtu, error, sizeof(error));
    if (result)
        return undis_fail(result, "%s", error);
    port->attributes.Mtu = (ULONG)mtu;
    return 0;
}

static void
null_destroy(struct undis_port *port)
{
    (void)port;
}

static ULONG
null_transmit(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    uint64_t bytes = 0;

    for (ULONG i = 0; i < count; i++)
        bytes += frames[i].Length;
    port_count(&port->stats.written, count);
    port_count(&port->stats.written_bytes, bytes);
    return count;
}

static ULONG
null_receive(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline)
{
    (void)port;
    (void)frames;
    (void)deadline;
    return 0;
}

const struct port_kind port_null = {
    .name = "null",
    .create = null_create,
    .destroy = null_destroy,
    .transmit = null_transmit,
    .receive = null_receive,
};
