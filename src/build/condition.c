/* SPDX-License-Identifier: MIT */
/* condition.c - properties of a Windows project, and the conditions that ask for them */
#include "build/condition.h"

#include "build/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t
property_index(const struct properties *properties, const char *name)
{
    size_t i = 0;

    while (i < properties->names.count && strcasecmp(properties->names.items[i], name))
        i++;
    return i;
}

void
property_set(struct properties *properties, const char *name, const char *value)
{
    size_t i = property_index(properties, name);

    if (i == properties->names.count) {
        words_add(&properties->names, name);
        words_add(&properties->values, value);
    } else if (!words_have(&properties->fixed, properties->names.items[i])) {
        free(properties->values.items[i]);
        properties->values.items[i] = string_copy(value);
    }
}

void
property_fix(struct properties *properties, const char *name, const char *value)
{
    property_set(properties, name, value);
    words_add(&properties->fixed, name);
}

/* The Windows version that the kit derives from another property. */
static const char *
target_version(const struct properties *properties)
{
    static const struct {
        const char *name;
        const char *version;
    } versions[] = {
        {"Vista", "0x600"},
        {"Win7", "0x601"},
        {"Windows7", "0x601"},
        {"Win8", "0x602"},
        {"Windows8", "0x602"},
        {"WinBlue", "0x603"},
        {"WindowsV6.3", "0x603"},
    };
    const char *target = property_get(properties, "TargetVersion");

    for (size_t i = 0; target && i < sizeof(versions) / sizeof(versions[0]); i++)
        if (!strcasecmp(target, versions[i].name))
            return versions[i].version;
    return "0xA00";
}

const char *
property_get(const struct properties *properties, const char *name)
{
    size_t i = property_index(properties, name);

    if (i < properties->names.count)
        return properties->values.items[i];
    return strcasecmp(name, "_NT_TARGET_VERSION") ? NULL : target_version(properties);
}

void
properties_free(struct properties *properties)
{
    words_free(&properties->names);
    words_free(&properties->values);
    words_free(&properties->fixed);
}

/* The ')' that ends "$(...", which may hold brackets; NULL when none does. */
static const char *
reference_end(const char *at)
{
    int depth = 0;

    for (; *at; at++) {
        depth += *at == '(';
        if (*at == ')' && --depth == 0)
            return at;
    }
    return NULL;
}

char *
property_expand(const struct properties *properties, const char *text, bool *unknown)
{
    struct text out = {0};
    const char *end;

    text_add(&out, "", 0);
    for (const char *at = text; *at; at++) {
        if (at[0] == '$' && at[1] == '(' && (end = reference_end(at + 1))) {
            char *name = string_format("%.*s", (int)(end - at - 2), at + 2);
            const char *value = property_get(properties, name);

            if (value)
                text_add_string(&out, value);
            else if (unknown)
                *unknown = true;
            free(name);
            at = end;
        } else {
            text_add(&out, at, 1);
        }
    }
    return out.bytes;
}

struct reader {
    const struct properties *properties;
    const char *folder;
    const char *at;
    unsigned depth;
    bool broken;
};

static bool read_or(struct reader *reader);

static void
skip_space(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

static bool
accept(struct reader *reader, const char *token)
{
    size_t length = strlen(token);

    skip_space(reader);
    if (strncasecmp(reader->at, token, length) ||
        (isalpha((unsigned char)*token) && (isalnum((unsigned char)reader->at[length]))))
        return false;
    reader->at += length;
    return true;
}

/* 'text', $(Name) or a bare word, expanded; the caller frees it. */
static char *
read_operand(struct reader *reader)
{
    const char *start;
    const char *end;
    char *raw;
    char *value;

    skip_space(reader);
    start = reader->at;
    if (*start == '\'') {
        end = strchr(++start, '\'');
        if (!end)
            reader->broken = true;
        end = end ? end : start + strlen(start);
        reader->at = *end ? end + 1 : end;
    } else {
        end = start;
        while (*end && !isspace((unsigned char)*end) && !strchr("=!<>)'", *end)) {
            const char *close = *end == '$' && end[1] == '(' ? reference_end(end + 1) : NULL;

            end = close ? close + 1 : end + 1;
        }
        reader->broken |= end == start;
        reader->at = end;
    }
    raw = string_format("%.*s", (int)(end - start), start);
    value = property_expand(reader->properties, raw, NULL);
    free(raw);
    return value;
}

static bool
as_number(const char *text, double *number)
{
    char *end;

    *number = strncasecmp(text, "0x", 2) ? strtod(text, &end) : (double)strtoll(text, &end, 16);
    return *text && !*end;
}

static bool
compare(struct reader *reader, const char *left, const char *right, const char *operator)
{
    double a, b;
    bool numbers = as_number(left, &a) && as_number(right, &b);

    if (operator[0] == '=' || operator[0] == '!') {
        bool equal = numbers ? a == b : !strcasecmp(left, right);

        return equal == (operator[0] == '=');
    }
    reader->broken |= !numbers;
    if (!numbers)
        return false;
    if (operator[1] == '=' && a == b)
        return true;
    return operator[0] == '<' ? a < b : a> b;
}

static bool
read_comparison(struct reader *reader)
{
    static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">", NULL};
    char *left = read_operand(reader);
    bool result = !strcasecmp(left, "true");

    for (const char *const *operator= operators; *operator; operator++) {
        if (accept(reader, *operator)) {
            char *right = read_operand(reader);

            result = compare(reader, left, right, *operator);
            free(right);
            break;
        }
    }
    free(left);
    return result;
}

static bool
read_function(struct reader *reader, bool exists)
{
    char *argument = read_operand(reader);
    size_t length = strlen(argument);
    bool result;

    if (exists) {
        char *found = *argument ? path_find(reader->folder, argument, NULL) : NULL;

        result = found != NULL;
        free(found);
    } else {
        result = length && strchr("/\\", argument[length - 1]);
    }
    reader->broken |= !accept(reader, ")");
    free(argument);
    return result;
}

static bool
read_term(struct reader *reader)
{
    const char *start;
    bool result;

    if (accept(reader, "!"))
        return !read_term(reader);
    skip_space(reader);
    start = reader->at;
    if (accept(reader, "exists") && accept(reader, "("))
        return read_function(reader, true);
    if (accept(reader, "HasTrailingSlash") && accept(reader, "("))
        return read_function(reader, false);
    reader->at = start;
    if (!accept(reader, "("))
        return read_comparison(reader);
    if (++reader->depth > 50)
        reader->broken = true;
    result = !reader->broken && read_or(reader);
    reader->broken |= !accept(reader, ")");
    reader->depth--;
    return result;
}

static bool
read_and(struct reader *reader)
{
    bool result = read_term(reader);

    while (!reader->broken && accept(reader, "and"))
        result = read_term(reader) && result;
    return result;
}

static bool
read_or(struct reader *reader)
{
    bool result = read_and(reader);

    while (!reader->broken && accept(reader, "or"))
        result = read_and(reader) || result;
    return result;
}

bool
condition_holds(const struct properties *properties, const char *folder, const char *condition)
{
    struct reader reader = {.properties = properties, .folder = folder, .at = condition};
    bool result = read_or(&reader);

    skip_space(&reader);
    return result && !reader.broken && !*reader.at;
}
