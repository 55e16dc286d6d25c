/* SPDX-License-Identifier: MIT */
/* The C library that drivers are linked with does as Windows' does: tests/drivers/libc looks. */
#include "lib/machine.h"

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver;

    CHECK_OK(undis_driver_load(machine, test_driver_path("libc"), NULL, &driver));
    test_unload(machine, driver);
    test_machine_end(machine);
    return 0;
}
