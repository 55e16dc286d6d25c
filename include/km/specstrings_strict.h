/* SPDX-License-Identifier: MIT */
/* Annotations; see sal.h and driverspecs.h. */
#pragma once

#include "specstrings.h"
