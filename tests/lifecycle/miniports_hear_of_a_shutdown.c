/* SPDX-License-Identifier: MIT */
/* When the computer goes off each miniport's shutdown handler is called, once, and nothing else, in
 * NDIS 6 and (NdisMRegisterAdapterShutdownHandler) in NDIS 5: it
 * is not halted by that, and works until the machine ends. At a bug check those of NDIS 6 hear of it
 * that have asked for it.
 */
#include "rig.h"
#include <ndis.h>
#include <string.h>

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    peer_log_clear();
    CHECK_OK(undis_shutdown(rig.machine));
    CHECK_EQ(rig.miniport->shutdowns, 1);
    CHECK(strcmp(peer_log(), config->miniport ? "" : "miniport shutdown, ") == 0);
    peer_protocol_send(rig.protocols[0], 3, 1, 100);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    rig_down(&rig);
}

/* At HIGH_LEVEL, and only who has asked for it. */
static void
crash(bool asks)
{
    struct rig rig;

    rig_up(&rig, &(struct rig_config){.not_started = true});
    rig.miniport->hears_of_crashes = asks;
    CHECK_OK(undis_stack_start(rig.stack));
    CHECK_OK(undis_crash(rig.machine));
    CHECK_EQ(rig.miniport->crashes, asks);
    CHECK_EQ(rig.miniport->shutdowns, 0);
    rig_down(&rig);
}

int
main(void)
{
    static const unsigned kinds[] = {PEER_SERIALIZED, PEER_DESERIALIZED | PEER_ARRAYS};

    rig_each(test);
    crash(false);
    crash(true);
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        test(&(struct rig_config){.miniport = kinds[i]});
    return 0;
}
