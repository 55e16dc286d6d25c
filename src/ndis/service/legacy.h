/* SPDX-License-Identifier: MIT */
/* Services of miniports of NDIS 3 to 5.1 that lifecycle wires up. */
#pragma once

#include "ndis/stack/legacy.h"

/* What SERIAL_TIMERS means. */
void legacy_do_timers(struct module *miniport);
/* What SERIAL_INTERRUPTS means. */
void legacy_do_interrupts(struct module *miniport);
