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
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_legacy.h"

#include <string.h>

#define HANG_PERIOD 2 /* s, unless NdisMSetAttributesEx says otherwise */

static NDIS_STATUS
pause_miniport(struct module *miniport)
{
    UNREFERENCED_PARAMETER(miniport);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
restart_miniport(struct module *miniport)
{
    UNREFERENCED_PARAMETER(miniport);
    return NDIS_STATUS_SUCCESS;
}

/* NDIS 5 miniports hear of nothing that is told by this event. */
static void
device_pnp_event(struct module *miniport, PNET_DEVICE_PNP_EVENT event)
{
    UNREFERENCED_PARAMETER(miniport);
    UNREFERENCED_PARAMETER(event);
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
    block->QueryCompleteHandler = NdisMQueryInformationComplete;
    block->SetCompleteHandler = NdisMSetInformationComplete;
}

NDIS_STATUS
legacy_create(struct module *miniport)
{
    struct legacy *legacy = machine_alloc(miniport->machine, sizeof(*legacy));

    if (!legacy)
        return NDIS_STATUS_RESOURCES;
    legacy->hang_period = HANG_PERIOD * 1000000000ull;
    legacy->serial.work[SERIAL_REQUEST] = legacy_do_request;
    miniport->legacy = legacy;
    miniport->core = &core;
    return NDIS_STATUS_SUCCESS;
}

void
legacy_destroy(struct module *miniport)
{
    machine_free(miniport->machine, miniport->legacy);
    miniport->legacy = NULL;
}

static NDIS_STATUS
ask(struct adapter *adapter, NDIS_OID oid, void *buffer, ULONG *length)
{
    NDIS_OID_REQUEST *request =
        object_create(adapter->machine, OBJECT_OID_REQUEST, sizeof(*request));
    struct _QUERY *query;
    NDIS_STATUS status;

    if (!request)
        return NDIS_STATUS_RESOURCES;
    query = &request->DATA.QUERY_INFORMATION;
    request->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    request->RequestType = NdisRequestQueryInformation;
    query->Oid = oid;
    query->InformationBuffer = buffer;
    query->InformationBufferLength = *length;
    status = oid_run(adapter, request);
    *length = status == NDIS_STATUS_SUCCESS ? query->BytesWritten : query->BytesNeeded;
    object_destroy(request);
    return status;
}

/* @otherwise when the miniport does not say. */
static ULONG
ask_number(struct adapter *adapter, NDIS_OID oid, ULONG otherwise)
{
    ULONG value = 0, length = sizeof(value);

    return ask(adapter, oid, &value, &length) == NDIS_STATUS_SUCCESS ? value : otherwise;
}

static NDIS_STATUS
ask_oids(struct adapter *adapter)
{
    ULONG length = 0;
    NDIS_STATUS status = ask(adapter, OID_GEN_SUPPORTED_LIST, NULL, &length);

    if (length == 0)
        return status;
    adapter->supported_oids = machine_alloc(adapter->machine, length);
    if (!adapter->supported_oids)
        return NDIS_STATUS_RESOURCES;
    status = ask(adapter, OID_GEN_SUPPORTED_LIST, adapter->supported_oids, &length);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    adapter->supported_oid_count = length / sizeof(NDIS_OID);
    adapter->general.SupportedOidList = adapter->supported_oids;
    adapter->general.SupportedOidListLength = length;
    return NDIS_STATUS_SUCCESS;
}

/* How the addresses of a medium are asked for. */
static const struct {
    NDIS_MEDIUM medium;
    NDIS_OID permanent, current, list;
    NET_IFTYPE type;
} addresses[] = {
    {NdisMedium802_3, OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS,
        OID_802_3_MAXIMUM_LIST_SIZE, IF_TYPE_ETHERNET_CSMACD},
    {NdisMedium802_5, OID_802_5_PERMANENT_ADDRESS, OID_802_5_CURRENT_ADDRESS, 0,
        IF_TYPE_ISO88025_TOKENRING},
    {NdisMediumFddi, OID_FDDI_LONG_PERMANENT_ADDR, OID_FDDI_LONG_CURRENT_ADDR,
        OID_FDDI_LONG_MAX_LIST_SIZE, IF_TYPE_FDDI},
    {NdisMediumWan, OID_WAN_PERMANENT_ADDRESS, OID_WAN_CURRENT_ADDRESS, 0, IF_TYPE_PPP},
};

static void
ask_addresses(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;
    ULONG length;

    general->IfType = IF_TYPE_OTHER;
    for (size_t i = 0; i < RTL_NUMBER_OF(addresses); i++) {
        if (addresses[i].medium != general->MediaType)
            continue;
        general->IfType = addresses[i].type;
        length = sizeof(general->PermanentMacAddress);
        ask(adapter, addresses[i].permanent, general->PermanentMacAddress, &length);
        length = sizeof(general->CurrentMacAddress);
        if (ask(adapter, addresses[i].current, general->CurrentMacAddress, &length) ==
            NDIS_STATUS_SUCCESS)
            general->MacAddressLength = (USHORT)length;
        if (addresses[i].list)
            general->MaxMulticastListSize = ask_number(adapter, addresses[i].list, 0);
    }
}

/* What an NDIS 6 miniport would say in its attributes. */
static NDIS_STATUS
ask_attributes(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;
    NDIS_STATUS status = ask_oids(adapter);
    ULONG64 speed;

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    general->PhysicalMediumType =
        ask_number(adapter, OID_GEN_PHYSICAL_MEDIUM, NdisPhysicalMediumUnspecified);
    general->MtuSize = ask_number(adapter, OID_GEN_MAXIMUM_FRAME_SIZE, 1500);
    general->LookaheadSize = ask_number(adapter, OID_GEN_MAXIMUM_LOOKAHEAD, general->MtuSize);
    general->MacOptions = ask_number(adapter, OID_GEN_MAC_OPTIONS, 0);
    general->AccessType = NET_IF_ACCESS_BROADCAST;
    general->DirectionType = NET_IF_DIRECTION_SENDRECEIVE;
    general->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    general->MediaDuplexState = MediaDuplexStateUnknown;
    general->MediaConnectState = ask_number(adapter, OID_GEN_MEDIA_CONNECT_STATUS,
                                     NdisMediaStateConnected) == NdisMediaStateConnected
                                     ? MediaConnectStateConnected
                                     : MediaConnectStateDisconnected;
    speed = 100ull * ask_number(adapter, OID_GEN_LINK_SPEED, 0);
    general->MaxXmitLinkSpeed = general->MaxRcvLinkSpeed = speed;
    general->XmitLinkSpeed = general->RcvLinkSpeed = speed;
    ask_addresses(adapter);
    adapter->link_state.MediaConnectState = general->MediaConnectState;
    adapter->link_state.MediaDuplexState = general->MediaDuplexState;
    adapter->link_state.XmitLinkSpeed = adapter->link_state.RcvLinkSpeed = speed;
    adapter->has_general = true;
    return NDIS_STATUS_SUCCESS;
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
    status = ask_attributes(miniport->adapter);
    if (status != NDIS_STATUS_SUCCESS)
        legacy_halt(miniport);
    return status;
}

void
legacy_halt(struct module *miniport)
{
    serial_enter(miniport);
    call_legacy_halt(miniport);
    serial_leave(miniport);
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
    struct legacy *legacy = miniport->legacy;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, __func__);
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
