/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: formatting into buffers. A kernel has no streams. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "../undis/export.h"

#ifdef __cplusplus
extern "C" {
#endif

UNDIS_CRT int sprintf(char *to, const char *format, ...);
UNDIS_CRT int vsprintf(char *to, const char *format, va_list arguments);
UNDIS_CRT int sprintf_s(char *to, size_t capacity, const char *format, ...);
UNDIS_CRT int vsprintf_s(char *to, size_t capacity, const char *format, va_list arguments);
UNDIS_CRT int snprintf(char *to, size_t capacity, const char *format, ...);
UNDIS_CRT int vsnprintf(char *to, size_t capacity, const char *format, va_list arguments);
UNDIS_CRT int _snprintf(char *to, size_t limit, const char *format, ...);
UNDIS_CRT int _vsnprintf(char *to, size_t limit, const char *format, va_list arguments);
UNDIS_CRT int _snprintf_s(char *to, size_t capacity, size_t limit, const char *format, ...);
UNDIS_CRT int _vsnprintf_s(
    char *to, size_t capacity, size_t limit, const char *format, va_list arguments);
UNDIS_CRT int swprintf(wchar_t *to, const wchar_t *format, ...);
UNDIS_CRT int swprintf_s(wchar_t *to, size_t capacity, const wchar_t *format, ...);
UNDIS_CRT int vswprintf_s(
    wchar_t *to, size_t capacity, const wchar_t *format, va_list arguments);
UNDIS_CRT int _snwprintf(wchar_t *to, size_t limit, const wchar_t *format, ...);
UNDIS_CRT int _vsnwprintf(
    wchar_t *to, size_t limit, const wchar_t *format, va_list arguments);
UNDIS_CRT int _snwprintf_s(
    wchar_t *to, size_t capacity, size_t limit, const wchar_t *format, ...);
UNDIS_CRT int sscanf(const char *text, const char *format, ...);
UNDIS_CRT int sscanf_s(const char *text, const char *format, ...);

#ifdef __cplusplus
}
#endif

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
