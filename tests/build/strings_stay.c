/* SPDX-License-Identifier: MIT */
/* Strings, characters, comments and names are not touched by the pass. */
#include "check.h"

static void
stays(const char *line)
{
    char *got = mapped(line, false);

    CHECK_TEXT(got, line);
    free(got);
}

int
main(void)
{
    stays("\"long 1L\" L\"unsigned long 1UL\" 'l' L'1' \"a\\\"long\"");
    stays("/* long 1L */ x // long 1UL\n y");
    stays("a1L long_1L L1L");
    char *raw = mapped("R\"x(long \" 1L)x\" long", true);

    CHECK_TEXT(raw, "R\"x(long \" 1L)x\" int");
    free(raw);
    return EXIT_SUCCESS;
}
