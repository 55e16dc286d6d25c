/* SPDX-License-Identifier: MIT */
/* The printf family over the formatter.
 *
 *     sprintf                  no bound                          the length
 *     snprintf                 bound counts the terminator       the length it would have
 *     _snprintf                no terminator when it is full     -1 when it did not fit
 *     sprintf_s, _snprintf_s   always a terminator               -1 when it did not fit
 */
#include "crt/format.h"
#include <stdio.h>

#define UNBOUNDED ((size_t)-1 / 4)

static void
terminate(const struct format_sink *sink, size_t at)
{
    if (sink->wide)
        ((wchar_t *)sink->buffer)[at] = 0;
    else
        ((char *)sink->buffer)[at] = 0;
}

static void
run(struct format_sink *sink, const void *format, va_list arguments)
{
    if (sink->wide)
        undis_format_wide(sink, format, arguments);
    else
        undis_format(sink, format, arguments);
}

/* _snprintf: @limit characters, a terminator when there is room for one. */
static int
print_limit(void *to, size_t limit, int wide, const void *format, va_list arguments)
{
    struct format_sink sink = {to, limit, 0, wide};

    run(&sink, format, arguments);
    if (sink.count < limit)
        terminate(&sink, sink.count);
    return sink.count > limit ? -1 : (int)sink.count;
}

/* _snprintf_s: at most @limit characters of @capacity, always a terminator. */
static int
print_safe(void *to, size_t capacity, size_t limit, int wide, const void *format, va_list arguments)
{
    struct format_sink sink = {to, 0, 0, wide};

    if (to == NULL || capacity == 0)
        return -1;
    sink.size = limit < capacity - 1 ? limit : capacity - 1;
    run(&sink, format, arguments);
    terminate(&sink, sink.count < sink.size ? sink.count : sink.size);
    return sink.count > sink.size ? -1 : (int)sink.count;
}

/* sprintf_s: as print_safe, but what does not fit leaves nothing. */
static int
print_whole(void *to, size_t capacity, int wide, const void *format, va_list arguments)
{
    int count = print_safe(to, capacity, UNBOUNDED, wide, format, arguments);
    struct format_sink sink = {to, 0, 0, wide};

    if (count < 0 && to != NULL && capacity != 0)
        terminate(&sink, 0);
    return count;
}

#define WITH_ARGUMENTS(last, call)                                                                 \
    va_list arguments;                                                                             \
    int count;                                                                                     \
                                                                                                   \
    va_start(arguments, last);                                                                     \
    count = call;                                                                                  \
    va_end(arguments);                                                                             \
    return count

int
vsprintf(char *to, const char *format, va_list arguments)
{
    return print_limit(to, UNBOUNDED, 0, format, arguments);
}

int
sprintf(char *to, const char *format, ...)
{
    WITH_ARGUMENTS(format, vsprintf(to, format, arguments));
}

int
vsprintf_s(char *to, size_t capacity, const char *format, va_list arguments)
{
    return print_whole(to, capacity, 0, format, arguments);
}

int
sprintf_s(char *to, size_t capacity, const char *format, ...)
{
    WITH_ARGUMENTS(format, vsprintf_s(to, capacity, format, arguments));
}

int
vsnprintf(char *to, size_t capacity, const char *format, va_list arguments)
{
    struct format_sink sink = {to, capacity == 0 ? 0 : capacity - 1, 0, 0};

    run(&sink, format, arguments);
    if (capacity != 0)
        terminate(&sink, sink.count < sink.size ? sink.count : sink.size);
    return (int)sink.count;
}

int
snprintf(char *to, size_t capacity, const char *format, ...)
{
    WITH_ARGUMENTS(format, vsnprintf(to, capacity, format, arguments));
}

int
_vsnprintf(char *to, size_t limit, const char *format, va_list arguments)
{
    return print_limit(to, limit, 0, format, arguments);
}

int
_snprintf(char *to, size_t limit, const char *format, ...)
{
    WITH_ARGUMENTS(format, _vsnprintf(to, limit, format, arguments));
}

int
_vsnprintf_s(char *to, size_t capacity, size_t limit, const char *format, va_list arguments)
{
    return print_safe(to, capacity, limit, 0, format, arguments);
}

int
_snprintf_s(char *to, size_t capacity, size_t limit, const char *format, ...)
{
    WITH_ARGUMENTS(format, _vsnprintf_s(to, capacity, limit, format, arguments));
}

int
swprintf(wchar_t *to, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, print_limit(to, UNBOUNDED, 1, format, arguments));
}

int
vswprintf_s(wchar_t *to, size_t capacity, const wchar_t *format, va_list arguments)
{
    return print_whole(to, capacity, 1, format, arguments);
}

int
swprintf_s(wchar_t *to, size_t capacity, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, vswprintf_s(to, capacity, format, arguments));
}

int
_vsnwprintf(wchar_t *to, size_t limit, const wchar_t *format, va_list arguments)
{
    return print_limit(to, limit, 1, format, arguments);
}

int
_snwprintf(wchar_t *to, size_t limit, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, _vsnwprintf(to, limit, format, arguments));
}

int
_snwprintf_s(wchar_t *to, size_t capacity, size_t limit, const wchar_t *format, ...)
{
    WITH_ARGUMENTS(format, print_safe(to, capacity, limit, 1, format, arguments));
}
