/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: what the checked string functions return. */
#pragma once

#include <stddef.h>

#define EINVAL    22
#define ERANGE    34
#define STRUNCATE 80
