/* SPDX-License-Identifier: MIT */
/* Names of the Windows API that some drivers use too. */
#pragma once

#include "minwindef.h"

typedef HANDLE HWND;
