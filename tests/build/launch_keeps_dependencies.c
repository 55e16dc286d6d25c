/* SPDX-License-Identifier: MIT */
/* In front of CMake's command lines: one unit, its dependency file, and the link. */
#include "check.h"

static int
launch(const char *line)
{
    struct words words = {0};
    char *copy = string_copy(line);
    char *rest;
    int status;

    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        words_add(&words, word);
    status = build_launch(words.items);
    words_free(&words);
    free(copy);
    return status;
}

int
main(void)
{
    char *folder = test_folder();
    char *headers = string_format("%s/km", folder);
    char *libraries = string_format("%s/lib", folder);
    struct text depends = {0};

    put_kit(folder);
    setenv("UNDIS_KM", headers, 1);
    setenv("UNDIS_LIB", libraries, 1);
    CHECK(chdir(folder) == 0);
    put_file(folder, "a.c",
        "#include <ndis.h>\n#include \"Wrong.h\"\n"
        "_Static_assert(sizeof(long) == 4 && VALUE == 3, \"\");\n"
        "int DriverEntry(void) { return NdisGood(1); }\n");
    put_file(folder, "wrong.h", "#pragma once\n");
    CHECK(launch("gcc -DVALUE=3 -MD -MT a.o -MF a.d -o a.o -c a.c") == BUILD_OK);
    CHECK(text_read_file(&depends, "a.d") == 0);
    CHECK(strstr(depends.bytes, "a.o:") && strstr(depends.bytes, "a.c"));
    CHECK(strstr(depends.bytes, "wrong.h") && strstr(depends.bytes, "km/ndis.h"));
    CHECK(!strstr(depends.bytes, "undis-build-"));
    CHECK(launch("gcc -shared -o a.so a.o") == BUILD_OK);
    CHECK(path_is_file("a.so"));
    CHECK(launch("gcc -DVALUE=4 -o b.o -c a.c") == BUILD_FAILED);
    CHECK(launch("gcc --version") == 0);
    text_free(&depends);
    path_remove_tree(folder);
    free(libraries);
    free(headers);
    free(folder);
    return EXIT_SUCCESS;
}
