/* SPDX-License-Identifier: MIT */
/* edit.c - changes to a text, noted in any order and made in one go */
#include "build/edit.h"

#include <stdlib.h>

void
edits_note(struct edits *edits, const char *at, size_t length, const char *put)
{
    if (edits->count == edits->room) {
        edits->room = edits->room ? edits->room * 2 : 256;
        edits->items = memory_resize(edits->items, edits->room, sizeof(*edits->items));
    }
    edits->items[edits->count] = (struct edit){at, length, edits->count, put};
    edits->count++;
}

/* By place; at one place insertions come before a replacement. */
static int
edit_compare(const void *left, const void *right)
{
    const struct edit *a = left;
    const struct edit *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (!a->length != !b->length)
        return a->length ? 1 : -1;
    return a->order < b->order ? -1 : 1;
}

void
edits_make(struct edits *edits, const struct text *from, struct text *to)
{
    const char *at = from->bytes;

    if (edits->count)
        qsort(edits->items, edits->count, sizeof(*edits->items), edit_compare);
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->items[i];

        if (edit->at < at)
            continue;
        text_add(to, at, (size_t)(edit->at - at));
        text_add_string(to, edit->put);
        at = edit->at + edit->length;
    }
    text_add(to, at, (size_t)(from->bytes + from->length - at));
}

void
edits_free(struct edits *edits)
{
    free(edits->items);
    *edits = (struct edits){0};
}
