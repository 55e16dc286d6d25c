/* SPDX-License-Identifier: MIT */
/* A file without DriverEntry is not loaded; the error names the file and what is missing. */
#include "machine.h"
#include "made.h"
#include <string.h>

int
main(void)
{
    const char *path = made_driver("empty", "int nothing_to_see;\n");
    struct undis *machine = test_machine();
    struct undis_driver *driver;

    CHECK(undis_driver_load(machine, path, NULL, &driver) < 0);
    CHECK(strstr(undis_error(), "DriverEntry"));
    CHECK(strstr(undis_error(), "empty"));
    test_machine_end(machine);
    return 0;
}
