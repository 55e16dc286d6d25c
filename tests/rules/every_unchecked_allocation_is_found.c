/* SPDX-License-Identifier: MIT */
/* Injected faults find all that tests/drivers/unchecked and unchecked_nic use unchecked, and only
 * that: a child process per call stack, in which what that stack asks for fails.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACKS_MAX 64
#define GUILTY     7

/* A driver and what it uses unchecked. */
struct culprit {
    const char *name, *guilty[GUILTY];
    bool hardware;
};

static const struct culprit culprits[] = {
    {"unchecked",
        {"UsesMemory", "UsesMdl", "UsesIrp", "UsesZeroed", "UsesDevice", "UsesTimer",
            "UsesWorkItem"},
        false},
    {"unchecked_nic", {"UsesValue", "UsesDma", "UsesShared", "UsesInterrupt"}, true},
};

static void
start(struct undis *machine, struct undis_driver *miniport)
{
    struct undis_stack_config shape = {.size = sizeof(shape), .miniport = miniport};
    struct undis_stack *stack;

    CHECK_EQ(undis_port_open(machine, "ringnic:null", &shape.bottom), 0);
    if (undis_stack_create(machine, &shape, &stack) == 0) {
        undis_stack_start(stack);
        undis_stack_remove(stack);
    }
}

/* "0 12": the first culprit, stack 12. */
static int
run(const char *what)
{
    const struct culprit *culprit = &culprits[what[0] - '0'];
    struct undis_config config = test_config();
    struct undis_driver *driver;
    struct undis_usage usage;
    struct undis *machine;

    config.report = NULL;
    config.fault = UNDIS_FAULT_STACK;
    config.fault_which = strtoul(what + 1, NULL, 10);
    CHECK_EQ(undis_create(&config, &machine), 0);
    if (undis_driver_load(machine, test_driver_path(culprit->name), NULL, &driver) == 0) {
        if (culprit->hardware)
            start(machine, driver);
        undis_driver_unload(driver);
    }
    CHECK_EQ(undis_usage(machine, &usage), 0);
    printf("injected %u of %u\n", (unsigned)usage.faults, (unsigned)usage.fault_stacks);
    undis_destroy(machine);
    return 0;
}

/* The report of the child names one of them, and where the failure was injected. */
static bool
names_one(const struct child *child, const struct culprit *culprit, bool *found)
{
    const char *here = strstr(child->text, "  here\n");

    if (child->status != UNDIS_EXIT_BUG_CHECK || !here || !strstr(here, "was injected here"))
        return false;
    for (unsigned k = 0; k < GUILTY && culprit->guilty[k]; k++)
        if (strstr(here, culprit->guilty[k])) {
            CHECK(strstr(child->text, "mm-alloc-checked") || culprit->hardware || k > 4);
            return found[k] = true;
        }
    return false;
}

static void
find_all(unsigned which)
{
    const struct culprit *culprit = &culprits[which];
    static struct child child;
    bool found[GUILTY] = {false};
    char argument[16];
    unsigned n = 0;

    test_case("%s", culprit->name);
    do {
        snprintf(argument, sizeof(argument), "%u %u", which, ++n);
        child_run(&child, argument, 30);
        if (names_one(&child, culprit, found) == (child.status == 0))
            fputs(child.text, stderr);
        CHECK_EQ(names_one(&child, culprit, found), child.status != 0);
        CHECK(!strstr(child.text, "Checks ("));
    } while (!strstr(child.text, "injected 0 of") && n < STACKS_MAX);
    CHECK(n < STACKS_MAX);
    for (unsigned k = 0; k < GUILTY && culprit->guilty[k]; k++) {
        test_case("%s", culprit->guilty[k]);
        CHECK(found[k]);
    }
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        return run(argv[1]);
    for (unsigned k = 0; k < sizeof(culprits) / sizeof(culprits[0]); k++)
        find_all(k);
    return 0;
}
