/* SPDX-License-Identifier: MIT */
/* Ports of the host: picks the kind by the word in front of the colon. */
#include "host/port.h"
#include "host/ports/backend.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct host_port_kind *const kinds[] = {
    &host_port_tap, &host_port_tun, &host_port_pcap, &host_port_pcapng};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

int
host_port_fail(struct host_port *port, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(port->error, sizeof(port->error), format, args);
    va_end(args);
    return code;
}

static const struct host_port_kind *
find(const char *name)
{
    for (size_t i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i]->name, name))
            return kinds[i];
    return NULL;
}

int
host_port_open(struct host_port **out, const char *text, char *error, size_t error_size)
{
    struct host_port *port;
    struct port_spec spec;
    int result = port_spec_parse(&spec, text, error, error_size);

    if (result)
        return result;
    port = calloc(1, sizeof(*port));
    if (!port) {
        snprintf(error, error_size, "port %s: out of memory", text);
        return -ENOMEM;
    }
    port->kind = find(spec.kind);
    result = port->kind ? port->kind->open(port, &spec)
                        : host_port_fail(port, -EINVAL,
                              "port \"%s\": no such kind; there are tap, tun, "
                              "pcap and pcapng",
                              spec.kind);
    if (result) {
        snprintf(error, error_size, "%s", port->error);
        free(port);
        return result;
    }
    *out = port;
    return 0;
}

void
host_port_close(struct host_port *port)
{
    if (!port)
        return;
    port->kind->close(port);
    free(port);
}

void
host_port_info(const struct host_port *port, struct host_port_info *info)
{
    *info = port->info;
}

int
host_port_read(struct host_port *port, struct host_frame *frames, unsigned max)
{
    if (!port->info.readable)
        return -ENODATA;
    return port->kind->read(port, frames, max < HOST_PORT_BATCH ? max : HOST_PORT_BATCH);
}

int
host_port_write(struct host_port *port, const struct host_frame *parts, unsigned count)
{
    if (!port->info.writable)
        return -EBADF;
    return port->kind->write(port, parts, count);
}

void
host_port_interrupt(struct host_port *port)
{
    port->kind->interrupt(port);
}

int
host_port_flush(struct host_port *port)
{
    return port->kind->flush(port);
}

const char *
host_port_error(const struct host_port *port)
{
    return port->error;
}

const char *
host_port_help(void)
{
    return HOST_PORT_HELP;
}
