/* SPDX-License-Identifier: MIT */
/* discard.c - arguments that a macro of Windows discards and a function of ours does not */
#include "build/discard.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char macro[] = "NdisFreeSpinLock";
/* A name follows in quotes; for the last, it stands before. */
static const char *const phrases[] = {
    "use of undeclared identifier ", "no member named ", "undeclared (first use"};

static bool
is_in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The name next to at, in a line from start to end. */
static void
add_name(const char *start, const char *at, const char *end, bool before, struct words *names)
{
    const char *from = at, *to;

    if (before) {
        while (from > start && !is_in_name(from[-1]))
            from--;
        for (to = from; from > start && is_in_name(from[-1]); from--)
            ;
    } else {
        while (from < end && !is_in_name(*from))
            from++;
        for (to = from; to < end && is_in_name(*to); to++)
            ;
    }
    if (to > from) {
        char *name = string_format("%.*s", (int)(to - from), from);

        if (!words_have(names, name))
            words_add(names, name);
        free(name);
    }
}

/* One line of a message; the line below it shows the code. */
static void
find_in_line(const char *line, const char *end, struct words *names)
{
    const char *below = end + (*end == '\n');
    char *shown = string_format("%.*s", (int)strcspn(below, "\n"), below);
    char *said = string_format("%.*s", (int)(end - line), line);

    if (strstr(shown, macro)) {
        for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
            bool before = i + 1 == sizeof(phrases) / sizeof(*phrases);
            const char *at = strstr(said, phrases[i]);

            if (at)
                add_name(said, before ? at : at + strlen(phrases[i]), said + strlen(said), before,
                    names);
        }
    }
    free(said);
    free(shown);
}

void
discard_find(const char *messages, struct words *names)
{
    for (const char *line = messages; *line;) {
        const char *end = line + strcspn(line, "\n");

        find_in_line(line, end, names);
        line = end + (*end == '\n');
    }
}

static bool
is_mark(const struct lexemes *lexemes, size_t i, const char *mark)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_MARK &&
           lexeme_is(&lexemes->items[i], mark);
}

void
discard_rewrite(const struct lexemes *lexemes, const struct words *names, struct edits *edits)
{
    for (size_t i = 0; i < lexemes->count; i++) {
        size_t end = i + 1, depth = 0;
        bool named = false;

        if (!lexeme_is(&lexemes->items[i], macro) || !is_mark(lexemes, end, "("))
            continue;
        for (; end < lexemes->count; end++) {
            const struct lexeme *lexeme = &lexemes->items[end];

            depth += is_mark(lexemes, end, "(");
            depth -= is_mark(lexemes, end, ")");
            if (!depth)
                break;
            for (size_t k = 0; k < names->count && lexeme->kind == LEXEME_IDENTIFIER; k++)
                named = named || lexeme_is(lexeme, names->items[k]);
        }
        if (named && end < lexemes->count)
            edits_note(edits, lexemes->items[i].at,
                (size_t)(lexemes->items[end].at + 1 - lexemes->items[i].at), "((void)0)");
    }
}
