/* SPDX-License-Identifier: MIT */
/* The deserialized miniport of the rule tests with a reset that takes a while. See five.h. */
#define SLOW 60 /* ms */

#include "miniport5.c"
