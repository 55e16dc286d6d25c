/* SPDX-License-Identifier: MIT */
/* The functions of ntintsafe.h under the names without Rtl, answering an HRESULT. */
#pragma once

#include "ntdef.h"

#ifndef S_OK
#define S_OK ((HRESULT)0)
#endif
#define INTSAFE_E_ARITHMETIC_OVERFLOW ((HRESULT)0x80070216)

#define UNDIS_SAFE_NAME(x)  x
#define UNDIS_SAFE_STATUS   HRESULT
#define UNDIS_SAFE_OVERFLOW INTSAFE_E_ARITHMETIC_OVERFLOW
#include "undis/safeint.h"
