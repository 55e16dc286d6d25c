/* SPDX-License-Identifier: MIT */
/* The formatter of the Windows printf family: 16-bit wide strings, counted strings, Windows widths.
 *
 *     %d %i %u %o %x %X   32 bits, l too;  64 with ll, I64, I, z, t, j;  16 with h;  8 with hh
 *     %p                  16 upper-case digits
 *     %c %s               as wide as the format;  h: narrow;  l and w: wide
 *     %C %S               the other width
 *     %Z                  PANSI_STRING;  %wZ: PUNICODE_STRING
 *
 * Floating point is not formatted: the argument is taken and the directive is written as it stands.
 * Wide characters above 0xff become '?' in narrow output (the ANSI code page is ISO 8859-1).
 *
 * One source for two users: the drivers' runtime (src/crt) and the core (src/nt/format.c).
 */
#pragma once

#include <ntdef.h>
#include <stdarg.h>
#include <stddef.h>

/* On its user's stack, for one call. */
struct format_sink {
    void *buffer; /* char or WCHAR */
    size_t size;  /* characters it takes; no terminator is written */
    size_t count; /* characters made so far, those that did not fit too */
    int wide;     /* buffer holds WCHAR */
};

void undis_format(struct format_sink *sink, const char *format, va_list list);
void undis_format_wide(struct format_sink *sink, const WCHAR *format, va_list list);
