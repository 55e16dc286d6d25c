/* SPDX-License-Identifier: MIT */
/* A driver that waits in a loop ends the process with the report of its rule and its name: below
 * DISPATCH_LEVEL ev-no-busy-wait, from there on wd-dpc-time; and what it owes. */
#include "lib/child.h"
#include "lib/machine.h"

#include <ntddk.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static volatile ULONG never;

static NTSTATUS
spins(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    while (never == 0)
        ;
    return STATUS_SUCCESS;
}

static NTSTATUS
spins_at_dispatch(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    spins(DriverObject, RegistryPath);
    KeLowerIrql(irql);
    return STATUS_SUCCESS;
}

static void
report(void *context, const struct undis_report *r)
{
    char line[256];
    int n = snprintf(line, sizeof(line), "rule=%s driver=%s\n", r->rule ? r->rule : "-",
        r->driver ? r->driver : "-");

    (void)context;
    if (write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
    for (unsigned k = 0; k < r->obligation_count; k++) {
        const struct undis_obligation *row = &r->obligations[k];

        n = snprintf(line, sizeof(line), "%s: %s: %s\n", row->owes, row->to, row->what);
        if (write(STDOUT_FILENO, line, (size_t)n) != n)
            _exit(1);
    }
}

static int
run(const char *how)
{
    struct undis_config config = test_config();
    struct undis_driver *driver;

    config.report = report;
    config.patience_ms = 1500;
    undis_driver_add(test_machine_with(&config), "wrong",
        (int32_t(*)(void *, void *))(strcmp(how, "high") == 0 ? spins_at_dispatch : spins),
        &driver);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    if (argc > 1)
        return run(argv[1]);
    /* In threads a loop takes its processor and no more; TSan holds the watchdog's signal back. */
    if (!test_simulated() || TSAN)
        return 77;
    child_run(&child, "low", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "rule=ev-no-busy-wait driver=wrong\n");
    child_expect(&child, UNDIS_EXIT_HANG, "driver wrong: NDIS: to return from DriverEntry\n");
    child_run(&child, "high", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "rule=wd-dpc-time driver=wrong\n");
    return 0;
}
