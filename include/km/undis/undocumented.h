/* SPDX-License-Identifier: MIT */
/* Calls of Windows that no header of a kit declares. Drivers that make them declare them
 * themselves, with types of their own: no other header includes this one. */
#pragma once

#include "io.h"

EXTERN_C_START

NTSYSAPI NTSTATUS ZwQuerySystemInformation(ULONG SystemInformationClass, PVOID SystemInformation,
    ULONG SystemInformationLength, PULONG ReturnLength);

EXTERN_C_END
