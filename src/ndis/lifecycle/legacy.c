/* SPDX-License-Identifier: MIT */
/* Miniports of NDIS 3 to 5.1 come and go.
 *
 *     legacy_create --> MiniportInitialize (NdisMSetAttributesEx) --> queries for its attributes
 *     legacy_halt   --> MiniportHalt
 *
 * They have no pause and restart: NDIS stops sending, waits until everything is back, and drops
 * what is received meanwhile.
 */
#include "ndis/path/legacy.h"
#include "ndis/connection/connection.h"
#include "ndis/connection/wan.h"
#include "ndis/lifecycle/hang.h"
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/packet/carrier.h"
#include "ndis/packet/packet.h"
#include "ndis/path/path.h"
#include "ndis/service/legacy.h"
#include "ndis/stack/call_legacy.h"
#include "nt/dpc.h"

#include <errno.h>

#define HANG_PERIOD 2 /* s, unless NdisMSetAttributesEx says otherwise */

/* What waits in NDIS is answered; what the miniport and those above have is waited for. */
static NDIS_STATUS
pause_miniport(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    struct undis *machine = miniport->machine;
    uint64_t deadline = miniport->operation.since + machine->patience;
    KIRQL irql = path_enter();

    legacy_drop_queue(miniport, NDIS_STATUS_PAUSED);
    path_leave(irql);
    __atomic_store_n(&legacy->pausing, 1, __ATOMIC_RELEASE);
    processor_grace(machine);
    legacy_look_whether_idle(miniport);
    while (__atomic_load_n(&legacy->pausing, __ATOMIC_ACQUIRE)) {
        if (executive_wait(machine->executive, &legacy->pausing, 1, deadline) == -ETIMEDOUT &&
            __atomic_load_n(&legacy->pausing, __ATOMIC_ACQUIRE))
            hang_report(machine, miniport, &miniport->operation);
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
restart_miniport(struct module *miniport)
{
    UNREFERENCED_PARAMETER(miniport);
    return NDIS_STATUS_SUCCESS;
}

static void
device_pnp_event(struct module *miniport, PNET_DEVICE_PNP_EVENT event)
{
    call_legacy_pnp_event(
        miniport, event->DevicePnPEvent, event->InformationBuffer, event->InformationBufferLength);
}

static const struct module_core core = {
    .oid_request = legacy_oid_request,
    .pause = pause_miniport,
    .restart = restart_miniport,
    .device_pnp_event = device_pnp_event,
};

/* What NDIS 5 macros call through a miniport's handle. */
static void
fill_block(struct module *miniport)
{
    NDIS_MINIPORT_BLOCK *block = &miniport->block;

    block->MiniportName = miniport->adapter->device_name;
    block->PhysicalDeviceObject = miniport->adapter->pdo;
    block->DeviceObject = miniport->adapter->fdo;
    block->EthDB = (PETH_FILTER)miniport;
    block->TrDB = (PTR_FILTER)miniport;
    block->FddiDB = (PFDDI_FILTER)miniport;
    block->ArcDB = (PARC_FILTER)miniport;
    block->PacketIndicateHandler = legacy_indicate_packets;
    block->EthRxIndicateHandler = legacy_eth_indicate;
    block->EthRxCompleteHandler = legacy_indicate_end;
    block->TrRxIndicateHandler = legacy_tr_indicate;
    block->TrRxCompleteHandler = (TR_RCV_COMPLETE_HANDLER)legacy_indicate_end;
    block->FddiRxIndicateHandler = legacy_fddi_indicate;
    block->FddiRxCompleteHandler = (FDDI_RCV_COMPLETE_HANDLER)legacy_indicate_end;
    block->TDCompleteHandler = NdisMTransferDataComplete;
    block->SendCompleteHandler = NdisMSendComplete;
    block->SendResourcesHandler = NdisMSendResourcesAvailable;
    block->ResetCompleteHandler = NdisMResetComplete;
    block->StatusHandler = NdisMIndicateStatus;
    block->StatusCompleteHandler = NdisMIndicateStatusComplete;
    block->QueryCompleteHandler = NdisMQueryInformationComplete;
    block->SetCompleteHandler = NdisMSetInformationComplete;
}

static VOID
look_for_hang(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    serial_post(context, SERIAL_HANG);
}

static void
watch(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    LARGE_INTEGER due = {.QuadPart = -(LONGLONG)(legacy->hang_period / 100)};

    if (miniport->registration->miniport5.CheckForHangHandler)
        KeSetTimerEx(
            &legacy->hang_timer, due, (LONG)(legacy->hang_period / 1000000), &legacy->hang_dpc);
}

/* No look for a hang is under way afterwards, and no reset. */
static void
watch_no_more(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    struct undis *machine = miniport->machine;
    struct module_operation reset = {.name = "MiniportReset"};

    KeCancelTimer(&legacy->hang_timer);
    KeFlushQueuedDpcs();
    reset.since = executive_now(machine->executive);
    while (__atomic_load_n(&legacy->resetting, __ATOMIC_ACQUIRE))
        if (executive_wait(machine->executive, &legacy->resetting, 1,
                reset.since + machine->patience) == -ETIMEDOUT &&
            __atomic_load_n(&legacy->resetting, __ATOMIC_ACQUIRE))
            hang_report(machine, miniport, &reset);
}

void
legacy_watch(struct module *miniport, bool on)
{
    if (on)
        watch(miniport);
    else
        watch_no_more(miniport);
}

/* NBLs with a NET_BUFFER and @size bytes each. */
static NDIS_HANDLE
create_nbl_pool(ULONG size)
{
    NET_BUFFER_LIST_POOL_PARAMETERS parameters = {0};

    parameters.Header =
        (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1};
    parameters.fAllocateNetBuffer = TRUE;
    parameters.DataSize = size;
    parameters.PoolTag = 0x6c66646e; /* "ndfl" */
    return NdisAllocateNetBufferListPool(NULL, &parameters);
}

static bool
create_pools(struct legacy *legacy)
{
    legacy->packets = carrier_pool_create();
    legacy->nbls = create_nbl_pool(0);
    legacy->frame_pool = create_nbl_pool(LEGACY_FRAME_MAX);
    packet_pool_shows(legacy->nbls);
    packet_pool_is_own(legacy->frame_pool);
    return legacy->packets && legacy->nbls && legacy->frame_pool;
}

static void
destroy_pools(struct legacy *legacy)
{
    if (legacy->frame_pool)
        NdisFreeNetBufferListPool(legacy->frame_pool);
    if (legacy->nbls)
        NdisFreeNetBufferListPool(legacy->nbls);
    if (legacy->packets)
        carrier_pool_destroy(legacy->packets);
}

NDIS_STATUS
legacy_create(struct module *miniport)
{
    struct legacy *legacy = machine_alloc(miniport->machine, sizeof(*legacy));

    if (!legacy)
        return NDIS_STATUS_RESOURCES;
    if (!create_pools(legacy)) {
        destroy_pools(legacy);
        machine_free(miniport->machine, legacy);
        return NDIS_STATUS_RESOURCES;
    }
    legacy->hang_period = HANG_PERIOD * 1000000000ull;
    legacy->returns_end = &legacy->returns;
    legacy->serial.work[SERIAL_RESET] = legacy_do_reset;
    legacy->serial.work[SERIAL_INTERRUPTS] = legacy_do_interrupts;
    legacy->serial.work[SERIAL_TIMERS] = legacy_do_timers;
    legacy->serial.work[SERIAL_REQUEST] = legacy_do_request;
    legacy->serial.work[SERIAL_CALLBACKS] = legacy_do_callbacks;
    legacy->serial.work[SERIAL_RETURNS] = legacy_do_returns;
    legacy->serial.work[SERIAL_HANG] = legacy_do_hang;
    legacy->serial.work[SERIAL_CANCELS] = legacy_do_cancels;
    legacy->serial.work[SERIAL_SENDS] = legacy_do_sends;
    miniport->path.send = legacy_send;
    miniport->path.cancel_send = legacy_cancel_send;
    miniport->path.give_back = legacy_return;
    KeInitializeTimer(&legacy->hang_timer);
    dpc_initialize(&legacy->hang_dpc, look_for_hang, miniport, NULL);
    miniport->legacy = legacy;
    miniport->core = &core;
    return NDIS_STATUS_SUCCESS;
}

void
legacy_destroy(struct module *miniport)
{
    if (!miniport->legacy)
        return;
    legacy_forget_sets(miniport);
    destroy_pools(miniport->legacy);
    machine_free(miniport->machine, miniport->legacy);
    miniport->legacy = NULL;
}

static NDIS_STATUS
choose_medium(struct module *miniport)
{
    NDIS_MEDIUM media[NdisMediumMax];
    struct legacy_choice choice = {0, NdisMediumMax};
    NDIS_STATUS status;

    for (UINT i = 0; i < NdisMediumMax; i++)
        media[i] = (NDIS_MEDIUM)i;
    status = call_legacy_initialize(miniport, &choice, media, NdisMediumMax);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!miniport->legacy->has_attributes)
        gate_bug_check("rg-setattributes-first-5",
            "%s initialized without NdisMSetAttributes or NdisMSetAttributesEx",
            miniport->driver->name);
    if (choice.medium >= NdisMediumMax)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    miniport->block.MediaType = media[choice.medium];
    miniport->adapter->general.MediaType = media[choice.medium];
    if (media[choice.medium] == NdisMediumWan)
        wan_miniport(miniport);
    co_miniport5(miniport);
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
legacy_initialize(struct module *miniport)
{
    NDIS_STATUS status;

    fill_block(miniport);
    serial_enter(miniport);
    status = choose_medium(miniport);
    serial_leave(miniport);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    watch(miniport);
    status = legacy_describe(miniport->adapter);
    if (status != NDIS_STATUS_SUCCESS)
        legacy_halt(miniport);
    return status;
}

void
legacy_halt(struct module *miniport)
{
    watch_no_more(miniport);
    serial_enter(miniport);
    call_legacy_halt(miniport);
    serial_leave(miniport);
}

/* Of a miniport of NDIS 5; bug check for one of NDIS 6. */
static struct legacy *
legacy_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    return miniport->legacy;
}

/*
 * NdisMSetAttributesEx - a miniport names its context and says how it wants to be called
 *
 * @MiniportAdapterHandle:     as given to MiniportInitialize.
 * @MiniportAdapterContext:    what its functions are called with from now on.
 * @CheckForHangTimeInSeconds: between two calls of MiniportCheckForHang; 0: two seconds.
 * @AttributeFlags:            NDIS_ATTRIBUTE_*; with _DESERIALIZE it is called concurrently.
 * @AdapterType:               its bus.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; outside MiniportInitialize it is a bug check.
 * Source:    NF:ndis.NdisMSetAttributesEx
 */
VOID
NdisMSetAttributesEx(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE MiniportAdapterContext,
    UINT CheckForHangTimeInSeconds, ULONG AttributeFlags, NDIS_INTERFACE_TYPE AdapterType)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct legacy *legacy = legacy_of(MiniportAdapterHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (miniport->state != MODULE_ATTACHING)
        gate_bug_check("rg-setattributes-first-5", "%s called %s outside MiniportInitialize",
            miniport->driver->name, __func__);
    miniport->context = miniport->block.MiniportAdapterContext = MiniportAdapterContext;
    if (CheckForHangTimeInSeconds)
        legacy->hang_period = CheckForHangTimeInSeconds * 1000000000ull;
    legacy->attributes = AttributeFlags;
    legacy->serial.off = (AttributeFlags & NDIS_ATTRIBUTE_DESERIALIZE) != 0;
    legacy->has_attributes = true;
    miniport->block.AdapterType = AdapterType;
    miniport->adapter->registration.MiniportAdapterContext = MiniportAdapterContext;
    miniport->adapter->registration.AttributeFlags = AttributeFlags;
    miniport->adapter->registration.CheckForHangTimeInSeconds =
        (UINT)(legacy->hang_period / 1000000000ull);
    miniport->adapter->registration.InterfaceType = AdapterType;
    miniport->adapter->has_registration = true;
}

/*
 * NdisMSetAttributes - NdisMSetAttributesEx as NDIS 3 had it
 *
 * @MiniportAdapterHandle:  as given to MiniportInitialize.
 * @MiniportAdapterContext: what its functions are called with from now on.
 * @BusMaster:              TRUE: the NIC is a bus master.
 * @AdapterType:            its bus.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; outside MiniportInitialize it is a bug check.
 * Source:    ddk3790:NdisXMd_Mz_d160f40a-4fdf-4a17-80e9-745755714256.xml.htm
 */
VOID
NdisMSetAttributes(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE MiniportAdapterContext,
    BOOLEAN BusMaster, NDIS_INTERFACE_TYPE AdapterType)
{
    NdisMSetAttributesEx(MiniportAdapterHandle, MiniportAdapterContext, 0,
        BusMaster ? NDIS_ATTRIBUTE_BUS_MASTER : 0, AdapterType);
}

/*
 * NdisMRegisterAdapterShutdownHandler - a miniport names the function that is called at shutdown
 *
 * @MiniportHandle:  as given to MiniportInitialize.
 * @ShutdownContext: what it is called with.
 * @ShutdownHandler: may be called at any IRQL.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisMRegisterAdapterShutdownHandler
 */
VOID
NdisMRegisterAdapterShutdownHandler(
    NDIS_HANDLE MiniportHandle, PVOID ShutdownContext, ADAPTER_SHUTDOWN_HANDLER ShutdownHandler)
{
    struct legacy *legacy = legacy_of(MiniportHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    legacy->shutdown = ShutdownHandler;
    legacy->shutdown_context = ShutdownContext;
}

/*
 * NdisMDeregisterAdapterShutdownHandler - the function is not called any more
 *
 * @MiniportHandle: as given to MiniportInitialize.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXMd_Mz_02d872e2-95a7-43c0-aabc-5e23193c3194.xml.htm
 */
VOID
NdisMDeregisterAdapterShutdownHandler(NDIS_HANDLE MiniportHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    legacy_of(MiniportHandle, __func__)->shutdown = NULL;
}
