/* SPDX-License-Identifier: MIT */
/* Checks of hardware: what a miniport claims, where, and with which handlers. That it gives all of
 * it back the core sees itself (ndis/service/hardware.c).
 */
#include "verify/check.h"

static void
register_interrupt(struct verify *verify, struct gate_call *call)
{
    const NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *c = (const void *)call->args[2];
    bool line = c->InterruptHandler && c->InterruptDpcHandler && c->DisableInterruptHandler &&
                c->EnableInterruptHandler;
    bool messages =
        !c->MsiSupported || (c->MessageInterruptHandler && c->MessageInterruptDpcHandler);

    if (fails(verify, RULE_HANDLERS_INTERRUPT, !line || !messages))
        broken(verify, RULE_HANDLERS_INTERRUPT, call, NULL, NULL, NULL,
            "%s registers an interrupt without all handlers of %s", call->driver->name,
            line ? "messages" : "a line");
}

static void
map_io_space(struct verify *verify, struct gate_call *call)
{
    bool initializes =
        inside(call->driver, "MiniportInitializeEx") || inside(call->driver, "MiniportInitialize");

    if (fails(verify, RULE_IOSPACE_WHERE, !initializes))
        broken(verify, RULE_IOSPACE_WHERE, call, NULL, NULL, NULL,
            "%s maps registers outside of MiniportInitializeEx", call->driver->name);
}

const struct check hardware_imports[] = {
    {"NdisMRegisterInterruptEx", register_interrupt, NULL},
    {"NdisMMapIoSpace", map_io_space, NULL},
    {NULL, NULL, NULL},
};
