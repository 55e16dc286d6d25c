/* SPDX-License-Identifier: MIT */
/* Drivers are loaded, used and unloaded 50 times in one machine, which is no bigger afterwards. */
#include "rig.h"

int
main(void)
{
    struct rig_config config = {.filters = 2, .protocols = 2, .completes = PEER_DPC};
    struct undis_config settings = test_config();
    struct undis *machine;
    struct rig rig;

    settings.verify = false;
    machine = test_machine_with(&settings);
    for (unsigned round = 0; round < 50; round++) {
        rig_up_in(&rig, machine, &config);
        peer_protocol_send(rig.protocols[0], 4, 1, 100);
        peer_miniport_indicate(rig.miniport, 4, 100, false);
        rig_settle(&rig);
        rig_take_down(&rig);
        if (round == 0)
            test_machine_mark(machine);
    }
    test_machine_end(machine);
    return 0;
}
