/* SPDX-License-Identifier: MIT */
/* What stands behind struct host_port: one per kind. */
#pragma once

#include "host/port.h"
#include "host/ports/spec.h"

#define HOST_PORT_BATCH 32

struct host_port_kind {
    const char *name;
    int (*open)(struct host_port *port, const struct port_spec *spec);
    void (*close)(struct host_port *port);
    int (*read)(struct host_port *port, struct host_frame *frames, unsigned max);
    int (*write)(struct host_port *port, const struct host_frame *parts, unsigned count);
    void (*interrupt)(struct host_port *port);
    int (*flush)(struct host_port *port);
};

struct host_port {
    const struct host_port_kind *kind;
    struct host_port_info info;
    void *state; /* of the kind */
    char error[512];
};

extern const struct host_port_kind host_port_tap, host_port_tun, host_port_pcap, host_port_pcapng;

/* Writes the port's sentence and answers @code. */
int host_port_fail(struct host_port *port, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
