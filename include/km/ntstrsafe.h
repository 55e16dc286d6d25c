/* SPDX-License-Identifier: MIT */
/*
 * Checked string functions: RtlString* for zero-terminated strings (Cb counts bytes, Cch counts
 * characters), RtlUnicodeString* for counted ones. A destination always ends with a zero; what does
 * not fit is cut off and STATUS_BUFFER_OVERFLOW returned.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ntdef.h"
#include "ntstatus.h"

#define NTSTRSAFE_MAX_CCH            2147483647
#define NTSTRSAFE_MAX_LENGTH         (NTSTRSAFE_MAX_CCH - 1)
#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))
#define STRSAFE_IGNORE_NULLS         0x00000100
#define STRSAFE_FILL_BEHIND_NULL     0x00000200
#define STRSAFE_FILL_ON_FAILURE      0x00000400
#define STRSAFE_NULL_ON_FAILURE      0x00000800
#define STRSAFE_NO_TRUNCATION        0x00001000
#define STRSAFE_FILL_BEHIND          STRSAFE_FILL_BEHIND_NULL
#define STRSAFE_ZERO_LENGTH_ON_FAILURE STRSAFE_NULL_ON_FAILURE
#define STRSAFE_FILL_BYTE(x)         ((ULONG)(((x) & 0xff) | STRSAFE_FILL_BEHIND_NULL))
#define STRSAFE_FAILURE_BYTE(x)      ((ULONG)(((x) & 0xff) | STRSAFE_FILL_ON_FAILURE))
#define STRSAFE_GET_FILL_PATTERN(f)  ((int)((f) & 0xff))

typedef char *NTSTRSAFE_PSTR;
typedef const char *NTSTRSAFE_PCSTR;
typedef wchar_t *NTSTRSAFE_PWSTR;
typedef const wchar_t *NTSTRSAFE_PCWSTR;

EXTERN_C_START

/* The formatters of the drivers' C runtime: the number of characters, or -1 if they do not fit. */
UNDIS_CRT int _vsnprintf(char *to, size_t limit, const char *format, va_list arguments);
UNDIS_CRT int _vsnwprintf(wchar_t *to, size_t limit, const wchar_t *format, va_list arguments);

EXTERN_C_END

/* The work, for char: Used characters are there already, Capacity counts the final zero. */
NT_INLINE NTSTATUS
undis_string_append_A(NTSTRSAFE_PSTR To, size_t Capacity, size_t Used, NTSTRSAFE_PCSTR From, size_t Limit, size_t *End)
{
    size_t at = Used;

    while (Limit > 0 && *From != 0 && at + 1 < Capacity) {
        To[at++] = *From++;
        Limit--;
    }
    To[at] = 0;
    *End = at;
    return (Limit > 0 && *From != 0) ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
undis_string_format_A(NTSTRSAFE_PSTR To, size_t Capacity, NTSTRSAFE_PCSTR Format, va_list Arguments, size_t *End)
{
    int count = _vsnprintf(To, Capacity - 1, Format, Arguments);

    if (count < 0 || (size_t)count > Capacity - 1) {
        To[Capacity - 1] = 0;
        *End = Capacity - 1;
        return STATUS_BUFFER_OVERFLOW;
    }
    To[count] = 0;
    *End = (size_t)count;
    return STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
undis_string_length_A(NTSTRSAFE_PCSTR Text, size_t Limit, size_t *Length)
{
    size_t at = 0;

    if (Text == NULL || Limit == 0 || Limit > NTSTRSAFE_MAX_CCH) {
        if (Length != NULL) {
            *Length = 0;
        }
        return STATUS_INVALID_PARAMETER;
    }
    while (at < Limit && Text[at] != 0) {
        at++;
    }
    if (Length != NULL) {
        *Length = at < Limit ? at : 0;
    }
    return at < Limit ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* What the Ex forms add: where the text ends, what remains, and the fill flags. */
NT_INLINE NTSTATUS
undis_string_finish_A(NTSTRSAFE_PSTR To, size_t Capacity, size_t End, ULONG Flags, NTSTATUS Status,
    NTSTRSAFE_PSTR *ToEnd, size_t *Remaining)
{
    if (!NT_SUCCESS(Status) && Capacity > 0) {
        if (Flags & STRSAFE_FILL_ON_FAILURE) {
            memset(To, STRSAFE_GET_FILL_PATTERN(Flags), Capacity * sizeof(*To));
            End = STRSAFE_GET_FILL_PATTERN(Flags) == 0 ? 0 : Capacity - 1;
            To[End] = 0;
        }
        if (Flags & (STRSAFE_NULL_ON_FAILURE | STRSAFE_NO_TRUNCATION)) {
            End = 0;
            To[0] = 0;
        }
    } else if ((Flags & STRSAFE_FILL_BEHIND_NULL) && Capacity > End + 1) {
        memset(To + End + 1, STRSAFE_GET_FILL_PATTERN(Flags), (Capacity - End - 1) * sizeof(*To));
    }
    if (ToEnd != NULL) {
        *ToEnd = To == NULL ? To : To + End;
    }
    if (Remaining != NULL) {
        *Remaining = Capacity - End;
    }
    return Status;
}

NT_INLINE NTSTATUS
RtlStringCchCopyA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCopyExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCopyNA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc, size_t cchToCopy)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, cchToCopy, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCopyNExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc, size_t cchToCopy,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, cchToCopy, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCatA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCatExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCatNA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc, size_t cchToAppend)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, cchToAppend, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCatNExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszSrc, size_t cchToAppend,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, cchToAppend, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchVPrintfA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszFormat, va_list argList)
{
    size_t capacity = cchDest;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_format_A(pszDest, capacity, pszFormat, argList, &end);
}

NT_INLINE NTSTATUS
RtlStringCchVPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PSTR *ppszDestEnd,
    size_t *pcchRemaining, ULONG dwFlags, NTSTRSAFE_PCSTR pszFormat, va_list argList)
{
    size_t capacity = cchDest;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    status = undis_string_format_A(pszDest, capacity, pszFormat, argList, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchPrintfA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PCSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCchVPrintfA(pszDest, cchDest, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cchDest, NTSTRSAFE_PSTR *ppszDestEnd,
    size_t *pcchRemaining, ULONG dwFlags, NTSTRSAFE_PCSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCchVPrintfExA(
        pszDest, cchDest, ppszDestEnd, pcchRemaining, dwFlags, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchLengthA(NTSTRSAFE_PCSTR psz, size_t cchMax, size_t *pcchLength)
{
    size_t length;
    NTSTATUS status = undis_string_length_A(psz, cchMax, &length);

    if (pcchLength != NULL) {
        *pcchLength = length;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCopyA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCbCopyExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCopyNA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc, size_t cbToCopy)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, cbToCopy / sizeof(char), &end);
}

NT_INLINE NTSTATUS
RtlStringCbCopyNExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc, size_t cbToCopy,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, cbToCopy / sizeof(char), &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCatA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCbCatExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCatNA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc, size_t cbToAppend)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_A(pszDest, capacity, used, pszSrc, cbToAppend / sizeof(char), &end);
}

NT_INLINE NTSTATUS
RtlStringCbCatNExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszSrc, size_t cbToAppend,
    NTSTRSAFE_PSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(char);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_A(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_A(pszDest, capacity, used, pszSrc, cbToAppend / sizeof(char), &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbVPrintfA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszFormat, va_list argList)
{
    size_t capacity = cbDest / sizeof(char);
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_format_A(pszDest, capacity, pszFormat, argList, &end);
}

NT_INLINE NTSTATUS
RtlStringCbVPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PSTR *ppszDestEnd,
    size_t *pcbRemaining, ULONG dwFlags, NTSTRSAFE_PCSTR pszFormat, va_list argList)
{
    size_t capacity = cbDest / sizeof(char);
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    status = undis_string_format_A(pszDest, capacity, pszFormat, argList, &end);
    status = undis_string_finish_A(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbPrintfA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PCSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCbVPrintfA(pszDest, cbDest, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbPrintfExA(NTSTRSAFE_PSTR pszDest, size_t cbDest, NTSTRSAFE_PSTR *ppszDestEnd,
    size_t *pcbRemaining, ULONG dwFlags, NTSTRSAFE_PCSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCbVPrintfExA(
        pszDest, cbDest, ppszDestEnd, pcbRemaining, dwFlags, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbLengthA(NTSTRSAFE_PCSTR psz, size_t cbMax, size_t *pcbLength)
{
    size_t length;
    NTSTATUS status = undis_string_length_A(psz, cbMax / sizeof(char), &length);

    if (pcbLength != NULL) {
        *pcbLength = length * sizeof(char);
    }
    return status;
}

/* The work, for wchar_t: Used characters are there already, Capacity counts the final zero. */
NT_INLINE NTSTATUS
undis_string_append_W(NTSTRSAFE_PWSTR To, size_t Capacity, size_t Used, NTSTRSAFE_PCWSTR From, size_t Limit, size_t *End)
{
    size_t at = Used;

    while (Limit > 0 && *From != 0 && at + 1 < Capacity) {
        To[at++] = *From++;
        Limit--;
    }
    To[at] = 0;
    *End = at;
    return (Limit > 0 && *From != 0) ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
undis_string_format_W(NTSTRSAFE_PWSTR To, size_t Capacity, NTSTRSAFE_PCWSTR Format, va_list Arguments, size_t *End)
{
    int count = _vsnwprintf(To, Capacity - 1, Format, Arguments);

    if (count < 0 || (size_t)count > Capacity - 1) {
        To[Capacity - 1] = 0;
        *End = Capacity - 1;
        return STATUS_BUFFER_OVERFLOW;
    }
    To[count] = 0;
    *End = (size_t)count;
    return STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
undis_string_length_W(NTSTRSAFE_PCWSTR Text, size_t Limit, size_t *Length)
{
    size_t at = 0;

    if (Text == NULL || Limit == 0 || Limit > NTSTRSAFE_MAX_CCH) {
        if (Length != NULL) {
            *Length = 0;
        }
        return STATUS_INVALID_PARAMETER;
    }
    while (at < Limit && Text[at] != 0) {
        at++;
    }
    if (Length != NULL) {
        *Length = at < Limit ? at : 0;
    }
    return at < Limit ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* What the Ex forms add: where the text ends, what remains, and the fill flags. */
NT_INLINE NTSTATUS
undis_string_finish_W(NTSTRSAFE_PWSTR To, size_t Capacity, size_t End, ULONG Flags, NTSTATUS Status,
    NTSTRSAFE_PWSTR *ToEnd, size_t *Remaining)
{
    if (!NT_SUCCESS(Status) && Capacity > 0) {
        if (Flags & STRSAFE_FILL_ON_FAILURE) {
            memset(To, STRSAFE_GET_FILL_PATTERN(Flags), Capacity * sizeof(*To));
            End = STRSAFE_GET_FILL_PATTERN(Flags) == 0 ? 0 : Capacity - 1;
            To[End] = 0;
        }
        if (Flags & (STRSAFE_NULL_ON_FAILURE | STRSAFE_NO_TRUNCATION)) {
            End = 0;
            To[0] = 0;
        }
    } else if ((Flags & STRSAFE_FILL_BEHIND_NULL) && Capacity > End + 1) {
        memset(To + End + 1, STRSAFE_GET_FILL_PATTERN(Flags), (Capacity - End - 1) * sizeof(*To));
    }
    if (ToEnd != NULL) {
        *ToEnd = To == NULL ? To : To + End;
    }
    if (Remaining != NULL) {
        *Remaining = Capacity - End;
    }
    return Status;
}

NT_INLINE NTSTATUS
RtlStringCchCopyW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCopyExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCopyNW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc, size_t cchToCopy)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, cchToCopy, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCopyNExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc, size_t cchToCopy,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, cchToCopy, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCatW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCatExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchCatNW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc, size_t cchToAppend)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, cchToAppend, &end);
}

NT_INLINE NTSTATUS
RtlStringCchCatNExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszSrc, size_t cchToAppend,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcchRemaining, ULONG dwFlags)
{
    size_t capacity = cchDest;
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, cchToAppend, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchVPrintfW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    size_t capacity = cchDest;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_format_W(pszDest, capacity, pszFormat, argList, &end);
}

NT_INLINE NTSTATUS
RtlStringCchVPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PWSTR *ppszDestEnd,
    size_t *pcchRemaining, ULONG dwFlags, NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    size_t capacity = cchDest;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    status = undis_string_format_W(pszDest, capacity, pszFormat, argList, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcchRemaining != NULL) {
        *pcchRemaining = left;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchPrintfW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PCWSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCchVPrintfW(pszDest, cchDest, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cchDest, NTSTRSAFE_PWSTR *ppszDestEnd,
    size_t *pcchRemaining, ULONG dwFlags, NTSTRSAFE_PCWSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCchVPrintfExW(
        pszDest, cchDest, ppszDestEnd, pcchRemaining, dwFlags, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCchLengthW(NTSTRSAFE_PCWSTR psz, size_t cchMax, size_t *pcchLength)
{
    size_t length;
    NTSTATUS status = undis_string_length_W(psz, cchMax, &length);

    if (pcchLength != NULL) {
        *pcchLength = length;
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCopyW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCbCopyExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCopyNW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc, size_t cbToCopy)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, cbToCopy / sizeof(wchar_t), &end);
}

NT_INLINE NTSTATUS
RtlStringCbCopyNExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc, size_t cbToCopy,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, cbToCopy / sizeof(wchar_t), &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCatW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
}

NT_INLINE NTSTATUS
RtlStringCbCatExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, NTSTRSAFE_MAX_CCH, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbCatNW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc, size_t cbToAppend)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_append_W(pszDest, capacity, used, pszSrc, cbToAppend / sizeof(wchar_t), &end);
}

NT_INLINE NTSTATUS
RtlStringCbCatNExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszSrc, size_t cbToAppend,
    NTSTRSAFE_PWSTR *ppszDestEnd, size_t *pcbRemaining, ULONG dwFlags)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t used = 0;
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    if (!NT_SUCCESS(undis_string_length_W(pszDest, capacity, &used))) {
        return STATUS_INVALID_PARAMETER;
    }
    if (pszSrc == NULL && (dwFlags & STRSAFE_IGNORE_NULLS)) {
        pszSrc = pszDest + used;
        pszDest[used] = 0;
    }
    status = undis_string_append_W(pszDest, capacity, used, pszSrc, cbToAppend / sizeof(wchar_t), &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbVPrintfW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t end;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_string_format_W(pszDest, capacity, pszFormat, argList, &end);
}

NT_INLINE NTSTATUS
RtlStringCbVPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PWSTR *ppszDestEnd,
    size_t *pcbRemaining, ULONG dwFlags, NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    size_t capacity = cbDest / sizeof(wchar_t);
    size_t end = 0;
    size_t left = 0;
    NTSTATUS status;

    if (capacity == 0 || capacity > NTSTRSAFE_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    status = undis_string_format_W(pszDest, capacity, pszFormat, argList, &end);
    status = undis_string_finish_W(pszDest, capacity, end, dwFlags, status, ppszDestEnd, &left);
    if (pcbRemaining != NULL) {
        *pcbRemaining = left * sizeof(*pszDest);
    }
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbPrintfW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PCWSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCbVPrintfW(pszDest, cbDest, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbPrintfExW(NTSTRSAFE_PWSTR pszDest, size_t cbDest, NTSTRSAFE_PWSTR *ppszDestEnd,
    size_t *pcbRemaining, ULONG dwFlags, NTSTRSAFE_PCWSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlStringCbVPrintfExW(
        pszDest, cbDest, ppszDestEnd, pcbRemaining, dwFlags, pszFormat, arguments);
    va_end(arguments);
    return status;
}

NT_INLINE NTSTATUS
RtlStringCbLengthW(NTSTRSAFE_PCWSTR psz, size_t cbMax, size_t *pcbLength)
{
    size_t length;
    NTSTATUS status = undis_string_length_W(psz, cbMax / sizeof(wchar_t), &length);

    if (pcbLength != NULL) {
        *pcbLength = length * sizeof(wchar_t);
    }
    return status;
}

/* Counted strings: no final zero is promised, MaximumLength bounds the text. */
NT_INLINE NTSTATUS
RtlUnicodeStringValidate(PCUNICODE_STRING SourceString)
{
    if (SourceString == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (SourceString->Length % sizeof(WCHAR) != 0 || SourceString->MaximumLength % sizeof(WCHAR) != 0 ||
        SourceString->Length > SourceString->MaximumLength ||
        (SourceString->Buffer == NULL && SourceString->MaximumLength != 0)) {
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
undis_unicode_append(PUNICODE_STRING To, size_t Used, NTSTRSAFE_PCWSTR From, size_t Count)
{
    size_t room = To->MaximumLength / sizeof(WCHAR) - Used;
    size_t taken = Count < room ? Count : room;

    if (taken > 0) {
        memmove(To->Buffer + Used, From, taken * sizeof(WCHAR));
    }
    To->Length = (USHORT)((Used + taken) * sizeof(WCHAR));
    return taken < Count ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NT_INLINE size_t
undis_wide_length(NTSTRSAFE_PCWSTR Text, size_t Limit)
{
    size_t at = 0;

    while (at < Limit && Text[at] != 0) {
        at++;
    }
    return at;
}

NT_INLINE NTSTATUS
RtlUnicodeStringInit(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc)
{
    size_t length = pszSrc == NULL ? 0 : undis_wide_length(pszSrc, NTSTRSAFE_UNICODE_STRING_MAX_CCH);

    DestinationString->Length = 0;
    DestinationString->MaximumLength = 0;
    DestinationString->Buffer = NULL;
    if (pszSrc == NULL) {
        return STATUS_SUCCESS;
    }
    if (length >= NTSTRSAFE_UNICODE_STRING_MAX_CCH) {
        return STATUS_INVALID_PARAMETER;
    }
    DestinationString->Length = (USHORT)(length * sizeof(WCHAR));
    DestinationString->MaximumLength = (USHORT)((length + 1) * sizeof(WCHAR));
    DestinationString->Buffer = (PWCH)pszSrc;
    return STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
RtlUnicodeStringInitEx(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, ULONG dwFlags)
{
    (void)dwFlags;
    return RtlUnicodeStringInit(DestinationString, pszSrc);
}

NT_INLINE NTSTATUS
RtlUnicodeStringCopy(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) ||
        !NT_SUCCESS(RtlUnicodeStringValidate(SourceString))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(
        DestinationString, 0, SourceString->Buffer, SourceString->Length / sizeof(WCHAR));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) || pszSrc == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(DestinationString, 0, pszSrc,
        undis_wide_length(pszSrc, NTSTRSAFE_UNICODE_STRING_MAX_CCH));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCchCopyStringN(
    PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchLimit)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) || pszSrc == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(
        DestinationString, 0, pszSrc, undis_wide_length(pszSrc, cchLimit));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCbCopyStringN(
    PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbLimit)
{
    return RtlUnicodeStringCchCopyStringN(DestinationString, pszSrc, cbLimit / sizeof(WCHAR));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCat(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) ||
        !NT_SUCCESS(RtlUnicodeStringValidate(SourceString))) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(
        DestinationString, DestinationString->Length / sizeof(WCHAR), SourceString->Buffer, SourceString->Length / sizeof(WCHAR));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCatString(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) || pszSrc == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(DestinationString, DestinationString->Length / sizeof(WCHAR), pszSrc,
        undis_wide_length(pszSrc, NTSTRSAFE_UNICODE_STRING_MAX_CCH));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCchCatStringN(
    PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cchLimit)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) || pszSrc == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    return undis_unicode_append(
        DestinationString, DestinationString->Length / sizeof(WCHAR), pszSrc, undis_wide_length(pszSrc, cchLimit));
}

NT_INLINE NTSTATUS
RtlUnicodeStringCbCatStringN(
    PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszSrc, size_t cbLimit)
{
    return RtlUnicodeStringCchCatStringN(DestinationString, pszSrc, cbLimit / sizeof(WCHAR));
}

NT_INLINE NTSTATUS
RtlUnicodeStringVPrintf(
    PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszFormat, va_list argList)
{
    size_t capacity;
    int count;

    if (!NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)) || pszFormat == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    capacity = DestinationString->MaximumLength / sizeof(WCHAR);
    count = _vsnwprintf(DestinationString->Buffer, capacity, pszFormat, argList);
    if (count < 0 || (size_t)count > capacity) {
        DestinationString->Length = (USHORT)(capacity * sizeof(WCHAR));
        return STATUS_BUFFER_OVERFLOW;
    }
    DestinationString->Length = (USHORT)((size_t)count * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NT_INLINE NTSTATUS
RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, NTSTRSAFE_PCWSTR pszFormat, ...)
{
    va_list arguments;
    NTSTATUS status;

    va_start(arguments, pszFormat);
    status = RtlUnicodeStringVPrintf(DestinationString, pszFormat, arguments);
    va_end(arguments);
    return status;
}
