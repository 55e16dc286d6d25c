/* SPDX-License-Identifier: MIT */
/* A driver enters its serialized miniport, from wherever it was called: nothing else of the miniport
 * runs meanwhile, what NDIS has for it comes afterwards, and callbacks that are queued meanwhile run
 * then, in order (s5-serialized-one-at-a-time). A deserialized one is entered by many.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "lib/child.h"
#include "rig.h"
#include <stdio.h>
#include <unistd.h>

static struct {
    NDIS_HANDLE adapter, handle, other;
    test_counter run, disorder;
    bool serialized;
} now;

static VOID
callback(NDIS_HANDLE MiniportAdapterContext, PVOID CallbackContext)
{
    CHECK(MiniportAdapterContext != NULL);
    if (now.run++ != (uintptr_t)CallbackContext)
        now.disorder++;
}

static void
enter(void *adapter, void *packet)
{
    NDIS_HANDLE again;

    (void)packet;
    now.adapter = adapter;
    CHECK(NdisIMSwitchToMiniport(adapter, &now.handle));
    CHECK(NdisIMSwitchToMiniport(adapter, &again)); /* within */
    NdisIMRevertBack(adapter, again);
}

static void
leave(void *adapter, void *packet)
{
    (void)packet;
    NdisIMRevertBack(adapter, now.handle);
    CHECK_EQ(NdisIMQueueMiniportCallback(adapter, callback, (PVOID)2), NDIS_STATUS_SUCCESS);
}

/* Another thread. */
static void
knock(void *module, void *context)
{
    NDIS_STATUS expected = now.serialized ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;

    (void)module;
    (void)context;
    CHECK_EQ(NdisIMSwitchToMiniport(now.adapter, &now.other), !now.serialized);
    if (!now.serialized)
        NdisIMRevertBack(now.adapter, now.other);
    for (uintptr_t i = 0; i < 2; i++)
        CHECK_EQ(NdisIMQueueMiniportCallback(now.adapter, callback, (PVOID)i), expected);
}

static void
kinds(const struct rig_config *config)
{
    struct rig rig;
    uint64_t calls;

    now.run = now.disorder = 0;
    now.serialized = config->miniport == PEER_SERIALIZED;
    rig_up(&rig, config);
    peer_legacy_run(rig.miniport, enter);
    calls = test_read(&rig.miniport->calls);
    peer_protocol_send(rig.protocols[0], 3, 1, 100);
    if (now.serialized)
        CHECK_EQ(test_read(&rig.miniport->calls), calls);
    peer_run(rig.protocols[0], knock, NULL);
    CHECK_EQ(test_read(&now.run), now.serialized ? 0 : 2);
    peer_legacy_run(rig.miniport, leave);
    CHECK_EQ(test_read(&now.run), 3);
    CHECK_EQ(test_read(&now.disorder), 0);
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->overlapped, 0);
    CHECK_EQ(rig.miniport->sent.count, 3);
    rig_down(&rig);
}

static void
revert(void *adapter, void *packet)
{
    (void)packet;
    NdisIMRevertBack(adapter, now.handle);
}

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
revert_twice(void)
{
    struct undis_config machine = test_config();
    struct rig rig;

    machine.verify = false;
    machine.report = report;
    rig_up_in(&rig, test_machine_with(&machine), &(struct rig_config){.miniport = PEER_SERIALIZED});
    peer_legacy_run(rig.miniport, enter);
    peer_legacy_run(rig.miniport, revert);
    peer_legacy_run(rig.miniport, revert);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    (void)argv;
    if (argc > 1)
        return revert_twice();
    for (unsigned kind = PEER_SERIALIZED; kind <= PEER_DESERIALIZED; kind++)
        for (uint64_t seed = 0; seed < test_seeds(); seed++)
            kinds(&(struct rig_config){
                .miniport = kind, .seed = seed, .filters = (unsigned)(seed % 2)});
    child_run(&child, "revert", 30);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "s5-serialized-one-at-a-time");
    return 0;
}
