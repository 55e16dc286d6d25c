/* SPDX-License-Identifier: MIT */
/* Wrong case, backslashes, and .tmh files that nobody made: a driver with all of them builds. */
#include "check.h"

static void
build_with(const char *folder, const char *compiler)
{
    struct build_request request = {.compiler = compiler};
    struct text said = {0};
    int status = build_with_kit(folder, &request, &said);

    if (status)
        fputs(said.bytes, stderr);
    CHECK(status == BUILD_OK);
    text_free(&said);
}

int
main(void)
{
    char *folder = test_folder();

    put_kit(folder);
    put_file(folder, "driver/Main.c",
        "#include <NDIS.h>\n#include \"SUB\\Deep.H\"\n#include \"main.tmh\"\n"
        "#include \"..\\Shared\\both.h\"\n"
        "_Static_assert(sizeof(long) == 4 && sizeof(1UL) == 4 && SIZE_OF_KIT == 8, \"\");\n"
        "_Static_assert(sizeof(SIZE_OF_KIT) == 8 && sizeof(long long) == 8, \"\");\n"
        "_Static_assert(sizeof(unsigned __int64) == 8 && sizeof(5ui64) == 8, \"\");\n"
        "int DriverEntry(void) { TraceIt(LOUD, \"x\", 1); WPP_CLEANUP(0); return DEEP + BOTH; }\n");
    put_file(folder, "driver/sub/deep.h",
        "#pragma once\n#include \"Deeper.h\"\n"
        "// begin_wpp config\n// FUNC TraceIt(LEVEL,MSG,...);\n"
        "// end_wpp\n");
    put_file(folder, "driver/sub/deeper.h", "#define DEEP 1\n");
    put_file(folder, "shared/Both.h", "#define BOTH NdisGood(1)\n");
    build_with(folder, "gcc");
    if (!system("clang --version >/dev/null 2>&1"))
        build_with(folder, "clang");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
