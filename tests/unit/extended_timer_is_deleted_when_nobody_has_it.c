/* SPDX-License-Identifier: MIT */
/* An EX_TIMER expires as set, once or by period, wakes who waits, and goes when its last call has
 * returned: deleted while set, by its own callback, or waited for. */
#include "nt.h"

static LONG calls, deleted;
static BOOLEAN deletes_itself;
static KEVENT enough;

static VOID
gone(PVOID context)
{
    CHECK(context == &deleted);
    InterlockedIncrement(&deleted);
}

static VOID
expired(PEX_TIMER timer, PVOID context)
{
    EXT_DELETE_PARAMETERS parameters;

    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL && context == &calls);
    if (InterlockedIncrement(&calls) == 3)
        KeSetEvent(&enough, 0, FALSE);
    if (deletes_itself) {
        ExInitializeDeleteTimerParameters(&parameters);
        parameters.DeleteCallback = gone;
        parameters.DeleteContext = &deleted;
        CHECK(!ExDeleteTimer(timer, FALSE, FALSE, &parameters));
        KeSetEvent(&enough, 0, FALSE);
    }
}

static void
periodic_calls_again(struct undis *machine)
{
    uint64_t start = executive_now(machine->executive);
    PEX_TIMER timer = ExAllocateTimer(expired, &calls, EX_TIMER_HIGH_RESOLUTION);
    EXT_DELETE_PARAMETERS parameters;
    LONG after;

    calls = deleted = 0;
    CHECK(timer);
    CHECK(!ExSetTimer(timer, -1000000, 0, NULL)); /* 100 ms */
    CHECK(ExSetTimer(timer, -5000, 2500, NULL));  /* 500 us, then every 250 us */
    KeWaitForSingleObject(&enough, Executive, KernelMode, FALSE, NULL);
    CHECK(executive_now(machine->executive) - start >= 1000000);
    ExInitializeDeleteTimerParameters(&parameters);
    parameters.DeleteCallback = gone;
    parameters.DeleteContext = &deleted;
    CHECK(ExDeleteTimer(timer, TRUE, TRUE, &parameters));
    after = calls;
    CHECK(deleted == 1 && after >= 3);
    KeFlushQueuedDpcs();
    CHECK(calls == after);
}

static void
wakes_who_waits(void)
{
    PEX_TIMER timer = ExAllocateTimer(NULL, NULL, EX_TIMER_NOTIFICATION);

    CHECK(!ExSetTimer(timer, -20000, 0, NULL));
    CHECK(KeWaitForSingleObject(timer, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(KeWaitForSingleObject(timer, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(!ExCancelTimer(timer, NULL));
    CHECK(!ExSetTimer(timer, -100000000, 0, NULL));
    CHECK(ExCancelTimer(timer, NULL));
    CHECK(!ExDeleteTimer(timer, TRUE, TRUE, NULL));
}

static void
goes_when_it_has_expired(void)
{
    PEX_TIMER timer = ExAllocateTimer(expired, &calls, 0);
    EXT_DELETE_PARAMETERS parameters;

    calls = 2;
    deleted = 0;
    KeClearEvent(&enough);
    ExInitializeDeleteTimerParameters(&parameters);
    parameters.DeleteCallback = gone;
    parameters.DeleteContext = &deleted;
    CHECK(!ExSetTimer(timer, -20000, 20000, NULL));
    CHECK(!ExDeleteTimer(timer, FALSE, FALSE, &parameters));
    KeWaitForSingleObject(&enough, Executive, KernelMode, FALSE, NULL);
    KeFlushQueuedDpcs();
    CHECK(calls == 3 && deleted == 1);
}

static void
may_delete_itself(void)
{
    PEX_TIMER timer = ExAllocateTimer(expired, &calls, 0);

    deleted = 0;
    deletes_itself = TRUE;
    KeClearEvent(&enough);
    CHECK(!ExSetTimer(timer, -20000, 0, NULL));
    KeWaitForSingleObject(&enough, Executive, KernelMode, FALSE, NULL);
    KeFlushQueuedDpcs();
    CHECK(deleted == 1);
    deletes_itself = FALSE;
}

static void
test(void *argument)
{
    KeInitializeEvent(&enough, NotificationEvent, FALSE);
    periodic_calls_again(argument);
    wakes_who_waits();
    goes_when_it_has_expired();
    may_delete_itself();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
