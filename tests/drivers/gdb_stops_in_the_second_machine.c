/* SPDX-License-Identifier: MIT */
/* gdb with a breakpoint by file and line stops in the driver's copy of the second machine, knows
 * the line and what called it.
 */
#include "child.h"
#include "line.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only the second machine's copy of the driver ever sends. */
static int
be_debugged(void)
{
    static const char *const filters[] = {"twice", NULL};
    struct line line;

    line_up(&line, filters, "", true);
    line_send(&line, 1, 1);
    line_wait(&line, 0, 1);
    return 0;
}

static unsigned
line_of(const char *path, const char *text)
{
    FILE *file = fopen(path, "r");
    char line[256];
    unsigned n = 0;

    CHECK(file);
    while (fgets(line, sizeof(line), file)) {
        n++;
        if (strstr(line, text)) {
            fclose(file);
            return n;
        }
    }
    test_fail(__FILE__, __LINE__, text);
}

static void
debug(struct child *child, const char *self, unsigned line)
{
    char stop[64];
    char *argv[] = {"gdb", "--batch", "-nx", "-ex", "set confirm off", "-ex",
        "set breakpoint pending on", "-ex", "set debuginfod enabled off", "-ex", stop, "-ex", "run",
        "-ex", "backtrace", "-ex", "info symbol $pc", "-ex", "kill", "--args", (char *)self,
        "debugged", NULL};

    snprintf(stop, sizeof(stop), "break twice.c:%u", line);
    child_run_program(child, argv, 50);
}

int
main(int argc, char **argv)
{
    static struct child child;
    const char *source = getenv("UNDIS_SOURCE");
    char path[512], expected[64], original[600];
    unsigned line;

    if (argc > 1)
        return be_debugged();
    if (!source || *undis_build_kind())
        return TEST_SKIP; /* a sanitizer under gdb is another matter */
    snprintf(path, sizeof(path), "%s/tests/drivers/twice/twice.c", source);
    line = line_of(path, "/* stop here */");
    debug(&child, argv[0], line);
    if (child.status == 127)
        return TEST_SKIP;
    snprintf(expected, sizeof(expected), "twice.c:%u", line);
    child_expect(&child, 0, expected);
    child_expect(&child, 0, "TwiceSend (");
    child_expect(&child, 0, "call_send (");
    child_expect(&child, 0, "call.c:");
    snprintf(original, sizeof(original), "of %s", test_driver_path("twice"));
    CHECK(strstr(child.text, "TwiceSend + ") || strstr(child.text, "TwiceSend in "));
    CHECK(strstr(child.text, original) == NULL);
    return 0;
}
