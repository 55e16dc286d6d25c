/* SPDX-License-Identifier: MIT */
/* A connected service routine: what PKINTERRUPT points at. Made by interrupt_connect, ended by
 * interrupt_disconnect; the driver holds its address. */
#pragma once

#include "hardware/bus.h"

struct _KINTERRUPT {
    LIST_ENTRY link;          /* in vector.chain [L] */
    struct bus_connection as; /* [I] */
    KSPIN_LOCK own;           /* as.lock, unless the driver has one of its own */
};
