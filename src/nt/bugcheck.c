/* SPDX-License-Identifier: MIT */
/* Bug checks, assertions and breakpoints: a driver, or the core on its behalf, says it is over. */
#include "nt/crash.h"
#include "nt/gate.h"
#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX 512

/* @driver: NULL: the one that runs. */
__attribute__((noreturn, format(printf, 4, 0))) static void
end(struct driver *driver, const char *rule, const void *code, const char *format,
    va_list arguments)
{
    char text[TEXT_MAX];
    struct crash crash = {.rule = rule, .text = text, .code = code, .driver = driver};

    vsnprintf(text, sizeof(text), format, arguments);
    crash_end(&crash);
}

void
gate_bug_check(const char *rule, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    end(NULL, rule, __builtin_return_address(0), format, arguments);
    /* cppcheck-suppress va_end_missing ; end does not return */
}

void
gate_bug_check_of(struct driver *driver, const char *rule, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    end(driver, rule, __builtin_return_address(0), format, arguments);
    /* cppcheck-suppress va_end_missing ; end does not return */
}

void
gate_hang(const char *rule, const char *text)
{
    struct crash crash = {
        .rule = rule, .text = text, .code = __builtin_return_address(0), .status = HANG_STATUS};

    crash_end(&crash);
}

__attribute__((noreturn, format(printf, 2, 3))) static void
stop(const void *code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    end(NULL, NULL, code, format, arguments);
    /* cppcheck-suppress va_end_missing ; end does not return */
}

/*
 * KeBugCheckEx - the driver ends the run
 *
 * @BugCheckCode: any number.
 * @BugCheckParameter1: any.
 * @BugCheckParameter2: any.
 * @BugCheckParameter3: any.
 * @BugCheckParameter4: any.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; report and exit status 3.
 * Source:    NF:wdm.KeBugCheckEx
 */
VOID
KeBugCheckEx(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1, ULONG_PTR BugCheckParameter2,
    ULONG_PTR BugCheckParameter3, ULONG_PTR BugCheckParameter4)
{
    stop(__builtin_return_address(0), "bug check 0x%X (0x%zX, 0x%zX, 0x%zX, 0x%zX)", BugCheckCode,
        BugCheckParameter1, BugCheckParameter2, BugCheckParameter3, BugCheckParameter4);
}

/*
 * KeBugCheck - the driver ends the run
 *
 * @BugCheckCode: any number.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; report and exit status 3.
 * Source:    NF:ntddk.KeBugCheck
 */
VOID
KeBugCheck(ULONG BugCheckCode)
{
    stop(__builtin_return_address(0), "bug check 0x%X", BugCheckCode);
}

/*
 * RtlAssert - an assertion of the driver does not hold
 *
 * @VoidFailedAssertion: text of the expression.
 * @VoidFileName: source file.
 * @LineNumber: source line.
 * @MutableMessage: more text, or NULL.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; report and exit status 3.
 * Source:    undocumented; what RTL_ASSERT and ASSERT call.
 */
VOID
RtlAssert(PVOID VoidFailedAssertion, PVOID VoidFileName, ULONG LineNumber, PSTR MutableMessage)
{
    stop(__builtin_return_address(0), "assertion failed: %s%s%s (%s:%u)",
        (const char *)VoidFailedAssertion, MutableMessage ? ": " : "",
        MutableMessage ? MutableMessage : "", (const char *)VoidFileName, LineNumber);
}

/*
 * undis_assertion_failed - an assertion of the driver does not hold
 *
 * @Expression: text of the expression.
 * @File: source file.
 * @Line: source line.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; report and exit status 3.
 * Source:    include/km/undis/rtl.h
 */
VOID
undis_assertion_failed(PCSTR Expression, PCSTR File, ULONG Line)
{
    stop(__builtin_return_address(0), "assertion failed: %s (%s:%u)", Expression, File, Line);
}

/*
 * RtlFailFast - the driver ends the run at once
 *
 * @Code: FAST_FAIL_*.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; report and exit status 3.
 * Source:    undocumented
 */
VOID
RtlFailFast(ULONG Code)
{
    stop(__builtin_return_address(0), "fail fast %u%s", Code,
        Code == FAST_FAIL_CORRUPT_LIST_ENTRY
            ? ": the links of a list do not lead back; an entry was removed twice, freed or not "
              "initialized, or changed without its lock"
            : "");
}

/* A breakpoint without a debugger is a bug check on Windows. */
/*
 * DbgBreakPoint - stops in the debugger
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; without a debugger the run ends with a report.
 * Source:    NF:wdm.DbgBreakPoint
 */
VOID
DbgBreakPoint(VOID)
{
    __asm__ __volatile__("int3");
}

/*
 * DbgBreakPointWithStatus - stops in the debugger
 *
 * @Status: NTSTATUS of the exception or of the break.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; without a debugger the run ends with a report.
 * Source:    NF:wdm.DbgBreakPointWithStatus
 */
VOID
DbgBreakPointWithStatus(ULONG Status)
{
    (void)Status;
    __asm__ __volatile__("int3");
}
