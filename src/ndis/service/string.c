/* SPDX-License-Identifier: MIT */
/* Strings. Only NdisInitializeString allocates: the caller frees that one with NdisFreeString. */
#include "nt/gate.h"
#include "nt/pool.h"
#include <ndis.h>

#define TAG_STRING 0x7473444e /* NDst */

/*
 * NdisInitializeString - makes a Unicode string with memory of its own of a zero-terminated ANSI
 *     one
 *
 * @DestinationString: gets buffer and lengths; no buffer when memory is short.
 * @SourceString:      ANSI.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the buffer is the caller's until NdisFreeString.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitializeString
 */
VOID
NdisInitializeString(PNDIS_STRING DestinationString, PUCHAR SourceString)
{
    ANSI_STRING source;
    ULONG size;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    RtlInitAnsiString(&source, (const char *)SourceString);
    size = (source.Length + 1u) * sizeof(WCHAR);
    *DestinationString = (NDIS_STRING){0};
    if (size > UINT16_MAX)
        return;
    DestinationString->Buffer = pool_alloc(size, TAG_STRING, POOL_ZERO);
    if (!DestinationString->Buffer)
        return;
    DestinationString->MaximumLength = (USHORT)size;
    RtlAnsiStringToUnicodeString(DestinationString, &source, FALSE);
}

/*
 * NdisInitUnicodeString - describes a zero-terminated Unicode string
 *
 * @DestinationString: gets lengths and buffer.
 * @SourceString:      Unicode, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer stays the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitUnicodeString
 */
VOID
NdisInitUnicodeString(PNDIS_STRING DestinationString, PCWSTR SourceString)
{
    RtlInitUnicodeString(DestinationString, SourceString);
}

/*
 * NdisInitAnsiString - describes a zero-terminated ANSI string
 *
 * @DestinationString: gets lengths and buffer.
 * @SourceString:      ANSI, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer stays the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitAnsiString
 */
VOID
NdisInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString)
{
    RtlInitAnsiString(DestinationString, SourceString);
}

/*
 * NdisUpcaseUnicodeString - copies a string in upper case, as much as fits
 *
 * @DestinationString: with a buffer.
 * @SourceString:      another one, or the same.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisUpcaseUnicodeString
 */
VOID
NdisUpcaseUnicodeString(PUNICODE_STRING DestinationString, PUNICODE_STRING SourceString)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    RtlUpcaseUnicodeString(DestinationString, SourceString, FALSE);
}

/*
 * NdisUnicodeStringToAnsiString - copies a string as ANSI, zero-terminated
 *
 * @DestinationString: with a buffer.
 * @SourceString:      Unicode.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_FAILURE when the buffer is too small.
 * Source:    NF:ndis.NdisUnicodeStringToAnsiString
 */
NDIS_STATUS
NdisUnicodeStringToAnsiString(PANSI_STRING DestinationString, PUNICODE_STRING SourceString)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return NT_SUCCESS(RtlUnicodeStringToAnsiString(DestinationString, SourceString, FALSE))
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_FAILURE;
}

/*
 * NdisAnsiStringToUnicodeString - copies a string as Unicode, zero-terminated
 *
 * @DestinationString: with a buffer.
 * @SourceString:      ANSI.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_FAILURE when the buffer is too small.
 * Source:    NF:ndis.NdisAnsiStringToUnicodeString
 */
NDIS_STATUS
NdisAnsiStringToUnicodeString(PUNICODE_STRING DestinationString, PANSI_STRING SourceString)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return NT_SUCCESS(RtlAnsiStringToUnicodeString(DestinationString, SourceString, FALSE))
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_FAILURE;
}

/*
 * NdisEqualString - whether two strings are the same
 *
 * @String1:         one.
 * @String2:         another.
 * @CaseInsensitive: TRUE to see no difference in case.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisEqualString
 */
BOOLEAN
NdisEqualString(PNDIS_STRING String1, PNDIS_STRING String2, BOOLEAN CaseInsensitive)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return RtlEqualUnicodeString(String1, String2, CaseInsensitive);
}
