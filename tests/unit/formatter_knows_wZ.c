/* SPDX-License-Identifier: MIT */
/* The drivers' formatter: counted and wide strings, Windows widths of integers, cut at the size. */
#include "crt/format.h"
#include "nt.h"
#include <string.h>

static void
expect(const char *expected, const char *format, ...)
{
    char text[128];
    struct format_sink sink = {text, sizeof(text) - 1, 0, 0};
    va_list arguments;

    va_start(arguments, format);
    undis_format(&sink, format, arguments);
    va_end(arguments);
    CHECK(sink.count < sizeof(text));
    text[sink.count] = 0;
    if (strcmp(text, expected) == 0)
        return;
    fprintf(stderr, "%s: \"%s\", not \"%s\"\n", format, text, expected);
    exit(1);
}

int
main(void)
{
    UNICODE_STRING wide = RTL_CONSTANT_STRING(L"wide\x20ac");
    ANSI_STRING narrow = RTL_CONSTANT_STRING("narrow");

    expect("[wide?]", "[%wZ]", &wide);
    expect("[  narrow|na]", "[%8Z|%.2Z]", &narrow, &narrow);
    expect("(null) (null)", "%wZ %s", NULL, NULL);
    expect("wide wide narrow", "%ws %S %hs", L"wide", L"wide", "narrow");
    expect("4294967295 -1", "%lu %ld", 0xffffffffu, -1);
    expect("fedcba9876543210", "%I64x", 0xfedcba9876543210ull);
    expect("0x1f 0X1F 017 1f", "%#x %#X %#o %I32x", 31, 31, 15, 31);
    expect("00000000DEADBEEF", "%p", (void *)0xdeadbeef);
    expect("00042|+42|42   |  042", "%05d|%+d|%-5d|%5.3d", 42, 42, 42, 42);
    expect("-7 -1 255", "%*d %hd %hhu", -1, -7, 0xffff, 0x1ff);
    expect("100% c", "%d%% %c", 100, 'c');
    expect("3 4", "%zu %Iu", (size_t)3, (size_t)4);
    expect("%f %y 5", "%f %y %d", 1.5, 5);
    expect("", "%.0d", 0);
    return 0;
}
