/* SPDX-License-Identifier: MIT */
/* The gate to a driver's routines for its hardware. See call_hardware.h. */
#include "nt/call_hardware.h"

/* One call under way. */
struct callout {
    struct gate_frame frame;
    struct gate_call call;
};

static void
begin(struct callout *out, struct driver *driver, const struct gate_handler *handler,
    void *function, void *module)
{
    gate_out_enter(&out->frame, driver, module, handler);
    if (gate_hooks() != NULL) {
        out->call = (struct gate_call){.handler = handler,
            .caller = function,
            .driver = driver,
            .module = module,
            .irql = block_self->irql};
        gate_out_before(&out->call);
    }
    yield_point(YIELD_CALL, function);
}

static void
finish(struct callout *out, uintptr_t result)
{
    if (gate_hooks() != NULL) {
        out->call.result = result;
        gate_out_after(&out->call);
    }
    if (block_self->irql != out->frame.irql)
        gate_bug_check("irql-handler-restores", "%s returned at IRQL %u, called at %u",
            out->frame.handler->name, block_self->irql, out->frame.irql);
    gate_out_leave(&out->frame);
}

BOOLEAN
call_message_isr(struct driver *driver, PKMESSAGE_SERVICE_ROUTINE routine, PKINTERRUPT interrupt,
    void *context, ULONG message)
{
    static const struct gate_handler handler = {
        "KMESSAGE_SERVICE_ROUTINE", DISPATCH_LEVEL + 1, HIGH_LEVEL};
    struct callout out;
    BOOLEAN mine;

    begin(&out, driver, &handler, (void *)routine, interrupt);
    mine = routine(interrupt, context, message);
    finish(&out, mine);
    return mine;
}

void
call_list_control(struct driver *driver, PDRIVER_LIST_CONTROL routine, PDEVICE_OBJECT device,
    PIRP irp, SCATTER_GATHER_LIST *list, void *context)
{
    static const struct gate_handler handler = {
        "DRIVER_LIST_CONTROL", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, (void *)routine, device);
    routine(device, irp, list, context);
    finish(&out, 0);
}

IO_ALLOCATION_ACTION
call_adapter_control(struct driver *driver, PDRIVER_CONTROL routine, PDEVICE_OBJECT device,
    PIRP irp, void *registers, void *context)
{
    static const struct gate_handler handler = {"DRIVER_CONTROL", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct callout out;
    IO_ALLOCATION_ACTION action;

    begin(&out, driver, &handler, (void *)routine, device);
    action = routine(device, irp, registers, context);
    finish(&out, (uintptr_t)action);
    return action;
}
