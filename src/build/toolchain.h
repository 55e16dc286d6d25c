/* SPDX-License-Identifier: MIT */
/* toolchain.h - the compiler, the kernel headers and the libraries that a build uses */
#ifndef BUILD_TOOLCHAIN_H
#define BUILD_TOOLCHAIN_H

#include "build/unit.h"

/*
 * toolchain_find - looks for all that a build needs
 *
 * @compiler:    NULL chooses clang, then gcc.
 * @headers:     include/km; NULL looks at UNDIS_KM, then beside the executable.
 * @library_dir: where libundis.so is; NULL looks at UNDIS_LIB, then beside the executable.
 * @linking:     without it, libraries may be missing.
 *
 * Errors: false, with *error for the user, which the caller frees.
 */
bool toolchain_find(struct toolchain *toolchain, const char *compiler, const char *headers,
    const char *library_dir, bool linking, char **error);
void toolchain_free(struct toolchain *toolchain);
/* "address", "thread", "undefined"; 0 for anything else. */
unsigned sanitizer_parse(const char *name, size_t length);

#endif
