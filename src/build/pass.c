/* SPDX-License-Identifier: MIT */
/* pass.c - everything that happens to a unit between preprocessing and compiling */
#include "build/pass.h"

#include "build/discard.h"
#include "build/edit.h"
#include "build/lexeme.h"
#include "build/quirks.h"
#include "build/redefine.h"
#include "build/tokens.h"

#include <string.h>

/* What the headers' __try expands to. */
#define EXCEPTION_CALLS "undis_seh_"

static bool
uses_exceptions(const struct lexemes *lexemes)
{
    size_t length = sizeof(EXCEPTION_CALLS) - 1;

    for (size_t i = 0; i < lexemes->count; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];

        if (lexeme->kind == LEXEME_IDENTIFIER && lexeme->length > length &&
            !memcmp(lexeme->at, EXCEPTION_CALLS, length))
            return true;
    }
    return false;
}

struct pass_result
pass_text(const struct text *from, const struct pass_request *request, struct text *to)
{
    struct lexemes lexemes = {0};
    struct edits edits = {0};
    struct words strings = {0};
    struct pass_result result;

    lexemes_cut(&lexemes, from, request->headers);
    tokens_map(&lexemes, &edits);
    if (request->cxx)
        quirks_rewrite_cxx(&lexemes, &edits);
    else
        quirks_rewrite(&lexemes, &edits, &strings);
    if (request->redefined)
        redefine_rewrite(&lexemes, request->redefined, &edits, &strings);
    if (request->discarded)
        discard_rewrite(&lexemes, request->discarded, &edits);
    edits_make(&edits, from, to);
    result.uses_exceptions = uses_exceptions(&lexemes);
    words_free(&strings);
    edits_free(&edits);
    lexemes_free(&lexemes);
    return result;
}

int
pass_file(const char *from, const char *to, const struct pass_request *request,
    struct pass_result *result)
{
    struct text before = {0};
    struct text after = {0};
    int error = text_read_file(&before, from);

    if (!error) {
        *result = pass_text(&before, request, &after);
        error = text_write_file(&after, to);
    }
    text_free(&before);
    text_free(&after);
    return error;
}
