/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: structured exceptions. */
#pragma once

#include "../undis/seh.h"
