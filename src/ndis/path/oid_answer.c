/* SPDX-License-Identifier: MIT */
/* Queries that NDIS answers for an NDIS 6 miniport from what the miniport said of itself. */
#include "host/lock.h"
#include "ndis/path/audience.h"
#include "ndis/path/oid.h"
#include "ndis/path/operation.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"

#include <string.h>

NDIS_STATUS
oid_answer_bytes(PNDIS_OID_REQUEST request, const void *bytes, UINT size)
{
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;

    if (query->InformationBufferLength < size) {
        query->BytesNeeded = size;
        query->BytesWritten = 0;
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    }
    if (size)
        memcpy(query->InformationBuffer, bytes, size);
    query->BytesWritten = size;
    query->BytesNeeded = size;
    return NDIS_STATUS_SUCCESS;
}

/* A query whose answer is a 32-bit word, by where the word stands in struct adapter. */
struct word_answer {
    NDIS_OID oid;
    size_t offset;
};

#define OIDS_802_3      0x01u /* in the highest byte */
#define GENERAL(member) offsetof(struct adapter, general.member)

static const struct word_answer words[] = {
    {OID_GEN_MEDIA_SUPPORTED, GENERAL(MediaType)},
    {OID_GEN_MEDIA_IN_USE, GENERAL(MediaType)},
    {OID_GEN_PHYSICAL_MEDIUM, GENERAL(PhysicalMediumType)},
    {OID_GEN_PHYSICAL_MEDIUM_EX, GENERAL(PhysicalMediumType)},
    {OID_GEN_MEDIA_CONNECT_STATUS_EX, offsetof(struct adapter, link_state.MediaConnectState)},
    {OID_GEN_MEDIA_DUPLEX_STATE, offsetof(struct adapter, link_state.MediaDuplexState)},
    {OID_GEN_MAXIMUM_LOOKAHEAD, GENERAL(LookaheadSize)},
    {OID_GEN_MAXIMUM_FRAME_SIZE, GENERAL(MtuSize)},
    {OID_GEN_MAC_OPTIONS, GENERAL(MacOptions)},
    {OID_802_3_MAXIMUM_LIST_SIZE, GENERAL(MaxMulticastListSize)},
};

static NDIS_STATUS
answer_connect_status(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    NDIS_MEDIA_STATE state = adapter->link_state.MediaConnectState == MediaConnectStateConnected
                                 ? NdisMediaStateConnected
                                 : NdisMediaStateDisconnected;

    return oid_answer_bytes(request, &state, sizeof(state));
}

/* OID_GEN_LINK_SPEED counts in 100 bit/s. */
static NDIS_STATUS
answer_link_speed(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    ULONG64 units = adapter->link_state.XmitLinkSpeed / 100;
    ULONG speed = units > 0xFFFFFFFF ? 0xFFFFFFFF : (ULONG)units;

    return oid_answer_bytes(request, &speed, sizeof(speed));
}

static NDIS_STATUS
answer_link_state(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    NDIS_LINK_STATE state = adapter->link_state;

    state.Header = (NDIS_OBJECT_HEADER){
        NDIS_OBJECT_TYPE_DEFAULT, NDIS_LINK_STATE_REVISION_1, NDIS_SIZEOF_LINK_STATE_REVISION_1};
    return oid_answer_bytes(request, &state, sizeof(state));
}

/* ifOperStatus of RFC 2863. */
static NDIS_STATUS
answer_operation(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    ULONG flags;
    NET_IF_OPER_STATUS status = operation_now(adapter, &flags);

    return oid_answer_bytes(request, &status, sizeof(status));
}

/* Transmit, then receive. */
static NDIS_STATUS
answer_speeds(PNDIS_OID_REQUEST request, ULONG64 transmit, ULONG64 receive)
{
    NDIS_LINK_SPEED speed = {transmit, receive};

    return oid_answer_bytes(request, &speed, sizeof(speed));
}

static NDIS_STATUS
answer_most_speed(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return answer_speeds(
        request, adapter->general.MaxXmitLinkSpeed, adapter->general.MaxRcvLinkSpeed);
}

static NDIS_STATUS
answer_both_speeds(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return answer_speeds(
        request, adapter->link_state.XmitLinkSpeed, adapter->link_state.RcvLinkSpeed);
}

static NDIS_STATUS
answer_transmit_speed(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return oid_answer_bytes(
        request, &adapter->link_state.XmitLinkSpeed, sizeof(adapter->link_state.XmitLinkSpeed));
}

static NDIS_STATUS
answer_receive_speed(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return oid_answer_bytes(
        request, &adapter->link_state.RcvLinkSpeed, sizeof(adapter->link_state.RcvLinkSpeed));
}

/* The version of NDIS that the driver has registered with. */
static NDIS_STATUS
answer_version(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    const struct ndis_driver *driver = adapter->miniport->registration;
    USHORT version = (USHORT)(driver->major << 8 | driver->minor);

    return oid_answer_bytes(request, &version, sizeof(version));
}

static NDIS_STATUS
answer_capabilities(PNDIS_OID_REQUEST request, const NDIS_OBJECT_HEADER *header)
{
    if (!header)
        return NDIS_STATUS_NOT_SUPPORTED;
    return oid_answer_bytes(request, header, header->Size);
}

static NDIS_STATUS
answer_scaling(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    const NDIS_RECEIVE_SCALE_CAPABILITIES *known = adapter->general.RecvScaleCapabilities;

    return answer_capabilities(request, known ? &known->Header : NULL);
}

static NDIS_STATUS
answer_power(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    const NDIS_PM_CAPABILITIES *known = adapter->general.PowerManagementCapabilitiesEx;

    return answer_capabilities(request, known && known->Header.Size ? &known->Header : NULL);
}

static NDIS_STATUS
answer_oids(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return oid_answer_bytes(
        request, adapter->supported_oids, adapter->supported_oid_count * (UINT)sizeof(NDIS_OID));
}

static NDIS_STATUS
answer_permanent(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return oid_answer_bytes(
        request, adapter->general.PermanentMacAddress, adapter->general.MacAddressLength);
}

static NDIS_STATUS
answer_current(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    return oid_answer_bytes(
        request, adapter->general.CurrentMacAddress, adapter->general.MacAddressLength);
}

static NDIS_STATUS
answer_filter(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    ULONG filter = audience_filter(adapter);

    return oid_answer_bytes(request, &filter, sizeof(filter));
}

static NDIS_STATUS
answer_lookahead(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    ULONG lookahead = audience_lookahead(adapter);

    return oid_answer_bytes(request, &lookahead, sizeof(lookahead));
}

/* Straight into the buffer: there is no limit to how long the list is. */
static NDIS_STATUS
answer_multicast(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;
    unsigned room = query->InformationBufferLength / 6;
    unsigned count = audience_multicast(adapter, query->InformationBuffer, room);

    query->BytesNeeded = 6 * count;
    query->BytesWritten = count <= room ? 6 * count : 0;
    return count <= room ? NDIS_STATUS_SUCCESS : NDIS_STATUS_BUFFER_TOO_SHORT;
}

static const struct {
    NDIS_OID oid;
    NDIS_STATUS (*answer)(struct adapter *, PNDIS_OID_REQUEST);
} answers[] = {
    {OID_GEN_SUPPORTED_LIST, answer_oids},
    {OID_GEN_MEDIA_CONNECT_STATUS, answer_connect_status},
    {OID_GEN_LINK_SPEED, answer_link_speed},
    {OID_GEN_LINK_STATE, answer_link_state},
    {OID_GEN_MAX_LINK_SPEED, answer_most_speed},
    {OID_GEN_LINK_SPEED_EX, answer_both_speeds},
    {OID_GEN_XMIT_LINK_SPEED, answer_transmit_speed},
    {OID_GEN_RCV_LINK_SPEED, answer_receive_speed},
    {OID_GEN_ENUMERATE_PORTS, port_answer_all},
    {OID_GEN_PORT_STATE, port_answer_state},
    {OID_GEN_OPERATIONAL_STATUS, answer_operation},
    {OID_GEN_DRIVER_VERSION, answer_version},
    {OID_GEN_RECEIVE_SCALE_CAPABILITIES, answer_scaling},
    {OID_PM_HARDWARE_CAPABILITIES, answer_power},
    {OID_PM_CURRENT_CAPABILITIES, answer_power},
    {OID_GEN_CURRENT_PACKET_FILTER, answer_filter},
    {OID_GEN_CURRENT_LOOKAHEAD, answer_lookahead},
    {OID_802_3_MULTICAST_LIST, answer_multicast},
    {OID_802_3_PERMANENT_ADDRESS, answer_permanent},
    {OID_802_3_CURRENT_ADDRESS, answer_current},
};

/* Capabilities of the hardware, beginning with a header that tells their size. */
static const struct {
    NDIS_OID oid;
    enum adapter_assist assist;
} assists[] = {
    {OID_RECEIVE_FILTER_HARDWARE_CAPABILITIES, ASSIST_FILTER_HARDWARE},
    {OID_RECEIVE_FILTER_CURRENT_CAPABILITIES, ASSIST_FILTER_CURRENT},
    {OID_NIC_SWITCH_HARDWARE_CAPABILITIES, ASSIST_SWITCH_HARDWARE},
    {OID_NIC_SWITCH_CURRENT_CAPABILITIES, ASSIST_SWITCH_CURRENT},
    {OID_SRIOV_HARDWARE_CAPABILITIES, ASSIST_SRIOV_HARDWARE},
    {OID_SRIOV_CURRENT_CAPABILITIES, ASSIST_SRIOV_CURRENT},
    {OID_QOS_HARDWARE_CAPABILITIES, ASSIST_QOS_HARDWARE},
    {OID_QOS_CURRENT_CAPABILITIES, ASSIST_QOS_CURRENT},
    {OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES, ASSIST_OFFLOAD_HARDWARE},
    {OID_TCP_OFFLOAD_CURRENT_CONFIG, ASSIST_OFFLOAD_CURRENT},
    {OID_TCP_CONNECTION_OFFLOAD_HARDWARE_CAPABILITIES, ASSIST_TCP_HARDWARE},
    {OID_TCP_CONNECTION_OFFLOAD_CURRENT_CONFIG, ASSIST_TCP_CURRENT},
};

static bool
answer_assist(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(assists); i++) {
        const NDIS_OBJECT_HEADER *known;
        KIRQL irql;

        if (assists[i].oid != request->DATA.QUERY_INFORMATION.Oid)
            continue;
        irql = path_enter();
        host_lock(&adapter->wants_lock);
        known = adapter->assist[assists[i].assist];
        if (known)
            *status = oid_answer_bytes(request, known, known->Size);
        host_unlock(&adapter->wants_lock);
        path_leave(irql);
        return known != NULL;
    }
    return false;
}

bool
oid_of_medium(const struct adapter *adapter, NDIS_OID oid)
{
    return oid >> 24 != OIDS_802_3 || adapter->general.MediaType == NdisMedium802_3;
}

bool
oid_answer(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status)
{
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;

    if (!oid_is_query(request) || !adapter->has_general || !oid_of_medium(adapter, oid))
        return false;
    for (size_t i = 0; i < RTL_NUMBER_OF(words); i++) {
        if (words[i].oid == oid) {
            *status = oid_answer_bytes(request, (char *)adapter + words[i].offset, sizeof(ULONG));
            return true;
        }
    }
    for (size_t i = 0; i < RTL_NUMBER_OF(answers); i++) {
        if (answers[i].oid == oid) {
            *status = answers[i].answer(adapter, request);
            return true;
        }
    }
    return answer_assist(adapter, request, status) || oid_recall(adapter, request, status);
}
