/* SPDX-License-Identifier: MIT */
/* What the core itself needs of 16-bit strings: lengths, case, conversion. */
#pragma once

#include <ntdef.h>

size_t wide_length(const WCHAR *string);
WCHAR wide_upcase(WCHAR unit);
WCHAR wide_downcase(WCHAR unit);
/* Order as RtlCompareUnicodeStrings: by unit, upper-cased when @fold. */
LONG wide_compare(
    const WCHAR *left, size_t left_length, const WCHAR *right, size_t right_length, BOOLEAN fold);
/* UTF-8 to UTF-16 and back, for the host side. Both terminate and answer the length without the
 * terminator, cut to what fits @max units; bad bytes become U+FFFD. */
size_t wide_from_utf8(WCHAR *to, size_t max, const char *from);
size_t wide_to_utf8(char *to, size_t max, const WCHAR *from, size_t length);

/* One character at *@at, which moves on; U+FFFD for what is none. */
unsigned utf8_read(const char *text, size_t length, size_t *at);
unsigned utf16_read(const WCHAR *text, size_t length, size_t *at);
/* One character written; answers the units (1 .. 2) or bytes (1 .. 4) it took. */
unsigned utf16_write(WCHAR *units, unsigned value);
unsigned utf8_write(char *bytes, unsigned value);
