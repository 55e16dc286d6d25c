/* SPDX-License-Identifier: MIT */
/* The gate to a driver's port callbacks (include/km/undis/port.h). All at DISPATCH_LEVEL. */
#pragma once

#include "nt/gate.h"
#include <undis/port.h>

/* Who opened a port, and what to call. */
struct port_client {
    struct driver *driver;
    void *module; /* on whose behalf it opened the port, or NULL */
    UNDIS_PORT_RECEIVED *received;
    UNDIS_PORT_READY *ready;
    UNDIS_PORT_LINK *link;
    void *context;
};

void
call_port_received(const struct port_client *client, const UNDIS_PORT_RECEIVE *frames, ULONG count);
void call_port_ready(const struct port_client *client);
void call_port_link(const struct port_client *client, BOOLEAN up, ULONGLONG speed);
