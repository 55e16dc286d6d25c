/* SPDX-License-Identifier: MIT */
/* Caveat: with DBG, PAGED_CODE above APC_LEVEL ends the process with status 3 and names the place;
 * up to APC_LEVEL it says nothing. Pageable memory is there at any IRQL.
 */
#undef DBG
#define DBG 1

#include "lib/child.h"
#include "nt.h"
#include "nt/crash.h"
#include "nt/pool.h"
#include <string.h>

#define TAG POOL_TAG('P', 'a', 'g', 'd')

static bool wrong;

static void
test(void *machine)
{
    volatile char *paged = ExAllocatePoolWithTag(PagedPool, PAGE_SIZE, TAG);
    KIRQL old;

    (void)machine;
    CHECK(paged);
    PAGED_CODE();
    KeRaiseIrql(APC_LEVEL, &old);
    PAGED_CODE();
    KeLowerIrql(old);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    paged[0] = 1;
    if (wrong)
        PAGED_CODE();
    KeLowerIrql(old);
    ExFreePoolWithTag((void *)paged, TAG);
}

int
main(int argc, char **argv)
{
    static const char *const kinds[] = {
        [EXECUTIVE_THREADS] = "threads", [EXECUTIVE_SIMULATED] = "simulated"};
    static struct child child;

    wrong = argc > 1;
    for (unsigned kind = 0; kind < 2; kind++) {
        if (wrong && strcmp(argv[1], kinds[kind]) != 0)
            continue;
        nt_run_in((enum executive_kind)kind, 0, 2, test);
        if (wrong)
            return 0;
        child_run(&child, kinds[kind], 30);
        child_expect(&child, CRASH_STATUS, "PAGED_CODE: IRQL <= APC_LEVEL");
    }
    return 0;
}
