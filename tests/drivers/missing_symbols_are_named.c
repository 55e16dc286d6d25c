/* SPDX-License-Identifier: MIT */
/* A driver that needs calls which undis does not have is not loaded; the error names them all. */
#include "machine.h"
#include "made.h"
#include <string.h>

int
main(void)
{
    const char *path = made_driver("wants", "int NdisNoSuchCall(void), KeNoSuchCall(void);\n"
                                            "int DriverEntry(void *d, void *p)\n"
                                            "{ return NdisNoSuchCall() + KeNoSuchCall(); }\n");
    struct undis *machine = test_machine();
    struct undis_driver *driver;

    CHECK(undis_driver_load(machine, path, NULL, &driver) < 0);
    CHECK(strstr(undis_error(), "NdisNoSuchCall"));
    CHECK(strstr(undis_error(), "KeNoSuchCall"));
    test_machine_end(machine);
    return 0;
}
