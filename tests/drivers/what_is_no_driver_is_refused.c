/* SPDX-License-Identifier: MIT */
/* Files that are not there, not ELF (a .sys file is not), or cut short are refused with a sentence,
 * not a crash.
 */
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

/* @path as the beginning of a file of Windows: the mark, and where the PE header is. */
static void
write_sys(const char *path)
{
    char header[4096] = "MZ";
    FILE *file = fopen(path, "wb");

    CHECK(file);
    header[0x3c] = 0x40;
    memcpy(header + 0x40, (char[]){'P', 'E', 0, 0, 0x64, (char)0x86}, 6);
    CHECK(fwrite(header, sizeof(header), 1, file) == 1);
    CHECK(fclose(file) == 0);
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
    write_sys(path);
    refused(machine, path);
    CHECK(strstr(undis_error(), "not an ELF file"));
    test_machine_end(machine);
    return 0;
}
