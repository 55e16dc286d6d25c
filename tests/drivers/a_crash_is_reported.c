/* SPDX-License-Identifier: MIT */
/* A driver that writes where nothing is ends the process with status 3; the report names the
 * driver, the function and the line.
 */
#include "child.h"
#include "machine.h"

/* TSan's runtime does not let a report be made inside a signal handler of an instrumented driver. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) && !defined(TSAN)
#define TSAN 1
#endif
#ifndef TSAN
#define TSAN 0
#endif

int
main(int argc, char **argv)
{
    static struct child child;

    if (TSAN)
        return TEST_SKIP;
    if (argc > 1 && argv[1]) {
        test_driver(test_machine(), "faults");
        return 0;
    }
    child_run(&child, "crash", 30);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "faults");
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "faults.c:10");
    return 0;
}
