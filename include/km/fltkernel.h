/* SPDX-License-Identifier: MIT */
/*
 * Drivers include it for what it brings along. The filter manager itself is not here: a call of
 * it is named by the compiler.
 */
#ifndef UNDIS_FLTKERNEL_H
#define UNDIS_FLTKERNEL_H

#include <ntifs.h>

#endif
