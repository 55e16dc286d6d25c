/* SPDX-License-Identifier: MIT */
/* After this include DEFINE_GUID defines. */
#ifndef INITGUID
#define INITGUID
#endif
#include "guiddef.h"
