/* SPDX-License-Identifier: MIT */
/* What a miniport of NDIS 5 completes and must not ends the process with the report of its rule:
 * twice, what it was not given, with a status that is none, what is not pending (s5-complete-*,
 * s5-no-complete-unless-pending, oid5-*, rs-complete-only-if-pending, r5-transfer-complete-once).
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "lib/child.h"
#include "rig.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
complete_twice(void *adapter, void *packet)
{
    NdisMSendComplete(adapter, packet, NDIS_STATUS_SUCCESS);
    NdisMSendComplete(adapter, packet, NDIS_STATUS_SUCCESS);
}

static void
complete_a_stranger(void *adapter, void *packet)
{
    NDIS_PACKET stranger = *(PNDIS_PACKET)packet;

    NdisMSendComplete(adapter, &stranger, NDIS_STATUS_SUCCESS);
}

static void
complete_pending(void *adapter, void *packet)
{
    NdisMSendComplete(adapter, packet, NDIS_STATUS_PENDING);
}

static void
complete_no_query(void *adapter, void *packet)
{
    (void)packet;
    NdisMQueryInformationComplete(adapter, NDIS_STATUS_SUCCESS);
}

static void
complete_no_set(void *adapter, void *packet)
{
    (void)packet;
    NdisMSetInformationComplete(adapter, NDIS_STATUS_SUCCESS);
}

static void
complete_no_reset(void *adapter, void *packet)
{
    (void)packet;
    NdisMResetComplete(adapter, NDIS_STATUS_SUCCESS, FALSE);
}

static void
complete_no_transfer(void *adapter, void *packet)
{
    NDIS_PACKET other = *(PNDIS_PACKET)packet;

    other.Reserved[1] = 0;
    NdisMTransferDataComplete(adapter, &other, NDIS_STATUS_SUCCESS, 0);
}

static void
attributes_late(void *adapter, void *packet)
{
    (void)packet;
    NdisMSetAttributesEx(adapter, adapter, 0, 0, NdisInterfaceInternal);
}

static const struct {
    const char *name;
    void (*wrong)(void *adapter, void *packet);
    const char *rule;
} cases[] = {
    {"complete_twice", complete_twice, "s5-complete-packet-identity"},
    {"complete_a_stranger", complete_a_stranger, "s5-complete-packet-identity"},
    {"complete_pending", complete_pending, "s5-complete-final-status"},
    {"complete_no_query", complete_no_query, "oid5-complete-without-request"},
    {"complete_no_set", complete_no_set, "oid5-complete-without-request"},
    {"complete_no_reset", complete_no_reset, "rs-complete-only-if-pending"},
    {"complete_no_transfer", complete_no_transfer, "r5-transfer-complete-once"},
    {"attributes_late", attributes_late, "rg-setattributes-first-5"},
    {"answer_what_is_completed", NULL, "s5-no-complete-unless-pending"},
    {"set_for_a_query", complete_no_set, "oid5-query-complete-once"},
};

static void
report(void *context, const struct undis_report *r)
{
    char line[256];
    int n = snprintf(line, sizeof(line), "rule=%s\n", r->rule ? r->rule : "-");

    (void)context;
    if (r->rule && write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
}

static int
do_wrong(unsigned i, unsigned kind)
{
    struct rig_config config = {.miniport = kind, .completes = PEER_HOLD};
    struct undis_config machine = test_config();
    struct rig rig;

    machine.verify = false;
    machine.report = report;
    rig_up_in(&rig, test_machine_with(&machine), &config);
    if (!cases[i].wrong)
        rig.miniport->answers = PEER_COMPLETES_AND_ANSWERS;
    if (strcmp(cases[i].name, "set_for_a_query") == 0) {
        rig.miniport->hold_oids = true;
        peer_protocol_oids(rig.protocols[0], 1);
    }
    peer_protocol_send(rig.protocols[0], 1, 1, FRAME_MIN);
    if (cases[i].wrong)
        peer_legacy_run(rig.miniport, cases[i].wrong);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;
    char what[64];

    if (argc > 1)
        return do_wrong(
            (unsigned)strtoul(argv[1], NULL, 10) / 4, (unsigned)strtoul(argv[1], NULL, 10) % 4);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (unsigned kind = PEER_SERIALIZED; kind <= PEER_DESERIALIZED; kind++) {
            test_case("%s, %s", cases[i].name, peer_kind_names[kind]);
            snprintf(what, sizeof(what), "%u", i * 4 + kind);
            child_run(&child, what, 30);
            child_expect(&child, UNDIS_EXIT_BUG_CHECK, cases[i].rule);
        }
    }
    return 0;
}
