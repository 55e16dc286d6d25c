/* SPDX-License-Identifier: MIT */
/* See check.h. */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <undis.h>

static char present[256];

void
test_case(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(present, sizeof(present), format, arguments);
    va_end(arguments);
}

/* No atexit handlers: the machine may still run. */
static _Noreturn void
give_up(void)
{
    if (*present)
        fprintf(stderr, "in case: %s\n", present);
    fflush(NULL);
    _Exit(1);
}

void
test_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    give_up();
}

void
test_equal(const char *file, int line, const char *what, unsigned long long a, unsigned long long b)
{
    if (a == b)
        return;
    fprintf(stderr, "%s:%d: %s: %llu and %llu\n", file, line, what, a, b);
    give_up();
}

void
test_ok(const char *file, int line, const char *what, int error)
{
    if (!error)
        return;
    fprintf(stderr, "%s:%d: %s: %d, %s\n", file, line, what, error, undis_error());
    give_up();
}
