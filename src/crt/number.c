/* SPDX-License-Identifier: MIT */
/* Text to numbers and back. `long` is 32 bits on Windows: what is declared long there is int here.
 * Overflow saturates, as documented; there is no errno. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* Digits of @base of a narrow or a wide text. */
struct number_text {
    const void *units;
    int wide;
    size_t at;
};

static unsigned
number_peek(const struct number_text *text)
{
    if (text->wide)
        return ((const wchar_t *)text->units)[text->at];
    return ((const unsigned char *)text->units)[text->at];
}

static unsigned
digit_value(unsigned unit)
{
    if (unit >= '0' && unit <= '9')
        return unit - '0';
    if (unit >= 'a' && unit <= 'z')
        return unit - 'a' + 10;
    if (unit >= 'A' && unit <= 'Z')
        return unit - 'A' + 10;
    return UINT_MAX;
}

static unsigned
read_base(struct number_text *text, unsigned base)
{
    struct number_text next = *text;
    unsigned letter;

    if (number_peek(text) != '0' || (base != 0 && base != 16))
        return base != 0 ? base : 10;
    next.at++;
    letter = number_peek(&next);
    next.at++;
    if ((letter == 'x' || letter == 'X') && digit_value(number_peek(&next)) < 16) {
        *text = next;
        return 16;
    }
    return base != 0 ? base : 8;
}

/*
 * The magnitude, capped at @max; *@negative tells a minus sign. The text is left at its end, or at
 * its beginning when there are no digits.
 */
static __UINT64_TYPE__
read_magnitude(struct number_text *text, unsigned base, __UINT64_TYPE__ max, int *negative)
{
    __UINT64_TYPE__ value = 0;
    size_t start = text->at, digits;
    int full = 0;

    *negative = 0;
    while (isspace((int)number_peek(text)))
        text->at++;
    if (number_peek(text) == '-' || number_peek(text) == '+')
        *negative = number_peek(text) == '-', text->at++;
    base = read_base(text, base);
    digits = text->at;
    for (; digit_value(number_peek(text)) < base; text->at++) {
        unsigned digit = digit_value(number_peek(text));

        if (value > (max - digit) / base)
            full = 1;
        else
            value = value * base + digit;
    }
    if (digits == text->at)
        text->at = start;
    return full ? max : value;
}

static __INT64_TYPE__
read_signed(struct number_text *text, unsigned base, __UINT64_TYPE__ max)
{
    int negative;
    __UINT64_TYPE__ value = read_magnitude(text, base, max + 1, &negative);

    if (negative)
        return (__INT64_TYPE__)(0 - value);
    return (__INT64_TYPE__)(value > max ? max : value);
}

static __UINT64_TYPE__
read_unsigned(struct number_text *text, unsigned base, __UINT64_TYPE__ max)
{
    int negative;
    __UINT64_TYPE__ value = read_magnitude(text, base, max, &negative);

    return negative ? (0 - value) & max : value;
}

int
strtol(const char *string, char **end, int base)
{
    struct number_text text = {string, 0, 0};
    int value = (int)read_signed(&text, (unsigned)base, INT_MAX);

    if (end != NULL)
        *end = (char *)(size_t)string + text.at;
    return value;
}

unsigned
strtoul(const char *string, char **end, int base)
{
    struct number_text text = {string, 0, 0};
    unsigned value = (unsigned)read_unsigned(&text, (unsigned)base, UINT_MAX);

    if (end != NULL)
        *end = (char *)(size_t)string + text.at;
    return value;
}

__INT64_TYPE__
_strtoi64(const char *string, char **end, int base)
{
    struct number_text text = {string, 0, 0};
    __INT64_TYPE__ value = read_signed(&text, (unsigned)base, 0x7fffffffffffffff);

    if (end != NULL)
        *end = (char *)(size_t)string + text.at;
    return value;
}

__UINT64_TYPE__
_strtoui64(const char *string, char **end, int base)
{
    struct number_text text = {string, 0, 0};
    __UINT64_TYPE__ value = read_unsigned(&text, (unsigned)base, 0xffffffffffffffff);

    if (end != NULL)
        *end = (char *)(size_t)string + text.at;
    return value;
}

int
wcstol(const wchar_t *string, wchar_t **end, int base)
{
    struct number_text text = {string, 1, 0};
    int value = (int)read_signed(&text, (unsigned)base, INT_MAX);

    if (end != NULL)
        *end = (wchar_t *)(size_t)string + text.at;
    return value;
}

unsigned
wcstoul(const wchar_t *string, wchar_t **end, int base)
{
    struct number_text text = {string, 1, 0};
    unsigned value = (unsigned)read_unsigned(&text, (unsigned)base, UINT_MAX);

    if (end != NULL)
        *end = (wchar_t *)(size_t)string + text.at;
    return value;
}

int
atoi(const char *string)
{
    return strtol(string, NULL, 10);
}

int
atol(const char *string)
{
    return strtol(string, NULL, 10);
}

int
_wtoi(const wchar_t *string)
{
    return wcstol(string, NULL, 10);
}

int
_wtol(const wchar_t *string)
{
    return wcstol(string, NULL, 10);
}

__INT64_TYPE__
_atoi64(const char *string)
{
    return _strtoi64(string, NULL, 10);
}

/* The digits of @value with a terminator; answers how many there are, 0 when they do not fit. */
static size_t
digits_put(unsigned value, int negative, size_t capacity, int base, char *digits)
{
    char reversed[33];
    size_t count = 0, at = 0;

    if (base < 2 || base > 36)
        return 0;
    do {
        reversed[count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % (unsigned)base];
        value /= (unsigned)base;
    } while (value != 0);
    if (count + (size_t)negative + 1 > capacity)
        return 0;
    if (negative)
        digits[at++] = '-';
    while (count != 0)
        digits[at++] = reversed[--count];
    digits[at] = 0;
    return at;
}

/* Only base 10 has a sign. */
errno_t
_itoa_s(int value, char *to, size_t capacity, int base)
{
    int negative = base == 10 && value < 0;

    if (digits_put(
            negative ? 0u - (unsigned)value : (unsigned)value, negative, capacity, base, to) != 0)
        return 0;
    if (capacity != 0)
        *to = 0;
    return ERANGE;
}

errno_t
_itow_s(int value, wchar_t *to, size_t capacity, int base)
{
    char digits[40];
    size_t i = 0;

    if (capacity == 0 ||
        _itoa_s(value, digits, sizeof(digits) < capacity ? sizeof(digits) : capacity, base) != 0) {
        if (capacity != 0)
            *to = 0;
        return ERANGE;
    }
    do
        to[i] = (wchar_t)digits[i];
    while (digits[i++] != 0);
    return 0;
}

char *
_itoa(int value, char *to, int base)
{
    _itoa_s(value, to, 40, base);
    return to;
}

wchar_t *
_itow(int value, wchar_t *to, int base)
{
    _itow_s(value, to, 40, base);
    return to;
}

char *
_ultoa(unsigned value, char *to, int base)
{
    if (digits_put(value, 0, 40, base, to) == 0)
        *to = 0;
    return to;
}

__INT64_TYPE__
_abs64(__INT64_TYPE__ value)
{
    return value < 0 ? -value : value;
}

/* clang knows the two names as its own and lets nobody define them. */
unsigned rotate_left(unsigned value, int shift) __asm__("_rotl");
unsigned rotate_right(unsigned value, int shift) __asm__("_rotr");

unsigned
rotate_left(unsigned value, int shift)
{
    return value << (shift & 31) | value >> (-shift & 31);
}

unsigned
rotate_right(unsigned value, int shift)
{
    return value >> (shift & 31) | value << (-shift & 31);
}
