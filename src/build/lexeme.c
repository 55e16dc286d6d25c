/* SPDX-License-Identifier: MIT */
/* lexeme.c - preprocessed C, cut into the pieces that the passes look at */
#include "build/lexeme.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct cutter {
    const char *at;
    const char *end;
    bool driver; /* [L] of the line at which the cutter stands */
    const struct words *headers;
    struct lexemes *out;
};

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static void
keep(struct cutter *cutter, enum lexeme_kind kind, const char *end)
{
    struct lexemes *out = cutter->out;
    size_t length = (size_t)(end - cutter->at);
    bool reserved = kind == LEXEME_IDENTIFIER && length > sizeof(LEXEME_RESERVED) - 1 &&
                    !memcmp(cutter->at, LEXEME_RESERVED, sizeof(LEXEME_RESERVED) - 1);

    if (cutter->driver || reserved) {
        if (out->count == out->room) {
            out->room = out->room ? out->room * 2 : 4096;
            out->items = memory_resize(out->items, out->room, sizeof(*out->items));
        }
        out->items[out->count++] = (struct lexeme){kind, cutter->driver, cutter->at, length};
    }
    cutter->at = end;
}

static bool
file_is_drivers(const struct cutter *cutter, const char *name, size_t length)
{
    if (!length || *name == '<')
        return false;
    for (size_t i = 0; i < cutter->headers->count; i++) {
        size_t size = strlen(cutter->headers->items[i]);

        if (length > size && !memcmp(name, cutter->headers->items[i], size) && name[size] == '/')
            return false;
    }
    return true;
}

/* A line that starts with '#': "# 12 "file" 1 3", "#line 12 "file"" or a pragma. */
static void
cut_directive(struct cutter *cutter)
{
    const char *end = memchr(cutter->at, '\n', (size_t)(cutter->end - cutter->at));
    const char *at = cutter->at + 1;
    const char *close;

    if (!end)
        end = cutter->end;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (end - at > 5 && !memcmp(at, "line ", 5))
        at += 5;
    if (at == end || !isdigit((unsigned char)*at)) {
        keep(cutter, LEXEME_PRAGMA, end);
        return;
    }
    at = memchr(at, '"', (size_t)(end - at));
    if (at) {
        close = memchr(at + 1, '"', (size_t)(end - at - 1));
        if (close)
            cutter->driver = file_is_drivers(cutter, at + 1, (size_t)(close - at - 1));
    }
    cutter->at = end;
}

static const char *
quoted_end(const char *at, const char *end)
{
    char quote = *at++;

    while (at < end && *at != quote && *at != '\n')
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at + 1 : end;
}

/* R"delimiter( ... )delimiter" of C++; at stands on the quote. */
static const char *
raw_end(const char *at, const char *end)
{
    const char *open = memchr(at, '(', (size_t)(end - at));
    char close[20] = ")";
    const char *found;

    if (!open || open - at > 17)
        return quoted_end(at, end);
    memcpy(close + 1, at + 1, (size_t)(open - at - 1));
    strcat(close, "\"");
    found = memmem(open, (size_t)(end - open), close, strlen(close));
    return found ? found + strlen(close) : end;
}

static void
cut_word(struct cutter *cutter)
{
    const char *at = cutter->at;
    size_t length;

    while (at < cutter->end && is_word(*at))
        at++;
    length = (size_t)(at - cutter->at);
    if (at < cutter->end && *at == '"' && length <= 3 && at[-1] == 'R')
        keep(cutter, LEXEME_QUOTED, raw_end(at, cutter->end));
    else if (at < cutter->end && (*at == '"' || *at == '\'') && length <= 2 &&
             strchr("LuU8", at[-1]))
        keep(cutter, LEXEME_QUOTED, quoted_end(at, cutter->end));
    else
        keep(cutter, LEXEME_IDENTIFIER, at);
}

/* True when the sign at @at belongs to the exponent of a number. */
static bool
is_exponent_sign(const char *at, bool hexadecimal)
{
    char before = (char)tolower((unsigned char)at[-1]);

    return (*at == '+' || *at == '-') && (before == 'p' || (before == 'e' && !hexadecimal));
}

static void
cut_number(struct cutter *cutter)
{
    const char *at = cutter->at + 1;
    bool hexadecimal = at < cutter->end && (*at == 'x' || *at == 'X');

    while (at < cutter->end && (is_word(*at) || *at == '.' || is_exponent_sign(at, hexadecimal)))
        at++;
    keep(cutter, LEXEME_NUMBER, at);
}

static void
cut_mark(struct cutter *cutter)
{
    static const char *const marks[] = {"<<=", ">>=", "...", "->", "++", "--",
        "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<",
        ">>", "::", NULL};
    size_t left = (size_t)(cutter->end - cutter->at);

    for (const char *const *mark = marks; *mark; mark++) {
        size_t length = strlen(*mark);

        if (length <= left && !memcmp(cutter->at, *mark, length)) {
            keep(cutter, LEXEME_MARK, cutter->at + length);
            return;
        }
    }
    keep(cutter, LEXEME_MARK, cutter->at + 1);
}

/* True when a comment stood here and was passed over. */
static bool
skip_comment(struct cutter *cutter)
{
    const char *at = cutter->at;
    size_t left = (size_t)(cutter->end - at);
    const char *found;

    if (left < 2 || at[0] != '/' || (at[1] != '*' && at[1] != '/'))
        return false;
    if (at[1] == '/') {
        found = memchr(at, '\n', left);
        cutter->at = found ? found : cutter->end;
    } else {
        found = memmem(at + 2, left - 2, "*/", 2);
        cutter->at = found ? found + 2 : cutter->end;
    }
    return true;
}

void
lexemes_cut(struct lexemes *lexemes, const struct text *text, const struct words *headers)
{
    struct cutter cutter = {text->bytes, text->bytes + text->length, true, headers, lexemes};
    bool line_start = true;

    while (cutter.at < cutter.end) {
        char c = *cutter.at;

        if (isspace((unsigned char)c)) {
            line_start = line_start || c == '\n';
            cutter.at++;
            continue;
        }
        if (c == '#' && line_start) {
            cut_directive(&cutter);
            continue;
        }
        line_start = false;
        if (skip_comment(&cutter))
            continue;
        if (isdigit((unsigned char)c) ||
            (c == '.' && cutter.at + 1 < cutter.end && isdigit((unsigned char)cutter.at[1])))
            cut_number(&cutter);
        else if (is_word(c))
            cut_word(&cutter);
        else if (c == '"' || c == '\'')
            keep(&cutter, LEXEME_QUOTED, quoted_end(cutter.at, cutter.end));
        else
            cut_mark(&cutter);
    }
}

void
lexemes_free(struct lexemes *lexemes)
{
    free(lexemes->items);
    *lexemes = (struct lexemes){0};
}

bool
lexeme_is(const struct lexeme *lexeme, const char *string)
{
    return strlen(string) == lexeme->length && !memcmp(lexeme->at, string, lexeme->length);
}

bool
lexeme_is_one_of(const struct lexeme *lexeme, const char *const *list)
{
    for (; *list; list++)
        if (lexeme_is(lexeme, *list))
            return true;
    return false;
}
