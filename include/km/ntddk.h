/* SPDX-License-Identifier: MIT */
/* The kernel as other drivers see it: everything of wdm.h and what WDM drivers do not use. */
#pragma once
#define _NTDDK_

#include "wdm.h"

#define TEXT_(s)  L##s
#ifndef TEXT
#define TEXT(s)   TEXT_(s)
#endif
#ifndef MAKELONG
#define MAKELONG(a, b) ((LONG)(((USHORT)(a)) | ((ULONG)((USHORT)(b))) << 16))
#endif
#define FACILITY_NTWIN32 0x7
#define NTSTATUS_FROM_WIN32(x)                                                                     \
    ((NTSTATUS)(x) <= 0 ? ((NTSTATUS)(x))                                                          \
                        : ((NTSTATUS)(((x)&0x0000FFFF) | (FACILITY_NTWIN32 << 16) |                \
                              ERROR_SEVERITY_WARNING)))
