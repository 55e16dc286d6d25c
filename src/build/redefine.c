/* SPDX-License-Identifier: MIT */
/* redefine.c - functions and types that are declared twice, not quite alike */
#include "build/redefine.h"

#include "build/discard.h"
#include "build/pass.h"
#include "build/process.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX      "undis_prototype_of_"
#define TYPE_PREFIX "undis_typedef_of_"

static bool
is_in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The name that at points into, up to and no further back than start. */
static void
add_name(const char *start, const char *at, struct words *names)
{
    size_t length = 0;
    char *name;

    while (at > start && is_in_name(at[-1]))
        at--;
    while (is_in_name(at[length]))
        length++;
    name = string_format("%.*s", (int)length, at);
    if (length && !words_have(names, name))
        words_add(names, name);
    free(name);
}

/* gcc, and clang for functions, say the name. */
static void
find_named(const char *messages, struct words *names)
{
    static const char phrase[] = "conflicting types for ";
    const char *at = messages;

    while ((at = strstr(at, phrase))) {
        at += sizeof(phrase) - 1;
        while (*at && !is_in_name(*at) && *at != '\n')
            at++; /* the quote, plain or not */
        add_name(at, at, names);
    }
}

/* Past the colours in which a terminal gets a line, so that columns count. */
static char *
without_colors(const char *from)
{
    char *copy = string_copy(from);
    char *to = copy;

    while (*from) {
        if (*from != '\033') {
            *to++ = *from++;
            continue;
        }
        from += strcspn(from, "mK");
        from += *from != '\0';
    }
    *to = '\0';
    return copy;
}

/* clang shows where the name of a type stands: a line, and a caret below it. */
static void
find_shown(const char *messages, struct words *names)
{
    static const char phrase[] = "typedef redefinition with different types";
    char *plain = without_colors(messages);
    const char *at = plain;

    while ((at = strstr(at, phrase))) {
        const char *line = at + strcspn(at, "\n");
        const char *below;
        size_t column;

        line += *line == '\n';
        below = line + strcspn(line, "\n");
        below += *below == '\n';
        column = strcspn(below, "^\n");
        at += sizeof(phrase) - 1;
        if (below[column] == '^' && line + column < below)
            add_name(line, line + column, names);
    }
    free(plain);
}

void
redefine_find(const char *messages, struct words *names)
{
    find_named(messages, names);
    find_shown(messages, names);
}

static bool
is_mark(const struct lexemes *lexemes, size_t i, const char *mark)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_MARK &&
           lexeme_is(&lexemes->items[i], mark);
}

/* For name ( ... ): the closing bracket; 0 when i is no such thing. */
static size_t
parameters_end(const struct lexemes *lexemes, size_t i)
{
    size_t depth = 0;

    for (i++; i < lexemes->count; i++) {
        depth += is_mark(lexemes, i, "(");
        if (depth == 0)
            return 0;
        if (is_mark(lexemes, i, ")") && --depth == 0)
            return i;
    }
    return 0;
}

/* Where name ( ... ) { stands outside of all braces; count when nowhere. */
static size_t
find_definition(const struct lexemes *lexemes, const char *name)
{
    size_t depth = 0;

    for (size_t i = 0; i < lexemes->count; i++) {
        depth += is_mark(lexemes, i, "{");
        depth -= depth && is_mark(lexemes, i, "}");
        if (!depth && lexeme_is(&lexemes->items[i], name)) {
            size_t end = parameters_end(lexemes, i);

            if (end && is_mark(lexemes, end + 1, "{"))
                return i;
        }
    }
    return lexemes->count;
}

/* A member of a structure that has the function's name: x->name, x.name, (*name)(...). */
static bool
is_member(const struct lexemes *lexemes, size_t i)
{
    return i > 1 && (is_mark(lexemes, i - 1, "->") || is_mark(lexemes, i - 1, ".") ||
                        (is_mark(lexemes, i - 1, "*") && is_mark(lexemes, i - 2, "(")));
}

static void
rename_before(const struct lexemes *lexemes, size_t definition, const char *name,
    struct edits *edits, struct words *strings)
{
    size_t depth = 0;

    for (size_t i = 0; i < definition; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];
        size_t end;

        depth += is_mark(lexemes, i, "{");
        depth -= depth && is_mark(lexemes, i, "}");
        if (lexeme->kind != LEXEME_IDENTIFIER || !lexeme_is(lexeme, name) || is_member(lexemes, i))
            continue;
        edits_note(edits, lexeme->at, 0, PREFIX);
        end = depth ? 0 : parameters_end(lexemes, i);
        if (end && is_mark(lexemes, end + 1, ";")) {
            words_format(strings, " __asm__(\"%s\")", name);
            edits_note(edits, lexemes->items[end].at + 1, 0, strings->items[strings->count - 1]);
        }
    }
}

/* typedef ... name ... ; in a driver's line. */
static bool
is_type(const struct lexemes *lexemes, const char *name)
{
    bool inside = false;

    for (size_t i = 0; i < lexemes->count; i++) {
        if (lexeme_is(&lexemes->items[i], "typedef"))
            inside = true;
        else if (is_mark(lexemes, i, ";"))
            inside = false;
        else if (inside && lexeme_is(&lexemes->items[i], name))
            return true;
    }
    return false;
}

/* The driver has a type of its own, which must be as large as the one of the headers: both may reach
 * the same memory. That of a function, whose size is 1 and whose class that of its pointer, is none
 * of any object; a driver of NDIS 5 may have its own under a name that NDIS 6 took. */
static void
rename_type(
    const struct lexemes *lexemes, const char *name, struct edits *edits, struct words *strings)
{
    const struct lexeme *last = &lexemes->items[lexemes->count - 1];

    for (size_t i = 0; i < lexemes->count; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];

        if (lexeme->kind == LEXEME_IDENTIFIER && lexeme_is(lexeme, name))
            edits_note(edits, lexeme->at, 0, TYPE_PREFIX);
    }
    words_format(strings,
        " _Static_assert(sizeof(%1$s) == sizeof(" TYPE_PREFIX "%1$s) || (sizeof(%1$s) == 1 && "
        "__builtin_classify_type(*(%1$s *)0) == 5), \"%1$s\");",
        name);
    edits_note(edits, last->at + last->length, 0, strings->items[strings->count - 1]);
}

void
redefine_rewrite(const struct lexemes *lexemes, const struct words *names, struct edits *edits,
    struct words *strings)
{
    for (size_t k = 0; k < names->count; k++) {
        size_t definition = find_definition(lexemes, names->items[k]);

        if (definition < lexemes->count)
            rename_before(lexemes, definition, names->items[k], edits, strings);
        else if (is_type(lexemes, names->items[k]))
            rename_type(lexemes, names->items[k], edits, strings);
    }
}

static int
run(const struct words *command, const char *log, struct text *said)
{
    int status;

    unlink(log);
    status = process_run(command->items, log);
    text_clear(said);
    text_read_file(said, log);
    return status;
}

int
redefine_compile(const struct words *command, const char *plain, const char *mapped,
    const struct words *headers, bool cxx, const char *log)
{
    struct words names = {0}, discarded = {0};
    struct text said = {0};
    struct pass_result result;
    int status = run(command, log, &said);

    if (status && !cxx)
        redefine_find(said.bytes, &names);
    if (status)
        discard_find(said.bytes, &discarded);
    if (names.count || discarded.count) {
        struct pass_request request = {headers, cxx, &names, &discarded};

        if (!pass_file(plain, mapped, &request, &result))
            status = run(command, log, &said);
    }
    (void)fwrite(said.bytes, 1, said.length, stderr);
    text_free(&said);
    words_free(&discarded);
    words_free(&names);
    return status;
}
