/* SPDX-License-Identifier: MIT */
/* Editors on Windows save sources in UTF-16, which cl.exe reads: it is what it would be in UTF-8,
 * with the lines and the headers of its own place.
 */
#include "check.h"

static const char source[] = "#include \"beside.h\"\n"
                             "/* \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 */\n"
                             "int DriverEntry(void) { return BESIDE + sizeof(\"\xc3\xa9\"); }\n";

static void
put_utf16(const char *folder, const char *name, const char *content, bool big)
{
    char *command = string_format("iconv -f UTF-8 -t UTF-16%s %s/plain > %s/bytes && "
                                  "(printf '%s'; cat %s/bytes) > %s/%s",
        big ? "BE" : "LE", folder, folder, big ? "\\376\\377" : "\\377\\376", folder, folder, name);

    put_file(folder, "plain", content);
    CHECK(system(command) == 0);
    free(command);
}

static void
each(const char *folder, const char *compiler)
{
    struct build_request request = {.compiler = compiler};
    struct text said = {0};

    for (int big = 0; big < 2; big++) {
        put_utf16(folder, "driver/a.c", source, big);
        CHECK(build_with_kit(folder, &request, &said) == BUILD_OK);
    }
    put_utf16(
        folder, "driver/a.c", "#include \"beside.h\"\nint DriverEntry(void) { wrong }\n", false);
    CHECK(build_with_kit(folder, &request, &said) == BUILD_FAILED);
    CHECK(strstr(said.bytes, "driver/a.c:2:"));
    text_free(&said);
}

int
main(void)
{
    char *folder = test_folder();

    if (system("iconv --version >/dev/null 2>&1")) {
        path_remove_tree(folder);
        exit(SKIP);
    }
    put_kit(folder);
    put_file(folder, "driver/beside.h", "#define BESIDE 1\n");
    each(folder, "gcc");
    if (!system("clang --version >/dev/null 2>&1"))
        each(folder, "clang");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
