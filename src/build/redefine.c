/* SPDX-License-Identifier: MIT */
/* redefine.c - functions whose definition differs from their prototype in a pointer's type */
#include "build/redefine.h"

#include "build/pass.h"
#include "build/process.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "undis_prototype_of_"

void
redefine_find(const char *messages, struct words *names)
{
    static const char phrase[] = "conflicting types for ";
    const char *at = messages;

    while ((at = strstr(at, phrase))) {
        size_t length = 0;
        char *name;

        at += sizeof(phrase) - 1;
        while (*at && !isalpha((unsigned char)*at) && *at != '_' && *at != '\n')
            at++; /* the quote, plain or not */
        while (isalnum((unsigned char)at[length]) || at[length] == '_')
            length++;
        name = string_format("%.*s", (int)length, at);
        if (length && !words_have(names, name))
            words_add(names, name);
        free(name);
    }
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

void
redefine_rewrite(const struct lexemes *lexemes, const struct words *names, struct edits *edits,
    struct words *strings)
{
    for (size_t k = 0; k < names->count; k++) {
        size_t definition = find_definition(lexemes, names->items[k]);

        if (definition < lexemes->count)
            rename_before(lexemes, definition, names->items[k], edits, strings);
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
    struct words names = {0};
    struct text said = {0};
    struct pass_result result;
    int status = run(command, log, &said);

    if (status && !cxx)
        redefine_find(said.bytes, &names);
    if (names.count) {
        struct pass_request request = {headers, cxx, &names};

        if (!pass_file(plain, mapped, &request, &result))
            status = run(command, log, &said);
    }
    (void)fwrite(said.bytes, 1, said.length, stderr);
    text_free(&said);
    words_free(&names);
    return status;
}
