/* SPDX-License-Identifier: MIT */
/* Checks of intermediate drivers: how their two edges belong together, and what of one edge goes to
 * the other.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

static bool
layered(struct driver *driver)
{
    const struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);

    return registration && registration->layered;
}

static uint64_t
name_hash(const UNICODE_STRING *name)
{
    return packet_hash(name->Buffer, name->Length);
}

/* Instances that were asked for and have not been given up. */
static struct instance *
instance_of(struct verify *verify, const struct driver *driver, uint64_t name)
{
    for (unsigned k = 0; k < INSTANCES; k++)
        if (verify->instances[k].driver == driver && verify->instances[k].name == name)
            return &verify->instances[k];
    return NULL;
}

static void
initialize(struct verify *verify, struct gate_call *call)
{
    const struct ndis_driver *registration = (const void *)call->args[0];
    bool known = object_of(verify->machine, registration, OBJECT_MINIPORT_DRIVER);

    if (fails(
            verify, RULE_IM_ASSOCIATE, known && registration->layered && !registration->associate))
        broken(verify, RULE_IM_ASSOCIATE, call, NULL, NULL, NULL,
            "%s asks for a virtual miniport and has not called NdisIMAssociateMiniport",
            call->driver->name);
}

static void
initialized(struct verify *verify, struct gate_call *call)
{
    struct instance *free = instance_of(verify, NULL, 0);

    if ((NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS || !free || !call->args[2])
        return;
    free->driver = call->driver;
    free->name = name_hash((const void *)call->args[1]);
    free->context = (const void *)call->args[2];
}

static void
cancelled(struct verify *verify, struct gate_call *call)
{
    struct instance *instance =
        instance_of(verify, call->driver, name_hash((const void *)call->args[1]));

    if (instance && (NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        *instance = (struct instance){0};
}

/* The virtual miniport with that context is gone. */
static void
forget(struct verify *verify, const struct driver *driver, const void *context)
{
    for (unsigned k = 0; k < INSTANCES; k++)
        if (verify->instances[k].driver == driver && verify->instances[k].context == context)
            verify->instances[k] = (struct instance){0};
}

static void
deinitialize(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];

    if (object_of(verify->machine, miniport, OBJECT_ADAPTER))
        forget(verify, call->driver, miniport->adapter->instance_context);
}

static void
halts(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = call->module;

    if (miniport && miniport->adapter->instance_driver)
        forget(verify, call->driver, miniport->adapter->instance_context);
}

static void
unbinds(struct verify *verify, struct gate_call *call)
{
    const struct module *binding = call->module;

    (void)verify;
    call->scratch[0] = binding ? binding->context : NULL;
}

static void
check_unbound(struct verify *verify, const struct gate_call *call, NDIS_STATUS status)
{
    const void *context = call->scratch[0];
    bool left = false;

    for (unsigned k = 0; k < INSTANCES && status != NDIS_STATUS_PENDING && context; k++)
        left = left || (verify->instances[k].driver == call->driver &&
                           verify->instances[k].context == context);
    if (fails(verify, RULE_IM_CANCEL, left))
        broken(verify, RULE_IM_CANCEL, call, NULL, NULL, NULL,
            "%s of %s returned and left the virtual miniport over the binding: neither cancelled "
            "nor deinitialized",
            call->handler->name, call->driver->name);
}

static void
unbound(struct verify *verify, struct gate_call *call)
{
    check_unbound(verify, call, *(const NDIS_STATUS *)call->args[0]);
}

static void
unbound_6(struct verify *verify, struct gate_call *call)
{
    check_unbound(verify, call, (NDIS_STATUS)call->result);
}

static void
set_attributes(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];
    ULONG flags = (ULONG)call->args[3];
    bool im = flags & NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER;
    bool slow = (flags & NDIS_ATTRIBUTE_IGNORE_PACKET_TIMEOUT) &&
                (flags & NDIS_ATTRIBUTE_IGNORE_REQUEST_TIMEOUT);
    bool co = false;

    if (object_of(verify->machine, miniport, OBJECT_ADAPTER))
        co = miniport->registration->miniport5.CoCreateVcHandler &&
             miniport->registration->major == 5;
    if (fails(verify, RULE_IM_DESERIALIZED, im && !(flags & NDIS_ATTRIBUTE_DESERIALIZE)))
        broken(verify, RULE_IM_DESERIALIZED, call, NULL, NULL, NULL,
            "%s is an intermediate driver and not NDIS_ATTRIBUTE_DESERIALIZE", call->driver->name);
    else if (fails(verify, RULE_IM_TIMEOUTS, im && !slow))
        broken(verify, RULE_IM_TIMEOUTS, call, NULL, NULL, NULL,
            "%s is an intermediate driver and does not ignore the timeouts of packets and requests",
            call->driver->name);
    else if (fails(verify, RULE_IM_SUSPEND, im && !(flags & NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND)))
        broken(verify, RULE_IM_SUSPEND, call, NULL, NULL, NULL,
            "%s is an intermediate driver and not NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND",
            call->driver->name);
    else if (fails(verify, RULE_CO_DESERIALIZED, co && !(flags & NDIS_ATTRIBUTE_DESERIALIZE)))
        broken(verify, RULE_CO_DESERIALIZED, call, NULL, NULL, NULL,
            "%s is connection-oriented and not NDIS_ATTRIBUTE_DESERIALIZE", call->driver->name);
}

static void
notify(struct verify *verify, struct gate_call *call)
{
    static const NET_PNP_EVENT_CODE own[] = {NetEventBindsComplete, NetEventPause, NetEventRestart,
        NetEventPortActivation, NetEventPortDeactivation};
    const NET_PNP_EVENT *event = (const void *)call->args[1];
    bool listed = false;

    for (unsigned k = 0; k < RTL_NUMBER_OF(own); k++)
        listed = listed || event->NetEvent == own[k];
    if (fails(verify, RULE_IM_EVENTS, listed))
        broken(verify, RULE_IM_EVENTS, call, NULL, NULL, NULL,
            "%s passes event %u on to its upper edge, which is for the lower one alone",
            call->driver->name, (unsigned)event->NetEvent);
}

static void
check_power(struct verify *verify, const struct gate_call *call, NDIS_OID oid)
{
    bool power = oid == OID_PNP_QUERY_POWER || oid == OID_PNP_SET_POWER;

    if (fails(verify, RULE_IM_POWER_OIDS, power && layered(call->driver)))
        broken(verify, RULE_IM_POWER_OIDS, call, NULL, NULL, NULL,
            "%s passes OID 0x%08X down, which asks for its own power state", call->driver->name,
            oid);
}

static void
request(struct verify *verify, struct gate_call *call)
{
    const NDIS_REQUEST *request = (const void *)call->args[2];

    check_power(verify, call, request->DATA.QUERY_INFORMATION.Oid);
}

static void
request_6(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];

    check_power(verify, call, request->DATA.QUERY_INFORMATION.Oid);
}

/* How much of the machine's patience may pass until a protocol keeps quiet in a reset: it may have
 * begun a send when it is told.
 */
#define QUIET_PART 60

static void
note_reset(struct verify *verify, const struct gate_call *call, NDIS_STATUS code)
{
    struct record *record = call->module ? module_record(call->module) : NULL;

    if (record && code == NDIS_STATUS_RESET_START)
        record->resetting = executive_now(verify->machine->executive);
    else if (record && code == NDIS_STATUS_RESET_END)
        record->resetting = 0;
}

static void
status(struct verify *verify, struct gate_call *call)
{
    note_reset(verify, call, (NDIS_STATUS)call->args[1]);
}

static void
status_6(struct verify *verify, struct gate_call *call)
{
    const NDIS_STATUS_INDICATION *indication = (const void *)call->args[1];

    note_reset(verify, call, indication->StatusCode);
}

static void
check_quiet(struct verify *verify, const struct gate_call *call, const void *handle)
{
    const struct module *binding = handle;
    struct record *record =
        object_of(verify->machine, handle, OBJECT_BINDING) ? module_record(binding) : NULL;
    enum rule_name rule = layered(call->driver) ? RULE_IM_HOLD : RULE_RESET_QUIET;
    uint64_t grace = verify->machine->patience / QUIET_PART;
    bool loud = record && record->resetting &&
                executive_now(verify->machine->executive) > record->resetting + grace;

    if (!fails(verify, rule, loud))
        return;
    record->resetting = 0; /* told once for each reset */
    broken(verify, rule, call, NULL, record, "last seen here",
        "%s calls %s between NDIS_STATUS_RESET_START and NDIS_STATUS_RESET_END", call->driver->name,
        call->import->name);
}

static void
send_first(struct verify *verify, struct gate_call *call)
{
    check_quiet(verify, call, (const void *)call->args[0]);
}

static void
send_second(struct verify *verify, struct gate_call *call)
{
    check_quiet(verify, call, (const void *)call->args[1]);
}

const struct check intermediate_imports[] = {
    {"NdisSend", send_second, NULL},
    {"NdisSendPackets", send_first, NULL},
    {"NdisSendNetBufferLists", send_first, NULL},
    {"NdisIMInitializeDeviceInstanceEx", initialize, initialized},
    {"NdisIMInitializeDeviceInstance", initialize, NULL},
    {"NdisIMCancelInitializeDeviceInstance", NULL, cancelled},
    {"NdisIMDeInitializeDeviceInstance", deinitialize, NULL},
    {"NdisMSetAttributesEx", set_attributes, NULL},
    {"NdisIMNotifyPnPEvent", notify, NULL},
    {"NdisRequest", request, NULL},
    {"NdisOidRequest", request_6, NULL},
    {NULL, NULL, NULL},
};

const struct check intermediate_handlers[] = {
    {"ProtocolStatus", status, NULL},
    {"ProtocolStatusEx", status_6, NULL},
    {"MiniportHalt", halts, NULL},
    {"MiniportHaltEx", halts, NULL},
    {"ProtocolUnbindAdapter", unbinds, unbound},
    {"ProtocolUnbindAdapterEx", unbinds, unbound_6},
    {NULL, NULL, NULL},
};
