/* SPDX-License-Identifier: MIT */
/* gdb stops in the second copy of a driver at file and line. */
#include "host/image.h"
#include "image_driver.h"
#include <dlfcn.h>

static int
stay(int n)
{
    return n;
}

static void *
resolve(void *context, const char *symbol)
{
    (void)context;
    return strcmp(symbol, "service") ? NULL : (void *)stay;
}

/* What gdb looks at: one call into each copy. */
static int
run_copies(const char *path)
{
    struct image *image[2];
    char error[512] = "";

    for (int i = 0; i < 2; i++) {
        if (image_open(&image[i], path, resolve, NULL, error, sizeof(error))) {
            fprintf(stderr, "%s\n", error);
            return 1;
        }
        ((int (*)(int))image_symbol(image[i], "DriverEntry"))(100 + i);
    }
    image_close(image[1]);
    image_close(image[0]);
    return 0;
}

int
main(int argc, char **argv)
{
    char command[1024], line[512];
    int stops = 0;
    FILE *gdb;

    if (argc > 1)
        return run_copies(argv[1]);
    if (*IMAGE_SANITIZE || system("gdb --version >/dev/null 2>&1"))
        return 77;
    snprintf(command, sizeof(command),
        "timeout 40 gdb -nx -q -batch -ex 'set breakpoint pending on' -ex 'break driver.so.c:6' "
        "-ex run -ex 'bt 1' -ex continue -ex 'bt 1' -ex continue --args %s %s 2>&1 </dev/null",
        argv[0], image_build_driver());
    gdb = popen(command, "r");
    while (gdb && fgets(line, sizeof(line), gdb)) {
        fputs(line, stderr);
        if (strstr(line, "ptrace") && strstr(line, "not permitted"))
            return 77;
        if (line[0] == '#' && strstr(line, "driver.so.c:6") && strstr(line, "by=10"))
            stops++;
    }
    return !gdb || pclose(gdb) || stops != 2;
}
