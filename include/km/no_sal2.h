/* SPDX-License-Identifier: MIT */
/* The second generation of annotations is always empty here; see sal.h and driverspecs.h. */
#pragma once

#include "specstrings.h"
