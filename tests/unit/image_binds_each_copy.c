/* SPDX-License-Identifier: MIT */
/* Two loads of one driver: own data each, and imports lead to the table, never to the process. */
#include "host/image.h"
#include "image_driver.h"
#include <dlfcn.h>

typedef int entry_fn(int);

static int
plus_one(int n)
{
    return n + 1;
}

static int
plus_two(int n)
{
    return n + 2;
}

static void *
resolve(void *context, const char *symbol)
{
    return strcmp(symbol, "service") ? NULL : context;
}

static int
ranges_hold(struct image *image, void *address)
{
    struct image_range ranges[8];
    unsigned n = image_data(image, ranges, 8);

    for (unsigned i = 0; i < n; i++)
        if ((char *)address >= (char *)ranges[i].start &&
            (char *)address < (char *)ranges[i].start + ranges[i].size)
            return 1;
    return 0;
}

int
main(void)
{
    const char *path = image_build_driver();
    struct image *a, *b;
    char error[512] = "", service[128], copy[256];
    void *library;
    int wrong = 0;

    snprintf(service, sizeof(service), "%s/libservice.so", image_folder);
    library = dlopen(service, RTLD_NOW | RTLD_GLOBAL); /* as libundis is: found by its name */
    if (!library || image_open(&a, path, resolve, (void *)plus_one, error, sizeof(error)) ||
        image_open(&b, path, resolve, (void *)plus_two, error, sizeof(error))) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    wrong |= ((entry_fn *)image_symbol(a, "DriverEntry"))(10) != 12 * 1000 + 11;
    wrong |= ((entry_fn *)image_symbol(b, "DriverEntry"))(20) != 23 * 1000 + 22;
    wrong |= ((entry_fn *)image_symbol(a, "DriverEntry"))(10) != 22 * 1000 + 11;
    wrong |= image_symbol(a, "counter") == image_symbol(b, "counter");
    wrong |= image_symbol(a, "service") != NULL || image_symbol(a, "nothing") != NULL;
    wrong |= !ranges_hold(a, image_symbol(a, "counter"));
    wrong |= !ranges_hold(b, image_symbol(b, "counter"));
    wrong |= ranges_hold(a, image_symbol(b, "counter"));
    snprintf(copy, sizeof(copy), "%s", image_path(b));
    wrong |= strcmp(image_path(a), path) != 0 || access(copy, F_OK) != 0;
    image_close(b);
    image_close(a);
    wrong |= access(copy, F_OK) == 0 || access(path, F_OK) != 0;
    dlclose(library);
    return wrong;
}
