/* SPDX-License-Identifier: MIT */
/* The gate to a driver's own MDL allocators, which retreat and advance call. They belong to the
 * driver that made that call.
 */
#include "ndis/packet/part.h"

static const struct gate_handler allocate = {"NetAllocateMdl", PASSIVE_LEVEL, DISPATCH_LEVEL};
static const struct gate_handler release = {"NetFreeMdl", PASSIVE_LEVEL, DISPATCH_LEVEL};

PMDL
call_allocate_mdl(NET_BUFFER_ALLOCATE_MDL_HANDLER handler, PULONG size)
{
    struct gate_frame frame;
    struct gate_call call = {.handler = &allocate,
        .caller = (void *)(uintptr_t)handler,
        .driver = block_self->driver,
        .module = block_self->module,
        .count = 1,
        .args = {(uintptr_t)size},
        .irql = block_self->irql};
    PMDL mdl;

    gate_out_enter(&frame, call.driver, call.module, &allocate);
    gate_out_before(&call);
    mdl = handler(size);
    call.result = (uintptr_t)mdl;
    gate_out_after(&call);
    gate_out_leave(&frame);
    return mdl;
}

void
call_free_mdl(NET_BUFFER_FREE_MDL_HANDLER handler, PMDL mdl)
{
    struct gate_frame frame;
    struct gate_call call = {.handler = &release,
        .caller = (void *)(uintptr_t)handler,
        .driver = block_self->driver,
        .module = block_self->module,
        .count = 1,
        .args = {(uintptr_t)mdl},
        .irql = block_self->irql};

    gate_out_enter(&frame, call.driver, call.module, &release);
    gate_out_before(&call);
    handler(mdl);
    gate_out_after(&call);
    gate_out_leave(&frame);
}
