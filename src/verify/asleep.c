/* SPDX-License-Identifier: MIT */
/* Checks of registers against the state of their device: nobody touches one that sleeps, and who
 * silences one lets it speak again.
 *
 *     OID_PNP_SET_POWER D3, accepted --> no access --> OID_PNP_SET_POWER D0
 *
 * Whose a register is says the bus. While a miniport halts or shuts down it may try, and in its ISR.
 */
#include "verify/wire.h"

#include "hardware/bus.h"
#include "ndis/service/hardware.h"
#include "ndis/stack/adapter.h"
#include "nt/physical.h"

#include <string.h>

#define SILENT 2000000000ull /* ns that frames may wait in a device; see limit() */

static struct bus_device *
device_of(const struct wire *wire)
{
    const struct module *module = wire->module;

    return module && module->kind == MODULE_MINIPORT && module->adapter->hardware
               ? module->adapter->hardware->device
               : NULL;
}

/* Who sleeps, with @device or with any. */
static struct wire *
asleep(struct verify *verify, const struct bus_device *device)
{
    struct wire *wire = verify->wires;

    while (wire && !(wire->module && wire->power > NdisDeviceStateD0 &&
                       (!device || device_of(wire) == device)))
        wire = wire->next;
    return wire;
}

/* Where a driver has to try: it halts, or others interrupt on the same line. */
static bool
may_try(const struct driver *driver)
{
    static const char *const handlers[] = {"MiniportInitializeEx", "MiniportInitialize",
        "MiniportHaltEx", "MiniportHalt", "MiniportShutdownEx", "MiniportShutdown",
        "MiniportInterrupt", "MiniportMessageInterrupt", "MiniportISR"};
    bool tries = false;

    for (unsigned k = 0; !tries && k < RTL_NUMBER_OF(handlers); k++)
        tries = inside(driver, handlers[k]);
    return tries;
}

/* @address: of @ports or of memory. */
static void
touches(struct verify *verify, const struct gate_call *call, bool ports, uint64_t address)
{
    struct wire *wire = asleep(verify, NULL);
    const struct bus_device *device;
    unsigned bar;

    if (wire) {
        device = bus_decode(verify->machine, ports, address, 1, &bar);
        wire = device && !may_try(call->driver) ? asleep(verify, device) : NULL;
    }
    wire = wire && wire->module->driver == call->driver ? wire : NULL;
    if (fails(verify, RULE_ASLEEP_HW, wire != NULL))
        broken_at(verify, RULE_ASLEEP_HW, call, NULL, &wire->slept, "it went to sleep here",
            "%s called %s for its device, which is in power state D%u", call->driver->name,
            call->import->name, (unsigned)(wire->power - NdisDeviceStateD0));
}

static void
touches_memory(struct verify *verify, struct gate_call *call)
{
    const struct bus *bus = verify->machine->bus;
    uint64_t offset = bus ? call->args[0] - (uintptr_t)bus->window : UINT64_MAX;

    if (offset < PHYSICAL_HIGH - PHYSICAL_HOLE)
        touches(verify, call, false, PHYSICAL_HOLE + offset);
}

static void
touches_port(struct verify *verify, struct gate_call *call)
{
    if (verify->machine->bus)
        touches(verify, call, true, call->args[0]);
}

static void
power_answered(struct verify *verify, struct wire *wire, NDIS_STATUS status, const char *what)
{
    if (!wire->power_asked || status == NDIS_STATUS_PENDING)
        return;
    if (status == NDIS_STATUS_SUCCESS && wire->power_asked > NdisDeviceStateD0) {
        wire->power = wire->power_asked;
        move_now(verify, &wire->slept, what);
    }
    wire->power_asked = NdisDeviceStateUnspecified;
}

/* From the request to wake on it may be touched. */
static void
set(struct verify *verify, const struct gate_call *call, NDIS_OID oid, const void *buffer,
    ULONG length)
{
    struct wire *wire = wire_find(verify, call->module);

    if (!wire || oid != OID_PNP_SET_POWER || length < sizeof(wire->power_asked))
        return;
    memcpy(&wire->power_asked, buffer, sizeof(wire->power_asked));
    wire->power = NdisDeviceStateUnspecified;
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const struct _SET *asks = &request->DATA.SET_INFORMATION;

    if (request->RequestType == NdisRequestSetInformation)
        set(verify, call, asks->Oid, asks->InformationBuffer, asks->InformationBufferLength);
}

/* NDIS 5: handler, OID, buffer, length. */
static void
asked5(struct verify *verify, struct gate_call *call)
{
    set(verify, call, (NDIS_OID)call->args[1], (const void *)call->args[2], (ULONG)call->args[3]);
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        power_answered(verify, wire, (NDIS_STATUS)call->result, call->handler->name);
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);

    if (wire)
        power_answered(verify, wire, (NDIS_STATUS)call->args[2], call->import->name);
}

static void
completes5(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);

    if (wire)
        power_answered(verify, wire, (NDIS_STATUS)call->args[1], call->import->name);
}

/* Devices that wait to be let interrupt. Who polls indicates meanwhile. */
static void
indicates(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);

    if (wire)
        wire->indicated = executive_now(verify->machine->executive);
}

static void
indicates5(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        wire->indicated = executive_now(verify->machine->executive);
}

static void
polls(struct verify *verify, struct gate_call *call)
{
    for (struct wire *wire = verify->wires; wire; wire = wire->next)
        if (wire->module && wire->module->driver == call->driver)
            wire->indicated = executive_now(verify->machine->executive);
}

static void
works(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        move_now(verify, &wire->worked, call->handler->name);
}

void
watch_devices(struct verify *verify, uint64_t now)
{
    for (struct wire *wire = verify->wires; wire; wire = wire->next) {
        const struct bus_device *device = device_of(wire);
        uint64_t since;

        if (!device || !wire->worked.what || wire->told || wire->module->state != MODULE_RUNNING)
            continue;
        since = __atomic_load_n(&device->waits, __ATOMIC_RELAXED);
        since = !since || wire->indicated > since ? now : since;
        since = wire->worked.time > since ? wire->worked.time : since;
        wire->told = now > since + limit(verify, SILENT);
        if (fails(verify, RULE_DPC_REENABLE, wire->told))
            broken_late(verify, RULE_DPC_REENABLE, NULL, wire->module->driver, &wire->worked,
                "its last DPC",
                "frames have waited in the device of %s for %llu ms: it silenced it and has not "
                "let "
                "it interrupt again",
                wire->module->driver->name, (unsigned long long)((now - since) / 1000000));
    }
}

const struct check asleep_imports[] = {
    {"READ_REGISTER_UCHAR", touches_memory, NULL},
    {"READ_REGISTER_USHORT", touches_memory, NULL},
    {"READ_REGISTER_ULONG", touches_memory, NULL},
    {"READ_REGISTER_ULONG64", touches_memory, NULL},
    {"READ_REGISTER_BUFFER_UCHAR", touches_memory, NULL},
    {"READ_REGISTER_BUFFER_USHORT", touches_memory, NULL},
    {"READ_REGISTER_BUFFER_ULONG", touches_memory, NULL},
    {"WRITE_REGISTER_UCHAR", touches_memory, NULL},
    {"WRITE_REGISTER_USHORT", touches_memory, NULL},
    {"WRITE_REGISTER_ULONG", touches_memory, NULL},
    {"WRITE_REGISTER_ULONG64", touches_memory, NULL},
    {"WRITE_REGISTER_BUFFER_UCHAR", touches_memory, NULL},
    {"WRITE_REGISTER_BUFFER_USHORT", touches_memory, NULL},
    {"WRITE_REGISTER_BUFFER_ULONG", touches_memory, NULL},
    {"READ_PORT_UCHAR", touches_port, NULL},
    {"READ_PORT_USHORT", touches_port, NULL},
    {"READ_PORT_ULONG", touches_port, NULL},
    {"READ_PORT_BUFFER_UCHAR", touches_port, NULL},
    {"READ_PORT_BUFFER_USHORT", touches_port, NULL},
    {"READ_PORT_BUFFER_ULONG", touches_port, NULL},
    {"WRITE_PORT_UCHAR", touches_port, NULL},
    {"WRITE_PORT_USHORT", touches_port, NULL},
    {"WRITE_PORT_ULONG", touches_port, NULL},
    {"WRITE_PORT_BUFFER_UCHAR", touches_port, NULL},
    {"WRITE_PORT_BUFFER_USHORT", touches_port, NULL},
    {"WRITE_PORT_BUFFER_ULONG", touches_port, NULL},
    {"NdisMOidRequestComplete", completes, NULL},
    {"NdisMSetInformationComplete", completes5, NULL},
    {"NdisMIndicateReceiveNetBufferLists", indicates, NULL},
    {NULL, NULL, NULL},
};

const struct check asleep_handlers[] = {
    {"MiniportOidRequest", asked, answered},
    {"MiniportSetInformation", asked5, answered},
    {"NdisPoll", polls, NULL},
    {"NdisMIndicateReceivePacket", indicates5, NULL},
    {"NdisMEthIndicateReceive", indicates5, NULL},
    {"MiniportHandleInterrupt", NULL, works},
    {"MiniportInterruptDPC", NULL, works},
    {"MiniportMessageInterruptDPC", NULL, works},
    {NULL, NULL, NULL},
};
