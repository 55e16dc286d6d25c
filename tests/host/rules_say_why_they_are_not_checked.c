/* SPDX-License-Identifier: MIT */
/* Every rule is checked or says why not; 400 and more are checked. undis rules shows it. */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdlib.h>
#include <string.h>

#define CHECKED_MIN 400

int
main(void)
{
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"rules", (char *)"nbl-copy-update-fields",
        (char *)"wd-livelock", NULL};
    static struct child child;
    struct undis_rule rule;
    unsigned checked = 0;

    for (unsigned k = 0; undis_rule(NULL, k, &rule) == 0; k++) {
        bool done = strcmp(rule.state, "checked") == 0;

        test_case("%s", rule.id);
        CHECK(done == !rule.reason);
        CHECK(done || strlen(rule.reason) > 10);
        checked += done;
    }
    CHECK(checked >= CHECKED_MIN);
    child_run_program(&child, argv, 20);
    child_expect(&child, 0, "out of scope");
    child_expect(&child, 0, "why: what a lock, a field or a value is meant for");
    child_expect(&child, 0, "not yet");
    child_expect(&child, 0, "why: needs the explorer's fair schedules");
    return 0;
}
