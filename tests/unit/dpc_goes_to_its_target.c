/* SPDX-License-Identifier: MIT */
/* A DPC with a target runs on that processor, and KeFlushQueuedDpcs waits for it. */
#include "nt.h"

static ULONG ran_on[4];

static VOID
routine(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)dpc;
    (void)argument1;
    (void)argument2;
    *(ULONG *)context = KeGetCurrentProcessorNumberEx(NULL);
}

static void
test(void *machine)
{
    KDPC dpcs[4];

    (void)machine;
    for (ULONG k = 0; k < KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS); k++) {
        PROCESSOR_NUMBER number;

        ran_on[k] = 99;
        CHECK(KeGetProcessorNumberFromIndex(k, &number) == STATUS_SUCCESS);
        KeInitializeDpc(&dpcs[k], routine, &ran_on[k]);
        CHECK(KeSetTargetProcessorDpcEx(&dpcs[k], &number) == STATUS_SUCCESS);
        CHECK(KeInsertQueueDpc(&dpcs[k], NULL, NULL));
    }
    KeFlushQueuedDpcs();
    for (ULONG k = 0; k < KeQueryActiveProcessorCount(NULL); k++)
        CHECK(ran_on[k] == k);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
