/* SPDX-License-Identifier: MIT */
/* A stack starts from the bottom, pauses from the top, and is taken down from the top: protocols
 * unbind, filters detach, the miniport halts, and nobody is called afterwards.
 */
#include "rig.h"
#include <stdio.h>
#include <string.h>

static void
expect(const char *log)
{
    if (strcmp(peer_log(), log) != 0) {
        fprintf(stderr, "expected %s\nbut got  %s\n", log, peer_log());
        test_fail(__FILE__, __LINE__, "order");
    }
    peer_log_clear();
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++) {
        struct rig_config config = {.filters = 2, .seed = seed};
        struct rig rig;

        test_case("seed %llu", (unsigned long long)seed);
        rig_up(&rig, &config);
        expect("miniport initialize, filter1 attach, filter0 attach, protocol0 bind, "
               "miniport restart, filter1 restart, filter0 restart, protocol0 restart, ");
        CHECK_OK(undis_stack_pause(rig.stack));
        expect("protocol0 pause, filter0 pause, filter1 pause, miniport pause, ");
        CHECK_OK(undis_stack_restart(rig.stack));
        expect("miniport restart, filter1 restart, filter0 restart, protocol0 restart, ");
        CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[0])));
        expect("protocol0 pause, protocol0 unbind, ");
        CHECK_OK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[0])));
        expect("protocol0 bind, protocol0 restart, ");
        CHECK_OK(undis_stack_detach(rig.stack, rig_driver(rig.filters[1])));
        expect("protocol0 pause, filter0 pause, filter1 pause, miniport pause, filter1 detach, "
               "miniport restart, filter0 restart, protocol0 restart, ");
        CHECK_OK(undis_stack_remove(rig.stack));
        rig.stack = NULL;
        expect("protocol0 pause, filter0 pause, miniport pause, protocol0 unbind, "
               "filter0 detach, miniport halt, ");
        rig_down(&rig);
    }
    return 0;
}
