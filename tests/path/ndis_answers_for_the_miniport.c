/* SPDX-License-Identifier: MIT */
/* Queries that a miniport of NDIS 6 never sees: NDIS answers them from its attributes, its link
 * state, OID_GEN_STATISTICS, and what was set last. Methods reach it, through filters too.
 */
#include "peer_inner.h"

#include "rig.h"

#include <string.h>

#define INVALID_LENGTH ((uint32_t)NDIS_STATUS_INVALID_LENGTH)
#define NOT_SUPPORTED  ((uint32_t)NDIS_STATUS_NOT_SUPPORTED)
#define INVALID_DATA   ((uint32_t)NDIS_STATUS_INVALID_DATA)

static struct {
    bool pends, refuses;
    unsigned asked, sets;
} miniport;

static uint32_t
fill_statistics(PNDIS_OID_REQUEST request)
{
    NDIS_STATISTICS_INFO *info = request->DATA.QUERY_INFORMATION.InformationBuffer;

    CHECK(request->DATA.QUERY_INFORMATION.InformationBufferLength >= sizeof(*info));
    info->SupportedStatistics = NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV |
                                NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR |
                                NDIS_STATISTICS_FLAGS_VALID_BROADCAST_BYTES_XMIT;
    info->ifHCInOctets = 0x1234567890;
    info->ifOutErrors = 77;
    info->ifHCOutBroadcastOctets = 88;
    request->DATA.QUERY_INFORMATION.BytesWritten = sizeof(*info);
    return NDIS_STATUS_SUCCESS;
}

static uint32_t
answer(PNDIS_OID_REQUEST request)
{
    struct _METHOD *method = &request->DATA.METHOD_INFORMATION;

    switch (request->DATA.QUERY_INFORMATION.Oid) {
    case OID_GEN_STATISTICS: return fill_statistics(request);
    case OID_GEN_CURRENT_PACKET_FILTER: return PEER_GOES_ON;
    case OID_GEN_RECEIVE_SCALE_PARAMETERS:
        CHECK_EQ(request->RequestType, NdisRequestSetInformation);
        miniport.sets++;
        if (miniport.refuses)
            return INVALID_DATA;
        request->DATA.SET_INFORMATION.BytesRead =
            request->DATA.SET_INFORMATION.InformationBufferLength;
        return NDIS_STATUS_SUCCESS;
    case PEER_OID:
        CHECK_EQ(request->RequestType, NdisRequestMethod);
        CHECK_EQ(method->InputBufferLength, 4);
        ++*(ULONG *)method->InformationBuffer;
        method->BytesRead = method->BytesWritten = 4;
        return NDIS_STATUS_SUCCESS;
    default: return NOT_SUPPORTED;
    }
}

static uint32_t
miniport_oid(void *module, void *request)
{
    uint32_t status = answer(request);

    miniport.asked++;
    if (!miniport.pends || status == PEER_GOES_ON)
        return status;
    NdisMOidRequestComplete(module, request, (NDIS_STATUS)status);
    return NDIS_STATUS_PENDING;
}

static void
miniport_attributes(void *module)
{
    static NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER, OID_GEN_STATISTICS, PEER_OID};
    static NDIS_RECEIVE_SCALE_CAPABILITIES scaling = {
        .Header = {NDIS_OBJECT_TYPE_RSS_CAPABILITIES, NDIS_RECEIVE_SCALE_CAPABILITIES_REVISION_1,
            NDIS_SIZEOF_RECEIVE_SCALE_CAPABILITIES_REVISION_1},
        .NumberOfReceiveQueues = 3,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .PhysicalMediumType = NdisPhysicalMedium802_3,
        .MtuSize = 1400,
        .MaxXmitLinkSpeed = 10000000000,
        .XmitLinkSpeed = 5000000000,
        .MaxRcvLinkSpeed = 20000000000,
        .RcvLinkSpeed = 2500000000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .LookaheadSize = 1500,
        .MacOptions = NDIS_MAC_OPTION_NO_LOOPBACK,
        .SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED,
        .MaxMulticastListSize = PEER_MULTICAST,
        .MacAddressLength = 6,
        .AccessType = NET_IF_ACCESS_BROADCAST,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .RecvScaleCapabilities = &scaling,
        .SupportedOidList = oids,
        .SupportedOidListLength = sizeof(oids),
    };

    CHECK_EQ(
        (uint32_t)NdisMSetMiniportAttributes(module, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general),
        NDIS_STATUS_SUCCESS);
}

/* What the protocol heard of NDIS. */
static struct {
    test_counter count, filters;
    uint32_t status, flags, filter;
} told;

static void
hear(void *module, void *context)
{
    const NDIS_STATUS_INDICATION *indication = context;

    UNREFERENCED_PARAMETER(module);
    if (indication->StatusCode == NDIS_STATUS_PACKET_FILTER) {
        CHECK_EQ(indication->StatusBufferSize, sizeof(told.filter));
        memcpy(&told.filter, indication->StatusBuffer, sizeof(told.filter));
        told.filters++;
    } else if (indication->StatusCode == NDIS_STATUS_OPER_STATUS) {
        const NDIS_OPER_STATE *state = indication->StatusBuffer;

        CHECK_EQ(indication->StatusBufferSize, sizeof(*state));
        CHECK_EQ(state->Header.Size, NDIS_SIZEOF_OPER_STATE_REVISION_1);
        told.status = state->OperationalStatus;
        told.flags = state->OperationalStatusFlags;
        told.count++;
    }
}

static const struct peer_hooks listens = {.status = hear};
static const struct peer_hooks hooks = {.oid = miniport_oid, .attributes = miniport_attributes};

static void
check_number(struct rig *rig, uint32_t oid, uint32_t length, uint64_t expected)
{
    uint64_t value = 0;
    uint32_t written = length;

    CHECK_EQ(peer_protocol_ask(rig->protocols[0], false, oid, &value, &written), 0);
    CHECK_EQ(written, length);
    CHECK_EQ(value, expected);
}

static void
check_refused(struct rig *rig, uint32_t oid, uint32_t length, uint32_t expected)
{
    uint64_t value = 0;

    CHECK_EQ(peer_protocol_ask(rig->protocols[0], false, oid, &value, &length), expected);
    CHECK_EQ(value, 0);
}

static void
attributes(struct rig *rig)
{
    uint64_t speeds[2] = {0};
    uint32_t length = sizeof(speeds);
    NDIS_RECEIVE_SCALE_CAPABILITIES scaling = {0};
    unsigned asked = miniport.asked;

    check_number(rig, OID_GEN_DRIVER_VERSION, 2, 0x0650);
    check_number(rig, OID_GEN_MAXIMUM_FRAME_SIZE, 4, 1400);
    check_number(rig, OID_GEN_PHYSICAL_MEDIUM_EX, 4, NdisPhysicalMedium802_3);
    check_number(rig, OID_GEN_MEDIA_CONNECT_STATUS_EX, 4, MediaConnectStateConnected);
    check_number(rig, OID_GEN_MEDIA_DUPLEX_STATE, 4, MediaDuplexStateFull);
    check_number(rig, OID_GEN_XMIT_LINK_SPEED, 8, 5000000000);
    check_number(rig, OID_GEN_RCV_LINK_SPEED, 8, 2500000000);
    CHECK_EQ(
        peer_protocol_ask(rig->protocols[0], false, OID_GEN_MAX_LINK_SPEED, speeds, &length), 0);
    CHECK_EQ(speeds[0], 10000000000);
    CHECK_EQ(speeds[1], 20000000000);
    CHECK_EQ(
        peer_protocol_ask(rig->protocols[0], false, OID_GEN_LINK_SPEED_EX, speeds, &length), 0);
    CHECK_EQ(speeds[0], 5000000000);
    CHECK_EQ(speeds[1], 2500000000);
    length = sizeof(scaling);
    CHECK_EQ(peer_protocol_ask(
                 rig->protocols[0], false, OID_GEN_RECEIVE_SCALE_CAPABILITIES, &scaling, &length),
        0);
    CHECK_EQ(length, NDIS_SIZEOF_RECEIVE_SCALE_CAPABILITIES_REVISION_1);
    CHECK_EQ(scaling.NumberOfReceiveQueues, 3);
    CHECK_EQ(miniport.asked, asked);
}

/* A change of the operational status is told once, with why. */
static void
operates(struct rig *rig, NET_IF_OPER_STATUS status, uint32_t flags)
{
    check_number(rig, OID_GEN_OPERATIONAL_STATUS, 4, status);
    CHECK_EQ(test_read(&told.count), 1);
    CHECK_EQ(told.status, status);
    CHECK_EQ(told.flags, flags);
    told.count = 0;
}

static void
operation(struct rig *rig)
{
    operates(rig, NET_IF_OPER_STATUS_UP, 0);
    peer_miniport_link(rig->miniport, false);
    operates(rig, NET_IF_OPER_STATUS_DOWN, NET_IF_OPER_STATUS_DOWN_NOT_MEDIA_CONNECTED);
    peer_miniport_link(rig->miniport, false);
    CHECK_EQ(test_read(&told.count), 0);
    peer_miniport_link(rig->miniport, true);
    operates(rig, NET_IF_OPER_STATUS_UP, 0);
    CHECK_OK(undis_stack_pause(rig->stack));
    operates(rig, NET_IF_OPER_STATUS_DORMANT, NET_IF_OPER_STATUS_DORMANT_PAUSED);
    CHECK_OK(undis_stack_restart(rig->stack));
    operates(rig, NET_IF_OPER_STATUS_UP, 0);
}

/* NDIS tells all layers what the bindings want together, when that changes. */
static void
filter_is_told(struct rig *rig)
{
    uint32_t filter = NDIS_PACKET_TYPE_DIRECTED;

    for (unsigned i = 0; i < 2; i++)
        CHECK_EQ(
            peer_protocol_oid(rig->protocols[0], true, OID_GEN_CURRENT_PACKET_FILTER, &filter), 0);
    CHECK_EQ(test_read(&told.filters), 1);
    CHECK_EQ(told.filter, NDIS_PACKET_TYPE_DIRECTED);
    filter |= NDIS_PACKET_TYPE_BROADCAST;
    rig->miniport->refuses_filter = true;
    CHECK(peer_protocol_oid(rig->protocols[0], true, OID_GEN_CURRENT_PACKET_FILTER, &filter) != 0);
    CHECK_EQ(test_read(&told.filters), 1);
}

static void
statistics(struct rig *rig)
{
    check_number(rig, OID_GEN_BYTES_RCV, 8, 0x1234567890);
    check_number(rig, OID_GEN_BYTES_RCV, 4, 0x34567890);
    check_number(rig, OID_GEN_XMIT_ERROR, 8, 77);
    check_number(rig, OID_GEN_BROADCAST_BYTES_XMIT, 8, 88);
    check_refused(rig, OID_GEN_BYTES_RCV, 3, INVALID_LENGTH);
    check_refused(rig, OID_GEN_RCV_ERROR, 8, NOT_SUPPORTED);
    check_refused(rig, OID_GEN_RCV_CRC_ERROR, 8, NOT_SUPPORTED);
}

struct scaling {
    NDIS_RECEIVE_SCALE_PARAMETERS head;
    PROCESSOR_NUMBER table[4];
    UCHAR key[40];
};

static struct scaling
scaling_of(UCHAR filling)
{
    struct scaling s = {
        .head = {.Header = {NDIS_OBJECT_TYPE_RSS_PARAMETERS,
                     NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_2,
                     NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_2},
            .HashInformation = NDIS_RSS_HASH_INFO_FROM_TYPE_AND_FUNC(
                NDIS_HASH_IPV4 * filling, NdisHashFunctionToeplitz),
            .IndirectionTableOffset = offsetof(struct scaling, table),
            .IndirectionTableSize = sizeof(s.table),
            .HashSecretKeyOffset = offsetof(struct scaling, key),
            .HashSecretKeySize = sizeof(s.key)},
    };

    memset(s.table, filling, sizeof(s.table));
    memset(s.key, filling, sizeof(s.key));
    return s;
}

static uint32_t
set_scaling(struct rig *rig, const struct scaling *s, uint32_t length)
{
    struct scaling copy = *s;
    uint32_t status = 1;

    CHECK_OK(undis_stack_oid(
        rig->stack, true, OID_GEN_RECEIVE_SCALE_PARAMETERS, &copy, &length, &status));
    return status;
}

/* All of it, whatever the last set has left unchanged. */
static void
check_scaling(struct rig *rig, ULONG hash, unsigned table, unsigned key)
{
    struct scaling s;
    uint32_t length = sizeof(s), status = 1;

    memset(&s, 0xEE, sizeof(s));
    CHECK_OK(
        undis_stack_oid(rig->stack, false, OID_GEN_RECEIVE_SCALE_PARAMETERS, &s, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(s.head.Header.Type, NDIS_OBJECT_TYPE_RSS_PARAMETERS);
    CHECK_EQ(s.head.Flags, 0);
    CHECK_EQ(s.head.HashInformation, hash);
    CHECK_EQ(s.head.IndirectionTableSize, table ? sizeof(s.table) : 0);
    CHECK_EQ(s.head.HashSecretKeySize, key ? sizeof(s.key) : 0);
    for (unsigned i = 0; i < s.head.IndirectionTableSize; i++)
        CHECK_EQ(((UCHAR *)&s)[s.head.IndirectionTableOffset + i], table);
    for (unsigned i = 0; i < s.head.HashSecretKeySize; i++)
        CHECK_EQ(((UCHAR *)&s)[s.head.HashSecretKeyOffset + i], key);
}

/* None of these reaches the miniport. */
static void
refused(struct rig *rig)
{
    unsigned sets = miniport.sets;
    struct scaling s = scaling_of(1);

    CHECK_EQ(set_scaling(rig, &s, 8), INVALID_LENGTH);
    CHECK_EQ(set_scaling(rig, &s, NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1), INVALID_LENGTH);
    CHECK_EQ(set_scaling(rig, &s, sizeof(s) - 1), (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    s.head.IndirectionTableSize = 3 * sizeof(*s.table);
    CHECK_EQ(set_scaling(rig, &s, sizeof(s)), (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    s = scaling_of(1);
    s.head.IndirectionTableOffset = 4;
    CHECK_EQ(set_scaling(rig, &s, sizeof(s)), (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    s = scaling_of(1);
    s.head.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    CHECK_EQ(set_scaling(rig, &s, sizeof(s)), (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    CHECK_EQ(miniport.sets, sets);
}

struct keyword {
    const WCHAR *name;
    const WCHAR *write; /* or NULL */
    WCHAR read;         /* 0: there is none */
};

static void
use_keyword(void *module, void *context)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = module,
    };
    NDIS_CONFIGURATION_PARAMETER write = {.ParameterType = NdisParameterString}, *read;
    struct keyword *keyword = context;
    NDIS_HANDLE configuration;
    NDIS_STRING name;
    NDIS_STATUS status;

    CHECK_EQ(NdisOpenConfigurationEx(&object, &configuration), NDIS_STATUS_SUCCESS);
    RtlInitUnicodeString(&name, keyword->name);
    if (keyword->write) {
        RtlInitUnicodeString(&write.ParameterData.StringData, keyword->write);
        NdisWriteConfiguration(&status, configuration, &name, &write);
        CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    }
    NdisReadConfiguration(&status, &read, configuration, &name, NdisParameterString);
    keyword->read =
        status == NDIS_STATUS_SUCCESS ? *read->ParameterData.StringData.Buffer : (WCHAR)0;
    NdisCloseConfiguration(configuration);
}

static WCHAR
keyword_rss(struct rig *rig, const WCHAR *write)
{
    struct keyword keyword = {.name = L"*RSS", .write = write};

    peer_run(rig->miniport, use_keyword, &keyword);
    return keyword.read;
}

static void
scaling(struct rig *rig, bool first)
{
    const uint32_t toeplitz = NdisHashFunctionToeplitz;
    struct scaling s = scaling_of(1);

    if (first)
        check_scaling(rig, 0, 0, 0);
    CHECK_EQ(keyword_rss(rig, first ? NULL : L"0"), first ? 0 : L'0');
    miniport.sets = 0;
    CHECK_EQ(set_scaling(rig, &s, sizeof(s)), 0);
    check_scaling(rig, NDIS_HASH_IPV4 | toeplitz, 1, 1);
    CHECK_EQ(keyword_rss(rig, NULL), first ? 0 : L'1');
    s = scaling_of(2);
    s.head.Flags = NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED | NDIS_RSS_PARAM_FLAG_HASH_INFO_UNCHANGED;
    CHECK_EQ(set_scaling(rig, &s, offsetof(struct scaling, key)), 0);
    check_scaling(rig, NDIS_HASH_IPV4 | toeplitz, 2, 1);
    miniport.refuses = true;
    s = scaling_of(3);
    CHECK_EQ(set_scaling(rig, &s, sizeof(s)), INVALID_DATA);
    miniport.refuses = false;
    check_scaling(rig, NDIS_HASH_IPV4 | toeplitz, 2, 1);
    CHECK_EQ(miniport.sets, 3);
    refused(rig);
    s.head.Flags = NDIS_RSS_PARAM_FLAG_DISABLE_RSS;
    CHECK_EQ(set_scaling(rig, &s, sizeof(s.head)), 0);
    check_scaling(rig, 0, 0, 0);
    CHECK_EQ(keyword_rss(rig, NULL), first ? 0 : L'0');
    check_refused(rig, OID_GEN_RECEIVE_SCALE_PARAMETERS, 4, (uint32_t)NDIS_STATUS_BUFFER_TOO_SHORT);
    check_refused(rig, OID_OFFLOAD_ENCAPSULATION, 8, NOT_SUPPORTED);
}

static void
method(struct rig *rig)
{
    uint32_t value = 41, written = 0;

    CHECK_EQ(peer_protocol_method(rig->protocols[0], PEER_OID, &value, &written), 0);
    CHECK_EQ(value, 42);
    CHECK_EQ(written, 4);
}

static void
test(const struct rig_config *given)
{
    struct rig_config config = *given;
    struct rig rig;

    config.not_started = config.grows = true; /* a keyword is written */
    rig_up(&rig, &config);
    told.count = told.filters = 0;
    rig.miniport->peer.hooks = &hooks;
    rig.protocols[0]->peer.hooks = &listens;
    CHECK_OK(undis_stack_start(rig.stack));
    for (unsigned pends = 0; pends < 2; pends++) {
        miniport.pends = pends;
        attributes(&rig);
        statistics(&rig);
        scaling(&rig, pends == 0);
        method(&rig);
    }
    operation(&rig);
    miniport.pends = false;
    filter_is_told(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
