/* SPDX-License-Identifier: MIT */
/*
 * lexeme.h - preprocessed C, cut into the pieces that the passes look at
 *
 * Only pieces from the driver's own files are kept; line markers tell them from the lines of the
 * kernel headers. Identifiers that start with LEXEME_RESERVED are kept wherever they stand.
 */
#ifndef BUILD_LEXEME_H
#define BUILD_LEXEME_H

#include "build/text.h"

#define LEXEME_RESERVED "__undis_"

enum lexeme_kind {
    LEXEME_IDENTIFIER,
    LEXEME_NUMBER,
    LEXEME_QUOTED, /* a string or a character constant, prefix included */
    LEXEME_MARK,   /* an operator or a bracket */
    LEXEME_PRAGMA, /* a whole line that starts with # and is no line marker */
};

struct lexeme {
    enum lexeme_kind kind;
    bool driver; /* stands in a line of a driver's file */
    const char *at;
    size_t length;
};

struct lexemes {
    struct lexeme *items;
    size_t count;
    size_t room;
};

/* headers: folders whose files are not the driver's. The lexemes point into text. */
void lexemes_cut(struct lexemes *lexemes, const struct text *text, const struct words *headers);
void lexemes_free(struct lexemes *lexemes);
bool lexeme_is(const struct lexeme *lexeme, const char *string);
bool lexeme_is_one_of(const struct lexeme *lexeme, const char *const *list);

#endif
