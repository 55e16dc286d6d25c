/* SPDX-License-Identifier: MIT */
/* sscanf: integers, characters, words and sets. No floating point; _s has a size behind each %s,
 * %c and %[. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *text; /* what is left of it */
    const char *start;
    const char *format; /* at the directive's letter, then behind it */
    size_t width;       /* 0: none given */
    unsigned size;      /* bytes of an integer */
    int quiet;          /* '*': nothing is stored */
    int safe;
};

static void
skip_space(struct scan *scan)
{
    while (isspace((unsigned char)*scan->text))
        scan->text++;
}

static void
read_directive(struct scan *scan)
{
    scan->quiet = *scan->format == '*';
    scan->format += scan->quiet;
    scan->width = 0;
    for (; isdigit((unsigned char)*scan->format); scan->format++)
        scan->width = scan->width * 10 + (size_t)(*scan->format - '0');
    scan->size = 4;
    for (;; scan->format++) {
        if (*scan->format == 'h')
            scan->size /= 2;
        else if (*scan->format == 'l' && scan->format[1] == 'l')
            scan->size = 8, scan->format++;
        else if (*scan->format == 'I' && scan->format[1] == '6' && scan->format[2] == '4')
            scan->size = 8, scan->format += 2;
        else if (*scan->format != 'l')
            return;
    }
}

static int
scan_integer(struct scan *scan, int base, int is_signed, void *to)
{
    char digits[72];
    char *end;
    size_t max = sizeof(digits) - 1;
    __UINT64_TYPE__ value;

    skip_space(scan);
    if (scan->width != 0 && scan->width < max)
        max = scan->width;
    strncpy(digits, scan->text, max);
    digits[max] = 0;
    value =
        is_signed ? (__UINT64_TYPE__)_strtoi64(digits, &end, base) : _strtoui64(digits, &end, base);
    if (end == digits)
        return 0;
    scan->text += end - digits;
    if (to != NULL)
        memcpy(to, &value, scan->size); /* little endian: the low bytes */
    return 1;
}

/* Whether @c belongs to the set that stands at @set, behind the '['. */
static int
in_set(const char *set, const char *end, char c)
{
    int invert = *set == '^', found = 0;
    const char *at;

    set += invert;
    for (at = set; at < end; at++) {
        if (at + 2 < end && at[1] == '-') {
            found |= (unsigned char)c >= (unsigned char)at[0] &&
                     (unsigned char)c <= (unsigned char)at[2];
            at += 2;
        } else {
            found |= c == *at;
        }
    }
    return found != invert;
}

static const char *
set_end(const char *set)
{
    set += *set == '^';
    set += *set == ']';
    while (*set != 0 && *set != ']')
        set++;
    return set;
}

/* %c, %s and %[: characters that belong. @capacity: with _s, of the buffer. */
static int
scan_text(struct scan *scan, char letter, const char *set, char *to, size_t capacity)
{
    const char *end = letter == '[' ? set_end(set) : set;
    size_t max = scan->width, count = 0;

    if (max == 0)
        max = letter == 'c' ? 1 : (size_t)-1;
    if (letter == 's')
        skip_space(scan);
    while (count < max && scan->text[count] != 0 &&
           (letter == 'c' || (letter == 's' && !isspace((unsigned char)scan->text[count])) ||
               (letter == '[' && in_set(set, end, scan->text[count]))))
        count++;
    if (count == 0 || (letter == 'c' && count < max) ||
        (to != NULL && count + (letter != 'c') > capacity))
        return 0;
    if (to != NULL) {
        memcpy(to, scan->text, count);
        if (letter != 'c')
            to[count] = 0;
    }
    scan->text += count;
    if (letter == '[')
        scan->format = *end == 0 ? end : end + 1;
    return 1;
}

static int
base_of(char letter)
{
    switch (letter) {
    case 'd':
    case 'u': return 10;
    case 'i': return 0;
    case 'o': return 8;
    default: return 16;
    }
}

/* A character of the format that is no directive: space skips space, the rest must be there. */
static int
scan_literal(struct scan *scan, char letter)
{
    if (isspace((unsigned char)letter)) {
        skip_space(scan);
        return 1;
    }
    scan->format += letter == '%';
    if (*scan->text != letter)
        return 0;
    scan->text++;
    return 1;
}

static int
scan_value(struct scan *scan, char letter, void *to, size_t capacity)
{
    if (strchr("cs[", letter) != NULL)
        return scan_text(scan, letter, scan->format, to, capacity);
    if (strchr("diuoxXp", letter) == NULL)
        return 0;
    scan->size = letter == 'p' ? 8 : scan->size;
    return scan_integer(scan, base_of(letter), letter == 'd' || letter == 'i', to);
}

static int
scan_all(struct scan *scan, va_list arguments)
{
    int count = 0;

    while (*scan->format != 0) {
        char letter = *scan->format++;
        void *to;
        size_t capacity = (size_t)-1;

        if (letter != '%' || *scan->format == '%') {
            if (!scan_literal(scan, letter))
                break;
            continue;
        }
        read_directive(scan);
        letter = *scan->format++;
        if (letter == 0)
            break;
        to = scan->quiet ? NULL : va_arg(arguments, void *);
        if (letter == 'n') {
            if (to != NULL)
                *(int *)to = (int)(scan->text - scan->start);
            continue;
        }
        if (strchr("cs[", letter) != NULL && to != NULL && scan->safe)
            capacity = va_arg(arguments, unsigned);
        if (!scan_value(scan, letter, to, capacity))
            break;
        count += to != NULL;
    }
    return count == 0 && *scan->text == 0 ? -1 : count;
}

int
sscanf(const char *text, const char *format, ...)
{
    struct scan scan = {.text = text, .start = text, .format = format};
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = scan_all(&scan, arguments);
    va_end(arguments);
    return count;
}

int
sscanf_s(const char *text, const char *format, ...)
{
    struct scan scan = {.text = text, .start = text, .format = format, .safe = 1};
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = scan_all(&scan, arguments);
    va_end(arguments);
    return count;
}
