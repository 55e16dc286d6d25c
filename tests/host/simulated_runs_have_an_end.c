/* SPDX-License-Identifier: MIT */
/* undis run --simulated without a port that ends by itself and without --duration is refused: it
 * would compute for ever. With --duration it runs, and ends.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdlib.h>

static struct child child;

static void
run(const char *option, const char *value)
{
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)"--simulated", (char *)"--quiet",
        (char *)"--miniport", (char *)test_driver_path("portnic"), (char *)option, (char *)value,
        NULL};

    child_run_program(&child, argv, 30);
}

int
main(void)
{
    run(NULL, NULL);
    child_expect(&child, UNDIS_EXIT_USAGE, "no --duration to end the run");
    run("--duration", "0.1");
    child_expect(&child, UNDIS_EXIT_OK, "0.1 s; no rule was broken");
    return 0;
}
