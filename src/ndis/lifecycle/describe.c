/* SPDX-License-Identifier: MIT */
/* What an NDIS 6 miniport says in its attributes, asked of a miniport of NDIS 3 to 5.1 by OIDs. */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/oid.h"

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
    status = oid_run_at(adapter->miniport, request); /* it may still sleep */
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
    {NdisMediumArcnetRaw, OID_ARCNET_PERMANENT_ADDRESS, OID_ARCNET_CURRENT_ADDRESS, 0,
        IF_TYPE_ARCNET},
    {NdisMediumArcnet878_2, OID_ARCNET_PERMANENT_ADDRESS, OID_ARCNET_CURRENT_ADDRESS, 0,
        IF_TYPE_ARCNET},
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

/* Without an answer it knows no power states. */
static void
ask_power(struct adapter *adapter)
{
    NDIS_PNP_CAPABILITIES capabilities = {0};
    ULONG length = sizeof(capabilities);
    NDIS_STATUS status = ask(adapter, OID_PNP_CAPABILITIES, &capabilities, &length);

    adapter->general.PowerManagementCapabilities =
        status == NDIS_STATUS_SUCCESS ? &capabilities : NULL;
    adapter->general.PowerManagementCapabilitiesEx = NULL;
    keep_power(adapter);
}

/* In units of 100 bit/s; a connection-oriented miniport has one each way. */
static void
ask_speeds(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;
    NDIS_CO_LINK_SPEED speeds = {0, 0};
    ULONG length = sizeof(speeds);

    if (!adapter->miniport->registration->co)
        speeds.Outbound = speeds.Inbound = ask_number(adapter, OID_GEN_LINK_SPEED, 0);
    else if (ask(adapter, OID_GEN_CO_LINK_SPEED, &speeds, &length) != NDIS_STATUS_SUCCESS)
        speeds.Outbound = speeds.Inbound = 0;
    general->MaxXmitLinkSpeed = general->XmitLinkSpeed = 100ull * speeds.Outbound;
    general->MaxRcvLinkSpeed = general->RcvLinkSpeed = 100ull * speeds.Inbound;
    adapter->link_state.XmitLinkSpeed = general->XmitLinkSpeed;
    adapter->link_state.RcvLinkSpeed = general->RcvLinkSpeed;
}

NDIS_STATUS
legacy_describe(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;
    NDIS_STATUS status = ask_oids(adapter);

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
    ask_speeds(adapter);
    ask_addresses(adapter);
    ask_power(adapter);
    adapter->link_state.MediaConnectState = general->MediaConnectState;
    adapter->link_state.MediaDuplexState = general->MediaDuplexState;
    adapter->has_general = true;
    return NDIS_STATUS_SUCCESS;
}
