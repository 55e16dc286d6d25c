/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: size_t, ptrdiff_t, wchar_t (16 bits), offsetof. */
#pragma once

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#ifndef __cplusplus
typedef __WCHAR_TYPE__ wchar_t;
#endif
typedef struct {
    __INT64_TYPE__ integer __attribute__((__aligned__(8)));
    double real __attribute__((__aligned__(16)));
} max_align_t;
typedef __INT64_TYPE__ intptr_t;
typedef __UINT64_TYPE__ uintptr_t;
typedef int errno_t;
typedef size_t rsize_t;
#undef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
