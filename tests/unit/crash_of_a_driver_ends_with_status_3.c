/* SPDX-License-Identifier: MIT */
/* A driver that crashes, calls KeBugCheck, stops for a debugger or breaks a rule ends the process with status 3 and a
 * report that names it; a DPC that comes after unload is such a rule. */
#include "nt.h"
#include "nt/crash.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int how;
static KTIMER timer;
static KDPC dpc;
static volatile int *volatile nowhere;

static VOID
late(PKDPC self, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)self;
    (void)context;
    (void)argument1;
    (void)argument2;
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    KIRQL old;

    (void)object;
    (void)path;
    switch (how) {
    case 0: return *nowhere;
    case 1: KeBugCheckEx(0xE2, 1, 2, 3, 4); break;
    case 2: KeRaiseIrql(DISPATCH_LEVEL, &old); return STATUS_SUCCESS;
    case 3: ExRaiseStatus(STATUS_DATA_ERROR); break;
    case 4:
        KeInitializeTimer(&timer);
        KeInitializeDpc(&dpc, late, NULL);
        KeSetTimer(&timer, milliseconds(1), &dpc);
        break;
    case 5: DbgBreakPoint(); break;
    default: break;
    }
    return STATUS_UNSUCCESSFUL;
}

static void
test(void *machine)
{
    LARGE_INTEGER pause = milliseconds(10000);
    struct driver *driver;

    CHECK(driver_add(machine, "bad", entry, &driver) == 0);
    driver_start(driver);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
}

static void
child_ends_with(const char *word, enum executive_kind kind)
{
    char text[2048] = "";
    int ends[2], status;
    ssize_t length;
    pid_t child;

    CHECK(pipe(ends) == 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        nt_run_in(kind, 0, 2, test);
        _exit(0);
    }
    close(ends[1]);
    length = read(ends[0], text, sizeof(text) - 1);
    CHECK(waitpid(child, &status, 0) == child);
    close(ends[0]);
    if (length <= 0 || !WIFEXITED(status) || WEXITSTATUS(status) != CRASH_STATUS ||
        !strstr(text, word)) {
        fprintf(
            stderr, "%s, kind %u: wait status 0x%x, and it wrote: %s\n", word, kind, status, text);
        exit(1);
    }
}

int
main(void)
{
    static const char *const words[] = {"bad: SIGSEGV", "bug check 0xE2", "irql-handler-restores",
        "exception", "st-no-callbacks-after-unload", "bad: SIGTRAP"};

    for (how = 0; how < 6; how++) {
        child_ends_with(words[how], EXECUTIVE_THREADS);
        child_ends_with(words[how], EXECUTIVE_SIMULATED);
    }
    return 0;
}
