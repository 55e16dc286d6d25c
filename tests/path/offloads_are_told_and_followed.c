/* SPDX-License-Identifier: MIT */
/* Task offloads: what a miniport says in its attributes is told to protocols at the bind and
 * answered to queries; requests that change it go to the miniport, and its indication of the new
 * configuration is what later queries and binds see. Before, NDIS has written them to the keywords.
 */
#include <ndis.h>

#include "rig.h"
#include <string.h>

static NDIS_OFFLOAD bound, indicated;
static unsigned encapsulated, parameters_set;

static NDIS_OFFLOAD
configuration(ULONG largest)
{
    NDIS_OFFLOAD offload = {
        .Header = {NDIS_OBJECT_TYPE_OFFLOAD, NDIS_OFFLOAD_REVISION_4,
            NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_4},
    };

    offload.LsoV2.IPv4.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
    offload.LsoV2.IPv4.MaxOffLoadSize = largest;
    offload.Checksum.IPv4Transmit.Encapsulation = NDIS_ENCAPSULATION_IEEE_802_3;
    offload.Checksum.IPv4Transmit.TcpChecksum = NDIS_OFFLOAD_SUPPORTED;
    return offload;
}

static NDIS_STATUS
set(void *module, NDIS_OFFLOAD *now, NDIS_OFFLOAD *hardware)
{
    NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1},
        .DefaultOffloadConfiguration = now,
        .HardwareOffloadCapabilities = hardware,
    };

    return NdisMSetMiniportAttributes(module, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&attributes);
}

static void
initializing(void *module)
{
    NDIS_OFFLOAD now = configuration(1000), hardware = configuration(9000), wrong = now;

    wrong.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    CHECK_EQ(set(module, &wrong, &hardware), NDIS_STATUS_BAD_CHARACTERISTICS);
    wrong = now;
    wrong.Header.Size = NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1 - 1;
    CHECK_EQ(set(module, &now, &wrong), NDIS_STATUS_BAD_CHARACTERISTICS);
    CHECK_EQ(set(module, &now, &hardware), NDIS_STATUS_SUCCESS);
}

static void
hear_bind(const void *context)
{
    const NDIS_BIND_PARAMETERS *parameters = context;

    CHECK(parameters->DefaultOffloadConfiguration);
    memcpy(&bound, parameters->DefaultOffloadConfiguration, NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_4);
}

static void
hear_status(void *module, void *context)
{
    const NDIS_STATUS_INDICATION *indication = context;

    (void)module;
    if (indication->StatusCode == NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG)
        memcpy(&indicated, indication->StatusBuffer, indication->StatusBufferSize);
}

static void
indicate(void *module)
{
    NDIS_OFFLOAD now = configuration(500);
    NDIS_STATUS_INDICATION indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = module,
        .StatusCode = NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG,
        .StatusBuffer = &now,
        .StatusBufferSize = NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_4,
    };

    NdisMIndicateStatusEx(module, &indication);
}

static uint32_t
take_oid(void *module, void *context)
{
    const NDIS_OID_REQUEST *request = context;
    NDIS_OID oid = request->DATA.SET_INFORMATION.Oid;

    CHECK(oid != OID_TCP_OFFLOAD_CURRENT_CONFIG && oid != OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES);
    if (oid == OID_OFFLOAD_ENCAPSULATION) {
        CHECK_EQ(request->RequestType, NdisRequestSetInformation);
        encapsulated++;
        return NDIS_STATUS_SUCCESS;
    }
    if (oid != OID_TCP_OFFLOAD_PARAMETERS)
        return PEER_GOES_ON;
    parameters_set++;
    indicate(module);
    return NDIS_STATUS_SUCCESS;
}

static const struct peer_hooks miniport_hooks = {.attributes = initializing, .oid = take_oid};
static const struct peer_hooks protocol_hooks = {.bind = hear_bind, .status = hear_status};

static ULONG
largest(struct rig *rig, NDIS_OID oid)
{
    NDIS_OFFLOAD offload;
    uint32_t length = sizeof(offload), status = 1;

    CHECK_OK(undis_stack_oid(rig->stack, false, oid, &offload, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(length, NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_4);
    CHECK_EQ(offload.Checksum.IPv4Transmit.TcpChecksum, NDIS_OFFLOAD_SUPPORTED);
    return offload.LsoV2.IPv4.MaxOffLoadSize;
}

static void
change(struct rig *rig)
{
    NDIS_OFFLOAD_ENCAPSULATION encapsulation = {
        .Header = {NDIS_OBJECT_TYPE_OFFLOAD_ENCAPSULATION, NDIS_OFFLOAD_ENCAPSULATION_REVISION_1,
            NDIS_SIZEOF_OFFLOAD_ENCAPSULATION_REVISION_1},
        .IPv4 = {NDIS_OFFLOAD_SET_ON, NDIS_ENCAPSULATION_IEEE_802_3, 14},
    };
    NDIS_OFFLOAD_PARAMETERS parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_OFFLOAD_PARAMETERS_REVISION_3,
            NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3},
        .LsoV2IPv4 = NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED,
    };
    uint32_t length = sizeof(encapsulation);

    CHECK_EQ(peer_protocol_ask(
                 rig->protocols[0], true, OID_OFFLOAD_ENCAPSULATION, &encapsulation, &length),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(encapsulated, 1);
    memset(&encapsulation, 0, sizeof(encapsulation));
    CHECK_EQ(peer_protocol_ask(
                 rig->protocols[0], false, OID_OFFLOAD_ENCAPSULATION, &encapsulation, &length),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(encapsulation.IPv4.HeaderSize, 14);
    length = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3;
    CHECK_EQ(peer_protocol_ask(
                 rig->protocols[0], true, OID_TCP_OFFLOAD_PARAMETERS, &parameters, &length),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(parameters_set, 1);
}

struct keyword {
    const WCHAR *name;
    const WCHAR *write; /* NULL: nothing */
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
    NDIS_CONFIGURATION_PARAMETER write = {.ParameterType = NdisParameterString};
    struct keyword *keyword = context;
    PNDIS_CONFIGURATION_PARAMETER value;
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
    NdisReadConfiguration(&status, &value, configuration, &name, NdisParameterString);
    if (status == NDIS_STATUS_SUCCESS)
        keyword->read = *value->ParameterData.StringData.Buffer;
    NdisCloseConfiguration(configuration);
}

static void
check_keyword(struct rig *rig, const WCHAR *name, WCHAR expected)
{
    struct keyword keyword = {.name = name};

    peer_run(rig->miniport, use_keyword, &keyword);
    CHECK_EQ(keyword.read, expected);
}

/* What is not to change has no keyword; nor has what is not to be written. */
static void
keywords(struct rig *rig)
{
    NDIS_OFFLOAD_PARAMETERS parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_OFFLOAD_PARAMETERS_REVISION_3,
            NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3},
        .UDPIPv6Checksum = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
        .RscIPv6 = NDIS_OFFLOAD_PARAMETERS_RSC_DISABLED,
        .IPsecV1 = 9,
        .UdpSegmentation.IPv4 = 2, /* behind the end of revision 3 */
    };
    uint32_t length = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3, status = 1;

    check_keyword(rig, L"*LsoV2IPv4", L'1');
    check_keyword(rig, L"*LsoV2IPv6", 0);
    CHECK_OK(undis_stack_oid(
        rig->stack, true, OID_TCP_OFFLOAD_PARAMETERS, &parameters, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    check_keyword(rig, L"*UDPChecksumOffloadIPv6", L'3');
    check_keyword(rig, L"*RscIPv6", L'0');
    check_keyword(rig, L"*IPsecOffloadV1IPv4", 0);
    check_keyword(rig, L"*UsoIPv4", 0);
    parameters.Flags = NDIS_OFFLOAD_PARAMETERS_SKIP_REGISTRY_UPDATE;
    parameters.RscIPv6 = NDIS_OFFLOAD_PARAMETERS_RSC_ENABLED;
    CHECK_OK(undis_stack_oid(
        rig->stack, true, OID_TCP_OFFLOAD_PARAMETERS, &parameters, &length, &status));
    check_keyword(rig, L"*RscIPv6", L'0');
}

static void
set_checksums(struct rig *rig, UCHAR ip, UCHAR tcp, UCHAR udp)
{
    NDIS_OFFLOAD_PARAMETERS parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_OFFLOAD_PARAMETERS_REVISION_3,
            NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3},
        .IPv4Checksum = ip,
        .TCPIPv4Checksum = tcp,
        .UDPIPv4Checksum = udp,
    };
    uint32_t length = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3, status = 1;

    CHECK_OK(undis_stack_oid(
        rig->stack, true, OID_TCP_OFFLOAD_PARAMETERS, &parameters, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
}

/* A keyword that joins several follows them, where the miniport has it. */
static void
grouped(struct rig *rig)
{
    struct keyword joined = {.name = L"*TCPUDPChecksumOffloadIPv4", .write = L"0"};
    const UCHAR both = NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED,
                sends = NDIS_OFFLOAD_PARAMETERS_TX_ENABLED_RX_DISABLED,
                receives = NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED;

    set_checksums(rig, both, both, both);
    check_keyword(rig, joined.name, 0);
    peer_run(rig->miniport, use_keyword, &joined);
    set_checksums(rig, both, both, both);
    check_keyword(rig, joined.name, L'3');
    set_checksums(rig, 0, sends, 0);
    check_keyword(rig, joined.name, L'1');
    check_keyword(rig, L"*UDPChecksumOffloadIPv4", L'3');
    set_checksums(rig, 0, 0, receives);
    check_keyword(rig, joined.name, L'0');
    check_keyword(rig, L"*TCPUDPChecksumOffloadIPv6", 0);
}

static void
test(const struct rig_config *config)
{
    struct rig_config asked = *config;
    struct peer_protocol *late;
    struct rig rig;

    asked.grows = asked.not_started = true;
    rig_up(&rig, &asked);
    encapsulated = parameters_set = 0;
    rig.miniport->peer.hooks = &miniport_hooks;
    rig.protocols[0]->peer.hooks = &protocol_hooks;
    CHECK_OK(undis_stack_start(rig.stack));
    CHECK_EQ(bound.LsoV2.IPv4.MaxOffLoadSize, 1000);
    CHECK_EQ(largest(&rig, OID_TCP_OFFLOAD_CURRENT_CONFIG), 1000);
    CHECK_EQ(largest(&rig, OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES), 9000);
    change(&rig);
    keywords(&rig);
    grouped(&rig);
    CHECK_EQ(indicated.LsoV2.IPv4.MaxOffLoadSize, 500);
    CHECK_EQ(largest(&rig, OID_TCP_OFFLOAD_CURRENT_CONFIG), 500);
    CHECK_EQ(largest(&rig, OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES), 9000);
    late = peer_protocol_add(rig.machine, "late");
    late->peer.hooks = &protocol_hooks;
    CHECK_OK(undis_stack_bind(rig.stack, rig_driver(late)));
    CHECK_EQ(bound.LsoV2.IPv4.MaxOffLoadSize, 500);
    peer_remove(&late->peer);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
