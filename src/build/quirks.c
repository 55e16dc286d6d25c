/* SPDX-License-Identifier: MIT */
/* quirks.c - rewrites of what Microsoft's compiler takes and C does not */
#include "build/quirks.h"

#include <stdlib.h>
#include <string.h>

/* Lexemes of "(T)a->b[i]". */
struct cast {
    size_t open;
    size_t close;
    size_t last; /* of the thing that is cast */
};

static const char *const assignments[] = {
    "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", NULL};
static const char *const steps[] = {"++", "--", NULL};
static const char *const not_types[] = {"sizeof", "return", "else", "do", "case", NULL};
/* After these marks an expression begins; after them & is unary. */
static const char *const before_expression[] = {"(", ",", "=", ";", "{", "}",
    "+=", "-=", "==", "!=", "&&", "||", "?", ":", "!", "[", "|", "&", "+", "-", "<", ">",
    "<=", ">=", "*", NULL};
/* What stands only within an expression. */
static const char *const operators[] = {"=",
    "+=", "-=", "*=", "/=", "|=", "&=", "==", "!=", "<=", ">=", "+", "-", "/", "%", "?", "||", "&&",
    "|", "<<", ">>", "*", NULL};
static const char *const type_words[] = {
    "unsigned", "signed", "short", "int", "char", "long", "__int64", NULL};
static const char *const before_statement[] = {";", "{", "}", ",", "(", ":", NULL};
static const char *const statements[] = {"if", "while", "for", "switch", NULL};

static bool
is_mark(const struct lexemes *lexemes, size_t i, const char *mark)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_MARK &&
           lexeme_is(&lexemes->items[i], mark);
}

static bool
is_name(const struct lexemes *lexemes, size_t i)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_IDENTIFIER &&
           !lexeme_is_one_of(&lexemes->items[i], not_types);
}

static bool
is_mark_of(const struct lexemes *lexemes, size_t i, const char *const *list)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_MARK &&
           lexeme_is_one_of(&lexemes->items[i], list);
}

/* Index of the bracket that closes the one at open; count when there is none. */
static size_t
closing(const struct lexemes *lexemes, size_t open, const char *opener, const char *closer)
{
    size_t depth = 0;

    for (size_t i = open; i < lexemes->count && i < open + 1000; i++) {
        if (is_mark(lexemes, i, opener))
            depth++;
        else if (is_mark(lexemes, i, closer) && --depth == 0)
            return i;
    }
    return lexemes->count;
}

/* The last lexeme of name, name.b, name->b, name[i] and so on. */
static size_t
place_end(const struct lexemes *lexemes, size_t i)
{
    for (;;) {
        if ((is_mark(lexemes, i + 1, "->") || is_mark(lexemes, i + 1, ".")) &&
            is_name(lexemes, i + 2)) {
            i += 2;
        } else if (is_mark(lexemes, i + 1, "[")) {
            size_t end = closing(lexemes, i + 1, "[", "]");

            if (end == lexemes->count)
                return i;
            i = end;
        } else {
            return i;
        }
    }
}

/* Names, then stars, in brackets, then a place: what a cast of an lvalue looks like. */
static bool
cast_find(const struct lexemes *lexemes, size_t open, struct cast *cast)
{
    size_t i = open + 1, stars, first;

    if (!is_mark(lexemes, open, "(") || !is_name(lexemes, i))
        return false;
    while (is_name(lexemes, i))
        i++;
    stars = i;
    while (is_mark(lexemes, i, "*"))
        i++;
    stars = i - stars;
    if (!is_mark(lexemes, i, ")"))
        return false;
    first = i + 1;
    /* (T *)(place): with a star it is no call of a function. */
    if (stars && is_mark(lexemes, first, "("))
        first = closing(lexemes, first, "(", ")");
    else if (!is_name(lexemes, first))
        return false;
    if (first >= lexemes->count)
        return false;
    *cast = (struct cast){open, i, place_end(lexemes, first)};
    return true;
}

/* True when an expression that starts at i is no operand of anything before it. */
static bool
starts_expression(const struct lexemes *lexemes, size_t i)
{
    size_t depth = 0;

    if (i == 0)
        return false;
    if (!is_mark(lexemes, i - 1, ")"))
        return is_mark_of(lexemes, i - 1, before_statement);
    /* if (...) and its kin, but not a cast. */
    for (size_t at = i - 1; at > 0 && i - at < 1000; at--) {
        depth += is_mark(lexemes, at, ")");
        if (is_mark(lexemes, at, "(") && --depth == 0)
            return lexeme_is_one_of(&lexemes->items[at - 1], statements);
    }
    return false;
}

static void
cast_turn(const struct lexemes *lexemes, const struct cast *cast, struct edits *edits)
{
    const struct lexeme *last = &lexemes->items[cast->last];

    edits_note(edits, lexemes->items[cast->open].at, 0, "*");
    edits_note(edits, lexemes->items[cast->close].at, 0, " *");
    edits_note(edits, lexemes->items[cast->close].at + 1, 0, "&(");
    edits_note(edits, last->at + last->length, 0, ")");
}

/* (T)place = x, where an expression may begin; gives the lexemes that are done. */
static size_t
rewrite_assignment(const struct lexemes *lexemes, size_t i, struct edits *edits)
{
    struct cast cast;

    if (!is_mark(lexemes, i, "(") || !starts_expression(lexemes, i) ||
        !cast_find(lexemes, i, &cast) || !is_mark_of(lexemes, cast.last + 1, assignments))
        return 0;
    cast_turn(lexemes, &cast, edits);
    return cast.last + 1 - i;
}

/* ((T)place)++ anywhere; ((T)place) = x where no star stands before it. */
static size_t
rewrite_bracketed(const struct lexemes *lexemes, size_t i, struct edits *edits)
{
    struct cast cast;

    if (!is_mark(lexemes, i, "(") || !cast_find(lexemes, i + 1, &cast) ||
        !is_mark(lexemes, cast.last + 1, ")"))
        return 0;
    if (!is_mark_of(lexemes, cast.last + 2, steps) &&
        !(is_mark_of(lexemes, cast.last + 2, assignments) && starts_expression(lexemes, i)))
        return 0;
    cast_turn(lexemes, &cast, edits);
    return cast.last + 1 - i;
}

/* &(T)place with a unary & */
static size_t
rewrite_address(const struct lexemes *lexemes, size_t i, struct edits *edits)
{
    struct cast cast;

    if (i == 0 || !is_mark(lexemes, i, "&") || !is_mark_of(lexemes, i - 1, before_expression) ||
        !cast_find(lexemes, i + 1, &cast) || is_mark(lexemes, cast.last + 1, "("))
        return 0;
    edits_note(edits, lexemes->items[i].at, 1, " ");
    edits_note(edits, lexemes->items[cast.close].at, 0, " *");
    edits_note(edits, lexemes->items[cast.close].at + 1, 0, "&");
    return cast.last + 1 - i;
}

/* The mark outside of brackets in between first and last; last when there is none. */
static size_t
mark_between(const struct lexemes *lexemes, size_t first, size_t last, const char *mark)
{
    size_t depth = 0;

    for (size_t i = first; i < last; i++) {
        if (depth == 0 && is_mark(lexemes, i, mark))
            return i;
        depth += is_mark(lexemes, i, "(") || is_mark(lexemes, i, "[");
        depth -= is_mark(lexemes, i, ")") || is_mark(lexemes, i, "]");
    }
    return last;
}

/* The text of lexemes first to last, without the line markers between them. */
static char *
joined(const struct lexemes *lexemes, size_t first, size_t last)
{
    struct text text = {0};

    for (size_t i = first; i <= last; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];

        text_add(&text, lexeme->at, lexeme->length);
        if (i < last && lexeme->at + lexeme->length != lexeme[1].at)
            text_add(&text, " ", 1);
    }
    return text.bytes;
}

/* *(c ? &a : &b) = x, where a and b are pointers of two types: the second address gets the type of
 * the first.
 */
static size_t
rewrite_choice(const struct lexemes *lexemes, size_t i, struct edits *edits, struct words *strings)
{
    const struct lexeme *items = lexemes->items;
    size_t end, question, colon;
    char *first;

    if (!is_mark(lexemes, i, "*") || !is_mark(lexemes, i + 1, "(") ||
        !starts_expression(lexemes, i))
        return 0;
    end = closing(lexemes, i + 1, "(", ")");
    if (!is_mark_of(lexemes, end + 1, assignments))
        return 0;
    question = mark_between(lexemes, i + 2, end, "?");
    colon = mark_between(lexemes, question + 1, end, ":");
    if (colon >= end || !is_mark(lexemes, question + 1, "&") || !is_mark(lexemes, colon + 1, "&") ||
        mark_between(lexemes, question + 1, end, "?") != end)
        return 0;
    first = joined(lexemes, question + 1, colon - 1);
    words_format(strings, "(__typeof__(%s))(", first);
    free(first);
    edits_note(edits, items[colon + 1].at, 0, strings->items[strings->count - 1]);
    edits_note(edits, items[end].at, 0, ")");
    return end + 1 - i;
}

/* = unsigned short(x): a cast in C++, but for the standard. */
static size_t
rewrite_words(const struct lexemes *lexemes, size_t i, struct edits *edits)
{
    size_t end = i;

    if (i == 0 || !is_mark_of(lexemes, i - 1, operators))
        return 0;
    while (is_name(lexemes, end) && lexeme_is_one_of(&lexemes->items[end], type_words))
        end++;
    if (end < i + 2 || !is_mark(lexemes, end, "(") || is_mark(lexemes, end + 1, "*"))
        return 0;
    edits_note(edits, lexemes->items[i].at, 0, "(");
    edits_note(edits, lexemes->items[end].at, 0, ")");
    return end - i;
}

/* The name of a function whose body begins at open: name ( ... ) { outside of all braces. */
static const struct lexeme *
function_name(const struct lexemes *lexemes, size_t open)
{
    size_t depth = 0;

    if (open == 0 || !is_mark(lexemes, open - 1, ")"))
        return NULL;
    for (size_t i = open - 1; i > 0; i--) {
        depth += is_mark(lexemes, i, ")");
        if (is_mark(lexemes, i, "(") && --depth == 0)
            return is_name(lexemes, i - 1) ? &lexemes->items[i - 1] : NULL;
    }
    return NULL;
}

static bool
is_string(const struct lexemes *lexemes, size_t i)
{
    return i < lexemes->count && lexemes->items[i].kind == LEXEME_QUOTED &&
           *lexemes->items[i].at == '"';
}

/* __FUNCTION__ beside a string: cl.exe makes one of them. */
static void
rewrite_functions(const struct lexemes *lexemes, struct edits *edits, struct words *strings)
{
    const struct lexeme *name = NULL;
    size_t depth = 0;

    for (size_t i = 0; i < lexemes->count; i++) {
        const struct lexeme *lexeme = &lexemes->items[i];

        if (is_mark(lexemes, i, "{") && depth++ == 0)
            name = function_name(lexemes, i);
        depth -= depth && is_mark(lexemes, i, "}");
        if (!name || lexeme->kind != LEXEME_IDENTIFIER || !lexeme_is(lexeme, "__FUNCTION__") ||
            (!is_string(lexemes, i + 1) && (i == 0 || !is_string(lexemes, i - 1))))
            continue;
        words_format(strings, "\"%.*s\"", (int)name->length, name->at);
        edits_note(edits, lexeme->at, lexeme->length, strings->items[strings->count - 1]);
    }
}

void
quirks_rewrite_cxx(const struct lexemes *lexemes, struct edits *edits)
{
    size_t i = 0;

    while (i < lexemes->count) {
        size_t done = rewrite_words(lexemes, i, edits);

        i += done ? done : 1;
    }
}

void
quirks_rewrite(const struct lexemes *lexemes, struct edits *edits, struct words *strings)
{
    size_t i = 0;

    rewrite_functions(lexemes, edits, strings);
    while (i < lexemes->count) {
        size_t done = rewrite_bracketed(lexemes, i, edits);

        if (!done)
            done = rewrite_assignment(lexemes, i, edits);
        if (!done)
            done = rewrite_address(lexemes, i, edits);
        if (!done)
            done = rewrite_choice(lexemes, i, edits, strings);
        i += done ? done : 1;
    }
}
