/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: wide strings (16 bits) are declared with the others. */
#pragma once

#include "string.h"
#include "stdio.h"
#include "wctype.h"

typedef unsigned short wint_t;
#ifndef WEOF
#define WEOF ((wint_t)0xFFFF)
#endif
