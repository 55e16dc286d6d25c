/* SPDX-License-Identifier: MIT */
/* The gate to drivers for what happens once in a module's life: registration options, devices,
 * initialize and halt, attach and detach, bind and unbind. All at PASSIVE_LEVEL.
 */
#include "ndis/stack/call.h"
#include "ndis/stack/out.h"

#define HANDLER(documented)                                                                        \
    static const struct gate_handler handler = {documented, 0, PASSIVE_LEVEL}

static uintptr_t
options_handler(const struct ndis_driver *to)
{
    switch (to->kind) {
    case OBJECT_MINIPORT_DRIVER: return WORD(to->miniport.SetOptionsHandler);
    case OBJECT_FILTER_DRIVER: return WORD(to->filter.SetOptionsHandler);
    default: return WORD(to->protocol.SetOptionsHandler);
    }
}

NDIS_STATUS
call_set_options(struct ndis_driver *to, NDIS_HANDLE handle)
{
    HANDLER("SetOptions");
    uintptr_t fn = options_handler(to);
    struct out out;
    NDIS_STATUS status;

    if (!fn)
        return NDIS_STATUS_SUCCESS;
    out_begin(&out, to->driver, NULL, &handler, fn, ARGS(WORD(handle), WORD(to->context)));
    status = ((SET_OPTIONS_HANDLER)fn)(handle, to->context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_miniport_add_device(struct ndis_driver *to, NDIS_HANDLE adapter)
{
    HANDLER("MiniportAddDevice");
    struct out out;
    NDIS_STATUS status;

    if (!to->pnp || !to->pnp->MiniportAddDeviceHandler)
        return NDIS_STATUS_SUCCESS;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->pnp->MiniportAddDeviceHandler),
        ARGS(WORD(adapter), WORD(to->context)));
    status = to->pnp->MiniportAddDeviceHandler(adapter, to->context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_miniport_filter_requirements(struct ndis_driver *to, NDIS_HANDLE context, PIRP irp)
{
    HANDLER("MiniportFilterResourceRequirements");
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, NULL, &handler,
        WORD(to->pnp->MiniportFilterResourceRequirementsHandler), ARGS(WORD(context), WORD(irp)));
    status = to->pnp->MiniportFilterResourceRequirementsHandler(context, irp);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_miniport_start_device(struct ndis_driver *to, NDIS_HANDLE context, PIRP irp)
{
    HANDLER("MiniportStartDevice");
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, NULL, &handler, WORD(to->pnp->MiniportStartDeviceHandler),
        ARGS(WORD(context), WORD(irp)));
    status = to->pnp->MiniportStartDeviceHandler(context, irp);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_miniport_remove_device(struct ndis_driver *to, NDIS_HANDLE context)
{
    HANDLER("MiniportRemoveDevice");
    struct out out;

    if (!to->pnp || !to->pnp->MiniportRemoveDeviceHandler)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->pnp->MiniportRemoveDeviceHandler),
        ARGS(WORD(context)));
    to->pnp->MiniportRemoveDeviceHandler(context);
    out_end(&out, 0);
}

NDIS_STATUS
call_initialize(struct module *to, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
    HANDLER("MiniportInitializeEx");
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(driver->miniport.InitializeHandlerEx),
        ARGS(WORD(to), WORD(driver->context), WORD(parameters)));
    status = driver->miniport.InitializeHandlerEx(to, driver->context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_halt(struct module *to, NDIS_HALT_ACTION action)
{
    HANDLER("MiniportHaltEx");
    struct ndis_driver *driver = to->registration;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(driver->miniport.HaltHandlerEx),
        ARGS(WORD(to->context), action));
    driver->miniport.HaltHandlerEx(to->context, action);
    out_end(&out, 0);
}

void
call_shutdown(struct module *to, NDIS_SHUTDOWN_ACTION action)
{
    static const struct gate_handler handler = {"MiniportShutdownEx", 0, HIGH_LEVEL};
    struct ndis_driver *driver = to->registration;
    struct out out;

    if (!driver->miniport.ShutdownHandlerEx)
        return;
    out_begin(&out, to->driver, to, &handler, WORD(driver->miniport.ShutdownHandlerEx),
        ARGS(WORD(to->context), action));
    driver->miniport.ShutdownHandlerEx(to->context, action);
    out_end(&out, 0);
}

BOOLEAN
call_check_for_hang(struct module *to)
{
    HANDLER("MiniportCheckForHangEx");
    struct ndis_driver *driver = to->registration;
    struct out out;
    BOOLEAN hangs;

    out_begin(&out, to->driver, to, &handler, WORD(driver->miniport.CheckForHangHandlerEx),
        ARGS(WORD(to->context)));
    hangs = driver->miniport.CheckForHangHandlerEx(to->context);
    out_end(&out, hangs);
    return hangs;
}

NDIS_STATUS
call_reset(struct module *to, PBOOLEAN addressing)
{
    static const struct gate_handler handler = {"MiniportResetEx", 0, DISPATCH_LEVEL};
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(driver->miniport.ResetHandlerEx),
        ARGS(WORD(to->context), WORD(addressing)));
    status = driver->miniport.ResetHandlerEx(to->context, addressing);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_miniport_unload(struct ndis_driver *to)
{
    HANDLER("MiniportDriverUnload");
    struct out out;

    if (!to->miniport.UnloadHandler)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->miniport.UnloadHandler),
        ARGS(WORD(to->driver->object)));
    to->miniport.UnloadHandler(to->driver->object);
    out_end(&out, 0);
}

NDIS_STATUS
call_attach(struct module *to, PNDIS_FILTER_ATTACH_PARAMETERS parameters)
{
    HANDLER("FilterAttach");
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(driver->filter.AttachHandler),
        ARGS(WORD(to), WORD(driver->context), WORD(parameters)));
    status = driver->filter.AttachHandler(to, driver->context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_module_options(struct module *to)
{
    HANDLER("FilterSetModuleOptions");
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    if (!driver->filter.SetFilterModuleOptionsHandler)
        return NDIS_STATUS_SUCCESS;
    out_begin(&out, to->driver, to, &handler, WORD(driver->filter.SetFilterModuleOptionsHandler),
        ARGS(WORD(to->context)));
    status = driver->filter.SetFilterModuleOptionsHandler(to->context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_detach(struct module *to)
{
    HANDLER("FilterDetach");
    struct ndis_driver *driver = to->registration;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(driver->filter.DetachHandler),
        ARGS(WORD(to->context)));
    driver->filter.DetachHandler(to->context);
    out_end(&out, 0);
}

NDIS_STATUS
call_bind(struct ndis_driver *to, NDIS_HANDLE bind_context, PNDIS_BIND_PARAMETERS parameters)
{
    HANDLER("ProtocolBindAdapterEx");
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, NULL, &handler, WORD(to->protocol.BindAdapterHandlerEx),
        ARGS(WORD(to->context), WORD(bind_context), WORD(parameters)));
    status = to->protocol.BindAdapterHandlerEx(to->context, bind_context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_binds_complete(struct ndis_driver *to)
{
    HANDLER("ProtocolNetPnPEvent");
    NET_PNP_EVENT_NOTIFICATION event = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_PNP_EVENT_NOTIFICATION_REVISION_1,
            NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1},
        .NetPnPEvent.NetEvent = NetEventBindsComplete,
    };
    struct out out;
    NDIS_STATUS status;

    if (!to->protocol.NetPnPEventHandler)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->protocol.NetPnPEventHandler),
        ARGS(0, WORD(&event)));
    status = to->protocol.NetPnPEventHandler(NULL, &event);
    out_end(&out, (uint32_t)status);
}

NDIS_STATUS
call_unbind(struct module *to, NDIS_HANDLE unbind_context)
{
    HANDLER("ProtocolUnbindAdapterEx");
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    if (to->core)
        return to->core->unbind(to, unbind_context);
    out_begin(&out, to->driver, to, &handler, WORD(driver->protocol.UnbindAdapterHandlerEx),
        ARGS(WORD(unbind_context), WORD(to->context)));
    status = driver->protocol.UnbindAdapterHandlerEx(unbind_context, to->context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_open_complete(struct module *to, NDIS_STATUS status)
{
    HANDLER("ProtocolOpenAdapterCompleteEx");
    struct ndis_driver *driver = to->registration;
    struct out out;

    if (to->core) {
        to->core->open_complete(to, status);
        return;
    }
    out_begin(&out, to->driver, to, &handler, WORD(driver->protocol.OpenAdapterCompleteHandlerEx),
        ARGS(WORD(to->context), (uint32_t)status));
    driver->protocol.OpenAdapterCompleteHandlerEx(to->context, status);
    out_end(&out, 0);
}

void
call_close_complete(struct module *to)
{
    HANDLER("ProtocolCloseAdapterCompleteEx");
    struct ndis_driver *driver = to->registration;
    struct out out;

    if (to->core) {
        to->core->close_complete(to);
        return;
    }
    out_begin(&out, to->driver, to, &handler, WORD(driver->protocol.CloseAdapterCompleteHandlerEx),
        ARGS(WORD(to->context)));
    driver->protocol.CloseAdapterCompleteHandlerEx(to->context);
    out_end(&out, 0);
}
