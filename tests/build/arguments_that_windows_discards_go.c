/* SPDX-License-Identifier: MIT */
/* NdisFreeSpinLock of what is not there compiles, as with the macro of Windows; of what is there it
 * stays a call, and what is not there elsewhere stays an error. */
#include "check.h"

static void
both_ways(const char *folder, const char *compiler)
{
    struct build_request request = {.compiler = compiler};
    struct text said = {0};
    char *command = string_format("nm -D %s/driver.so | grep -q ' NdisFreeSpinLock'", folder);

    put_file(folder, "driver/a.c",
        "#include \"lock.h\"\nint DriverEntry(struct a *p) {\n"
        "    NdisFreeSpinLock (&l_Adapter->lock);\n    NdisFreeSpinLock(&(p)->gone);\n"
        "    return 0; }\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_OK);
    CHECK(system(command));
    put_file(folder, "driver/a.c",
        "#include \"lock.h\"\nint DriverEntry(struct a *p) {\n"
        "    NdisFreeSpinLock(&p->lock);\n    NdisFreeSpinLock(&p->gone);\n"
        "    return 0; }\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_OK);
    CHECK(!system(command));
    put_file(folder, "driver/a.c",
        "#include \"lock.h\"\nint DriverEntry(struct a *p) {\n"
        "    NdisFreeSpinLock(&p->gone);\n    return p->gone; }\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_FAILED);
    CHECK(strstr(said.bytes, "gone"));
    free(command);
    text_free(&said);
}

int
main(void)
{
    char *folder = test_folder();

    put_kit(folder);
    put_file(folder, "km/lock.h",
        "#pragma once\nstruct a { int lock; };\nint NdisFreeSpinLock(int *lock);\n");
    put_file(folder, "lib/undis.c",
        "int NdisGood(int a) { return a; }\nint NdisFreeSpinLock(int *lock) { return *lock; }\n"
        "int undis_seh_push(void) { return 1; }\n");
    {
        char *command = string_format("cd %s/lib && gcc -shared -fPIC -Wl,-soname,libundis.so -o "
                                      "libundis.so undis.c",
            folder);

        CHECK(!system(command));
        free(command);
    }
    both_ways(folder, "gcc");
    if (!system("clang --version >/dev/null 2>&1"))
        both_ways(folder, "clang");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
