/* SPDX-License-Identifier: MIT */
/* A DPC that is removed is not run, and one that runs has returned when its remover waits; inside
 * it the watchdog has no limit, outside there is nothing to ask about. */
#include "nt.h"

static LONG entered, left;

static VOID
routine(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    KDPC_WATCHDOG_INFORMATION information = {.DpcTimeLimit = 7, .DpcWatchdogLimit = 7};

    (void)dpc;
    (void)context;
    (void)argument1;
    (void)argument2;
    InterlockedIncrement(&entered);
    CHECK(KeQueryDpcWatchdogInformation(&information) == STATUS_SUCCESS);
    CHECK(information.DpcTimeLimit == 0 && information.DpcWatchdogLimit == 0);
    KeStallExecutionProcessor(50);
    InterlockedIncrement(&left);
}

static void
test(void *argument)
{
    struct undis *machine = argument;
    KDPC_WATCHDOG_INFORMATION information;
    KDPC dpc;
    KIRQL old;

    entered = left = 0;
    KeInitializeDpc(&dpc, routine, NULL);
    CHECK(KeQueryDpcWatchdogInformation(&information) == STATUS_UNSUCCESSFUL);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    CHECK(KeInsertQueueDpc(&dpc, NULL, NULL));
    CHECK(KeRemoveQueueDpcEx(&dpc, FALSE));
    CHECK(!KeRemoveQueueDpcEx(&dpc, FALSE));
    KeLowerIrql(old);
    CHECK(!KeRemoveQueueDpcEx(&dpc, TRUE));
    CHECK(entered == 0);
    KeSetTargetProcessorDpc(&dpc, (CCHAR)(machine->processor_count - 1));
    for (int i = 0; i < 50; i++) {
        LONG before = entered;

        KeInsertQueueDpc(&dpc, NULL, NULL);
        if (!KeRemoveQueueDpcEx(&dpc, TRUE))
            CHECK(entered == before + 1);
        CHECK(entered == left);
    }
}

int
main(void)
{
    nt_run(test);
    return 0;
}
