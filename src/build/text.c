/* SPDX-License-Identifier: MIT */
/* text.c - growing byte strings and lists of words */
#include "build/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
memory_resize(void *memory, size_t count, size_t size)
{
    /* No object is larger; saying so keeps the compiler's warning about such sizes quiet. */
    void *bigger = count <= PTRDIFF_MAX / (size ? size : 1) ? realloc(memory, count * size) : NULL;

    if (!bigger) {
        fputs("undis build: out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    return bigger;
}

char *
string_copy(const char *string)
{
    size_t size = strlen(string) + 1;

    return memcpy(memory_resize(NULL, size, 1), string, size);
}

static char *
string_vformat(const char *format, va_list arguments)
{
    char *string;

    if (vasprintf(&string, format, arguments) < 0)
        string = memory_resize(NULL, (size_t)-1, 1);
    return string;
}

char *
string_format(const char *format, ...)
{
    va_list arguments;
    char *string;

    va_start(arguments, format);
    string = string_vformat(format, arguments);
    va_end(arguments);
    return string;
}

void
text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length + 1 > text->room) {
        text->room = (text->length + length + 1) * 2;
        text->bytes = memory_resize(text->bytes, text->room, 1);
    }
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

void
text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void
text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    char *string;

    va_start(arguments, format);
    string = string_vformat(format, arguments);
    va_end(arguments);
    text_add_string(text, string);
    free(string);
}

void
text_clear(struct text *text)
{
    text->length = 0;
    text_add(text, "", 0);
}

void
text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

/* Adds the file's content; 0 or -errno. */
int
text_read_file(struct text *text, const char *path)
{
    FILE *file = fopen(path, "re");
    char block[16384];
    size_t got;
    int error;

    if (!file)
        return -errno;
    text_add(text, "", 0);
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        text_add(text, block, got);
    error = ferror(file) ? -EIO : 0;
    (void)fclose(file); /* was only read */
    return error;
}

int
text_write_file(const struct text *text, const char *path)
{
    FILE *file = fopen(path, "we");
    size_t put;

    if (!file)
        return -errno;
    put = fwrite(text->bytes, 1, text->length, file);
    if (fclose(file) || put != text->length)
        return -EIO;
    return 0;
}

void
words_take(struct words *words, char *word)
{
    if (words->count + 2 > words->room) {
        words->room = words->room ? words->room * 2 : 16;
        words->items = memory_resize(words->items, words->room, sizeof(*words->items));
    }
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
}

void
words_add(struct words *words, const char *word)
{
    words_take(words, string_copy(word));
}

void
words_format(struct words *words, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    words_take(words, string_vformat(format, arguments));
    va_end(arguments);
}

void
words_add_all(struct words *words, const struct words *more)
{
    for (size_t i = 0; i < more->count; i++)
        words_add(words, more->items[i]);
}

void
words_add_list(struct words *words, const char *const *list)
{
    while (*list)
        words_add(words, *list++);
}

bool
words_have(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (!strcmp(words->items[i], word))
            return true;
    return false;
}

static int
word_compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void
words_sort(struct words *words)
{
    if (words->count)
        qsort(words->items, words->count, sizeof(*words->items), word_compare);
}

void
words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct words){0};
}
