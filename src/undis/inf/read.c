/* SPDX-License-Identifier: MIT */
/* The lines of an INF: sections, keys, fields, strings, continuations, %tokens%.
 *
 * Reading is two passes: the first cuts the text into fields, the second puts the strings of the
 * section [Strings] where %NAME% asks for them. A token without a string stays as it is: %13% is
 * the number of a folder, %SystemRoot% a variable.
 */
#include "undis/inf/inf.h"

#include "undis/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIELDS     64
#define FILE_LIMIT (1u << 20) /* of a file */

/* Where reading is. */
struct reader {
    struct inf *inf;
    const char *at;
    const char *line_start;
    unsigned line;
    struct inf_section *section; /* NULL: none has begun */
    char *buffer;                /* of a field: as long as the text */
};

static unsigned
column(const struct reader *r, const char *at)
{
    return (unsigned)(at - r->line_start) + 1;
}

static int
wrong(const struct reader *r, const char *at, const char *what)
{
    return undis_fail(-EINVAL, "%s:%u:%u: %s", r->inf->path, r->line, column(r, at), what);
}

static char *
copy(struct inf *inf, const char *from, size_t length)
{
    char *to = inf_alloc(inf, length + 1);

    return to ? memcpy(to, from, length) : NULL;
}

static bool
is_end(char c)
{
    return !c || c == '\n' || c == '\r' || c == ';';
}

static void
skip_blanks(struct reader *r)
{
    for (;;) {
        const char *p = r->at;

        while (*p == ' ' || *p == '\t')
            p++;
        r->at = p;
        if (*p != '\\')
            return;
        /* A backslash that only blanks and a comment follow: the line goes on below. */
        for (p++; *p == ' ' || *p == '\t'; p++)
            ;
        if (*p == ';')
            p += strcspn(p, "\r\n");
        if (*p != '\r' && *p != '\n')
            return;
        p += *p == '\r' && p[1] == '\n' ? 2 : 1;
        r->at = r->line_start = p;
        r->line++;
    }
}

static void
next_line(struct reader *r)
{
    r->at += strcspn(r->at, "\r\n");
    if (*r->at)
        r->at += *r->at == '\r' && r->at[1] == '\n' ? 2 : 1;
    r->line_start = r->at;
    r->line++;
}

/* True when a backslash here ends the line. */
static bool
goes_on(const char *at)
{
    at += 1 + strspn(at + 1, " \t");
    return *at == '\r' || *at == '\n';
}

/* A field up to a comma, the '=' behind a key or the end. Quotes may open anywhere in it. */
static int
read_field(struct reader *r, bool key, struct inf_field *field)
{
    size_t length = 0, kept = 0; /* blanks behind kept are cut off */

    skip_blanks(r);
    field->column = column(r, r->at);
    while (!is_end(*r->at) && *r->at != ',' && !(key && *r->at == '=')) {
        const char *open = r->at;

        if (*r->at == '\\' && goes_on(r->at)) {
            skip_blanks(r);
            continue;
        }
        if (*r->at != '"') {
            r->buffer[length++] = *r->at++;
            if (r->buffer[length - 1] != ' ' && r->buffer[length - 1] != '\t')
                kept = length;
            continue;
        }
        for (r->at++; *r->at != '"' || r->at[1] == '"'; r->at++) {
            if (!*r->at || *r->at == '\n' || *r->at == '\r')
                return wrong(r, open, "a string that does not end on its line");
            r->at += *r->at == '"';
            r->buffer[length++] = *r->at;
        }
        r->at++;
        kept = length;
    }
    field->text = copy(r->inf, r->buffer, kept);
    return field->text ? 0 : undis_fail(-ENOMEM, "%s: no memory", r->inf->path);
}

static int
read_section(struct reader *r)
{
    const char *open = r->at++;
    size_t length = strcspn(r->at, "]\r\n");
    struct inf_section **link = &r->inf->sections;
    char *name;

    if (r->at[length] != ']')
        return wrong(r, open, "a section's name has no ']'");
    name = copy(r->inf, r->at, length);
    r->section = name ? (struct inf_section *)inf_section_find(r->inf, name) : NULL;
    r->at += length + 1;
    r->at += strspn(r->at, " \t");
    if (!is_end(*r->at))
        return wrong(r, r->at, "something behind a section's name");
    if (r->section)
        return 0; /* sections with one name are one */
    r->section = name ? inf_alloc(r->inf, sizeof(**link)) : NULL;
    if (!r->section)
        return undis_fail(-ENOMEM, "%s: no memory", r->inf->path);
    r->section->name = name;
    r->section->line = r->line;
    while (*link)
        link = &(*link)->next;
    *link = r->section;
    return 0;
}

static int
keep_line(struct reader *r, struct inf_line *line, const struct inf_field *fields)
{
    line->fields = inf_alloc(r->inf, (line->count + 1) * sizeof(*fields));
    if (!line->fields)
        return undis_fail(-ENOMEM, "%s: no memory", r->inf->path);
    memcpy(line->fields, fields, line->count * sizeof(*fields));
    if (r->section->last)
        r->section->last->next = line;
    else
        r->section->first = line;
    r->section->last = line;
    return 0;
}

static int
read_line(struct reader *r)
{
    struct inf_field fields[FIELDS] = {{0}};
    struct inf_line *line = inf_alloc(r->inf, sizeof(*line));
    int error;

    if (!line)
        return undis_fail(-ENOMEM, "%s: no memory", r->inf->path);
    if (!r->section)
        return wrong(r, r->at, "a line before the first section");
    line->line = r->line;
    line->column = column(r, r->at);
    error = read_field(r, true, &fields[0]);
    if (!error && *r->at == '=') {
        r->at++;
        line->key = fields[0].text;
        error = read_field(r, false, &fields[0]);
    }
    for (line->count = 1; !error && *r->at == ','; line->count++) {
        if (line->count == FIELDS)
            return wrong(r, r->at, "more fields than any line has");
        r->at++;
        error = read_field(r, false, &fields[line->count]);
    }
    return error ? error : keep_line(r, line, fields);
}

int
inf_parse(struct inf *inf, char *text)
{
    struct reader r = {.inf = inf, .at = text, .line_start = text, .line = 1};
    int error = 0;

    r.buffer = inf_alloc(inf, strlen(text) + 1);
    if (!r.buffer)
        return undis_fail(-ENOMEM, "%s: no memory", inf->path);
    for (; *r.at && !error; next_line(&r)) {
        r.at += strspn(r.at, " \t\f\032");
        if (*r.at == '[')
            error = read_section(&r);
        else if (!is_end(*r.at))
            error = read_line(&r);
    }
    return error;
}

/* How long @from is with its tokens put in; written to @to when that is not NULL. */
static size_t
expand(const struct inf_section *strings, const char *from, char *to)
{
    size_t length = 0;

    while (*from) {
        const char *end = *from == '%' ? strchr(from + 1, '%') : NULL;
        const struct inf_line *line = NULL;
        const char *put = from;
        size_t n = 1, taken = 1;
        char name[128];

        if (end && end == from + 1) {
            taken = 2; /* %% is a % */
        } else if (end && (size_t)(end - from) < sizeof(name)) {
            snprintf(name, sizeof(name), "%.*s", (int)(end - from - 1), from + 1);
            line = inf_line_find(strings, name);
        }
        if (line) {
            put = inf_field_text(line, 0);
            n = strlen(put);
            taken = (size_t)(end - from) + 1;
        }
        if (to)
            memcpy(to + length, put, n);
        length += n;
        from += taken;
    }
    return length;
}

static const char *
expanded(struct inf *inf, const struct inf_section *strings, const char *text)
{
    char *to;

    if (!text || !strchr(text, '%'))
        return text;
    to = inf_alloc(inf, expand(strings, text, NULL) + 1);
    if (to)
        expand(strings, text, to);
    return to;
}

static int
expand_all(struct inf *inf)
{
    const struct inf_section *strings = inf_section_find(inf, "Strings");

    for (struct inf_section *s = inf->sections; s; s = s->next) {
        for (struct inf_line *l = s == strings ? NULL : s->first; l; l = l->next) {
            const char *key = expanded(inf, strings, l->key);

            if (l->key && !key)
                return undis_fail(-ENOMEM, "%s: no memory", inf->path);
            l->key = key;
            for (unsigned i = 0; i < l->count; i++) {
                l->fields[i].text = expanded(inf, strings, l->fields[i].text);
                if (!l->fields[i].text)
                    return undis_fail(-ENOMEM, "%s: no memory", inf->path);
            }
        }
    }
    return 0;
}

static int
load(struct inf *inf, unsigned char **bytes, size_t *size)
{
    FILE *file = fopen(inf->path, "rb");

    if (!file)
        return undis_fail(-errno, "%s: %s", inf->path, strerror(errno));
    *bytes = inf_alloc(inf, FILE_LIMIT);
    *size = *bytes ? fread(*bytes, 1, FILE_LIMIT, file) : 0;
    if (ferror(file)) {
        (void)fclose(file);
        return undis_fail(-EIO, "%s: cannot be read", inf->path);
    }
    (void)fclose(file);
    if (!*bytes)
        return undis_fail(-ENOMEM, "%s: no memory", inf->path);
    if (*size == FILE_LIMIT)
        return undis_fail(-EFBIG, "%s: longer than any INF", inf->path);
    return 0;
}

int
inf_read(struct inf *inf, struct undis *machine, const char *path)
{
    struct inf raw = {.machine = machine};
    unsigned char *bytes = NULL;
    size_t size = 0;
    char *text;
    int error;

    *inf = (struct inf){.machine = machine};
    inf->path = copy(inf, path, strlen(path));
    if (!inf->path)
        return undis_fail(-ENOMEM, "%s: no memory", path);
    raw.path = inf->path;
    error = load(&raw, &bytes, &size);
    if (!error) {
        text = inf_decode(inf, bytes, size);
        if (text)
            inf_stamp(text);
        error = text ? inf_parse(inf, text)
                     : undis_fail(-EINVAL, "%s:1:1: neither UTF-8 nor UTF-16LE text", path);
    }
    inf_free(&raw);
    return error ? error : expand_all(inf);
}
