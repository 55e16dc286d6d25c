/* SPDX-License-Identifier: MIT */
/* What undis does not provide is told by name, without the linker's own words. */
#include "build/link.h"
#include "check.h"

int
main(void)
{
    char *folder = test_folder();
    struct build_request request = {0};
    struct words symbols = {0};
    struct text said = {0};

    link_missing_symbols("ld.lld: error: undefined symbol: NdisX\n>>> x\n"
                         "x.c:1: undefined reference to `NdisY'\n"
                         "x.c:2: undefined reference to `NdisY'\n",
        &symbols);
    CHECK(symbols.count == 2 && words_have(&symbols, "NdisX") && words_have(&symbols, "NdisY"));
    words_free(&symbols);

    put_kit(folder);
    put_file(folder, "driver/a.c",
        "int NdisFoo(void); int NdisBar(void);\n"
        "int DriverEntry(void) { return NdisFoo() + NdisBar(); }\n");
    CHECK(build_with_kit(folder, &request, &said) == BUILD_FAILED);
    CHECK(strstr(said.bytes, "undis build: driver.so: NdisFoo is not provided by undis\n"));
    CHECK(strstr(said.bytes, "undis build: driver.so: NdisBar is not provided by undis\n"));
    CHECK(!strstr(said.bytes, "undefined reference"));
    text_free(&said);
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
