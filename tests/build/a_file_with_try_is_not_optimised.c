/* SPDX-License-Identifier: MIT */
/* Locals that a __try body sets must be fresh in the handler: such a file compiles at -O0. */
#include "check.h"

int
main(void)
{
    char *folder = test_folder();
    struct build_request request = {.verbose = true};
    struct text said = {0};
    const char *line;

    put_kit(folder);
    put_file(folder, "driver/a.c",
        "#include <ndis.h>\nint DriverEntry(void) { __try { return 1; } "
        "return 0; }\n");
    put_file(folder, "driver/b.c", "#include <ndis.h>\nint b(void) { return 1; }\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_OK);
    line = strstr(said.bytes, "/0-a.w.i -o");
    CHECK(line);
    while (line > said.bytes && line[-1] != '\n')
        line--;
    CHECK(strstr(line, " -O0 ") && strstr(line, " -O0 ") < strchr(line, '\n'));
    line = strstr(said.bytes, "/1-b.w.i -o");
    CHECK(line);
    while (line > said.bytes && line[-1] != '\n')
        line--;
    CHECK(strstr(line, " -O2 ") && strstr(line, " -O2 ") < strchr(line, '\n'));
    text_free(&said);
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
