/* SPDX-License-Identifier: MIT */
/* A miniport that never completes its pause ends the process with status 4 and the table of who
 * owes what to whom.
 */
#include "child.h"
#include "rig.h"

int
main(int argc, char **argv)
{
    static struct child child;

    if (argc > 1 && argv[1]) {
        struct undis_config config = test_config();
        struct rig rig;

        config.patience_ms = 200;
        rig_up_in(&rig, test_machine_with(&config), &(struct rig_config){.filters = 1});
        rig.miniport->never_pause = true;
        undis_stack_pause(rig.stack);
        return 0;
    }
    child_run(&child, "hang", 30);
    child_expect(&child, UNDIS_EXIT_HANG, "MiniportPause of miniport miniport");
    child_expect(&child, UNDIS_EXIT_HANG, "it owes NDIS the completion of MiniportPause");
    return 0;
}
