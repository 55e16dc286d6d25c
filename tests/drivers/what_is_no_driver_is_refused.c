/* SPDX-License-Identifier: MIT */
/* Files that are not there, not ELF, or cut short are refused with a sentence, not a crash. */
#include "machine.h"
#include "made.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
refused(struct undis *machine, const char *path)
{
    struct undis_driver *driver;

    CHECK(undis_driver_load(machine, path, NULL, &driver) < 0);
    if (strlen(undis_error()) <= 10) {
        fprintf(stderr, "%s: \"%s\"\n", path, undis_error());
        test_fail(__FILE__, __LINE__, "a sentence");
    }
}

int
main(void)
{
    const char *path = made_driver("short", "int DriverEntry(void *d, void *p) { return 0; }\n");
    struct undis *machine = test_machine();

    refused(machine, "/nonexistent/driver.so");
    refused(machine, "/etc/passwd");
    refused(machine, "/");
    for (long size = 4096; size >= 0; size = size ? size / 2 - size % 2 : -1) {
        CHECK(truncate(path, size) == 0);
        refused(machine, path);
    }
    test_machine_end(machine);
    return 0;
}
