/* SPDX-License-Identifier: MIT */
/* A line that two devices share calls both drivers' routines until one says it was its device; a
 * routine never runs beside what KeSynchronizeExecution calls, and not after it was disconnected.
 */
#include "device.h"

#define ROUNDS 20

struct side {
    struct bus_device *device;
    PKINTERRUPT interrupt;
    uint32_t due;    /* [A] the device wants something */
    uint32_t served; /* [A] */
    uint32_t others; /* [A] asked, but it was not ours */
    uint32_t inside; /* [A] */
};

static BOOLEAN
routine(PKINTERRUPT interrupt, PVOID context)
{
    struct side *side = context;

    CHECK(interrupt == side->interrupt || !side->interrupt);
    CHECK(KeGetCurrentIrql() == BUS_DIRQL);
    CHECK(__atomic_exchange_n(&side->inside, 1, __ATOMIC_SEQ_CST) == 0);
    yield_point(YIELD_CALL, side);
    __atomic_store_n(&side->inside, 0, __ATOMIC_SEQ_CST);
    if (!__atomic_exchange_n(&side->due, 0, __ATOMIC_SEQ_CST)) {
        __atomic_fetch_add(&side->others, 1, __ATOMIC_SEQ_CST);
        return FALSE;
    }
    bus_line(side->device, false);
    __atomic_fetch_add(&side->served, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static BOOLEAN
alone(PVOID context)
{
    struct side *side = context;

    CHECK(KeGetCurrentIrql() == BUS_DIRQL);
    CHECK(__atomic_exchange_n(&side->inside, 1, __ATOMIC_SEQ_CST) == 0);
    yield_point(YIELD_CALL, side);
    __atomic_store_n(&side->inside, 0, __ATOMIC_SEQ_CST);
    return TRUE;
}

static void
want(struct side *side)
{
    __atomic_store_n(&side->due, 1, __ATOMIC_SEQ_CST);
    bus_line(side->device, true);
}

static void
wait_for(const uint32_t *word, uint32_t value)
{
    LARGE_INTEGER pause = milliseconds(1);

    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) < value)
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
}

static NTSTATUS
connect(struct side *side, ULONG vector, BOOLEAN shared)
{
    return IoConnectInterrupt(&side->interrupt, routine, side, NULL, vector, BUS_DIRQL, BUS_DIRQL,
        LevelSensitive, shared, KeQueryActiveProcessors(), FALSE);
}

static void
test(void *machine)
{
    struct side a = {0}, b = {0}, c = {0};
    ULONG vector;

    a.device = device_make(machine, 2, 0);
    b.device = device_make(machine, 2, 0);
    vector = a.device->line->number;
    CHECK(b.device->line == a.device->line);
    CHECK(connect(&a, vector, TRUE) == STATUS_SUCCESS);
    CHECK(connect(&c, vector, FALSE) == STATUS_INVALID_PARAMETER);
    CHECK(c.interrupt == NULL);
    CHECK(connect(&c, vector + BUS_LINES, TRUE) == STATUS_INVALID_PARAMETER);
    CHECK(connect(&b, vector, TRUE) == STATUS_SUCCESS);
    for (uint32_t i = 1; i <= ROUNDS; i++) {
        want(&a);
        want(&b);
        CHECK(KeSynchronizeExecution(a.interrupt, alone, &a));
        wait_for(&a.served, i);
        wait_for(&b.served, i);
    }
    CHECK(a.served == ROUNDS && b.served == ROUNDS && a.others > 0);
    IoDisconnectInterrupt(a.interrupt);
    want(&a);
    want(&b);
    wait_for(&b.served, ROUNDS + 1);
    CHECK(a.served == ROUNDS);
    bus_line(a.device, false);
    IoDisconnectInterrupt(b.interrupt);
    bus_remove(a.device);
    bus_remove(b.device);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
