/* SPDX-License-Identifier: MIT */
/* Caveat: the machine has 8 GiB. Pool beyond that is NULL, in one block or in many; the machine
 * goes on, and what was freed can be had again.
 */
#include "nt.h"
#include "nt/pool.h"

#define GIB  (1ull << 30)
#define MANY 16u
#define TAG  POOL_TAG('H', 'u', 'g', 'e')

static PVOID blocks[MANY];

/* A sanitizer takes a second over a block; nobody may compute for ten. */
static void
rest(void)
{
    LARGE_INTEGER pause = milliseconds(1);

    CHECK(KeDelayExecutionThread(KernelMode, FALSE, &pause) == STATUS_SUCCESS);
}

static unsigned
take(void)
{
    unsigned n = 0;

    while (n < MANY && (blocks[n] = ExAllocatePoolWithTag(NonPagedPool, GIB, TAG))) {
        n++;
        rest();
    }
    return n;
}

static void
give_back(unsigned n)
{
    while (n-- > 0) {
        ExFreePoolWithTag(blocks[n], TAG);
        rest();
    }
}

static void
test(void *machine)
{
    unsigned n;
    PVOID small;

    (void)machine;
    CHECK(!ExAllocatePoolWithTag(NonPagedPool, 8 * GIB, TAG));
    CHECK(!ExAllocatePoolWithTag(NonPagedPool, 9 * GIB, TAG));
    CHECK(!ExAllocatePoolWithTag(PagedPool, (SIZE_T)-1, TAG));
    n = take();
    CHECK(n >= 1 && n < 8);
    small = ExAllocatePoolWithTag(NonPagedPool, 100, TAG);
    CHECK(small);
    rest();
    ExFreePoolWithTag(small, TAG);
    give_back(n);
    CHECK(take() == n);
    give_back(n);
}

int
main(void)
{
    nt_run_in(EXECUTIVE_THREADS, 0, 2, test);
    nt_run_in(EXECUTIVE_SIMULATED, 0, 2, test);
    return 0;
}
