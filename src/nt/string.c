/* SPDX-License-Identifier: MIT */
/* Counted strings: initialise, copy, append, compare. Lengths are in bytes; nothing here owns
 * memory except what RtlCreateUnicodeString, RtlDuplicateUnicodeString and the calls with an
 * AllocateDestinationString parameter make: pool memory that RtlFree*String frees.
 */
#include "nt/pool.h"
#include "nt/unicode.h"
#include <string.h>

#define TAG_STRING POOL_TAG('S', 't', 'r', ' ')

/*
 * RtlInitUnicodeString - a counted string over a zero-terminated one
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: refers to the caller's text.
 * Errors:    a text of more than 32766 characters is cut to what a length can say.
 * Source:    NF:wdm.RtlInitUnicodeString
 */
VOID
RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
    size_t size = SourceString == NULL ? 0 : wide_length(SourceString) * sizeof(WCHAR);

    if (size > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        size = UNICODE_STRING_MAX_BYTES - sizeof(WCHAR);
    DestinationString->Length = (USHORT)size;
    DestinationString->MaximumLength = SourceString == NULL ? 0 : (USHORT)(size + sizeof(WCHAR));
    DestinationString->Buffer = (PWCH)(ULONG_PTR)SourceString;
}

/*
 * RtlInitString - a counted string over a zero-terminated one
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: refers to the caller's text.
 * Errors:    a text of more than 65534 characters is cut to what a length can say.
 * Source:    NF:wdm.RtlInitString
 */
VOID
RtlInitString(PSTRING DestinationString, PCSTR SourceString)
{
    size_t size = SourceString == NULL ? 0 : strlen(SourceString);

    if (size > 0xfffe)
        size = 0xfffe;
    DestinationString->Length = (USHORT)size;
    DestinationString->MaximumLength = SourceString == NULL ? 0 : (USHORT)(size + 1);
    DestinationString->Buffer = (PCHAR)(ULONG_PTR)SourceString;
}

/*
 * RtlInitAnsiString - as RtlInitString
 *
 * IRQL:      Any level
 * Ownership: refers to the caller's text.
 * Errors:    as RtlInitString.
 * Source:    NF:wdm.RtlInitAnsiString
 */
VOID
RtlInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString)
{
    RtlInitString(DestinationString, SourceString);
}

static void
terminate(PUNICODE_STRING string)
{
    if (string->Length + sizeof(WCHAR) <= string->MaximumLength)
        string->Buffer[string->Length / sizeof(WCHAR)] = 0;
}

/*
 * RtlCopyUnicodeString - copies as much as fits, and a terminator when that fits too
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    a NULL source makes the destination empty.
 * Source:    NF:wdm.RtlCopyUnicodeString
 */
VOID
RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
    USHORT size = SourceString == NULL ? 0 : SourceString->Length;

    if (size > DestinationString->MaximumLength)
        size = DestinationString->MaximumLength & ~(USHORT)1;
    if (size != 0)
        memmove(DestinationString->Buffer, SourceString->Buffer, size);
    DestinationString->Length = size;
    if (SourceString != NULL)
        terminate(DestinationString);
}

/*
 * RtlCopyString - copies as much as fits
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    a NULL source makes the destination empty.
 * Source:    NF:ntddk.RtlCopyString
 */
VOID
RtlCopyString(PSTRING DestinationString, const STRING *SourceString)
{
    USHORT size = SourceString == NULL ? 0 : SourceString->Length;

    if (size > DestinationString->MaximumLength)
        size = DestinationString->MaximumLength;
    if (size != 0)
        memmove(DestinationString->Buffer, SourceString->Buffer, size);
    DestinationString->Length = size;
}

static NTSTATUS
append(PUNICODE_STRING destination, const WCHAR *source, size_t size)
{
    if (size + destination->Length > destination->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    if (size != 0)
        memmove(destination->Buffer + destination->Length / sizeof(WCHAR), source, size);
    destination->Length = (USHORT)(destination->Length + size);
    terminate(destination);
    return STATUS_SUCCESS;
}

/*
 * RtlAppendUnicodeStringToString - puts Source behind Destination, and a terminator when that fits
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL, and nothing changed.
 * Source:    NF:wdm.RtlAppendUnicodeStringToString
 */
NTSTATUS
RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
    return append(Destination, Source->Buffer, Source->Length);
}

/*
 * RtlAppendUnicodeToString - puts a zero-terminated text behind Destination, and a terminator when
 *     that fits
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL, and nothing changed.
 * Source:    NF:wdm.RtlAppendUnicodeToString
 */
NTSTATUS
RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
    if (Source == NULL)
        return STATUS_SUCCESS;
    return append(Destination, Source, wide_length(Source) * sizeof(WCHAR));
}

/*
 * RtlAppendStringToString - puts Source behind Destination
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL, and nothing changed.
 * Source:    NF:ntifs.RtlAppendStringToString
 */
NTSTATUS
RtlAppendStringToString(PSTRING Destination, const STRING *Source)
{
    if (Source->Length + Destination->Length > Destination->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    if (Source->Length != 0)
        memmove(Destination->Buffer + Destination->Length, Source->Buffer, Source->Length);
    Destination->Length = (USHORT)(Destination->Length + Source->Length);
    return STATUS_SUCCESS;
}

/*
 * RtlCompareUnicodeString - the order of two strings, < 0, 0 or > 0
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlCompareUnicodeString
 */
LONG
RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive)
{
    return wide_compare(String1->Buffer, String1->Length / sizeof(WCHAR), String2->Buffer,
        String2->Length / sizeof(WCHAR), CaseInSensitive);
}

/*
 * RtlEqualUnicodeString - whether two strings are the same
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlEqualUnicodeString
 */
BOOLEAN
RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive)
{
    return String1->Length == String2->Length &&
           RtlCompareUnicodeString(String1, String2, CaseInSensitive) == 0;
}

/*
 * RtlPrefixUnicodeString - whether String2 starts with String1
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlPrefixUnicodeString
 */
BOOLEAN
RtlPrefixUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive)
{
    size_t length = String1->Length / sizeof(WCHAR);

    return String1->Length <= String2->Length &&
           wide_compare(String1->Buffer, length, String2->Buffer, length, CaseInSensitive) == 0;
}

/*
 * RtlUpperChar - the upper-case form of a character of the ANSI code page (ISO 8859-1)
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlUpperChar
 */
CHAR
RtlUpperChar(CHAR Character)
{
    WCHAR upper = wide_upcase((UCHAR)Character);

    return (CHAR)(upper <= 0xff ? upper : Character);
}

/*
 * RtlCompareString - the order of two strings, < 0, 0 or > 0
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlCompareString
 */
LONG
RtlCompareString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive)
{
    USHORT i;

    for (i = 0; i < String1->Length && i < String2->Length; i++) {
        UCHAR l = (UCHAR)String1->Buffer[i], r = (UCHAR)String2->Buffer[i];

        if (CaseInSensitive) {
            l = (UCHAR)RtlUpperChar((CHAR)l);
            r = (UCHAR)RtlUpperChar((CHAR)r);
        }
        if (l != r)
            return l < r ? -1 : 1;
    }
    return (LONG)String1->Length - (LONG)String2->Length;
}

/*
 * RtlEqualString - whether two strings are the same
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlEqualString
 */
BOOLEAN
RtlEqualString(const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive)
{
    return RtlCompareString(String1, String2, CaseInSensitive) == 0;
}

/*
 * RtlUpperString - copies as much as fits, upper-cased
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.RtlUpperString
 */
VOID
RtlUpperString(PSTRING DestinationString, const STRING *SourceString)
{
    USHORT i;

    RtlCopyString(DestinationString, SourceString);
    for (i = 0; i < DestinationString->Length; i++)
        DestinationString->Buffer[i] = RtlUpperChar(DestinationString->Buffer[i]);
}

static NTSTATUS
allocate_wide(PUNICODE_STRING string, USHORT maximum)
{
    string->Buffer = pool_alloc(maximum, TAG_STRING, POOL_ZERO);
    if (string->Buffer == NULL)
        return STATUS_NO_MEMORY;
    string->MaximumLength = maximum;
    return STATUS_SUCCESS;
}

static NTSTATUS
map_string(PUNICODE_STRING destination, PCUNICODE_STRING source, BOOLEAN allocate,
    WCHAR (*map)(WCHAR unit))
{
    size_t i;

    if (allocate && allocate_wide(destination, source->Length) != STATUS_SUCCESS)
        return STATUS_NO_MEMORY;
    if (source->Length > destination->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    for (i = 0; i < source->Length / sizeof(WCHAR); i++)
        destination->Buffer[i] = map(source->Buffer[i]);
    destination->Length = source->Length;
    return STATUS_SUCCESS;
}

/*
 * RtlUpcaseUnicodeString - copies a string, upper-cased
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: an allocated destination is freed with RtlFreeUnicodeString.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit, STATUS_NO_MEMORY.
 * Source:    NF:ntddk.RtlUpcaseUnicodeString
 */
NTSTATUS
RtlUpcaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
    BOOLEAN AllocateDestinationString)
{
    return map_string(DestinationString, SourceString, AllocateDestinationString, wide_upcase);
}

/*
 * RtlDowncaseUnicodeString - copies a string, lower-cased
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: an allocated destination is freed with RtlFreeUnicodeString.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit, STATUS_NO_MEMORY.
 * Source:    NF:ntifs.RtlDowncaseUnicodeString
 */
NTSTATUS
RtlDowncaseUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString,
    BOOLEAN AllocateDestinationString)
{
    return map_string(DestinationString, SourceString, AllocateDestinationString, wide_downcase);
}

/*
 * RtlHashUnicodeString - a hash of the characters, upper-cased first when CaseInSensitive
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for an algorithm other than default and X65599.
 * Source:    NF:wdm.RtlHashUnicodeString
 */
NTSTATUS
RtlHashUnicodeString(
    const UNICODE_STRING *String, BOOLEAN CaseInSensitive, ULONG HashAlgorithm, PULONG HashValue)
{
    ULONG hash = 0;
    size_t i;

    if (String == NULL || HashValue == NULL || HashAlgorithm > HASH_STRING_ALGORITHM_X65599)
        return STATUS_INVALID_PARAMETER;
    for (i = 0; i < String->Length / sizeof(WCHAR); i++) {
        WCHAR unit = String->Buffer[i];

        hash = hash * 65599 + (CaseInSensitive ? wide_upcase(unit) : unit);
    }
    *HashValue = hash;
    return STATUS_SUCCESS;
}

/*
 * RtlCreateUnicodeString - a copy of a zero-terminated text in pool memory
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller frees it with RtlFreeUnicodeString.
 * Errors:    FALSE when memory is short or the text is too long.
 * Source:    NF:ntifs.RtlCreateUnicodeString
 */
BOOLEAN
RtlCreateUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
    size_t size = (wide_length(SourceString) + 1) * sizeof(WCHAR);

    if (size > UNICODE_STRING_MAX_BYTES ||
        allocate_wide(DestinationString, (USHORT)size) != STATUS_SUCCESS)
        return FALSE;
    memcpy(DestinationString->Buffer, SourceString, size);
    DestinationString->Length = (USHORT)(size - sizeof(WCHAR));
    return TRUE;
}

/*
 * RtlFreeUnicodeString - frees the buffer of a string that an Rtl call allocated, and empties the
 *     string
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: takes the buffer.
 * Errors:    what no call allocated is a bug check (rule mm-double-free).
 * Source:    NF:wdm.RtlFreeUnicodeString
 */
VOID
RtlFreeUnicodeString(PUNICODE_STRING UnicodeString)
{
    if (UnicodeString->Buffer != NULL)
        pool_free(UnicodeString->Buffer, 0);
    memset(UnicodeString, 0, sizeof(*UnicodeString));
}

/*
 * RtlFreeAnsiString - frees the buffer of a string that an Rtl call allocated, and empties the
 *     string
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: takes the buffer.
 * Errors:    what no call allocated is a bug check (rule mm-double-free).
 * Source:    NF:wdm.RtlFreeAnsiString
 */
VOID
RtlFreeAnsiString(PANSI_STRING AnsiString)
{
    if (AnsiString->Buffer != NULL)
        pool_free(AnsiString->Buffer, 0);
    memset(AnsiString, 0, sizeof(*AnsiString));
}

/*
 * RtlFreeUTF8String - frees the buffer of a string that an Rtl call allocated, and empties the
 *     string
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the buffer.
 * Errors:    what no call allocated is a bug check (rule mm-double-free).
 * Source:    NF:wdm.RtlFreeUTF8String
 */
VOID
RtlFreeUTF8String(PUTF8_STRING Utf8String)
{
    RtlFreeAnsiString(Utf8String);
}
