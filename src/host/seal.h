/* SPDX-License-Identifier: MIT */
/* Memory that is written once and read-only from then on, whoever writes by mistake. */
#pragma once

#include <stddef.h>
#include <sys/mman.h>

/* Zeroed, on pages of its own; NULL when there is none. */
static inline void *
seal_make(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static inline void
seal_close(void *memory, size_t size)
{
    mprotect(memory, size, PROT_READ);
}

static inline void
seal_free(void *memory, size_t size)
{
    munmap(memory, size);
}
