/* SPDX-License-Identifier: MIT */
/* A port that is a NIC: the stack's miniport finds a device of the bus, whose wire is another port.
 *
 *     miniport --registers, DMA, interrupts--> NIC (src/hardware) --> wire: tap, wire, program ...
 *
 * "ringnic:tap:t0", or undis_hardware_open over a port that is open. What flows is the wire's
 * business: its counts are this port's, and what is held is held there.
 */
#include "hardware/iospace.h"
#include "hardware/ringnic.h"
#include "nt/thread.h"
#include "undis/error.h"
#include "undis/ports/port.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "ringnic"

struct plugging {
    struct undis_port *port;
    struct ringnic_config config;
    struct bus_device *device;
    int result;
};

/* "ringnic", with options behind: "ringnic+msix+line=2". */
static int
read_model(const char *model, size_t length, struct ringnic_config *config)
{
    char text[64], *option, *rest = text;

    if (length >= sizeof(text))
        return undis_fail(-EINVAL, "hardware: the name of a model has at most 63 characters");
    snprintf(text, sizeof(text), "%.*s", (int)length, model);
    option = strsep(&rest, "+");
    if (strcmp(option, MODEL) != 0)
        return undis_fail(-EINVAL, "hardware: there is no model %s; models: " MODEL, option);
    while ((option = strsep(&rest, "+"))) {
        if (!strcmp(option, "msix"))
            config->messages = true;
        else if (!strncmp(option, "line=", 5) && option[5] >= '1' &&
                 option[5] < '1' + (int)BUS_LINES && !option[6])
            config->line = (unsigned)(option[5] - '0');
        else
            return undis_fail(-EINVAL,
                "hardware " MODEL ": option %s is unknown; options: msix, line=1 to line=%u",
                option, BUS_LINES);
    }
    return 0;
}

static void
plug(void *context)
{
    struct plugging *plugging = context;
    UNDIS_PORT_INTERFACE wire;

    port_interface(plugging->port->wire, &wire);
    plugging->config.wire = &wire;
    plugging->result =
        ringnic_create(plugging->port->machine, &plugging->config, &plugging->device);
    if (plugging->result)
        wire.InterfaceDereference(wire.Context);
}

/* Over port->wire. */
static int
create(struct undis_port *port, const char *model, size_t length)
{
    struct plugging plugging = {.port = port};
    int result = read_model(model, length, &plugging.config);

    if (result)
        return result;
    result = nt_call(port->machine, plug, &plugging);
    if (!result)
        result = plugging.result;
    if (result)
        return undis_fail(result, "hardware %.*s: %s", (int)length, model,
            result == -EBUSY ? "its wire is in use by a driver" : strerror(-result));
    port->state = plugging.device;
    port->attributes = port->wire->attributes;
    port->finite = port->wire->finite;
    return 0;
}

static void
unplug_inside(void *context)
{
    ringnic_destroy(context);
}

static void
hardware_destroy(struct undis_port *port)
{
    nt_call(port->machine, unplug_inside, port->state);
    if (port->own_wire)
        undis_port_close(port->wire);
}

/* port->sentence holds the specification as it was written: MODEL[+OPTION...]:PORT. */
static int
hardware_create(struct undis_port *port, const struct port_spec *spec)
{
    const char *inner = strchr(port->sentence, ':');
    size_t length = inner ? (size_t)(inner - port->sentence) : strlen(port->sentence);
    int result;

    (void)spec;
    if (!inner || !inner[1])
        return undis_fail(
            -EINVAL, "hardware %s: its wire is missing: %s:PORT", port->sentence, port->sentence);
    result = undis_port_open(port->machine, inner + 1, &port->wire);
    if (result)
        return result;
    port->own_wire = true;
    result = create(port, port->sentence, length);
    if (result)
        undis_port_close(port->wire);
    return result;
}

static void
hardware_device_made(struct undis_port *port)
{
    bus_set_pdo(port->state, port->device);
}

static NTSTATUS
hardware_query_interface(struct undis_port *port, PIRP irp)
{
    return bus_query_interface(port->state, irp);
}

/* Frames go through the NIC, never through this port itself. */
static ULONG
hardware_transmit(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    (void)port;
    (void)frames;
    (void)count;
    return 0;
}

static ULONG
hardware_receive(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline)
{
    (void)port;
    (void)frames;
    (void)deadline;
    return 0;
}

const struct port_kind port_hardware = {
    .name = MODEL,
    .create = hardware_create,
    .destroy = hardware_destroy,
    .device_made = hardware_device_made,
    .query_interface = hardware_query_interface,
    .transmit = hardware_transmit,
    .receive = hardware_receive,
};

int
hardware_over(struct undis_port *port, const char *model, struct undis_port *wire)
{
    port->wire = wire;
    return create(port, model, strlen(model));
}

static void
pull_inside(void *context)
{
    bus_unplug(context);
}

int
undis_hardware_pull(struct undis_port *port)
{
    if (port->kind != &port_hardware)
        return undis_fail(-EINVAL, "undis_hardware_pull: a port of a NIC is needed");
    return nt_call(port->machine, pull_inside, port->state);
}
