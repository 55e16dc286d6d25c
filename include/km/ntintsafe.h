/* SPDX-License-Identifier: MIT */
/*
 * Integer conversions and arithmetic that tell when the result does not fit: the result has then
 * all bits set, as documented, and STATUS_INTEGER_OVERFLOW returns.
 */
#pragma once

#include "ntdef.h"
#include "ntstatus.h"

#define UNDIS_SAFE_NAME(x)  Rtl##x
#define UNDIS_SAFE_STATUS   NTSTATUS
#define UNDIS_SAFE_OVERFLOW STATUS_INTEGER_OVERFLOW
#include "undis/safeint.h"
