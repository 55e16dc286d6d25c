/* SPDX-License-Identifier: MIT */
/* Annotations stay defined: they are empty; see sal.h and driverspecs.h. */
#pragma once

#include "specstrings.h"
