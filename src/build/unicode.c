/* SPDX-License-Identifier: MIT */
/* unicode.c - sources in UTF-16, which editors on Windows write and cl.exe reads */
#include "build/unicode.h"

static unsigned
unit_at(const struct text *text, size_t at, bool big)
{
    unsigned first = (unsigned char)text->bytes[at], second = (unsigned char)text->bytes[at + 1];

    return big ? first << 8 | second : second << 8 | first;
}

static void
add_character(struct text *to, unsigned character)
{
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};

    size_t more = (character > 0x7f) + (character > 0x7ff) + (character > 0xffff);
    char bytes[4];

    for (size_t i = more; i > 0; i--, character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)(leads[more] | character);
    text_add(to, bytes, more + 1);
}

static void
decode(const struct text *from, bool big, struct text *to)
{
    text_add(to, "", 0);
    for (size_t at = 2; at + 1 < from->length; at += 2) {
        unsigned character = unit_at(from, at, big);

        if (character >= 0xd800 && character < 0xdc00 && at + 3 < from->length) {
            at += 2;
            character = 0x10000 + ((character & 0x3ff) << 10) + (unit_at(from, at, big) & 0x3ff);
        }
        add_character(to, character);
    }
}

int
text_read_source(struct text *text, const char *path, bool *changed)
{
    struct text read = {0};
    int error = text_read_file(&read, path);
    bool big, little;

    *changed = false;
    if (error) {
        text_free(&read);
        return error;
    }
    big = read.length > 1 && unit_at(&read, 0, true) == 0xfeff;
    little = read.length > 1 && unit_at(&read, 0, false) == 0xfeff;
    if (big || little) {
        decode(&read, big, text);
        *changed = true;
    } else {
        text_add(text, read.bytes, read.length);
    }
    text_free(&read);
    return 0;
}
