/* SPDX-License-Identifier: MIT */
/* try { } except ( ) is __try and __except; a driver without it may call a variable try. */
#include "check.h"

static int
build_source(const char *folder, const char *source)
{
    struct build_request request = {0};
    struct text said = {0};
    int status;

    put_file(folder, "driver/a.c", source);
    status = build_with_kit(folder, &request, &said);
    if (status)
        fputs(said.bytes, stderr);
    text_free(&said);
    return status;
}

int
main(void)
{
    char *folder = test_folder();

    put_kit(folder);
    CHECK(build_source(folder, "#include <ndis.h>\n#define __except(x) else if (x)\n"
                               "int DriverEntry(void) {\n    try\n    {\n        NdisGood(1);\n"
                               "    }\n    except (1)\n    {\n        return 1;\n    }\n"
                               "    return 0;\n}\n") == BUILD_OK);
    CHECK(
        build_source(folder,
            "int DriverEntry(void) { int try = 1, leave = 2; return try + leave; }\n") == BUILD_OK);
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
