/* SPDX-License-Identifier: MIT */
/*
 * What a driver that was built for it (undis build --sanitize races) says of itself: each access to
 * memory that others may see, before it happens. No driver's source calls this.
 */
#pragma once

#include "../ntdef.h"

#define UNDIS_ACCESS_WRITE  0x1
#define UNDIS_ACCESS_ATOMIC 0x2 /* interlocked, or of something volatile: it orders others */

EXTERN_C_START

/*
 * undis_access - the caller's caller is about to read or write Size bytes at Address
 *
 * IRQL:      Any level
 * Ownership: none is taken
 * Errors:    none; a race that the verifier sees is reported
 * Source:    docs/architecture.md
 */
NTKERNELAPI VOID undis_access(PVOID Address, SIZE_T Size, ULONG Flags);

EXTERN_C_END
