/* SPDX-License-Identifier: MIT */
/* 16-bit strings of the core: case, order, UTF-8. */
#include "nt/unicode.h"
#include "nt/casemap.h"
#include <wdm.h>

size_t
wide_length(const WCHAR *string)
{
    size_t length = 0;

    while (string[length] != 0)
        length++;
    return length;
}

static WCHAR
map_case(const struct case_range *ranges, size_t count, WCHAR unit)
{
    size_t i;

    for (i = 0; i < count && ranges[i].first <= unit; i++) {
        if (unit <= ranges[i].last && (unit - ranges[i].first) % ranges[i].step == 0)
            return (WCHAR)(unit + ranges[i].delta);
    }
    return unit;
}

WCHAR
wide_upcase(WCHAR unit)
{
    if (unit < 0x80)
        return unit >= 'a' && unit <= 'z' ? (WCHAR)(unit - 0x20) : unit;
    return map_case(upcase_ranges, RTL_NUMBER_OF(upcase_ranges), unit);
}

WCHAR
wide_downcase(WCHAR unit)
{
    if (unit < 0x80)
        return unit >= 'A' && unit <= 'Z' ? (WCHAR)(unit + 0x20) : unit;
    return map_case(downcase_ranges, RTL_NUMBER_OF(downcase_ranges), unit);
}

LONG
wide_compare(
    const WCHAR *left, size_t left_length, const WCHAR *right, size_t right_length, BOOLEAN fold)
{
    size_t i;

    for (i = 0; i < left_length && i < right_length; i++) {
        WCHAR l = fold ? wide_upcase(left[i]) : left[i];
        WCHAR r = fold ? wide_upcase(right[i]) : right[i];

        if (l != r)
            return l < r ? -1 : 1;
    }
    if (left_length == right_length)
        return 0;
    return left_length < right_length ? -1 : 1;
}

/* How many bytes follow a first byte of UTF-8, and the bits it carries; -1 for no first byte. */
static int
utf8_lead(unsigned char byte, unsigned *bits)
{
    if (byte < 0x80) {
        *bits = byte;
        return 0;
    }
    if (byte >= 0xc2 && byte < 0xe0) {
        *bits = byte & 0x1f;
        return 1;
    }
    if (byte >= 0xe0 && byte < 0xf0) {
        *bits = byte & 0x0f;
        return 2;
    }
    if (byte >= 0xf0 && byte < 0xf5) {
        *bits = byte & 0x07;
        return 3;
    }
    return -1;
}

/* One character of UTF-8 text of @length bytes; advances *@at; U+FFFD for a wrong byte. */
unsigned
utf8_read(const char *text, size_t length, size_t *at)
{
    static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
    size_t start = *at, i;
    unsigned value = 0;
    int more = utf8_lead((unsigned char)text[start], &value);

    *at = start + 1;
    if (more < 0 || start + (size_t)more >= length)
        return 0xfffd;
    for (i = start + 1; i <= start + (size_t)more; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0xfffd;
        value = value << 6 | ((unsigned char)text[i] & 0x3f);
    }
    if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0xfffd;
    *at = start + 1 + (size_t)more;
    return value;
}

/* Writes @value as UTF-16; answers 1 or 2 units. */
unsigned
utf16_write(WCHAR *units, unsigned value)
{
    if (value < 0x10000) {
        units[0] = (WCHAR)value;
        return 1;
    }
    value -= 0x10000;
    units[0] = (WCHAR)(0xd800 | value >> 10);
    units[1] = (WCHAR)(0xdc00 | (value & 0x3ff));
    return 2;
}

/* One character of UTF-16 text of @length units; advances *@at; U+FFFD for a lone surrogate. */
unsigned
utf16_read(const WCHAR *text, size_t length, size_t *at)
{
    unsigned unit = text[(*at)++];

    if (unit < 0xd800 || unit >= 0xe000)
        return unit;
    if (unit >= 0xdc00 || *at >= length || text[*at] < 0xdc00 || text[*at] >= 0xe000)
        return 0xfffd;
    return 0x10000 + ((unit & 0x3ff) << 10 | (text[(*at)++] & 0x3ffu));
}

/* Writes @value as UTF-8; answers 1 .. 4 bytes. */
unsigned
utf8_write(char *bytes, unsigned value)
{
    unsigned count = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4, i;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (i = count; i-- > 1; value >>= 6)
        bytes[i] = (char)(0x80 | (value & 0x3f));
    bytes[0] = (char)(lead[count] | value);
    return count;
}

size_t
wide_from_utf8(WCHAR *to, size_t max, const char *from)
{
    size_t length = __builtin_strlen(from), at = 0, used = 0;

    while (at < length) {
        WCHAR units[2];
        unsigned count = utf16_write(units, utf8_read(from, length, &at)), i;

        if (used + count >= max)
            break;
        for (i = 0; i < count; i++)
            to[used++] = units[i];
    }
    to[used] = 0;
    return used;
}

size_t
wide_to_utf8(char *to, size_t max, const WCHAR *from, size_t length)
{
    size_t at = 0, used = 0;

    while (at < length) {
        char bytes[4];
        unsigned count = utf8_write(bytes, utf16_read(from, length, &at)), i;

        if (used + count >= max)
            break;
        for (i = 0; i < count; i++)
            to[used++] = bytes[i];
    }
    to[used] = 0;
    return used;
}

/*
 * RtlUpcaseUnicodeChar - the upper-case form of a character
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    a character without one is answered as it is.
 * Source:    NF:wdm.RtlUpcaseUnicodeChar
 */
WCHAR
RtlUpcaseUnicodeChar(WCHAR SourceCharacter)
{
    return wide_upcase(SourceCharacter);
}

/*
 * RtlDowncaseUnicodeChar - the lower-case form of a character
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    a character without one is answered as it is.
 * Source:    NF:wdm.RtlDowncaseUnicodeChar
 */
WCHAR
RtlDowncaseUnicodeChar(WCHAR SourceCharacter)
{
    return wide_downcase(SourceCharacter);
}
