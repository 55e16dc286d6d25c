/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: a kernel has pools, and memory on the stack. */
#pragma once

#include "../undis/compiler.h"
