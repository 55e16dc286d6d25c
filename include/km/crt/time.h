/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: a kernel has KeQuerySystemTime; these are the types. */
#pragma once

#include "../undis/compiler.h"

typedef __INT64_TYPE__ time_t, __time64_t;
typedef int clock_t;

struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
