/* SPDX-License-Identifier: MIT */
/* See made.h. */
#include "made.h"

#include "check.h"
#include "child.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/undis-test-XXXXXX";
static char source_path[64], driver_path[64];

static void
remove_all(void)
{
    unlink(source_path);
    unlink(driver_path);
    rmdir(folder);
}

const char *
made_driver(const char *name, const char *source)
{
    char *argv[] = {
        "cc", "-g", "-shared", "-fPIC", "-nostdlib", "-o", driver_path, source_path, NULL};
    static struct child child;
    FILE *file;

    CHECK(mkdtemp(folder));
    snprintf(source_path, sizeof(source_path), "%s/%s.c", folder, name);
    snprintf(driver_path, sizeof(driver_path), "%s/%s.so", folder, name);
    atexit(remove_all);
    file = fopen(source_path, "w");
    CHECK(file && fputs(source, file) >= 0 && fclose(file) == 0);
    child_run_program(&child, argv, 30);
    if (child.status == 127)
        exit(TEST_SKIP);
    child_expect(&child, 0, "");
    return driver_path;
}
