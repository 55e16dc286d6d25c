/* SPDX-License-Identifier: MIT */
/* The descriptors that wdmsec.h names are the driver's to use, and each makes a device. */
#include "machine.h"
#include <errno.h>
#include <stdio.h>

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver = test_driver(machine, "secure");
    struct undis_file *file;
    char name[32];

    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof(name), "\\Device\\Secure%d", i);
        /* It has no dispatch routines: the device is there, and refuses. */
        CHECK(undis_device_open(machine, name, &file) != -ENOENT);
    }
    test_unload(machine, driver);
    test_machine_end(machine);
    return 0;
}
