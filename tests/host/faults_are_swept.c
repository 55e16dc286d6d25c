/* SPDX-License-Identifier: MIT */
/* undis run --fault each: a run per call stack of the driver, none for those of the drivers that come
 * with undis; what uses unchecked what it did not get is told, with the run that repeats it.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct child child;

static void
run(const char *miniport, const char *fault, const char *report)
{
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)"--quiet", (char *)"--no-control",
        (char *)"--duration", (char *)"0.05", (char *)"--fault", (char *)fault,
        (char *)"--protocol", (char *)"frames", (char *)"--bottom", (char *)"ringnic:null",
        (char *)"--miniport", (char *)miniport, (char *)(report ? "--report" : NULL),
        (char *)report, NULL};

    child_run_program(&child, argv, 120);
}

static unsigned
lines(const char *path)
{
    FILE *file = fopen(path, "re");
    unsigned n = 0;

    CHECK(file != NULL);
    for (int c; (c = getc(file)) != EOF;)
        n += c == '\n';
    fclose(file);
    return n;
}

int
main(void)
{
    char folder[] = "/tmp/undis-sweep-XXXXXX", report[64], path[512];
    unsigned stacks = 0, bad = 0;
    const char *at;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(report, sizeof(report), "%s/r.jsonl", folder);
    snprintf(path, sizeof(path), "%s", test_driver_path("unchecked_nic"));
    run(path, "each", report);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "mm-alloc-checked: ");
    CHECK((at = strstr(child.text, "undis run: --fault stack:")) != NULL);
    at = strstr(child.text, " call stacks did not get");
    CHECK(at != NULL);
    while (at > child.text && at[-1] != '\n')
        at--;
    stacks = (unsigned)strtoul(at, NULL, 10);
    at = strstr(at, "one in each run; rules were broken in ");
    CHECK(at != NULL);
    bad = (unsigned)strtoul(at + strlen("one in each run; rules were broken in "), NULL, 10);
    CHECK(bad >= 4 && stacks >= bad);
    CHECK(lines(report) >= bad);
    unlink(report);
    rmdir(folder);

    /* One that bears it, under a protocol that is spared. */
    snprintf(path, sizeof(path), "%s/ringnic.so", getenv("UNDIS_DRIVERS"));
    run(path, "each", NULL);
    child_expect(&child, UNDIS_EXIT_OK, "rules were broken in 0");
    run(path, "stack:9999", NULL);
    child_expect(&child, UNDIS_EXIT_OK, "no rule was broken");
    return 0;
}
