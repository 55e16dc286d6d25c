/* SPDX-License-Identifier: MIT */
/* Checks of hardware: what a miniport claims, where, and with which handlers. That it gives all of
 * it back the core sees itself (ndis/service/hardware.c).
 */
#include "ndis/service/hardware.h"
#include "hardware/bus.h"
#include "ndis/stack/adapter.h"
#include "verify/check.h"

#include <string.h>

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

/* Scatter/gather lists: an NB has one at a time, and none when it is completed. */
static void
map_nb(struct verify *verify, struct gate_call *call)
{
    void *nb = (void *)call->args[1];
    struct place *place = place_find(verify, nb, PLACE_MAPPED);

    if (fails(verify, RULE_SG_DOUBLE, place && place->busy))
        broken_at(verify, RULE_SG_DOUBLE, call, NULL, &place->made, "mapped here",
            "%s maps a NET_BUFFER that is mapped", call->driver->name);
    place = place_make(verify, nb, PLACE_MAPPED, call->import->name);
    if (place)
        place->busy = true;
}

static void
mapped_nb(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, (void *)call->args[1], PLACE_MAPPED);

    if (place && (NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS)
        place->busy = false;
}

static void
unmap_nb(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, (void *)call->args[2], PLACE_MAPPED);

    if (place)
        place->busy = false;
}

static void
complete(struct verify *verify, struct gate_call *call)
{
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl; nbl = nbl_next(nbl)) {
        for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb)) {
            const struct place *place = place_find(verify, nb, PLACE_MAPPED);

            if (fails(verify, RULE_SG_LEFT, place && place->busy))
                broken_at(verify, RULE_SG_LEFT, call, NULL, &place->made, "mapped here",
                    "%s completes a NET_BUFFER whose scatter/gather list it has not freed",
                    call->driver->name);
        }
    }
}

/* What lies between the end of shared memory and the end of its last page. */
#define SLACK 0xB5

static size_t
slack_of(size_t length)
{
    return ROUND_TO_PAGES(length) - length;
}

static void
allocated(struct verify *verify, struct gate_call *call)
{
    size_t length = (ULONG)call->args[1];
    char *memory = *(void **)call->args[3];
    struct place *place;

    if (!memory)
        return;
    place = place_make(verify, memory, PLACE_SHARED, call->import->name);
    if (!place)
        return;
    place->busy = true;
    place->hash = length;
    memset(memory + length, SLACK, slack_of(length));
}

static void
check_slack(struct verify *verify, const struct gate_call *call, const struct place *place)
{
    const uint8_t *end = (const uint8_t *)place->address + place->hash;
    bool written = false;

    for (size_t k = 0; k < slack_of(place->hash); k++)
        written = written || end[k] != SLACK;
    if (fails(verify, RULE_SHARED_OVERRUN, written))
        broken_at(verify, RULE_SHARED_OVERRUN, call, NULL, &place->made, "allocated here",
            "%s, or its device, has written behind %u bytes of shared memory", call->driver->name,
            (unsigned)place->hash);
}

static void
free_shared(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, (void *)call->args[3], PLACE_SHARED);
    bool shutdown =
        inside(call->driver, "MiniportShutdownEx") || inside(call->driver, "MiniportShutdown");

    if (fails(verify, RULE_SHARED_SHUTDOWN, shutdown))
        broken(verify, RULE_SHARED_SHUTDOWN, call, NULL, NULL, NULL,
            "%s frees shared memory in its shutdown handler", call->driver->name);
    if (!place || !place->busy)
        return;
    check_slack(verify, call, place);
    place->busy = false;
}

/* @module's device asserts its interrupt. */
static void
check_quiet(struct verify *verify, const struct gate_call *call, const struct module *module)
{
    const struct bus_device *device =
        module && module->adapter->hardware ? module->adapter->hardware->device : NULL;
    bool loud = device && __atomic_load_n(&device->asserted, __ATOMIC_ACQUIRE);

    if (fails(verify, RULE_INTERRUPT_LOUD, loud))
        broken(verify, RULE_INTERRUPT_LOUD, call, NULL, NULL, NULL,
            "%s gives up its interrupt while its device asserts it", call->driver->name);
}

static void
deregister_interrupt(struct verify *verify, struct gate_call *call)
{
    check_quiet(verify, call, block_self->module);
}

const struct check hardware_imports[] = {
    {"NdisMRegisterInterruptEx", register_interrupt, NULL},
    {"NdisMMapIoSpace", map_io_space, NULL},
    {"NdisMAllocateNetBufferSGList", map_nb, mapped_nb},
    {"NdisMFreeNetBufferSGList", unmap_nb, NULL},
    {"NdisMSendNetBufferListsComplete", complete, NULL},
    {"NdisMAllocateSharedMemory", NULL, allocated},
    {"NdisMFreeSharedMemory", free_shared, NULL},
    {"NdisMDeregisterInterruptEx", deregister_interrupt, NULL},
    {"NdisMDeregisterInterrupt", deregister_interrupt, NULL},
    {NULL, NULL, NULL},
};
