/* SPDX-License-Identifier: MIT */
/*
 * What telephony shares with NDIS drivers: strings of variable length.
 */
#ifndef UNDIS_NDISTAPI_H
#define UNDIS_NDISTAPI_H

#include <ntdef.h>

#define STRINGFORMAT_ASCII   0x00000001
#define STRINGFORMAT_DBCS    0x00000002
#define STRINGFORMAT_UNICODE 0x00000003
#define STRINGFORMAT_BINARY  0x00000004

/* The string begins ulStringOffset bytes behind the beginning of the structure. */
typedef struct _VAR_STRING {
    ULONG ulTotalSize;
    ULONG ulNeededSize;
    ULONG ulUsedSize;
    ULONG ulStringFormat;
    ULONG ulStringSize;
    ULONG ulStringOffset;
} VAR_STRING, *PVAR_STRING;

#endif
