/* SPDX-License-Identifier: MIT */
/* Clocks: all of them count executive_now, which is virtual when the machine is simulated.
 * Drivers read clocks in loops, so each reading offers to let somebody else run. */
#include "nt/gate.h"
#include <errno.h>

/* 100 ns units per tick: 1/64 s. */
#define TIME_INCREMENT 156250
/* Counts per second of the performance counter. */
#define PERFORMANCE_FREQUENCY 10000000

static uint64_t
units_now(void)
{
    struct undis *machine = machine_self();

    yield_point(YIELD_INTERLOCKED, NULL);
    return executive_now(machine->executive) / 100;
}

/*
 * KeQuerySystemTime - the time of day
 *
 * @CurrentTime: gets the time.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 100 ns since 1601.
 * Source:    NF:wdm.KeQuerySystemTime
 */
VOID
KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
    CurrentTime->QuadPart = (LONGLONG)(machine_self()->boot_time + units_now());
}

/*
 * KeQuerySystemTimePrecise - the time of day
 *
 * @CurrentTime: gets the time.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 100 ns since 1601.
 * Source:    NF:wdm.KeQuerySystemTimePrecise
 */
VOID
KeQuerySystemTimePrecise(PLARGE_INTEGER CurrentTime)
{
    KeQuerySystemTime(CurrentTime);
}

/*
 * KeQueryInterruptTime - the time since the machine started
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; in 100 ns.
 * Source:    NF:wdm.KeQueryInterruptTime
 */
ULONGLONG
KeQueryInterruptTime(VOID)
{
    return units_now();
}

/*
 * KeQueryInterruptTimePrecise - the time since the machine started, and the counter with it
 *
 * @QpcTimeStamp: gets the performance counter.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; in 100 ns.
 * Source:    NF:wdm.KeQueryInterruptTimePrecise
 */
ULONGLONG
KeQueryInterruptTimePrecise(PULONG64 QpcTimeStamp)
{
    ULONGLONG now = units_now();

    *QpcTimeStamp = now;
    return now;
}

/*
 * KeQueryUnbiasedInterruptTime - the time the machine was awake
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; in 100 ns. It never sleeps.
 * Source:    NF:wdm.KeQueryUnbiasedInterruptTime
 */
ULONGLONG
KeQueryUnbiasedInterruptTime(VOID)
{
    return units_now();
}

/*
 * KeQueryTickCount - ticks since the machine started
 *
 * @CurrentCount: gets the count.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; see KeQueryTimeIncrement.
 * Source:    NF:wdm.KeQueryTickCount
 */
VOID
KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
    CurrentCount->QuadPart = (LONGLONG)(units_now() / TIME_INCREMENT);
}

/*
 * KeQueryTimeIncrement - how long a tick is
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; in 100 ns.
 * Source:    NF:wdm.KeQueryTimeIncrement
 */
ULONG
KeQueryTimeIncrement(VOID)
{
    return TIME_INCREMENT;
}

/*
 * ExSetTimerResolution - asks for timers that are finer than a tick, or for that no longer
 *
 * @DesiredTime: 100 ns; with FALSE not used.
 * @SetResolution: TRUE: from now on; FALSE: no longer.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; answers the resolution now, 100 ns. Timers are never bound to ticks: any wish for
 *            less than a tick is true already.
 * Source:    NF:wdm.ExSetTimerResolution
 */
ULONG
ExSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution)
{
    gate_require_irql(APC_LEVEL, "ExSetTimerResolution");
    return SetResolution && DesiredTime < TIME_INCREMENT ? DesiredTime : TIME_INCREMENT;
}

/*
 * KeQueryPerformanceCounter - the finest clock
 *
 * @PerformanceFrequency: gets counts per second, or NULL.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeQueryPerformanceCounter
 */
LARGE_INTEGER
KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
    if (PerformanceFrequency)
        PerformanceFrequency->QuadPart = PERFORMANCE_FREQUENCY;
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)units_now()};
}

/*
 * KeStallExecutionProcessor - spends time without giving up the processor
 *
 * @MicroSeconds: at most 50.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeStallExecutionProcessor
 */
VOID
KeStallExecutionProcessor(ULONG MicroSeconds)
{
    struct undis *machine = machine_self();
    uint64_t end = executive_now(machine->executive) + MicroSeconds * 1000ull;
    uint32_t word = 0;

    if (machine->simulated)
        while (executive_wait(machine->executive, &word, 0, end) != -ETIMEDOUT)
            continue;
    else
        while (executive_now(machine->executive) < end)
            __builtin_ia32_pause();
}
