/* SPDX-License-Identifier: MIT */
/* A last member x[1] stands for as many as were allocated, inside another such array too: neither
 * compiler drops what is written behind the first one.
 */
#include "check.h"

#include <dlfcn.h>

static const char source[] =
    "#include <ndis.h>\n"
    "struct item { int value, kind; };\n"
    "struct list { unsigned count; struct item items[1]; };\n"
    "struct lists { unsigned count; struct list list[1]; };\n"
    "static char memory[256];\n"
    "void Fill(struct lists *l, unsigned n) {\n"
    "    l->list[0].count = n;\n"
    "    for (unsigned i = 0; i < n; i++) l->list[0].items[i].value = i + 1;\n"
    "}\n"
    "int Sum(struct lists *l) {\n"
    "    int sum = 0;\n"
    "    for (unsigned i = 0; i < l->list[0].count; i++) sum += l->list[0].items[i].value;\n"
    "    return sum;\n"
    "}\n"
    "int DriverEntry(void) {\n"
    "    struct lists *volatile l = (struct lists *)memory;\n"
    "    Fill(l, 5);\n"
    "    return Sum(l);\n"
    "}\n";

static void
grows(const char *compiler)
{
    char *folder = test_folder();
    char *output = string_format("%s/driver.so", folder);
    char *library = string_format("%s/lib/libundis.so", folder);
    struct build_request request = {.compiler = compiler};
    void *driver;

    put_kit(folder);
    put_file(folder, "driver/a.c", source);
    CHECK(build_with_kit(folder, &request, NULL) == BUILD_OK);
    CHECK(dlopen(library, RTLD_NOW | RTLD_GLOBAL));
    driver = dlopen(output, RTLD_NOW);
    CHECK(driver);
    CHECK(((int (*)(void))dlsym(driver, "DriverEntry"))() == 15);
    dlclose(driver);
    path_remove_tree(folder);
    free(library);
    free(output);
    free(folder);
}

int
main(void)
{
    grows("gcc");
    grows("clang");
    return EXIT_SUCCESS;
}
