/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: conversions, sorting, pseudo-random numbers. */
#pragma once

#include <stddef.h>

#include "../undis/export.h"

#ifdef __cplusplus
extern "C" {
#endif

UNDIS_CRT int abs(int value);
UNDIS_CRT int labs(int value);
UNDIS_CRT __INT64_TYPE__ _abs64(__INT64_TYPE__ value);
UNDIS_CRT int atoi(const char *text);
UNDIS_CRT int atol(const char *text);
UNDIS_CRT __INT64_TYPE__ _atoi64(const char *text);
UNDIS_CRT int strtol(const char *text, char **end, int base);
UNDIS_CRT unsigned int strtoul(const char *text, char **end, int base);
UNDIS_CRT __INT64_TYPE__ _strtoi64(const char *text, char **end, int base);
UNDIS_CRT __UINT64_TYPE__ _strtoui64(const char *text, char **end, int base);
UNDIS_CRT int _wtoi(const wchar_t *text);
UNDIS_CRT int _wtol(const wchar_t *text);
UNDIS_CRT int wcstol(const wchar_t *text, wchar_t **end, int base);
UNDIS_CRT unsigned int wcstoul(const wchar_t *text, wchar_t **end, int base);
UNDIS_CRT char *_itoa(int value, char *to, int base);
UNDIS_CRT wchar_t *_itow(int value, wchar_t *to, int base);
UNDIS_CRT char *_ultoa(unsigned int value, char *to, int base);
UNDIS_CRT errno_t _itoa_s(int value, char *to, size_t capacity, int base);
UNDIS_CRT errno_t _itow_s(int value, wchar_t *to, size_t capacity, int base);
UNDIS_CRT void qsort(
    void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b));
UNDIS_CRT void *bsearch(const void *key, const void *base, size_t count, size_t size,
    int (*compare)(const void *a, const void *b));
UNDIS_CRT int rand(void);
UNDIS_CRT void srand(unsigned int seed);
UNDIS_CRT unsigned int _rotl(unsigned int value, int shift);
UNDIS_CRT unsigned int _rotr(unsigned int value, int shift);

#ifdef __cplusplus
}
#endif

#define RAND_MAX  0x7fff
#define _MAX_PATH 260
#ifndef _countof
#define _countof(a) (sizeof(a) / sizeof((a)[0]))
#endif
#ifndef __max
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#define __min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef __cplusplus
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif
