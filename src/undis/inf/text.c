/* SPDX-License-Identifier: MIT */
/* The memory and the characters of an INF. */
#include "undis/inf/inf.h"

#include "nt/machine.h"
#include "undis/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CHUNK ((size_t)32 * 1024)

struct inf_chunk {
    struct inf_chunk *next;
    size_t used, room;
    _Alignas(16) unsigned char bytes[];
};

void *
inf_alloc(struct inf *inf, size_t size)
{
    struct inf_chunk *chunk = inf->chunks;
    void *memory;

    size = (size + 15) & ~(size_t)15;
    if (!chunk || chunk->room - chunk->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;

        chunk = machine_alloc(inf->machine, sizeof(*chunk) + room);
        if (!chunk)
            return NULL;
        chunk->room = room;
        chunk->next = inf->chunks;
        inf->chunks = chunk;
    }
    memory = chunk->bytes + chunk->used;
    chunk->used += size;
    return memory;
}

void
inf_free(struct inf *inf)
{
    while (inf->chunks) {
        struct inf_chunk *next = inf->chunks->next;

        machine_free(inf->machine, inf->chunks);
        inf->chunks = next;
    }
}

/* Writes @unit as UTF-8 and answers how many bytes that took. */
static size_t
put_utf8(char *to, uint32_t unit)
{
    if (unit < 0x80) {
        to[0] = (char)unit;
        return 1;
    }
    if (unit < 0x800) {
        to[0] = (char)(0xc0 | unit >> 6);
        to[1] = (char)(0x80 | (unit & 0x3f));
        return 2;
    }
    if (unit < 0x10000) {
        to[0] = (char)(0xe0 | unit >> 12);
        to[1] = (char)(0x80 | (unit >> 6 & 0x3f));
        to[2] = (char)(0x80 | (unit & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | unit >> 18);
    to[1] = (char)(0x80 | (unit >> 12 & 0x3f));
    to[2] = (char)(0x80 | (unit >> 6 & 0x3f));
    to[3] = (char)(0x80 | (unit & 0x3f));
    return 4;
}

static char *
from_utf16(struct inf *inf, const unsigned char *bytes, size_t size)
{
    char *text = inf_alloc(inf, size / 2 * 3 + 1);
    size_t length = 0;

    for (size_t i = 0; text && i + 1 < size; i += 2) {
        uint32_t unit = bytes[i] | (uint32_t)bytes[i + 1] << 8;

        if (unit >= 0xd800 && unit < 0xdc00 && i + 3 < size) {
            uint32_t low = bytes[i + 2] | (uint32_t)bytes[i + 3] << 8;

            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (!unit)
            return NULL;
        length += put_utf8(text + length, unit);
    }
    return size % 2 ? NULL : text;
}

/* How many bytes the character at @bytes has, 0 when that is no UTF-8. */
static size_t
utf8_length(const unsigned char *bytes, size_t size)
{
    size_t n = bytes[0] < 0x80                       ? 1
               : bytes[0] >= 0xc2 && bytes[0] < 0xe0 ? 2
               : bytes[0] >= 0xe0 && bytes[0] < 0xf0 ? 3
               : bytes[0] >= 0xf0 && bytes[0] < 0xf5 ? 4
                                                     : 0;

    for (size_t i = 1; i < n; i++)
        if (i >= size || (bytes[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static bool
is_utf8(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size;) {
        size_t n = utf8_length(bytes + i, size - i);

        if (!n)
            return false;
        i += n;
    }
    return true;
}

char *
inf_decode(struct inf *inf, const unsigned char *bytes, size_t size)
{
    char *text;
    size_t length = 0;

    if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
        return from_utf16(inf, bytes + 2, size - 2);
    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        size -= 3;
    }
    if (memchr(bytes, 0, size))
        return NULL;
    text = inf_alloc(inf, size * 2 + 1);
    if (!text)
        return NULL;
    if (is_utf8(bytes, size))
        return memcpy(text, bytes, size);
    for (size_t i = 0; i < size; i++)
        length += put_utf8(text + length, bytes[i]);
    return text;
}

void
inf_stamp(char *text)
{
    static const char mark[] = "$ARCH$", stamped[] = "amd64";

    for (char *at = text; (at = strcasestr(at, mark));) {
        memcpy(at, stamped, sizeof(stamped) - 1);
        at += sizeof(stamped) - 1;
        memmove(at, at + sizeof(mark) - sizeof(stamped),
            strlen(at) + sizeof(stamped) - sizeof(mark) + 1);
    }
}

int
inf_wrong(
    const struct inf *inf, const struct inf_line *line, unsigned index, const char *format, ...)
{
    unsigned column = index < line->count ? line->fields[index].column : line->column;
    char what[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    return undis_fail(-EINVAL, "%s:%u:%u: %s", inf->path, line->line, column, what);
}

const struct inf_section *
inf_section_find(const struct inf *inf, const char *name)
{
    for (const struct inf_section *s = inf->sections; s; s = s->next)
        if (strcasecmp(s->name, name) == 0)
            return s;
    return NULL;
}

const struct inf_line *
inf_line_find(const struct inf_section *section, const char *key)
{
    for (const struct inf_line *line = section ? section->first : NULL; line; line = line->next)
        if (line->key && strcasecmp(line->key, key) == 0)
            return line;
    return NULL;
}

const char *
inf_field_text(const struct inf_line *line, unsigned index)
{
    return index < line->count ? line->fields[index].text : "";
}

/* How many letters have to be changed, put in or left out, up to a few. */
static unsigned
distance(const char *a, const char *b)
{
    unsigned row[64];
    size_t n = strlen(b);

    if (n >= 64)
        return 64;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (unsigned i = 1; *a; a++, i++) {
        unsigned before = row[0];

        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            bool same = strncasecmp(a, &b[j - 1], 1) == 0;
            unsigned best = before + !same;

            before = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

const char *
inf_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    unsigned least = (unsigned)strlen(word) / 2 + 1;

    for (; *names; names++) {
        unsigned far = distance(word, *names);

        if (far < least) {
            least = far;
            best = *names;
        }
    }
    return best;
}
