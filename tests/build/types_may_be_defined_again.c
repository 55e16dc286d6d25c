/* SPDX-License-Identifier: MIT */
/* cl.exe takes a type that a driver defines as the headers do but for its sign; so do we. One of
 * another size stays an error, unless the headers' is that of a function. */
#include "check.h"

static int
build_with(const char *folder, const char *compiler, struct text *said)
{
    struct build_request request = {.compiler = compiler};

    return build_with_kit(folder, &request, said);
}

static void
both_ways(const char *folder, const char *compiler)
{
    struct text said = {0};

    put_file(folder, "driver/a.c",
        "typedef signed char LITTLE;\nLITTLE before(LITTLE x) { return x; }\n"
        "#include \"t.h\"\nstruct s { int LITTLE; LITTLE y; };\n"
        "int DriverEntry(void) { struct s s = {1, 2}; return before(s.y) + s.LITTLE; }\n");
    CHECK(build_with(folder, compiler, &said) == BUILD_OK);
    put_file(folder, "driver/a.c",
        "#include \"t.h\"\ntypedef unsigned short LITTLE;\n"
        "int DriverEntry(void) { LITTLE x = 2; return x; }\n");
    CHECK(build_with(folder, compiler, &said) == BUILD_FAILED);
    CHECK(strstr(said.bytes, "LITTLE"));
    put_file(folder, "driver/a.c",
        "#include \"t.h\"\ntypedef enum { PASS, DROP } HANDLER;\n"
        "int DriverEntry(void) { HANDLER x = DROP; return x == PASS; }\n");
    CHECK(build_with(folder, compiler, &said) == BUILD_OK);
    text_free(&said);
}

int
main(void)
{
    char *folder = test_folder();

    put_kit(folder);
    put_file(
        folder, "km/t.h", "#pragma once\ntypedef char LITTLE;\ntypedef void HANDLER(int x);\n");
    both_ways(folder, "gcc");
    if (!system("clang --version >/dev/null 2>&1"))
        both_ways(folder, "clang");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
