/* SPDX-License-Identifier: MIT */
/* An interface behind /dev/net/tun: what tap and tun have in common. */
#pragma once

#include "host/ports/backend.h"

int device_open(struct host_port *port, const struct port_spec *spec, short flags);
void device_close(struct host_port *port);
int device_read(struct host_port *port, struct host_frame *frames, unsigned max);
int device_write(struct host_port *port, const struct host_frame *parts, unsigned count);
void device_interrupt(struct host_port *port);
int device_flush(struct host_port *port);
