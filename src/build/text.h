/* SPDX-License-Identifier: MIT */
/* text.h - growing byte strings and lists of words. Memory that runs out ends the program. */
#ifndef BUILD_TEXT_H
#define BUILD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes, always followed by a zero. Whoever declares it (zeroed) frees it. */
struct text {
    char *bytes;
    size_t length;
    size_t room;
};

/* Owned strings; items[count] is NULL, so that items is an argument vector. */
struct words {
    char **items;
    size_t count;
    size_t room;
};

void *memory_resize(void *memory, size_t count, size_t size);
char *string_copy(const char *string);
char *string_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

void text_add(struct text *text, const char *bytes, size_t length);
void text_add_string(struct text *text, const char *string);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *text);
void text_free(struct text *text);
int text_read_file(struct text *text, const char *path);
int text_write_file(const struct text *text, const char *path);

void words_add(struct words *words, const char *word);
void words_take(struct words *words, char *word);
void
words_format(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
void words_add_all(struct words *words, const struct words *more);
void words_add_list(struct words *words, const char *const *list);
bool words_have(const struct words *words, const char *word);
void words_sort(struct words *words);
void words_free(struct words *words);

#endif
