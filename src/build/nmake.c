/* SPDX-License-Identifier: MIT */
/* nmake.c - the variables of a file that nmake reads */
#include "build/nmake.h"

#include "build/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEST 32

/* Conditions around a line: each is on, has been on, or is within one that is off. */
struct reading {
    struct nmake *nmake;
    const char *file;
    char *folder;
    unsigned depth;
    bool on[NEST], was[NEST];
};

void
nmake_set(struct nmake *nmake, const char *name, const char *value)
{
    for (size_t i = 0; i < nmake->names.count; i++) {
        if (strcasecmp(nmake->names.items[i], name) == 0) {
            char *copy = string_copy(value);

            free(nmake->values.items[i]);
            nmake->values.items[i] = copy;
            return;
        }
    }
    words_add(&nmake->names, name);
    words_add(&nmake->values, value);
}

const char *
nmake_get(const struct nmake *nmake, const char *name)
{
    for (size_t i = 0; i < nmake->names.count; i++)
        if (strcasecmp(nmake->names.items[i], name) == 0)
            return nmake->values.items[i];
    return "";
}

/* $(NAME) and $(NAME:old=new), of which the second part is left out; $X. */
char *
nmake_expand(const struct nmake *nmake, const char *text)
{
    struct text to = {0};

    text_add(&to, "", 0);
    while (*text) {
        size_t plain = strcspn(text, "$");
        char *name;
        size_t length;

        text_add(&to, text, plain);
        text += plain;
        if (!*text)
            break;
        if (text[1] != '(') {
            text += text[1] == '$' ? 2 : 1;
            text_add(&to, "$", 1);
            continue;
        }
        length = strcspn(text + 2, ":)");
        name = string_format("%.*s", (int)length, text + 2);
        text_add_string(&to, nmake_get(nmake, name));
        free(name);
        text += 2 + length;
        text += strcspn(text, ")");
        text += *text == ')';
    }
    return to.bytes;
}

static char *
trimmed(const char *from)
{
    size_t length;

    from += strspn(from, " \t\r\n");
    length = strlen(from);
    while (length && isspace((unsigned char)from[length - 1]))
        length--;
    return string_format("%.*s", (int)length, from);
}

static bool
is_on(const struct reading *reading)
{
    for (unsigned i = 0; i < reading->depth; i++)
        if (!reading->on[i])
            return false;
    return true;
}

static bool
condition(const struct reading *reading, const char *word, const char *rest)
{
    char *text;
    bool holds;

    if (strcasecmp(word, "ifdef") == 0 || strcasecmp(word, "ifndef") == 0)
        return (*nmake_get(reading->nmake, rest) != 0) == (strcasecmp(word, "ifdef") == 0);
    text = nmake_expand(reading->nmake, rest);
    holds = nmake_holds(reading->nmake, text);
    free(text);
    return holds;
}

static bool
include(const struct reading *reading, const char *rest, char **error)
{
    char *name = nmake_expand(reading->nmake, rest), *file;
    bool done = true;
    size_t length = strlen(name);

    if (length > 1 && (*name == '"' || *name == '<')) {
        memmove(name, name + 1, length);
        name[strcspn(name, "\">")] = 0;
    }
    file = path_find(reading->folder, name, NULL);
    /* What is not there is the WDK's. */
    if (file && path_is_file(file) && reading->nmake->depth < NEST)
        done = nmake_read(reading->nmake, file, error);
    free(file);
    free(name);
    return done;
}

/* The rest of !else may be another !if. */
static void
turn(struct reading *reading, const char *word, const char *rest)
{
    unsigned at = reading->depth - 1;
    bool again = strncasecmp(rest, "if", 2) == 0 || strcasecmp(word, "elseif") == 0;
    char *inner = NULL;

    if (strncasecmp(rest, "if", 2) == 0) {
        size_t length = strcspn(rest, " \t(");

        inner = string_format("%.*s", (int)length, rest);
        rest += length + strspn(rest + length, " \t");
    }
    reading->on[at] =
        !reading->was[at] && (!again || condition(reading, inner ? inner : "if", rest));
    reading->was[at] |= reading->on[at];
    free(inner);
}

static bool
directive(struct reading *reading, const char *line, char **error)
{
    size_t length;
    char *word, *rest;
    bool done = true;

    line += 1 + strspn(line + 1, " \t");
    length = strcspn(line, " \t(\"");
    word = string_format("%.*s", (int)length, line);
    rest = trimmed(line + length);
    if (strncasecmp(word, "if", 2) == 0 && reading->depth < NEST) {
        bool on = !is_on(reading) || condition(reading, word, rest);

        reading->on[reading->depth] = reading->was[reading->depth] = on;
        reading->depth++;
    } else if (strncasecmp(word, "else", 4) == 0 && reading->depth) {
        turn(reading, word, rest);
    } else if (strcasecmp(word, "endif") == 0 && reading->depth) {
        reading->depth--;
    } else if (is_on(reading) && strcasecmp(word, "undef") == 0) {
        nmake_set(reading->nmake, rest, "");
    } else if (is_on(reading) && strcasecmp(word, "include") == 0) {
        done = include(reading, rest, error);
    }
    free(rest);
    free(word);
    return done;
}

static void
assign(const struct reading *reading, const char *line)
{
    size_t length = strcspn(line, "=");
    char *left = string_format("%.*s", (int)length, line), *name = trimmed(left);
    char *value, *right;

    free(left);
    if (!line[length] || !*name || strpbrk(name, " \t:$")) {
        free(name);
        return;
    }
    right = trimmed(line + length + 1);
    value = nmake_expand(reading->nmake, right);
    nmake_set(reading->nmake, name, value);
    free(value);
    free(right);
    free(name);
}

/* One line with those that follow it behind a backslash, without comments; the place behind it. */
static const char *
next_line(const char *at, struct text *line)
{
    bool more = true;

    text_clear(line);
    while (more && *at) {
        size_t length = strcspn(at, "\n"), used = length;
        const char *comment = memchr(at, '#', length);

        /* A comment between the lines of a list does not end it. */
        more = line->length > 0 && comment && at + strspn(at, " \t") == comment;
        if (comment)
            used = (size_t)(comment - at);
        while (used && isspace((unsigned char)at[used - 1]))
            used--;
        if (used && at[used - 1] == '\\' && !comment) {
            more = true;
            used--;
        }
        text_add(line, at, used);
        text_add(line, " ", 1);
        at += length + (at[length] == '\n');
    }
    return at;
}

bool
nmake_read(struct nmake *nmake, const char *file, char **error)
{
    struct reading reading = {.nmake = nmake, .file = file};
    struct text text = {0}, line = {0};
    bool done = true;
    int failed = text_read_file(&text, file);

    if (failed) {
        *error = string_format("%s: %s", file, strerror(-failed));
        text_free(&text);
        return false;
    }
    reading.folder = path_folder(file);
    nmake->depth++;
    for (const char *at = text.bytes; *at && done;) {
        const char *start;

        at = next_line(at, &line);
        start = line.bytes + strspn(line.bytes, " \t");
        if (*start == '!')
            done = directive(&reading, start, error);
        else if (is_on(&reading))
            assign(&reading, start);
    }
    nmake->depth--;
    free(reading.folder);
    text_free(&line);
    text_free(&text);
    return done;
}

void
nmake_free(struct nmake *nmake)
{
    words_free(&nmake->names);
    words_free(&nmake->values);
}
