/* SPDX-License-Identifier: MIT */
/* What must be known when the process ends by a crash: which files are loaded where, and which of
 * them are ours to remove. Kept where drivers cannot write.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kept {
    uintptr_t start, end; /* 0: nothing is kept here */
    bool temporary;
    char path[495];
};

/* An image that is mapped. What finds no room, or has too long a path, is not kept. */
void kept_add(const char *path, uintptr_t start, uintptr_t end, bool temporary);
void kept_drop(uintptr_t start);
/* Number @k, or NULL behind the last; one with start 0 is none. */
const struct kept *kept_at(unsigned k);
/* The image at @address, or NULL. */
const struct kept *kept_find(const void *address);
/* Removes the temporary files. */
void kept_remove_files(void);
