/* SPDX-License-Identifier: MIT */
/* nmake_if.c - what stands behind !if: || && == != < > <= >= ! ( ) defined() exist(), words */
#include "build/nmake.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct parse {
    const struct nmake *nmake;
    const char *at;
};

static char *parse_or(struct parse *parse);

static bool
take(struct parse *parse, const char *mark)
{
    parse->at += strspn(parse->at, " \t");
    if (strncmp(parse->at, mark, strlen(mark)) != 0)
        return false;
    parse->at += strlen(mark);
    return true;
}

static char *
truth(bool holds)
{
    return string_copy(holds ? "1" : "0");
}

static bool
is_true(const char *word)
{
    return *word && strcmp(word, "0") != 0;
}

/* defined(NAME), exist(FILE): the latter is about the machine of the WDK. */
static char *
parse_call(struct parse *parse, bool defined)
{
    size_t length;
    char *name, *answer;

    if (!take(parse, "("))
        return truth(false);
    length = strcspn(parse->at, ")");
    name = string_format("%.*s", (int)length, parse->at);
    parse->at += length;
    take(parse, ")");
    answer = truth(defined && *nmake_get(parse->nmake, name));
    free(name);
    return answer;
}

static char *
parse_word(struct parse *parse)
{
    size_t length;
    char *word;

    if (take(parse, "!")) {
        char *inner = parse_word(parse);

        word = truth(!is_true(inner));
        free(inner);
        return word;
    }
    if (take(parse, "(")) {
        word = parse_or(parse);
        take(parse, ")");
        return word;
    }
    if (take(parse, "\"")) {
        length = strcspn(parse->at, "\"");
        word = string_format("%.*s", (int)length, parse->at);
        parse->at += length + (parse->at[length] == '"');
        return word;
    }
    length = strcspn(parse->at, " \t()=!<>&|");
    word = string_format("%.*s", (int)length, parse->at);
    parse->at += length;
    if (strcasecmp(word, "defined") == 0 || strcasecmp(word, "exist") == 0) {
        bool defined = strcasecmp(word, "defined") == 0;

        free(word);
        return parse_call(parse, defined);
    }
    return word;
}

static bool
is_number(const char *word)
{
    return isdigit((unsigned char)*word) != 0;
}

/* Below, above or equal: numbers as numbers, everything else as text. */
static int
order(const char *left, const char *right)
{
    unsigned long a = strtoul(left, NULL, 0), b = strtoul(right, NULL, 0);

    if (!is_number(left) || !is_number(right))
        return strcasecmp(left, right);
    return a < b ? -1 : a > b;
}

static char *
parse_comparison(struct parse *parse)
{
    static const char *const marks[] = {"==", "!=", "<=", ">=", "<", ">", NULL};
    char *left = parse_word(parse), *right;
    unsigned i = 0;
    int sign;

    while (marks[i] && !take(parse, marks[i]))
        i++;
    if (!marks[i])
        return left;
    right = parse_word(parse);
    sign = order(left, right);
    free(left);
    free(right);
    return truth(i == 0   ? sign == 0
                 : i == 1 ? sign != 0
                 : i == 2 ? sign <= 0
                 : i == 3 ? sign >= 0
                 : i == 4 ? sign < 0
                          : sign > 0);
}

static char *
parse_and(struct parse *parse)
{
    char *left = parse_comparison(parse);

    while (take(parse, "&&")) {
        char *right = parse_comparison(parse);
        bool both = is_true(left) && is_true(right);

        free(left);
        free(right);
        left = truth(both);
    }
    return left;
}

static char *
parse_or(struct parse *parse)
{
    char *left = parse_and(parse);

    while (take(parse, "||")) {
        char *right = parse_and(parse);
        bool either = is_true(left) || is_true(right);

        free(left);
        free(right);
        left = truth(either);
    }
    return left;
}

bool
nmake_holds(const struct nmake *nmake, const char *text)
{
    struct parse parse = {nmake, text};
    char *word = parse_or(&parse);
    bool holds = is_true(word);

    free(word);
    return holds;
}
