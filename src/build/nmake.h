/* SPDX-License-Identifier: MIT */
/*
 * nmake.h - the variables of a file that nmake reads, as far as "sources" files of the WDK go
 *
 * NAME=value with $(NAME) in it, lines that go on behind a backslash, comments, and !if, !ifdef,
 * !ifndef, !else, !endif, !include, !undef. Rules are skipped.
 */
#ifndef BUILD_NMAKE_H
#define BUILD_NMAKE_H

#include "build/text.h"

struct nmake {
    struct words names;
    struct words values;
    unsigned depth; /* files that include each other */
};

void nmake_set(struct nmake *nmake, const char *name, const char *value);
/* "" when there is none. */
const char *nmake_get(const struct nmake *nmake, const char *name);
/* The caller frees it. */
char *nmake_expand(const struct nmake *nmake, const char *text);
/* Whether what stands behind !if holds; @text is expanded already. */
bool nmake_holds(const struct nmake *nmake, const char *text);
/* false: with *error for the user, which the caller frees. */
bool nmake_read(struct nmake *nmake, const char *file, char **error);
void nmake_free(struct nmake *nmake);

#endif
