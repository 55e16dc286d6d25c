/* SPDX-License-Identifier: MIT */
/* A broken source is told with the driver's own file name and line, and leaves nothing behind. */
#include "check.h"

int
main(void)
{
    char *folder = test_folder();
    char *output = string_format("%s/driver.so", folder);
    char *temporary = string_format("%s/tmp", folder);
    struct build_request request = {0};
    struct words left = {0};
    struct text said = {0};

    put_kit(folder);
    put_file(folder, "tmp/keep", "");
    setenv("TMPDIR", temporary, 1);
    put_file(folder, "driver/good.c", "int DriverEntry(void) { return 0; }\n");
    put_file(
        folder, "driver/bad.c", "#include <ndis.h>\n\nlong f(void)\n{\n    return no_such;\n}\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_FAILED);
    CHECK(strstr(said.bytes, "driver/bad.c:5:"));
    CHECK(strstr(said.bytes, "1 of 2 files did not compile"));
    CHECK(!path_is_file(output));
    path_list(&left, temporary);
    CHECK(left.count == 1);
    words_free(&left);
    text_free(&said);
    path_remove_tree(folder);
    free(temporary);
    free(output);
    free(folder);
    return EXIT_SUCCESS;
}
