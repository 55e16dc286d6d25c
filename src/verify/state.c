/* SPDX-License-Identifier: MIT */
/* Checks of where a call is made: in which handler, in which state, and what a handler answers. */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

bool
inside(const struct driver *driver, const char *name)
{
    const struct driver *running = block_self->driver;

    for (const struct gate_frame *frame = block_self->frames; frame; frame = frame->outer) {
        if (running == driver && frame->handler && strcmp(frame->handler->name, name) == 0)
            return true;
        running = frame->driver;
    }
    return false;
}

const char *
inside_any(const struct driver *driver, const char *beginning)
{
    const struct driver *running = block_self->driver;

    for (const struct gate_frame *frame = block_self->frames; frame; frame = frame->outer) {
        if (running == driver && frame->handler &&
            strncmp(frame->handler->name, beginning, strlen(beginning)) == 0)
            return frame->handler->name;
        running = frame->driver;
    }
    return NULL;
}

static void
deregister_protocol(struct verify *verify, struct gate_call *call)
{
    const char *handler = inside_any(call->driver, "Protocol");

    if (fails(verify, RULE_DEREGISTER_INSIDE, handler != NULL))
        broken(verify, RULE_DEREGISTER_INSIDE, call, NULL, NULL, NULL, "%s called %s in its %s",
            call->driver->name, call->import->name, handler);
}

static void
close_adapter(struct verify *verify, struct gate_call *call)
{
    const struct object *prefix =
        object_of(verify->machine, (const void *)call->args[0], OBJECT_BINDING);
    const struct module *binding = prefix ? (const void *)(prefix + 1) : NULL;
    /* An unbind that is completed later has paused the binding. */
    bool lawful = !binding || binding->state != MODULE_RUNNING ||
                  inside(call->driver, "ProtocolBindAdapterEx") ||
                  inside(call->driver, "ProtocolUnbindAdapterEx");

    if (fails(verify, RULE_CLOSE_WHERE, !lawful))
        broken(verify, RULE_CLOSE_WHERE, call, NULL, NULL, NULL,
            "%s called %s for a binding that is %s and is neither bound nor unbound now",
            call->driver->name, call->import->name, module_state_name(binding->state));
}

static void
set_optional_handlers(struct verify *verify, struct gate_call *call)
{
    bool lawful =
        inside(call->driver, "SetOptions") || inside(call->driver, "FilterSetModuleOptions");

    if (fails(verify, RULE_OPTIONS_WHERE, !lawful))
        broken(verify, RULE_OPTIONS_WHERE, call, NULL, NULL, NULL,
            "%s called %s outside SetOptions and FilterSetModuleOptions", call->driver->name,
            call->import->name);
}

/* PnP events. */
static void
check_event(
    struct verify *verify, const struct gate_call *call, const NET_PNP_EVENT_NOTIFICATION *event)
{
    const NET_PNP_EVENT *what = &event->NetPnPEvent;
    bool wrong = event->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
                 event->Header.Revision < NET_PNP_EVENT_NOTIFICATION_REVISION_1 ||
                 event->Header.Size < NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1 ||
                 (unsigned)what->NetEvent >= NetEventMaximum ||
                 (what->BufferLength && !what->Buffer);

    if (fails(verify, RULE_EVENT_HEADER, wrong))
        broken(verify, RULE_EVENT_HEADER, call, NULL, NULL, NULL,
            "%s called %s with event %u, type 0x%02X, revision %u, size %u, %u bytes at %p",
            call->driver->name, call->import->name, (unsigned)what->NetEvent, event->Header.Type,
            event->Header.Revision, event->Header.Size, what->BufferLength, what->Buffer);
}

static void
filter_event(struct verify *verify, struct gate_call *call)
{
    check_no_lock(verify, call, RULE_EVENT_LOCK);
    check_event(verify, call, (const void *)call->args[1]);
    if (fails(verify, RULE_EVENT_IN_OID, inside(call->driver, "FilterOidRequest")))
        broken(verify, RULE_EVENT_IN_OID, call, NULL, NULL, NULL,
            "%s called %s in its FilterOidRequest", call->driver->name, call->import->name);
}

static void
miniport_event(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_EVENT_IN_OID_M, inside(call->driver, "MiniportOidRequest")))
        broken(verify, RULE_EVENT_IN_OID_M, call, NULL, NULL, NULL,
            "%s called %s in its MiniportOidRequest", call->driver->name, call->import->name);
}

static void
reset_complete(struct verify *verify, struct gate_call *call)
{
    check_no_lock(verify, call, RULE_RESET_LOCK);
}

static void
complete_irp(struct verify *verify, struct gate_call *call)
{
    const IRP *irp = (const void *)call->args[0];
    bool gone = memory_is_freed((const void *)&irp->CancelRoutine); /* told already */

    if (fails(verify, RULE_IRP_CANCEL, irp->CancelRoutine != NULL && !gone))
        broken(verify, RULE_IRP_CANCEL, call, NULL, NULL, NULL,
            "%s completed an IRP that still has its cancel routine", call->driver->name);
}

static void
check_event_answer(struct verify *verify, const struct gate_call *call, NDIS_STATUS status)
{
    if (fails(verify, RULE_EVENT_SUPPORTED, status == NDIS_STATUS_NOT_SUPPORTED))
        broken(verify, RULE_EVENT_SUPPORTED, call, NULL, NULL, NULL,
            "%s answered a PnP event with NDIS_STATUS_NOT_SUPPORTED", call->driver->name);
}

static void
complete_event(struct verify *verify, struct gate_call *call)
{
    check_no_lock(verify, call, RULE_EVENT_LOCK);
    check_event_answer(verify, call, (NDIS_STATUS)call->args[2]);
}

static void
event_answered(struct verify *verify, struct gate_call *call)
{
    check_event_answer(verify, call, (NDIS_STATUS)call->result);
}

/* What a handler obtained is told apart by the task and the numbers of the records. */
static void
begins(struct verify *verify, struct gate_call *call)
{
    call->scratch[0] = (void *)(uintptr_t)verify->serials;
}

static bool
obtained(const struct record *record, const struct driver *driver)
{
    static const uint64_t kinds = 1ull << OBJECT_MDL | 1ull << OBJECT_POOL_MEMORY |
                                  1ull << OBJECT_TIMER | 1ull << OBJECT_WORK_ITEM |
                                  1ull << OBJECT_CONFIGURATION;

    return record->prefix && record->maker == driver && (kinds >> record->kind & 1) &&
           !(record->kind == OBJECT_MDL && record->prefix->home);
}

/* Of what the running task made between two numbers, the first that is left. */
static struct record *
left_of(
    struct verify *verify, const struct driver *driver, uint32_t task, uint32_t from, uint32_t to)
{
    record_for_each(&verify->live, record)
    {
        if (record->serial > from && record->serial <= to && record->task == task &&
            obtained(record, driver))
            return record;
    }
    return NULL;
}

static void
check_failed_clean(struct verify *verify, const struct gate_call *call, enum rule_name rule)
{
    struct record *left = left_of(verify, call->driver, block_self->id,
        (uint32_t)(uintptr_t)call->scratch[0], verify->serials);

    if (fails(verify, rule, left != NULL))
        broken(verify, rule, call, NULL, left, "it was made here",
            "%s of %s failed with 0x%08X and left %s %u", call->handler->name, call->driver->name,
            (unsigned)call->result, object_kind_name(left->kind), left->id);
}

static void
initialised(struct verify *verify, struct gate_call *call)
{
    const struct module *module = call->module;
    struct record *record = module ? module_record(module) : NULL;

    if ((NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS) {
        check_failed_clean(verify, call, RULE_INIT_CLEAN);
    } else if (record) {
        record->ended = false; /* it was halted while its device slept */
        record->made_from = (uint32_t)(uintptr_t)call->scratch[0];
        record->made_to = verify->serials;
        record->made_by = block_self->id;
    }
}

static void
attached(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS)
        check_failed_clean(verify, call, RULE_ATTACH_CLEAN);
}

static void
device_added(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS)
        check_failed_clean(verify, call, RULE_DEVICE_CLEAN);
}

static void
entered(struct verify *verify, struct gate_call *call)
{
    NTSTATUS status = (NTSTATUS)call->result;
    struct driver *driver = call->driver;
    bool registered = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER) ||
                      ndis_driver_find(driver, OBJECT_FILTER_DRIVER) ||
                      ndis_driver_find(driver, OBJECT_PROTOCOL_DRIVER);

    if (fails(verify, RULE_ENTRY_SYNC, status == STATUS_PENDING))
        broken(verify, RULE_ENTRY_SYNC, call, NULL, NULL, NULL,
            "DriverEntry of %s returned STATUS_PENDING", driver->name);
    else if (fails(verify, RULE_ENTRY_REGISTERED, !NT_SUCCESS(status) && registered))
        broken(verify, RULE_ENTRY_REGISTERED, call, NULL, NULL, NULL,
            "DriverEntry of %s failed with 0x%08X and left a registration with NDIS", driver->name,
            (unsigned)status);
}

static void
unloaded(struct verify *verify, struct gate_call *call)
{
    static const struct {
        enum object_kind kind;
        enum rule_name rule;
    } kinds[] = {{OBJECT_MINIPORT_DRIVER, RULE_ENTRY_REGISTERED},
        {OBJECT_FILTER_DRIVER, RULE_FILTER_DEREGISTER},
        {OBJECT_PROTOCOL_DRIVER, RULE_PROTOCOL_DEREGISTER}};

    for (unsigned k = 0; k < RTL_NUMBER_OF(kinds); k++)
        if (fails(verify, kinds[k].rule, ndis_driver_find(call->driver, kinds[k].kind) != NULL))
            broken(verify, kinds[k].rule, call, NULL, NULL, NULL,
                "%s of %s returned and left its registration with NDIS", call->handler->name,
                call->driver->name);
}

static void
halted(struct verify *verify, struct gate_call *call)
{
    const struct module *module = call->module;
    const struct record *record = module ? module_record(module) : NULL;
    struct record *left = NULL;

    if (!module)
        return;
    check_timers_idle(verify, call, module);
    if (record)
        left = left_of(verify, call->driver, record->made_by, record->made_from, record->made_to);
    if (fails(verify, RULE_HALT_CLEAN, left != NULL))
        broken(verify, RULE_HALT_CLEAN, call, NULL, left, "it was made here",
            "MiniportHaltEx of %s returned and left %s %u, which MiniportInitializeEx made",
            call->driver->name, object_kind_name(left->kind), left->id);
}

/* A restart that fails leaves the adapter paused: nothing of it runs. */
static void
restarted(struct verify *verify, struct gate_call *call)
{
    const struct record *set = NULL;

    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS ||
        (NDIS_STATUS)call->result == NDIS_STATUS_PENDING)
        return;
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_TIMER && record->armed && record->now.who == call->module)
            set = record;
    }
    if (fails(verify, RULE_RESTART_FAILED, set != NULL))
        broken(verify, RULE_RESTART_FAILED, call, NULL, set, "set here",
            "MiniportRestart of %s failed with 0x%08X and left timer %u set", call->driver->name,
            (unsigned)call->result, set->id);
}

static void
detached(struct verify *verify, struct gate_call *call)
{
    if (call->module)
        check_timers_idle(verify, call, call->module);
}

const struct check state_imports[] = {
    {"NdisDeregisterProtocolDriver", deregister_protocol, NULL},
    {"NdisCloseAdapterEx", close_adapter, NULL},
    {"NdisSetOptionalHandlers", set_optional_handlers, NULL},
    {"NdisFNetPnPEvent", filter_event, NULL},
    {"NdisMNetPnPEvent", miniport_event, NULL},
    {"NdisMResetComplete", reset_complete, NULL},
    {"IofCompleteRequest", complete_irp, NULL},
    {"NdisCompleteNetPnPEvent", complete_event, NULL},
    {NULL, NULL, NULL},
};

const struct check state_handlers[] = {
    {"DriverEntry", NULL, entered},
    {"DriverUnload", NULL, unloaded},
    {"MiniportAddDevice", begins, device_added},
    {"MiniportInitializeEx", begins, initialised},
    {"MiniportRestart", NULL, restarted},
    {"MiniportHaltEx", NULL, halted},
    {"FilterAttach", begins, attached},
    {"FilterDetach", NULL, detached},
    {"ProtocolNetPnPEvent", NULL, event_answered},
    {NULL, NULL, NULL},
};
