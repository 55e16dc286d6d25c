/* SPDX-License-Identifier: MIT */
/* tokens.c - the pass that gives Windows' widths to a driver's types and constants */
#include "build/tokens.h"

#include <ctype.h>
#include <string.h>

/* Words that may stand between the words of one type. */
static const char *const type_words[] = {"long", "int", "unsigned", "signed", "__signed__",
    "__signed", "double", "const", "volatile", "static", "extern", "register", NULL};

static const struct {
    const char *from;
    const char *to;
} sized_types[] = {
    {"__int64", "long"},
    {"__int32", "int"},
    {"__int16", "short"},
    {"__int8", "char"},
    {TOKEN_SIGNED_64, "long"},
    {TOKEN_UNSIGNED_64, "unsigned long"},
};

static const struct {
    const char *from; /* lower case */
    const char *to;
} suffixes[] = {
    {"l", ""},
    {"ul", "U"},
    {"lu", "U"},
    {"i64", "LL"},
    {"ui64", "ULL"},
    {"i32", ""},
    {"ui32", "U"},
    {"i16", ""},
    {"ui16", "U"},
    {"i8", ""},
    {"ui8", "U"},
};

/* Pragmas that mean the same to our compilers; others (alloc_text, code_seg ...) go. */
static const char *const known_pragmas[] = {
    "pack", "push_macro", "pop_macro", "GCC", "clang", "STDC", "message", "weak", NULL};

struct type_run {
    size_t end; /* first lexeme after it */
    unsigned longs;
    bool is_int;
    bool is_double;
};

static struct type_run
type_run_measure(const struct lexemes *lexemes, size_t start)
{
    struct type_run run = {.end = start};

    for (; run.end < lexemes->count; run.end++) {
        const struct lexeme *lexeme = &lexemes->items[run.end];

        if (lexeme->kind != LEXEME_IDENTIFIER || !lexeme->driver ||
            !lexeme_is_one_of(lexeme, type_words))
            break;
        run.longs += lexeme_is(lexeme, "long");
        run.is_int |= lexeme_is(lexeme, "int");
        run.is_double |= lexeme_is(lexeme, "double");
    }
    return run;
}

/* Maps one type that starts at a type word; gives the first lexeme after it. */
static size_t
map_type(const struct lexemes *lexemes, size_t start, struct edits *edits)
{
    struct type_run run = type_run_measure(lexemes, start);
    bool first = true;

    if (!run.longs || run.is_double)
        return run.end;
    for (size_t i = start; i < run.end; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];

        if (!lexeme_is(lexeme, "long"))
            continue;
        if (run.longs > 1)
            edits_note(edits, lexeme->at, lexeme->length, first ? "long" : "");
        else
            edits_note(edits, lexeme->at, lexeme->length, run.is_int ? "" : "int");
        first = false;
    }
    return run.end;
}

static void
map_sized_type(const struct lexeme *lexeme, struct edits *edits)
{
    for (size_t i = 0; i < sizeof(sized_types) / sizeof(sized_types[0]); i++)
        if (lexeme_is(lexeme, sized_types[i].from))
            edits_note(edits, lexeme->at, lexeme->length, sized_types[i].to);
}

/* Length of the digits of an integer constant; the whole length for a floating one. */
static size_t
digits_length(const struct lexeme *number)
{
    bool hexadecimal = number->length > 2 && number->at[0] == '0' && (number->at[1] | 32) == 'x';
    bool binary = number->length > 2 && number->at[0] == '0' && (number->at[1] | 32) == 'b';
    size_t i = hexadecimal || binary ? 2 : 0;

    while (i < number->length && (hexadecimal ? isxdigit((unsigned char)number->at[i])
                                              : isdigit((unsigned char)number->at[i])))
        i++;
    if (i < number->length && strchr(hexadecimal ? ".pP" : ".eE", number->at[i]))
        return number->length;
    return i;
}

static void
map_number(const struct lexeme *number, struct edits *edits)
{
    size_t digits = digits_length(number);
    size_t length = number->length - digits;

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        if (length == strlen(suffixes[i].from) &&
            !strncasecmp(number->at + digits, suffixes[i].from, length)) {
            edits_note(edits, number->at + digits, length, suffixes[i].to);
            return;
        }
    }
}

/* pack(push, name) and pack(pop, name): gcc knows a name with a number only. */
static void
map_pack(const char *at, const char *end, struct edits *edits)
{
    const char *comma = memchr(at, ',', (size_t)(end - at)), *name, *after;

    if (!comma)
        return;
    for (name = comma + 1; name < end && isspace((unsigned char)*name); name++)
        ;
    for (after = name; after < end && (isalnum((unsigned char)*after) || *after == '_'); after++)
        ;
    if (after > name && !isdigit((unsigned char)*name))
        edits_note(edits, comma, (size_t)(after - comma), "");
}

static void
map_pragma(const struct lexeme *line, struct edits *edits)
{
    const char *at = line->at + 1;
    const char *end = line->at + line->length;
    struct lexeme name = {.kind = LEXEME_IDENTIFIER};

    while (at < end && isspace((unsigned char)*at))
        at++;
    if (end - at < 6 || memcmp(at, "pragma", 6))
        return;
    for (at += 6; at < end && isspace((unsigned char)*at); at++)
        ;
    name.at = at;
    while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
        at++;
    name.length = (size_t)(at - name.at);
    if (!lexeme_is_one_of(&name, known_pragmas))
        edits_note(edits, line->at, line->length, "");
    else if (lexeme_is(&name, "pack"))
        map_pack(at, end, edits);
}

void
tokens_map(const struct lexemes *lexemes, struct edits *edits)
{
    size_t i = 0;

    while (i < lexemes->count) {
        const struct lexeme *lexeme = &lexemes->items[i];

        if (lexeme->kind == LEXEME_IDENTIFIER) {
            if (lexeme->driver && lexeme_is_one_of(lexeme, type_words)) {
                /* cl.exe lets a driver take the address of what it calls register. */
                if (lexeme_is(lexeme, "register"))
                    edits_note(edits, lexeme->at, lexeme->length, "");
                i = map_type(lexemes, i, edits);
                continue;
            }
            map_sized_type(lexeme, edits);
        } else if (lexeme->kind == LEXEME_NUMBER) {
            map_number(lexeme, edits);
        } else if (lexeme->kind == LEXEME_PRAGMA) {
            map_pragma(lexeme, edits);
        }
        i++;
    }
}
