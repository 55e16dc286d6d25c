/* SPDX-License-Identifier: MIT */
/* A DPC queued at DISPATCH_LEVEL waits for the IRQL to fall, and has run when it has fallen. */
#include "nt.h"

static int runs;

static VOID
routine(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    CHECK(context == &runs && argument1 == dpc && argument2 == NULL);
    runs++;
}

static void
test(void *machine)
{
    KDPC dpc, high;
    KIRQL old;

    (void)machine;
    runs = 0;
    KeInitializeDpc(&dpc, routine, &runs);
    KeInitializeDpc(&high, routine, &runs);
    KeSetImportanceDpc(&high, HighImportance);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    CHECK(old == PASSIVE_LEVEL);
    CHECK(KeInsertQueueDpc(&dpc, &dpc, NULL));
    CHECK(!KeInsertQueueDpc(&dpc, NULL, NULL));
    CHECK(KeInsertQueueDpc(&high, &high, NULL));
    CHECK(KeRemoveQueueDpc(&high) && !KeRemoveQueueDpc(&high));
    CHECK(runs == 0);
    KeLowerIrql(old);
    CHECK(runs == 1 && KeGetCurrentIrql() == PASSIVE_LEVEL);
    CHECK(KeInsertQueueDpc(&dpc, &dpc, NULL));
    KeFlushQueuedDpcs();
    CHECK(runs == 2);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
