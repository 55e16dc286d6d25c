/* SPDX-License-Identifier: MIT */
/* The gate to kernel callbacks. See call.h and gate.h.
 *
 * Every call has the same shape: enter, tell the hooks, call, tell the hooks, leave. begin and
 * finish hold what is the same; the call itself stands in its own function, because a call through
 * a pointer of the right type is all that a later loader of Windows binaries has to change.
 */
#include "nt/call.h"
#include <string.h>

/* One call under way. */
struct callout {
    struct gate_frame frame;
    struct gate_call call;
    bool hooked;
};

static void
begin(struct callout *out, struct driver *driver, const struct gate_handler *handler,
    void (*function)(void), void *module, unsigned count, const uintptr_t *args)
{
    if (__builtin_expect(__atomic_load_n(&driver->gone, __ATOMIC_ACQUIRE), 0))
        gate_bug_check("st-no-callbacks-after-unload",
            "%s of %s is due, but the driver is unloaded", handler->name, driver->name);
    gate_out_enter(&out->frame, driver, module, handler);
    out->hooked = gate_hooks() != NULL;
    if (out->hooked) {
        memset(&out->call, 0, sizeof(out->call));
        out->call.handler = handler;
        out->call.caller = (void *)function;
        out->call.driver = driver;
        out->call.module = module;
        out->call.count = count;
        memcpy(out->call.args, args, count * sizeof(*args));
        gate_out_before(&out->call);
    }
    yield_point(YIELD_CALL, (void *)function);
}

static void
finish(struct callout *out, uintptr_t result)
{
    if (out->hooked) {
        out->call.result = result;
        gate_out_after(&out->call);
    }
    if (block_self->irql != out->frame.irql)
        gate_bug_check("irql-handler-restores", "%s returned at IRQL %u, called at %u",
            out->frame.handler->name, block_self->irql, out->frame.irql);
    gate_out_leave(&out->frame);
}

/* The arguments of a call for the hooks. */
#define ARGS(...)                                                                                  \
    sizeof((const uintptr_t[]){__VA_ARGS__}) / sizeof(uintptr_t), (const uintptr_t[])              \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define ARG(a)      ((uintptr_t)(a))
#define FUNCTION(f) ((void (*)(void))(f))

NTSTATUS
call_driver_entry(struct driver *driver, PUNICODE_STRING registry_path)
{
    static const struct gate_handler handler = {"DriverEntry", PASSIVE_LEVEL, PASSIVE_LEVEL};
    struct callout out;
    NTSTATUS status;

    begin(&out, driver, &handler, FUNCTION(driver->entry), driver->object,
        ARGS(ARG(driver->object), ARG(registry_path)));
    status = driver->entry(driver->object, registry_path);
    finish(&out, (uintptr_t)status);
    return status;
}

void
call_driver_unload(struct driver *driver)
{
    static const struct gate_handler handler = {"DriverUnload", PASSIVE_LEVEL, PASSIVE_LEVEL};
    PDRIVER_UNLOAD routine = driver->object->DriverUnload;
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), driver->object, ARGS(ARG(driver->object)));
    routine(driver->object);
    finish(&out, 0);
}

NTSTATUS
call_add_device(struct driver *driver, PDEVICE_OBJECT physical_device)
{
    static const struct gate_handler handler = {"AddDevice", PASSIVE_LEVEL, PASSIVE_LEVEL};
    PDRIVER_ADD_DEVICE routine = driver->object->DriverExtension->AddDevice;
    struct callout out;
    NTSTATUS status;

    begin(&out, driver, &handler, FUNCTION(routine), physical_device,
        ARGS(ARG(driver->object), ARG(physical_device)));
    status = routine(driver->object, physical_device);
    finish(&out, (uintptr_t)status);
    return status;
}

NTSTATUS
call_dispatch(struct driver *driver, PDRIVER_DISPATCH routine, PDEVICE_OBJECT device, PIRP irp)
{
    static const struct gate_handler handler = {"DispatchRoutine", PASSIVE_LEVEL, DISPATCH_LEVEL};
    struct callout out;
    NTSTATUS status;

    begin(&out, driver, &handler, FUNCTION(routine), device, ARGS(ARG(device), ARG(irp)));
    status = routine(device, irp);
    finish(&out, (uintptr_t)status);
    return status;
}

NTSTATUS
call_completion(struct driver *driver, PIO_COMPLETION_ROUTINE routine, PDEVICE_OBJECT device,
    PIRP irp, void *context)
{
    static const struct gate_handler handler = {
        "IoCompletionRoutine", PASSIVE_LEVEL, DISPATCH_LEVEL};
    struct callout out;
    NTSTATUS status;

    begin(&out, driver, &handler, FUNCTION(routine), device,
        ARGS(ARG(device), ARG(irp), ARG(context)));
    status = routine(device, irp, context);
    finish(&out, (uintptr_t)status);
    return status;
}

/* A cancel routine releases the cancel lock and with it goes back to the IRQL before: @after. */
void
call_cancel(struct driver *driver, PDRIVER_CANCEL routine, PDEVICE_OBJECT device, PIRP irp)
{
    static const struct gate_handler handler = {"Cancel", DISPATCH_LEVEL, DISPATCH_LEVEL};
    KIRQL after = irp->CancelIrql;
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), device, ARGS(ARG(device), ARG(irp)));
    routine(device, irp);
    if (block_self->irql != after)
        gate_bug_check("irql-handler-restores",
            "a cancel routine returned at IRQL %u instead of %u", block_self->irql, after);
    if (out.hooked)
        gate_out_after(&out.call);
    gate_out_leave(&out.frame);
}

void
call_start_io(struct driver *driver, PDRIVER_STARTIO routine, PDEVICE_OBJECT device, PIRP irp)
{
    static const struct gate_handler handler = {"StartIo", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), device, ARGS(ARG(device), ARG(irp)));
    routine(device, irp);
    finish(&out, 0);
}

void
call_dpc(struct driver *driver, PKDPC dpc, PKDEFERRED_ROUTINE routine, void *context,
    void *argument1, void *argument2)
{
    static const struct gate_handler handler = {
        "KDEFERRED_ROUTINE", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), dpc,
        ARGS(ARG(dpc), ARG(context), ARG(argument1), ARG(argument2)));
    routine(dpc, context, argument1, argument2);
    finish(&out, 0);
}

void
call_ext_callback(struct driver *driver, PEXT_CALLBACK callback, PEX_TIMER timer, void *context)
{
    static const struct gate_handler handler = {"EXT_CALLBACK", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(callback), timer, ARGS(ARG(timer), ARG(context)));
    callback(timer, context);
    finish(&out, 0);
}

void
call_ext_delete(struct driver *driver, PEXT_DELETE_CALLBACK callback, void *context)
{
    static const struct gate_handler handler = {
        "EXT_DELETE_CALLBACK", PASSIVE_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(callback), NULL, ARGS(ARG(context)));
    callback(context);
    finish(&out, 0);
}

void
call_work_item(
    struct driver *driver, PIO_WORKITEM_ROUTINE routine, PDEVICE_OBJECT device, void *context)
{
    static const struct gate_handler handler = {
        "IO_WORKITEM_ROUTINE", PASSIVE_LEVEL, PASSIVE_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), device, ARGS(ARG(device), ARG(context)));
    routine(device, context);
    finish(&out, 0);
}

void
call_work_item_ex(struct driver *driver, PIO_WORKITEM_ROUTINE_EX routine, void *object,
    void *context, PIO_WORKITEM item)
{
    static const struct gate_handler handler = {
        "IO_WORKITEM_ROUTINE_EX", PASSIVE_LEVEL, PASSIVE_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), object,
        ARGS(ARG(object), ARG(context), ARG(item)));
    routine(object, context, item);
    finish(&out, 0);
}

void
call_worker(struct driver *driver, PWORKER_THREAD_ROUTINE routine, void *parameter)
{
    static const struct gate_handler handler = {
        "WORKER_THREAD_ROUTINE", PASSIVE_LEVEL, PASSIVE_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(routine), NULL, ARGS(ARG(parameter)));
    routine(parameter);
    finish(&out, 0);
}

void
call_system_thread(struct driver *driver, struct kthread *thread)
{
    static const struct gate_handler handler = {"KSTART_ROUTINE", PASSIVE_LEVEL, PASSIVE_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(thread->start), NULL, ARGS(ARG(thread->context)));
    thread->frame = &out.frame;
    if (_setjmp(thread->end) == 0)
        thread->start(thread->context);
    thread->frame = NULL;
    finish(&out, 0);
}

BOOLEAN
call_isr(struct driver *driver, PKSERVICE_ROUTINE routine, PKINTERRUPT interrupt, void *context)
{
    static const struct gate_handler handler = {"KSERVICE_ROUTINE", DISPATCH_LEVEL + 1, HIGH_LEVEL};
    struct callout out;
    BOOLEAN mine;

    begin(&out, driver, &handler, FUNCTION(routine), interrupt, ARGS(ARG(interrupt), ARG(context)));
    mine = routine(interrupt, context);
    finish(&out, mine);
    return mine;
}

BOOLEAN
call_synchronize(struct driver *driver, PKSYNCHRONIZE_ROUTINE routine, void *context)
{
    static const struct gate_handler handler = {"KSYNCHRONIZE_ROUTINE", PASSIVE_LEVEL, HIGH_LEVEL};
    struct callout out;
    BOOLEAN result;

    begin(&out, driver, &handler, FUNCTION(routine), NULL, ARGS(ARG(context)));
    result = routine(context);
    finish(&out, result);
    return result;
}

void
call_callback(struct driver *driver, PCALLBACK_FUNCTION function, void *context, void *a1, void *a2)
{
    static const struct gate_handler handler = {"CALLBACK_FUNCTION", PASSIVE_LEVEL, DISPATCH_LEVEL};
    struct callout out;

    begin(&out, driver, &handler, FUNCTION(function), NULL, ARGS(ARG(context), ARG(a1), ARG(a2)));
    function(context, a1, a2);
    finish(&out, 0);
}
