/* SPDX-License-Identifier: MIT */
/* What drivers say of their own accesses to memory. See include/km/undis/access.h. */
#include "nt/gate.h"

#include <undis/access.h>

VOID
undis_access(PVOID Address, SIZE_T Size, ULONG Flags)
{
    struct block *self = block_self;
    const struct undis *machine = self ? self->machine : NULL;
    const struct gate_hooks *hooks = machine ? machine->hooks : NULL;

    if (!hooks || !hooks->accessed || self->quiet || !self->driver)
        return;
    if (hooks->shared && hooks->shared(machine->hook_context, Address))
        yield_point(YIELD_INTERLOCKED, Address);
    self->quiet = true;
    hooks->accessed(machine->hook_context, Address, Size, Flags);
    self->quiet = false;
}

void
gate_activity(enum gate_activity kind, bool begins)
{
    struct block *self = block_self;
    const struct undis *machine = self->machine;
    const struct gate_hooks *hooks;

    if (!machine->simulated) /* nobody could tell what came before what */
        return;
    hooks = machine->hooks;
    if (!hooks || !hooks->activity || self->quiet)
        return;
    self->quiet = true;
    hooks->activity(machine->hook_context, kind, begins);
    self->quiet = false;
}
