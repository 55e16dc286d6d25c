/* SPDX-License-Identifier: MIT */
/* Kernel annotations; see sal.h and driverspecs.h. */
#pragma once

#include "specstrings.h"
