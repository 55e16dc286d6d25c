/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: limits under LLP64. */
#pragma once

#define CHAR_BIT   8
#define SCHAR_MIN  (-128)
#define SCHAR_MAX  127
#define UCHAR_MAX  255
#define CHAR_MIN   SCHAR_MIN
#define CHAR_MAX   SCHAR_MAX
#define MB_LEN_MAX 5
#define SHRT_MIN   (-32768)
#define SHRT_MAX   32767
#define USHRT_MAX  65535
#define INT_MIN    (-2147483647 - 1)
#define INT_MAX    2147483647
#define UINT_MAX   4294967295u
#define LONG_MIN   INT_MIN
#define LONG_MAX   INT_MAX
#define ULONG_MAX  UINT_MAX
#define LLONG_MAX  ((__INT64_TYPE__)0x7fffffffffffffff)
#define LLONG_MIN  (-LLONG_MAX - 1)
#define ULLONG_MAX (~(__UINT64_TYPE__)0)
#define _I8_MIN    SCHAR_MIN
#define _I8_MAX    SCHAR_MAX
#define _UI8_MAX   UCHAR_MAX
#define _I16_MIN   SHRT_MIN
#define _I16_MAX   SHRT_MAX
#define _UI16_MAX  USHRT_MAX
#define _I32_MIN   INT_MIN
#define _I32_MAX   INT_MAX
#define _UI32_MAX  UINT_MAX
#define _I64_MIN   LLONG_MIN
#define _I64_MAX   LLONG_MAX
#define _UI64_MAX  ULLONG_MAX
#ifndef SIZE_MAX
#define SIZE_MAX   (~(__SIZE_TYPE__)0)
#endif
