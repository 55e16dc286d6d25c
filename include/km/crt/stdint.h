/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: integers of fixed width. */
#pragma once

typedef signed char int8_t, int_least8_t, int_fast8_t;
typedef short int16_t, int_least16_t;
typedef int int32_t, int_least32_t, int_fast16_t, int_fast32_t;
typedef __INT64_TYPE__ int64_t, int_least64_t, int_fast64_t, intmax_t, intptr_t;
typedef unsigned char uint8_t, uint_least8_t, uint_fast8_t;
typedef unsigned short uint16_t, uint_least16_t;
typedef unsigned int uint32_t, uint_least32_t, uint_fast16_t, uint_fast32_t;
typedef __UINT64_TYPE__ uint64_t, uint_least64_t, uint_fast64_t, uintmax_t, uintptr_t;

#define INT8_MIN   (-128)
#define INT16_MIN  (-32768)
#define INT32_MIN  (-2147483647 - 1)
#define INT64_MIN  (-INT64_MAX - 1)
#define INT8_MAX   127
#define INT16_MAX  32767
#define INT32_MAX  2147483647
#define INT64_MAX  ((int64_t)0x7fffffffffffffff)
#define UINT8_MAX  255
#define UINT16_MAX 65535
#define UINT32_MAX 4294967295u
#define UINT64_MAX (~(uint64_t)0)
#define INTPTR_MIN INT64_MIN
#define INTPTR_MAX INT64_MAX
#define UINTPTR_MAX UINT64_MAX
#define INTMAX_MIN INT64_MIN
#define INTMAX_MAX INT64_MAX
#define UINTMAX_MAX UINT64_MAX
#define PTRDIFF_MIN INT64_MIN
#define PTRDIFF_MAX INT64_MAX
#define SIZE_MAX   (~(__SIZE_TYPE__)0)
#define WCHAR_MIN  0
#define WCHAR_MAX  65535
#define INT8_C(x)   (x)
#define INT16_C(x)  (x)
#define INT32_C(x)  (x)
#define INT64_C(x)  ((int64_t)(x))
#define UINT8_C(x)  (x)
#define UINT16_C(x) (x)
#define UINT32_C(x) (x##u)
#define UINT64_C(x) ((uint64_t)(x))
