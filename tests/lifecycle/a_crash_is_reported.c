/* SPDX-License-Identifier: MIT */
/* A driver that writes where nothing is ends the process with status 3; the report names the
 * driver, the function and the line. So it does when the host program's own sink for reports
 * crashes, never comes back, or ends the process itself.
 */
#include "child.h"
#include "machine.h"

#include <stdlib.h>
#include <string.h>

static void
crashes(void *context, const struct undis_report *report)
{
    *(volatile char *)context = report->text[0];
}

static void
stays(void *context, const struct undis_report *report)
{
    volatile bool *over = context;

    while (report->text[0] && !*over)
        ;
}

static void
leaves(void *context, const struct undis_report *report)
{
    (void)context;
    exit(strstr(report->text, "SIGSEGV in faults") ? 11 : 12);
}

static void
crash(const char *sink)
{
    static volatile bool over;
    struct undis_config config = test_config();

    config.report = NULL;
    if (strcmp(sink, "crashes") == 0) {
        config.report = crashes;
        config.report_context = (void *)0x20;
    } else if (strcmp(sink, "stays") == 0) {
        config.report = stays;
        config.report_context = (void *)&over;
    } else if (strcmp(sink, "leaves") == 0) {
        config.report = leaves;
    }
    test_driver(test_machine_with(&config), "faults");
}

int
main(int argc, char **argv)
{
    static const char *const sinks[] = {"none", "crashes", "stays"};
    static struct child child;

    if (argc > 1 && argv[1]) {
        crash(argv[1]);
        return 0;
    }
    for (unsigned k = 0; k < 3; k++) {
        child_run(&child, sinks[k], 50);
        child_expect(&child, UNDIS_EXIT_BUG_CHECK, "SIGSEGV in faults: the driver crashed");
        child_expect(&child, UNDIS_EXIT_BUG_CHECK, "faults.c:10");
    }
    /* ThreadSanitizer has a last word at exit. */
    child_run(&child, "leaves", 50);
    if (strcmp(undis_build_kind(), "tsan") != 0)
        child_expect(&child, 11, "");
    return 0;
}
