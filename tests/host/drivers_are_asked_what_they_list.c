/* SPDX-License-Identifier: MIT */
/* undis run asks the OIDs that a verified miniport lists: one that answers wrongly is told without a
 * program that asks; --no-ask leaves it alone. One that never answers ends the run as well.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/undis-asked-XXXXXX";
static struct child child;

/* A wrong driver of the rule tests, under the name that makes it so. */
static void
run(const char *rule, const char *how)
{
    char link[128];
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)"--quiet", (char *)"--no-control",
        (char *)"--duration", (char *)"0.5", (char *)"--patience", (char *)"1000",
        (char *)"--miniport", link, (char *)how, NULL};

    snprintf(link, sizeof(link), "%s/miniport.%s.so", folder, rule);
    CHECK_OK(symlink(test_driver_path("miniport"), link));
    child_run_program(&child, argv, 60);
    unlink(link);
}

int
main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    run("oid_byteswritten_set", NULL);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "oid-byteswritten-set: miniport.");
    run("oid_byteswritten_set", "--no-ask");
    child_expect(&child, UNDIS_EXIT_OK, "no rule was broken");
    run("right", NULL);
    child_expect(&child, UNDIS_EXIT_OK, "no rule was broken");
    rmdir(folder);
    return 0;
}
