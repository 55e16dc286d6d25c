/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: memory and strings. */
#pragma once

#include <stddef.h>

#include "../undis/export.h"

#ifdef __cplusplus
extern "C" {
#endif

UNDIS_CRT void *memcpy(void *to, const void *from, size_t size);
UNDIS_CRT void *memmove(void *to, const void *from, size_t size);
UNDIS_CRT void *memset(void *to, int value, size_t size);
UNDIS_CRT int memcmp(const void *a, const void *b, size_t size);
UNDIS_CRT void *memchr(const void *in, int value, size_t size);
UNDIS_CRT errno_t memcpy_s(void *to, rsize_t capacity, const void *from, rsize_t size);
UNDIS_CRT errno_t memmove_s(void *to, rsize_t capacity, const void *from, rsize_t size);
UNDIS_CRT size_t strlen(const char *text);
UNDIS_CRT size_t strnlen(const char *text, size_t limit);
UNDIS_CRT char *strcpy(char *to, const char *from);
UNDIS_CRT char *strncpy(char *to, const char *from, size_t limit);
UNDIS_CRT char *strcat(char *to, const char *from);
UNDIS_CRT char *strncat(char *to, const char *from, size_t limit);
UNDIS_CRT int strcmp(const char *a, const char *b);
UNDIS_CRT int strncmp(const char *a, const char *b, size_t limit);
UNDIS_CRT int _stricmp(const char *a, const char *b);
UNDIS_CRT int _strnicmp(const char *a, const char *b, size_t limit);
UNDIS_CRT char *strchr(const char *text, int character);
UNDIS_CRT char *strrchr(const char *text, int character);
UNDIS_CRT char *strstr(const char *text, const char *part);
UNDIS_CRT char *strpbrk(const char *text, const char *set);
UNDIS_CRT size_t strspn(const char *text, const char *set);
UNDIS_CRT size_t strcspn(const char *text, const char *set);
UNDIS_CRT char *strtok_s(char *text, const char *delimiters, char **context);
UNDIS_CRT char *_strupr(char *text);
UNDIS_CRT char *_strlwr(char *text);
UNDIS_CRT char *_strrev(char *text);
UNDIS_CRT char *_strset(char *text, int character);
UNDIS_CRT errno_t strcpy_s(char *to, rsize_t capacity, const char *from);
UNDIS_CRT errno_t strncpy_s(char *to, rsize_t capacity, const char *from, rsize_t limit);
UNDIS_CRT errno_t strcat_s(char *to, rsize_t capacity, const char *from);
UNDIS_CRT errno_t strncat_s(char *to, rsize_t capacity, const char *from, rsize_t limit);
UNDIS_CRT size_t wcslen(const wchar_t *text);
UNDIS_CRT size_t wcsnlen(const wchar_t *text, size_t limit);
UNDIS_CRT wchar_t *wcscpy(wchar_t *to, const wchar_t *from);
UNDIS_CRT wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t limit);
UNDIS_CRT wchar_t *wcscat(wchar_t *to, const wchar_t *from);
UNDIS_CRT wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t limit);
UNDIS_CRT int wcscmp(const wchar_t *a, const wchar_t *b);
UNDIS_CRT int wcsncmp(const wchar_t *a, const wchar_t *b, size_t limit);
UNDIS_CRT int _wcsicmp(const wchar_t *a, const wchar_t *b);
UNDIS_CRT int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t limit);
UNDIS_CRT wchar_t *wcschr(const wchar_t *text, wchar_t character);
UNDIS_CRT wchar_t *wcsrchr(const wchar_t *text, wchar_t character);
UNDIS_CRT wchar_t *wcsstr(const wchar_t *text, const wchar_t *part);
UNDIS_CRT size_t wcsspn(const wchar_t *text, const wchar_t *set);
UNDIS_CRT size_t wcscspn(const wchar_t *text, const wchar_t *set);
UNDIS_CRT wchar_t *_wcsupr(wchar_t *text);
UNDIS_CRT wchar_t *_wcslwr(wchar_t *text);
UNDIS_CRT wchar_t *_wcsrev(wchar_t *text);
UNDIS_CRT errno_t wcscpy_s(wchar_t *to, rsize_t capacity, const wchar_t *from);
UNDIS_CRT errno_t wcsncpy_s(wchar_t *to, rsize_t capacity, const wchar_t *from, rsize_t limit);
UNDIS_CRT errno_t wcscat_s(wchar_t *to, rsize_t capacity, const wchar_t *from);
UNDIS_CRT errno_t wcsncat_s(wchar_t *to, rsize_t capacity, const wchar_t *from, rsize_t limit);

#ifdef __cplusplus
}
#endif

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
