/* SPDX-License-Identifier: MIT */
/* Source annotations, under the name that most headers use. */
#pragma once

#include "sal.h"
#include "driverspecs.h"
