/* SPDX-License-Identifier: MIT */
/* A driver image: a private copy of a shared object, its import slots bound to a table of ours.
 *
 * The first load of a path in the process uses the file itself (gdb, gcov and ASan find it);
 * further ones a named temporary copy that image_close removes, and the next start of undis
 * removes what a killed process left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;

/* Answers the address a driver's import gets, NULL when it is not provided. */
typedef void *image_resolve_fn(void *context, const char *symbol);

enum image_sanitizer { IMAGE_PLAIN, IMAGE_ASAN, IMAGE_TSAN };

struct image_range {
    void *start;
    size_t size;
};

/*
 * Loads @path. Before anything of it runs: it must be an x86-64 ELF shared object, define
 * DriverEntry, and every undefined symbol must be one that @resolve knows or that the sanitizer
 * runtime or libgcc of the process defines.
 * 0, or -errno with a sentence in @error (what, where, what to do): -ENOENT, -ENOEXEC (not an
 * image, no DriverEntry), -ELIBACC (missing symbols, all named), -ENOTSUP (built for a sanitizer
 * this process does not have).
 */
int image_open(struct image **opened, const char *path, image_resolve_fn *resolve, void *context,
    char *error, size_t error_size);
void image_close(struct image *image);
void *image_symbol(struct image *image, const char *name);
/* How the object at @path was built; -errno when it cannot be read. */
struct image_kind {
    enum image_sanitizer sanitizer; /* the runtime that it wants */
    bool tells_accesses;            /* to look for races */
};
int image_kind_of(const char *path, struct image_kind *kind);
/* Writable segments (.data, .bss) of the loaded copy, for snapshots. Returns how many (<= max). */
unsigned image_data(struct image *image, struct image_range *ranges, unsigned max);
/* "NAME.so+0x12" style: which image holds @address, NULL when none. */
const char *image_path(const struct image *image);
int image_contains(const struct image *image, const void *address);
/* From its first loaded byte to behind its last. */
void image_span(const struct image *image, uintptr_t *start, uintptr_t *end);
