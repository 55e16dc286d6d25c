/* SPDX-License-Identifier: MIT */
/* What only ports of kind "program" can do. */
#pragma once

#include "undis/ports/port.h"

/* Before a driver opens the port. @receive may be NULL. */
void program_attach(struct undis_port *port,
    void (*receive)(void *context, const void *frame, size_t length), void *context);
/* Any thread. 0, or -errno by way of undis_fail: -EAGAIN (too many wait), -ENOTCONN, -EMSGSIZE. */
int program_inject(struct undis_port *port, const void *frame, size_t length);
