/* SPDX-License-Identifier: MIT */
/* /proc/self/maps, read without the heap. */
#include "host/maps.h"
#include "host/guard.h"
#include "host/kept.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RANGES   512u
#define LINE_MAX 4608u

struct range {
    uintptr_t start, end, base;
    char name[64];
};

static struct range ranges[RANGES];
static unsigned count;
static uintptr_t file_base; /* of the file whose mappings are being read */
static char file_name[sizeof(ranges[0].name)];

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "7f00-7f10 r-xp 00000000 08:01 123   /lib/libc.so" */
static void
take_line(const char *line)
{
    char *at;
    uintptr_t start = strtoul(line, &at, 16), end = strtoul(at + 1, &at, 16);
    const char *path = strchr(line, '/'), *rights = at + 1;

    if (!path || strncmp(last_part(path), file_name, sizeof(file_name) - 1) != 0)
        file_base = start;
    snprintf(file_name, sizeof(file_name), "%s", path ? last_part(path) : "");
    if (rights[2] != 'x' || count == RANGES)
        return;
    ranges[count].start = start;
    ranges[count].end = end;
    ranges[count].base = file_base;
    memcpy(ranges[count].name, file_name, sizeof(file_name));
    count++;
}

void
maps_read(void)
{
    static char text[2 * LINE_MAX];
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t n;

    count = 0;
    file_name[0] = 0;
    while (fd >= 0 && (n = read(fd, text + used, sizeof(text) - 1 - used)) > 0) {
        char *line = text, *end;

        text[used += (size_t)n] = 0;
        while ((end = strchr(line, '\n')) != NULL) {
            *end = 0;
            take_line(line);
            line = end + 1;
        }
        used -= (size_t)(line - text);
        memmove(text, line, used);
    }
    if (fd >= 0)
        close(fd);
}

static const struct range *
find(const void *address)
{
    for (unsigned k = 0; k < count; k++)
        if ((uintptr_t)address >= ranges[k].start && (uintptr_t)address < ranges[k].end)
            return &ranges[k];
    return NULL;
}

bool
maps_code(const void *address)
{
    char byte = 0;

    return find(address) || (kept_find(address) && !guard_copy(&byte, address, 1));
}

void
maps_name(const void *address, char *text, size_t size)
{
    const struct range *range = find(address);
    const struct kept *kept = kept_find(address);
    const char *name = kept ? last_part(kept->path) : range ? range->name : "";
    uintptr_t base = kept ? kept->start : range ? range->base : 0;

    if (*name)
        snprintf(text, size, "%s+0x%zx", name, (size_t)((uintptr_t)address - base));
    else
        snprintf(text, size, "?");
}
