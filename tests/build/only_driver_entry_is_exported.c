/* SPDX-License-Identifier: MIT */
/* Each driver's own names stay its own: the shared object exports DriverEntry alone, and there is
 * none without it.
 */
#include "check.h"

#include <dlfcn.h>

int
main(void)
{
    char *folder = test_folder();
    char *output = string_format("%s/driver.so", folder);
    char *library = string_format("%s/lib/libundis.so", folder);
    struct build_request request = {0};
    void *driver;

    put_kit(folder);
    put_file(folder, "driver/a.c",
        "#include <ndis.h>\nint GlobalData = 7;\n"
        "int Twice(void) { return GlobalData; }\n"
        "int DriverEntry(void) { return NdisGood(Twice()); }\n");
    put_file(folder, "driver/b.c", "int Twice(void) { return 3; }\n");
    CHECK(build_with_kit(folder, &request, NULL) == BUILD_OK);
    CHECK(dlopen(library, RTLD_NOW | RTLD_GLOBAL));
    driver = dlopen(output, RTLD_NOW);
    CHECK(driver);
    CHECK(dlsym(driver, "DriverEntry"));
    CHECK(!dlsym(driver, "GlobalData"));
    CHECK(((int (*)(void))dlsym(driver, "DriverEntry"))() == 7);
    put_file(folder, "driver/a.c", "int GlobalData = 7;\n");
    CHECK(build_with_kit(folder, &request, NULL) != BUILD_OK);
    path_remove_tree(folder);
    free(library);
    free(output);
    free(folder);
    return EXIT_SUCCESS;
}
