/* SPDX-License-Identifier: MIT */
/* At the end of undis run a verified protocol leaves its stack and comes again, and its second open
 * pends: one that cannot bear that is told; --no-ask spares it.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/undis-again-XXXXXX";
static struct child child;

/* A wrong driver of the rule tests, under the name that makes it so. */
static void
run(const char *rule, const char *how)
{
    char link[128];
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)"--quiet", (char *)"--no-control",
        (char *)"--simulated", (char *)"--duration", (char *)"0.2", (char *)"--patience",
        (char *)"1000", (char *)"--protocol", link, (char *)"--miniport", (char *)"portnic",
        (char *)"--bottom", (char *)"null", (char *)how, NULL};

    snprintf(link, sizeof(link), "%s/protocol.%s.so", folder, rule);
    CHECK_OK(symlink(test_driver_path("protocol"), link));
    child_run_program(&child, argv, 60);
    unlink(link);
}

int
main(void)
{
    /* The wrong protocol's own thread races with its handlers, on purpose. */
    if (strcmp(undis_build_kind(), "tsan") == 0)
        return TEST_SKIP;
    CHECK(mkdtemp(folder) != NULL);
    run("st_p_open_values_late", NULL);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "st-p-open-values-late: protocol.");
    run("st_p_open_values_late", "--no-ask");
    child_expect(&child, UNDIS_EXIT_OK, "no rule was broken");
    run("right", NULL);
    child_expect(&child, UNDIS_EXIT_OK, "no rule was broken");
    rmdir(folder);
    return 0;
}
