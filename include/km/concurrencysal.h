/* SPDX-License-Identifier: MIT */
/* Lock annotations; see sal.h and driverspecs.h. */
#pragma once

#include "specstrings.h"
