/* SPDX-License-Identifier: MIT */
/* undis build --sanitize races, with each compiler: undis run --simulated tells the race with both
 * places; with threads or without the verifier nobody would look, which is said. */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/undis-races-XXXXXX";
static struct child child;

/* A wrong driver of the rule tests, under the name that makes it so. */
static void
build(const char *compiler)
{
    char command[1024];

    snprintf(command, sizeof(command),
        "mkdir -p '%s/source' && cd '%s/tests/rules/wrong' && "
        "cp shared.c nic.h plain.h wrong.h breaks.h '%s/source' && "
        "'%s' build --cc %s --sanitize races -o '%s/shared.lk_isr_shared.so' '%s/source'",
        folder, getenv("UNDIS_SOURCE"), folder, getenv("UNDIS_TOOL"), compiler, folder, folder);
    CHECK_EQ(system(command), 0);
}

/* NULL: with threads. */
static void
run(const char *how)
{
    char path[256];
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)how, (char *)"--simulated",
        (char *)"--duration", (char *)"0.1", (char *)"--bottom", (char *)"ringnic:null",
        (char *)"--miniport", path, NULL};

    snprintf(path, sizeof(path), "%s/shared.lk_isr_shared.so", folder);
    if (!how)
        memmove(&argv[2], &argv[4], sizeof(argv) - 4 * sizeof(argv[0]));
    child_run_program(&child, argv, 60);
}

int
main(void)
{
    static const char *const compilers[] = {"gcc", "clang"};
    char command[128];

    CHECK(mkdtemp(folder) != NULL);
    for (unsigned k = 0; k < 2; k++) {
        build(compilers[k]);
        run("--quiet");
        child_expect(&child, UNDIS_EXIT_BUG_CHECK, "lk-isr-shared: shared.lk_isr_shared ");
        CHECK(strstr(child.text, "Thread (") && strstr(child.text, "Isr ("));
        CHECK(strstr(child.text, "nothing puts before or behind this one"));
    }
    run("--no-verify");
    child_expect(&child, UNDIS_EXIT_USAGE, "looked for with --simulated and the verifier");
    run(NULL);
    child_expect(&child, UNDIS_EXIT_USAGE, "looked for with --simulated and the verifier");
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    CHECK_EQ(system(command), 0);
    return 0;
}
