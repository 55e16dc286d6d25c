/* SPDX-License-Identifier: MIT */
/* A device that is pulled out: filters and miniport hear of it from the top down, then the stack is
 * taken apart as ever, and the miniport is halted with NdisHaltDeviceSurpriseRemoved.
 */
#include "rig.h"
#include <ndis.h>
#include <string.h>

static void
test(const struct rig_config *config)
{
    const char *heard, *halted;
    struct rig rig;

    rig_up(&rig, config);
    peer_protocol_send(rig.protocols[0], 3, 1, 100);
    peer_log_clear();
    CHECK_OK(undis_stack_surprise(rig.stack));
    rig.stack = NULL;
    heard = strstr(peer_log(), "miniport surprise, ");
    halted = strstr(peer_log(), "miniport halt, ");
    CHECK(heard && halted && heard < halted);
    CHECK_EQ(rig.miniport->surprises, 1);
    CHECK_EQ(rig.miniport->halt_action, NdisHaltDeviceSurpriseRemoved);
    for (unsigned i = 0; i < rig.filter_count; i++) {
        char name[32] = "filter0 surprise, ";

        name[6] = (char)('0' + i);
        CHECK(strstr(peer_log(), name) && strstr(peer_log(), name) < heard);
    }
    CHECK_EQ(rig.protocols[0]->back, 3);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
