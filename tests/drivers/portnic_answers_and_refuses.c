/* SPDX-License-Identifier: MIT */
/* portnic's answers to OID requests: numbers that follow its port and its settings, sizes that do
 * not fit, values that it refuses; and what of its settings it takes.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME 1514u /* of a wire without options */

static void
numbers(struct pair *pair, unsigned buffers)
{
    static const struct {
        NDIS_OID oid;
        ULONG value;
    } table[] = {
        {OID_GEN_HARDWARE_STATUS, NdisHardwareStatusReady},
        {OID_GEN_MAXIMUM_TOTAL_SIZE, FRAME},
        {OID_GEN_TRANSMIT_BLOCK_SIZE, 1536},
        {OID_GEN_RECEIVE_BLOCK_SIZE, 1536},
        {OID_GEN_TRANSMIT_BUFFER_SPACE, 32 * FRAME},
        {OID_GEN_VENDOR_ID, 0xFFFFFF},
        {OID_GEN_VENDOR_DRIVER_VERSION, 0x10000},
        {OID_GEN_MAXIMUM_SEND_PACKETS, 32},
        {OID_802_3_MAXIMUM_LIST_SIZE, 32},
        {OID_802_3_RCV_ERROR_ALIGNMENT, 0},
        {OID_802_3_XMIT_ONE_COLLISION, 0},
        {OID_802_3_XMIT_MORE_COLLISIONS, 0},
        {OID_GEN_RCV_NO_BUFFER, 0},
        {OID_GEN_MAXIMUM_FRAME_SIZE, FRAME - 14},
        {OID_GEN_MAXIMUM_LOOKAHEAD, FRAME},
        {OID_GEN_MEDIA_IN_USE, NdisMedium802_3},
    };

    for (unsigned k = 0; k < RTL_NUMBER_OF(table); k++) {
        test_case("OID %08x", table[k].oid);
        CHECK_EQ(pair_get(pair, 0, table[k].oid), table[k].value);
    }
    CHECK_EQ(pair_get(pair, 0, OID_GEN_RECEIVE_BUFFER_SPACE), buffers * 1536);
}

static void
structures(struct pair *pair)
{
    char text[64];
    NDIS_INTERRUPT_MODERATION_PARAMETERS moderation;
    NDIS_LINK_STATE link;
    NDIS_STATISTICS_INFO info;
    uint32_t length = sizeof(text);

    CHECK_EQ(pair_oid(pair, 0, false, OID_GEN_VENDOR_DESCRIPTION, text, &length), 0);
    CHECK_EQ(length, sizeof("undis port"));
    CHECK(strcmp(text, "undis port") == 0);
    length = sizeof(moderation);
    CHECK_EQ(pair_oid(pair, 0, false, OID_GEN_INTERRUPT_MODERATION, &moderation, &length), 0);
    CHECK_EQ(length, sizeof(moderation));
    CHECK_EQ(moderation.InterruptModeration, NdisInterruptModerationNotSupported);
    length = sizeof(link);
    CHECK_EQ(pair_oid(pair, 0, false, OID_GEN_LINK_STATE, &link, &length), 0);
    CHECK_EQ(link.MediaConnectState, MediaConnectStateConnected);
    CHECK_EQ(link.MediaDuplexState, MediaDuplexStateFull);
    CHECK_EQ(link.XmitLinkSpeed, link.RcvLinkSpeed);
    CHECK(link.XmitLinkSpeed != ~(ULONG64)0);
    length = sizeof(info);
    CHECK_EQ(pair_oid(pair, 0, false, OID_GEN_STATISTICS, &info, &length), 0);
    CHECK_EQ(info.Header.Revision, NDIS_STATISTICS_INFO_REVISION_1);
    CHECK_EQ(info.Header.Size, NDIS_SIZEOF_STATISTICS_INFO_REVISION_1);
    length = 8;
    CHECK_EQ(pair_oid(pair, 0, false, OID_GEN_XMIT_OK, text, &length), 0);
    CHECK_EQ(length, 8);
}

static void
sizes(struct pair *pair)
{
    static const struct {
        bool set;
        NDIS_OID oid;
        uint32_t length, status, needed;
    } table[] = {
        {false, OID_GEN_HARDWARE_STATUS, 3, NDIS_STATUS_BUFFER_TOO_SHORT, 4},
        {false, OID_GEN_VENDOR_DESCRIPTION, 10, NDIS_STATUS_BUFFER_TOO_SHORT, 11},
        {false, OID_GEN_STATISTICS, 16, NDIS_STATUS_BUFFER_TOO_SHORT,
            NDIS_SIZEOF_STATISTICS_INFO_REVISION_1},
        {false, OID_GEN_RCV_OK, 3, NDIS_STATUS_BUFFER_TOO_SHORT, 8},
        {true, OID_GEN_CURRENT_PACKET_FILTER, 3, NDIS_STATUS_INVALID_LENGTH, 4},
        {true, OID_GEN_CURRENT_LOOKAHEAD, 3, NDIS_STATUS_INVALID_LENGTH, 4},
        {true, OID_GEN_HARDWARE_STATUS, 4, NDIS_STATUS_NOT_SUPPORTED, 0},
        {false, 0xFF000001, 4, NDIS_STATUS_NOT_SUPPORTED, 0},
        {true, 0xFF000001, 4, NDIS_STATUS_NOT_SUPPORTED, 0},
    };
    uint8_t buffer[1024] = {0};

    for (unsigned k = 0; k < RTL_NUMBER_OF(table); k++) {
        uint32_t length = table[k].length;

        test_case("OID %08x, %u bytes", table[k].oid, table[k].length);
        CHECK_EQ(pair_oid(pair, 0, table[k].set, table[k].oid, buffer, &length), table[k].status);
        if (table[k].needed)
            CHECK_EQ(length, table[k].needed);
    }
}

static uint32_t
set_filter(struct pair *pair, uint32_t filter)
{
    uint32_t length = sizeof(filter);

    return pair_oid(pair, 0, true, OID_GEN_CURRENT_PACKET_FILTER, &filter, &length);
}

static void
values(struct pair *pair)
{
    uint8_t list[33][6];
    uint32_t length = 4, value = FRAME + 1;

    for (unsigned k = 0; k < 33; k++)
        memcpy(list[k], (uint8_t[6]){1, 0, 0x5E, 0, 0, (uint8_t)k}, 6);
    CHECK_EQ(set_filter(pair, NDIS_PACKET_TYPE_DIRECTED), 0);
    CHECK_EQ(set_filter(pair, NDIS_PACKET_TYPE_SMT), (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    CHECK_EQ(pair_get(pair, 0, OID_GEN_CURRENT_PACKET_FILTER), NDIS_PACKET_TYPE_DIRECTED);
    CHECK_EQ(pair_oid(pair, 0, true, OID_GEN_CURRENT_LOOKAHEAD, &value, &length),
        (uint32_t)NDIS_STATUS_INVALID_DATA);
    value = FRAME;
    length = 4;
    CHECK_EQ(pair_oid(pair, 0, true, OID_GEN_CURRENT_LOOKAHEAD, &value, &length), 0);
    length = 7;
    CHECK_EQ(pair_oid(pair, 0, true, OID_802_3_MULTICAST_LIST, list, &length),
        (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    length = sizeof(list);
    CHECK_EQ(pair_oid(pair, 0, true, OID_802_3_MULTICAST_LIST, list, &length),
        (uint32_t)NDIS_STATUS_MULTICAST_FULL);
    length = sizeof(list) - 6;
    CHECK_EQ(pair_oid(pair, 0, true, OID_802_3_MULTICAST_LIST, list, &length), 0);
}

static unsigned pended; /* answers, as every other one that is verified */

struct question {
    NDIS_OID oid;
    uint32_t length, status, needed;
};

static void
ask(void *module, void *context)
{
    uint8_t buffer[64 * 6] = {0xFF, 0xFF, 0xFF, 0xFF};
    const struct question *question = context;
    NDIS_OID_REQUEST request = {
        .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
            NDIS_SIZEOF_OID_REQUEST_REVISION_1},
        .RequestType = NdisRequestSetInformation,
        .DATA.SET_INFORMATION = {.Oid = question->oid,
            .InformationBuffer = buffer,
            .InformationBufferLength = question->length},
    };
    NDIS_STATUS status, later;
    KEVENT answered;

    KeInitializeEvent(&answered, NotificationEvent, FALSE);
    ((PVOID *)request.SourceReserved)[1] = &answered;
    ((PVOID *)request.SourceReserved)[2] = &later;
    status = NdisFOidRequest(module, &request);
    if (status == NDIS_STATUS_PENDING) {
        pended++;
        KeWaitForSingleObject(&answered, Executive, KernelMode, FALSE, NULL);
        status = later;
    }
    CHECK_EQ((uint32_t)status, question->status);
    CHECK_EQ(request.DATA.SET_INFORMATION.BytesRead, 0);
    CHECK_EQ(request.DATA.SET_INFORMATION.BytesNeeded, question->needed);
}

/* NDIS looks at what protocols set. What a filter asks for comes as it is. */
static void
from_a_filter(struct pair *pair)
{
    struct question table[] = {
        {OID_GEN_CURRENT_PACKET_FILTER, 3, NDIS_STATUS_INVALID_LENGTH, 4},
        {OID_GEN_CURRENT_LOOKAHEAD, 3, NDIS_STATUS_INVALID_LENGTH, 4},
        {OID_GEN_CURRENT_PACKET_FILTER, 4, (uint32_t)NDIS_STATUS_NOT_SUPPORTED, 4},
        {OID_GEN_CURRENT_LOOKAHEAD, 4, (uint32_t)NDIS_STATUS_INVALID_DATA, 4},
        {OID_802_3_MULTICAST_LIST, 7, NDIS_STATUS_INVALID_LENGTH, 0},
        {OID_802_3_MULTICAST_LIST, 33 * 6, (uint32_t)NDIS_STATUS_MULTICAST_FULL, 32 * 6},
    };
    struct peer_filter *filter = peer_filter_add(pair->machine, "asking", 0);

    CHECK_OK(undis_stack_attach(pair->ends[0].stack, filter->peer.driver));
    for (unsigned k = 0; k < RTL_NUMBER_OF(table); k++) {
        test_case("a filter sets OID %08x, %u bytes", table[k].oid, table[k].length);
        peer_run(filter, ask, &table[k]);
    }
    CHECK(pended != 0);
    CHECK_OK(undis_stack_detach(pair->ends[0].stack, filter->peer.driver));
    peer_remove(&filter->peer);
}

/* @buffers, @address: what portnic makes of the setting. */
static void
setting(const char *keyword, const char *value, unsigned buffers, const char *address)
{
    struct pair pair;
    uint8_t wanted[6] = {0x02, 0x70, 0x6E, 0x69, 0x63, 0x01};

    test_case("%s=%s", keyword ? keyword : "no setting", value ? value : "");
    pair_up(&pair, false, keyword, value);
    if (address)
        memcpy(wanted, address, 6);
    CHECK(!(pair.ends[0].address[0] & 1)); /* no group's */
    CHECK(!address || memcmp(pair.ends[0].address, wanted, 6) == 0);
    CHECK_EQ(pair_get(&pair, 0, OID_GEN_RECEIVE_BUFFER_SPACE), buffers * 1536);
    pair_down(&pair);
}

/* Over a port that carries raw IP there is no adapter, and nothing of it stays. */
static void
stands_on_ethernet_alone(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *nic = test_driver(machine, "portnic");
    struct undis_stack_config config = {.size = sizeof(config), .miniport = nic};
    struct undis_stack *stack;

    test_case("raw IP");
    CHECK_OK(undis_port_open(machine, "pcap:out=/dev/null,raw", &config.bottom));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK(undis_stack_start(stack) != 0);
    CHECK_OK(undis_stack_remove(stack));
    CHECK_OK(undis_port_close(config.bottom));
    test_unload(machine, nic);
    test_machine_end(machine);
}

/* Nothing but the driver itself keeps its settings in their range. */
static void
without_its_inf(void)
{
    char folder[] = "/tmp/undis-test-XXXXXX", file[64], drivers[4096];

    CHECK(mkdtemp(folder) != NULL);
    snprintf(file, sizeof(file), "%s/portnic.so", folder);
    CHECK(symlink(test_driver_path("portnic"), file) == 0);
    snprintf(drivers, sizeof(drivers), "%s", getenv("UNDIS_DRIVERS"));
    CHECK(setenv("UNDIS_DRIVERS", folder, 1) == 0);
    setting("*ReceiveBuffers", "63", 64, NULL);
    setting("*ReceiveBuffers", "65", 65, NULL);
    setting("*ReceiveBuffers", "4097", 4096, NULL);
    setting("NetworkAddress", "010203040506", 256, NULL);
    CHECK(setenv("UNDIS_DRIVERS", drivers, 1) == 0);
    CHECK(unlink(file) == 0);
    CHECK(rmdir(folder) == 0);
}

int
main(void)
{
    struct pair pair;

    pair_up(&pair, false, "*ReceiveBuffers", "100");
    numbers(&pair, 100);
    structures(&pair);
    sizes(&pair);
    values(&pair);
    from_a_filter(&pair);
    pair_down(&pair);
    setting(NULL, NULL, 256, NULL);
    stands_on_ethernet_alone();
    setting("*ReceiveBuffers", "64", 64, NULL);
    setting("*ReceiveBuffers", "4096", 4096, NULL);
    without_its_inf();
    setting("NetworkAddress", "021122334455", 256, "\x02\x11\x22\x33\x44\x55");
    return 0;
}
