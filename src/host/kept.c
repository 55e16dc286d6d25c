/* SPDX-License-Identifier: MIT */
/* The table of kept.h: pages that are read-only but while they are changed. */
#include "host/kept.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE  4096u
#define COUNT 64u

static union {
    struct kept all[COUNT];
    char pages[COUNT * sizeof(struct kept)];
} table __attribute__((aligned(PAGE)));
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

_Static_assert(sizeof(table) % PAGE == 0, "nothing else lies on its pages");

static void
protect(bool open)
{
    mprotect(&table, sizeof(table), PROT_READ | (open ? PROT_WRITE : 0));
}

void
kept_add(const char *path, uintptr_t start, uintptr_t end, bool temporary)
{
    size_t length = strlen(path);

    pthread_mutex_lock(&lock);
    protect(true);
    for (unsigned k = 0; k < COUNT && length < sizeof(table.all[k].path); k++) {
        struct kept *kept = &table.all[k];

        if (kept->start)
            continue;
        memcpy(kept->path, path, length + 1);
        kept->end = end;
        kept->temporary = temporary;
        kept->start = start;
        break;
    }
    protect(false);
    pthread_mutex_unlock(&lock);
}

void
kept_drop(uintptr_t start)
{
    pthread_mutex_lock(&lock);
    protect(true);
    for (unsigned k = 0; k < COUNT; k++)
        if (table.all[k].start == start)
            table.all[k].start = 0;
    protect(false);
    pthread_mutex_unlock(&lock);
}

const struct kept *
kept_at(unsigned k)
{
    return k < COUNT ? &table.all[k] : NULL;
}

const struct kept *
kept_find(const void *address)
{
    for (unsigned k = 0; k < COUNT; k++) {
        const struct kept *kept = &table.all[k];

        if (kept->start && (uintptr_t)address >= kept->start && (uintptr_t)address < kept->end)
            return kept;
    }
    return NULL;
}

void
kept_remove_files(void)
{
    for (unsigned k = 0; k < COUNT; k++)
        if (table.all[k].start && table.all[k].temporary)
            unlink(table.all[k].path);
}
