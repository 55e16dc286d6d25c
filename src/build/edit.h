/* SPDX-License-Identifier: MIT */
/* edit.h - changes to a text, noted in any order and made in one go */
#ifndef BUILD_EDIT_H
#define BUILD_EDIT_H

#include "build/text.h"

struct edit {
    const char *at; /* into the text that changes */
    size_t length;  /* bytes that go */
    size_t order;   /* of noting: insertions at one place keep it */
    const char *put;
};

struct edits {
    struct edit *items;
    size_t count;
    size_t room;
};

/* put is a literal: it is not copied. Edits with a length must not overlap. */
void edits_note(struct edits *edits, const char *at, size_t length, const char *put);
void edits_make(struct edits *edits, const struct text *from, struct text *to);
void edits_free(struct edits *edits);

#endif
