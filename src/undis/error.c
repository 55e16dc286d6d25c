/* SPDX-License-Identifier: MIT */
/* undis_error: what went wrong last in this thread. */
#include "undis/error.h"
#include <stdarg.h>
#include <stdio.h>
#include <undis.h>

static __thread char sentence[4096];

int
undis_fail(int error, const char *format, ...)
{
    char text[sizeof(sentence)]; /* the arguments may hold the last sentence */
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    __builtin_memcpy(sentence, text, sizeof(sentence));
    return error;
}

const char *
undis_error(void)
{
    return sentence;
}
