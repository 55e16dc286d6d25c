/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: the older name of string.h. */
#pragma once

#include "string.h"
