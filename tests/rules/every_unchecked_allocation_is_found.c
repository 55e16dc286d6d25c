/* SPDX-License-Identifier: MIT */
/* Injected faults find every allocation that tests/drivers/unchecked does not check, and only
 * those: a child process per call stack, in which the allocation of that stack fails.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACKS_MAX 64

static int
run(unsigned stack)
{
    struct undis_config config = test_config();
    struct undis_driver *driver;
    struct undis_usage usage;
    struct undis *machine;

    config.report = NULL;
    config.fault = UNDIS_FAULT_STACK;
    config.fault_which = stack;
    CHECK_EQ(undis_create(&config, &machine), 0);
    if (undis_driver_load(machine, test_driver_path("unchecked"), NULL, &driver) == 0)
        undis_driver_unload(driver);
    CHECK_EQ(undis_usage(machine, &usage), 0);
    printf("injected %u of %u\n", (unsigned)usage.faults, (unsigned)usage.fault_stacks);
    undis_destroy(machine);
    return 0;
}

int
main(int argc, char **argv)
{
    static const char *const guilty[] = {"UsesMemory", "UsesMdl", "UsesIrp", "UsesZeroed"};
    static struct child child;
    bool found[4] = {false};
    char number[16];
    unsigned n = 0;

    if (argc > 1)
        return run((unsigned)strtoul(argv[1], NULL, 10));
    do {
        bool one = false;

        snprintf(number, sizeof(number), "%u", ++n);
        child_run(&child, number, 30);
        for (unsigned k = 0; k < 4 && child.status == UNDIS_EXIT_BUG_CHECK; k++) {
            const char *here = strstr(child.text, "  here\n");

            if (here && strstr(here, guilty[k]) && strstr(child.text, "was injected here") &&
                strstr(child.text, "mm-alloc-checked"))
                one = found[k] = true;
        }
        CHECK_EQ(one, child.status != 0);
        CHECK(!strstr(child.text, "Checks ("));
    } while (!strstr(child.text, "injected 0 of") && n < STACKS_MAX);
    CHECK(n < STACKS_MAX);
    for (unsigned k = 0; k < 4; k++)
        CHECK(found[k]);
    return 0;
}
