/* SPDX-License-Identifier: MIT */
/* unit.h - one source file with what it is compiled with, and the compiler that does it */
#ifndef BUILD_UNIT_H
#define BUILD_UNIT_H

#include "build/text.h"

enum sanitizer {
    SANITIZE_ADDRESS = 1,
    SANITIZE_THREAD = 2,
    SANITIZE_UNDEFINED = 4,
    SANITIZE_RACES = 8, /* no sanitizer of the compiler's: it tells undis of each access */
};

/* Owned by its project. */
struct unit {
    char *source;
    char *text;            /* source in UTF-8, where it is another file; or NULL */
    struct words defines;  /* NAME or NAME=VALUE */
    struct words includes; /* folders, as they are on disk */
    struct words forced;   /* files included before the source */
};

/* Found by toolchain_find(); what it points at lives as long as it does. */
struct toolchain {
    const char *compiler;
    bool clang;
    char *headers;               /* include/km, absolute */
    char *library_dir;           /* holds libundis.so and libundis_crt.a; NULL when not linking */
    struct words header_folders; /* headers and the compiler's own: no driver file lies there */
    unsigned sanitizers;
    bool coverage;
    bool verbose;
    bool color; /* in the compiler's messages */
};

void unit_free(struct unit *unit);
bool unit_is_cxx(const char *source);

#endif
