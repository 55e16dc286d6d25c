/* SPDX-License-Identifier: MIT */
/* What cannot work is refused before anything of it runs, with every missing name. */
#include "host/image.h"
#include "image_driver.h"
#include <errno.h>

static void *
resolve(void *context, const char *symbol)
{
    (void)context;
    (void)symbol;
    return NULL;
}

static int
refused(const char *name, int expected, const char *word1, const char *word2)
{
    char path[128], error[512] = "";
    struct image *image;
    int result;

    snprintf(path, sizeof(path), "%s/%s", image_folder, name);
    result = image_open(&image, path, resolve, NULL, error, sizeof(error));
    fprintf(stderr, "%d %s\n", result, error);
    return result == expected && strstr(error, word1) && strstr(error, word2);
}

int
main(void)
{
    int ok = 1;

    image_build("missing.so",
        "void one(void); void two(void);\n"
        "__attribute__((constructor)) static void early(void) { __builtin_trap(); }\n"
        "int DriverEntry(void) { one(); two(); return 0; }\n",
        "");
    image_build("entry.so", "int Other(void) { return 0; }\n", "");
    image_build("text.so", "int DriverEntry(void) { return 0; }\n", "&& echo text > text.so");
    ok &= refused("missing.so", -ELIBACC, "one", "two");
    ok &= refused("entry.so", -ENOEXEC, "entry.so", "DriverEntry");
    ok &= refused("text.so", -ENOEXEC, "text.so", "ELF");
    ok &= refused("absent.so", -ENOENT, "absent.so", "No such file");
    return !ok;
}
