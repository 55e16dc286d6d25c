/* SPDX-License-Identifier: MIT */
/* pass.h - everything that happens to a unit between preprocessing and compiling */
#ifndef BUILD_PASS_H
#define BUILD_PASS_H

#include "build/text.h"

struct pass_result {
    bool uses_exceptions; /* the driver's own lines hold a __try */
};

struct pass_request {
    const struct words *headers; /* folders of the kernel headers, as the line markers spell them */
    bool cxx;
    const struct words *redefined; /* functions for redefine.h, or NULL */
    const struct words *discarded; /* names for discard.h, or NULL */
};

struct pass_result
pass_text(const struct text *from, const struct pass_request *request, struct text *to);
/* The same from file to file; 0 or -errno. */
int pass_file(const char *from, const char *to, const struct pass_request *request,
    struct pass_result *result);

#endif
