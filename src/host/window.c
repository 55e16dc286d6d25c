/* SPDX-License-Identifier: MIT */
/* Addresses without memory. See window.h. */
#include "host/window.h"
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

/* Below the arenas (host/arena_parts.h), above what the kernel gives out from the other side. */
#define FIRST  0x7e8000000000ull
#define PLACES 64u

void *
host_window_open(size_t size)
{
    for (unsigned place = 0; place < PLACES; place++) {
        uintptr_t at = FIRST + place * size;
        void *window = mmap((void *)at, size, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

        if (window == (void *)at)
            return window;
        if (window != MAP_FAILED)
            munmap(window, size);
        else if (errno != EEXIST)
            return NULL;
    }
    errno = ENOMEM;
    return NULL;
}

void
host_window_close(void *window, size_t size)
{
    munmap(window, size);
}
