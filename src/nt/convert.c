/* SPDX-License-Identifier: MIT */
/* Strings into other strings, numbers and GUIDs, and back.
 *
 * The ANSI code page of a machine is ISO 8859-1: a byte is the character of that number, and a
 * character above 0xff becomes '?'. So no conversion between the two can fail for its contents.
 * Destination buffers that a call allocates are pool memory, freed with RtlFree*String.
 */
#include "nt/pool.h"
#include "nt/unicode.h"
#include <string.h>

#define TAG_STRING POOL_TAG('S', 't', 'r', ' ')

/*
 * RtlxUnicodeStringToAnsiSize - bytes of the ANSI form of a string, its terminator too
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlxUnicodeStringToAnsiSize
 */
ULONG
RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING UnicodeString)
{
    return UnicodeString->Length / sizeof(WCHAR) + 1;
}

/*
 * RtlxAnsiStringToUnicodeSize - bytes of the Unicode form of a string, its terminator too
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlxAnsiStringToUnicodeSize
 */
ULONG
RtlxAnsiStringToUnicodeSize(PCANSI_STRING AnsiString)
{
    return (AnsiString->Length + 1u) * sizeof(WCHAR);
}

/* Room for @size bytes in @string, allocated or found there. */
static NTSTATUS
make_room(PSTRING string, size_t size, BOOLEAN allocate)
{
    if (size > 0xffff)
        return STATUS_INVALID_PARAMETER_2;
    if (!allocate)
        return size > string->MaximumLength ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    string->Buffer = pool_alloc(size, TAG_STRING, POOL_ZERO);
    if (string->Buffer == NULL)
        return STATUS_NO_MEMORY;
    string->MaximumLength = (USHORT)size;
    return STATUS_SUCCESS;
}

static NTSTATUS
make_wide_room(PUNICODE_STRING string, size_t size, BOOLEAN allocate)
{
    STRING room = {string->Length, string->MaximumLength, (PCHAR)string->Buffer};
    NTSTATUS status = make_room(&room, size, allocate);

    string->Buffer = (PWCH)(void *)room.Buffer;
    string->MaximumLength = room.MaximumLength;
    return status;
}

/*
 * RtlUnicodeStringToAnsiString - the ANSI form of a string, terminated
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: an allocated destination is freed with RtlFreeAnsiString.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit: what fits is there; STATUS_NO_MEMORY.
 * Source:    NF:wdm.RtlUnicodeStringToAnsiString
 */
NTSTATUS
RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString, PCUNICODE_STRING SourceString,
    BOOLEAN AllocateDestinationString)
{
    size_t length = SourceString->Length / sizeof(WCHAR), i;
    NTSTATUS status = make_room(DestinationString, length + 1, AllocateDestinationString);

    if (status == STATUS_BUFFER_OVERFLOW && DestinationString->MaximumLength != 0)
        length = DestinationString->MaximumLength - 1u;
    else if (status != STATUS_SUCCESS)
        return status;
    for (i = 0; i < length; i++) {
        WCHAR unit = SourceString->Buffer[i];

        DestinationString->Buffer[i] = (CHAR)(unit > 0xff ? '?' : unit);
    }
    DestinationString->Buffer[length] = 0;
    DestinationString->Length = (USHORT)length;
    return status;
}

/*
 * RtlAnsiStringToUnicodeString - the Unicode form of a string, terminated
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: an allocated destination is freed with RtlFreeUnicodeString.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit, STATUS_INVALID_PARAMETER_2 when no string
 *            is that long, STATUS_NO_MEMORY.
 * Source:    NF:wdm.RtlAnsiStringToUnicodeString
 */
NTSTATUS
RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString, PCANSI_STRING SourceString,
    BOOLEAN AllocateDestinationString)
{
    size_t length = SourceString->Length, i;
    NTSTATUS status =
        make_wide_room(DestinationString, (length + 1) * sizeof(WCHAR), AllocateDestinationString);

    if (status != STATUS_SUCCESS)
        return status;
    for (i = 0; i < length; i++)
        DestinationString->Buffer[i] = (UCHAR)SourceString->Buffer[i];
    DestinationString->Buffer[length] = 0;
    DestinationString->Length = (USHORT)(length * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

/*
 * RtlUnicodeToMultiByteN - UTF-16 to the ANSI code page, counted in bytes, as much as fits
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:ntifs.RtlUnicodeToMultiByteN
 */
NTSTATUS
RtlUnicodeToMultiByteN(PCHAR MultiByteString, ULONG MaxBytesInMultiByteString,
    PULONG BytesInMultiByteString, PCWCH UnicodeString, ULONG BytesInUnicodeString)
{
    ULONG length = BytesInUnicodeString / sizeof(WCHAR), i;

    if (length > MaxBytesInMultiByteString)
        length = MaxBytesInMultiByteString;
    for (i = 0; i < length; i++)
        MultiByteString[i] = (CHAR)(UnicodeString[i] > 0xff ? '?' : UnicodeString[i]);
    if (BytesInMultiByteString != NULL)
        *BytesInMultiByteString = length;
    return STATUS_SUCCESS;
}

/*
 * RtlMultiByteToUnicodeN - the ANSI code page to UTF-16, counted in bytes, as much as fits
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:ntifs.RtlMultiByteToUnicodeN
 */
NTSTATUS
RtlMultiByteToUnicodeN(PWCH UnicodeString, ULONG MaxBytesInUnicodeString,
    PULONG BytesInUnicodeString, const CHAR *MultiByteString, ULONG BytesInMultiByteString)
{
    ULONG length = MaxBytesInUnicodeString / sizeof(WCHAR), i;

    if (length > BytesInMultiByteString)
        length = BytesInMultiByteString;
    for (i = length; i-- != 0;)
        UnicodeString[i] = (UCHAR)MultiByteString[i];
    if (BytesInUnicodeString != NULL)
        *BytesInUnicodeString = length * (ULONG)sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/*
 * RtlUnicodeToUTF8N - UTF-16 to UTF-8, counted in bytes; without a destination only counts
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL: what fits is there; STATUS_SOME_NOT_MAPPED for lone
 *            surrogates, which become U+FFFD.
 * Source:    NF:wdm.RtlUnicodeToUTF8N
 */
NTSTATUS
RtlUnicodeToUTF8N(PCHAR UTF8StringDestination, ULONG UTF8StringMaxByteCount,
    PULONG UTF8StringActualByteCount, PCWCH UnicodeStringSource, ULONG UnicodeStringByteCount)
{
    size_t at = 0, used = 0, length = UnicodeStringByteCount / sizeof(WCHAR);
    NTSTATUS status = STATUS_SUCCESS;

    while (at < length) {
        char bytes[4];
        size_t start = at;
        unsigned value = utf16_read(UnicodeStringSource, length, &at);
        unsigned count = utf8_write(bytes, value);

        if (value == 0xfffd && UnicodeStringSource[start] != 0xfffd)
            status = STATUS_SOME_NOT_MAPPED;
        if (UTF8StringDestination != NULL) {
            if (used + count > UTF8StringMaxByteCount) {
                status = STATUS_BUFFER_TOO_SMALL;
                break;
            }
            memcpy(UTF8StringDestination + used, bytes, count);
        }
        used += count;
    }
    if (UTF8StringActualByteCount != NULL)
        *UTF8StringActualByteCount = (ULONG)used;
    return status;
}

/*
 * RtlUTF8ToUnicodeN - UTF-8 to UTF-16, counted in bytes; without a destination only counts
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL: what fits is there; STATUS_SOME_NOT_MAPPED for wrong bytes,
 *            which become U+FFFD.
 * Source:    NF:wdm.RtlUTF8ToUnicodeN
 */
NTSTATUS
RtlUTF8ToUnicodeN(PWSTR UnicodeStringDestination, ULONG UnicodeStringMaxByteCount,
    PULONG UnicodeStringActualByteCount, PCCH UTF8StringSource, ULONG UTF8StringByteCount)
{
    size_t at = 0, used = 0, max = UnicodeStringMaxByteCount / sizeof(WCHAR);
    NTSTATUS status = STATUS_SUCCESS;

    while (at < UTF8StringByteCount) {
        WCHAR units[2];
        size_t start = at;
        unsigned value = utf8_read(UTF8StringSource, UTF8StringByteCount, &at);
        unsigned count = utf16_write(units, value);

        if (value == 0xfffd && (UCHAR)UTF8StringSource[start] != 0xef)
            status = STATUS_SOME_NOT_MAPPED;
        if (UnicodeStringDestination != NULL) {
            if (used + count > max) {
                status = STATUS_BUFFER_TOO_SMALL;
                break;
            }
            memcpy(UnicodeStringDestination + used, units, count * sizeof(WCHAR));
        }
        used += count;
    }
    if (UnicodeStringActualByteCount != NULL)
        *UnicodeStringActualByteCount = (ULONG)(used * sizeof(WCHAR));
    return status;
}

static NTSTATUS
integer_to_string(ULONGLONG value, ULONG base, PUNICODE_STRING string)
{
    WCHAR digits[65];
    size_t at = RTL_NUMBER_OF(digits), size;

    if (base == 0)
        base = 10;
    if (base != 2 && base != 8 && base != 10 && base != 16)
        return STATUS_INVALID_PARAMETER;
    do {
        digits[--at] = (WCHAR) "0123456789ABCDEF"[value % base];
        value /= base;
    } while (value != 0);
    size = (RTL_NUMBER_OF(digits) - at) * sizeof(WCHAR);
    if (size > string->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    memcpy(string->Buffer, digits + at, size);
    string->Length = (USHORT)size;
    if (size + sizeof(WCHAR) <= string->MaximumLength)
        string->Buffer[size / sizeof(WCHAR)] = 0;
    return STATUS_SUCCESS;
}

/*
 * RtlIntegerToUnicodeString - a number as text; Base 2, 8, 10 or 16, 0 is 10
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit, STATUS_INVALID_PARAMETER for another
 *            base.
 * Source:    NF:wdm.RtlIntegerToUnicodeString
 */
NTSTATUS
RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String)
{
    return integer_to_string(Value, Base, String);
}

/*
 * RtlInt64ToUnicodeString - a 64-bit number as text; Base 2, 8, 10 or 16, 0 is 10
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_OVERFLOW when it does not fit, STATUS_INVALID_PARAMETER for another
 *            base.
 * Source:    NF:wdm.RtlInt64ToUnicodeString
 */
NTSTATUS
RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String)
{
    return integer_to_string(Value, Base, String);
}

static ULONG
digit_of(WCHAR unit)
{
    if (unit >= '0' && unit <= '9')
        return unit - '0';
    if (unit >= 'a' && unit <= 'f')
        return unit - 'a' + 10u;
    if (unit >= 'A' && unit <= 'F')
        return unit - 'A' + 10u;
    return MAXULONG;
}

/* The base that a prefix 0x, 0o or 0b says; moves *@at behind it. */
static ULONG
base_of(const WCHAR *text, size_t length, size_t *at)
{
    static const struct {
        WCHAR letter;
        ULONG base;
    } prefixes[] = {{'x', 16}, {'o', 8}, {'b', 2}};
    size_t i;

    for (i = 0; i < RTL_NUMBER_OF(prefixes); i++) {
        if (*at + 1 < length && text[*at] == '0' && text[*at + 1] == prefixes[i].letter) {
            *at += 2;
            return prefixes[i].base;
        }
    }
    return 10;
}

/*
 * RtlUnicodeStringToInteger - the number at the start of a text; Base 0 looks for 0x, 0o, 0b
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for another base than 0, 2, 8, 10, 16; a text without digits
 *            is 0.
 * Source:    NF:wdm.RtlUnicodeStringToInteger
 */
NTSTATUS
RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value)
{
    size_t length = String->Length / sizeof(WCHAR), at = 0;
    const WCHAR *text = String->Buffer;
    BOOLEAN negative = FALSE;
    ULONG value = 0;

    while (at < length && text[at] <= ' ')
        at++;
    if (at < length && (text[at] == '-' || text[at] == '+'))
        negative = text[at++] == '-';
    if (Base == 0)
        Base = base_of(text, length, &at);
    if (Base != 2 && Base != 8 && Base != 10 && Base != 16)
        return STATUS_INVALID_PARAMETER;
    for (; at < length && digit_of(text[at]) < Base; at++)
        value = value * Base + digit_of(text[at]);
    *Value = negative ? 0 - value : value;
    return STATUS_SUCCESS;
}

/*
 * RtlCharToInteger - the number at the start of a zero-terminated text; Base 0 looks for 0x, 0o, 0b
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for another base than 0, 2, 8, 10, 16.
 * Source:    NF:ntddk.RtlCharToInteger
 */
NTSTATUS
RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value)
{
    WCHAR units[80];
    UNICODE_STRING text = {0, sizeof(units), units};
    size_t i;

    while (*String != 0 && (UCHAR)*String <= ' ')
        String++;
    for (i = 0; i < RTL_NUMBER_OF(units) && String[i] != 0; i++)
        units[i] = (UCHAR)String[i];
    text.Length = (USHORT)(i * sizeof(WCHAR));
    return RtlUnicodeStringToInteger(&text, Base, Value);
}

/* Where the hexadecimal digits of a GUID's 16 bytes stand in its 38-character text. */
static const UCHAR guid_places[16] = {7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35};
#define GUID_TEXT  L"{00000000-0000-0000-0000-000000000000}"
#define GUID_UNITS 38

/*
 * RtlStringFromGUID - a GUID as "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}", lower case, in pool
 *     memory
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller frees it with RtlFreeUnicodeString.
 * Errors:    STATUS_NO_MEMORY.
 * Source:    NF:wdm.RtlStringFromGUID
 */
NTSTATUS
RtlStringFromGUID(REFGUID Guid, PUNICODE_STRING GuidString)
{
    static const char digits[] = "0123456789abcdef";
    const UCHAR *bytes = (const UCHAR *)Guid;
    size_t i;

    if (make_wide_room(GuidString, (GUID_UNITS + 1) * sizeof(WCHAR), TRUE) != STATUS_SUCCESS)
        return STATUS_NO_MEMORY;
    memcpy(GuidString->Buffer, GUID_TEXT, sizeof(GUID_TEXT));
    GuidString->Length = GUID_UNITS * sizeof(WCHAR);
    for (i = 0; i < 16; i++) {
        GuidString->Buffer[guid_places[i]] = (WCHAR)digits[bytes[i] >> 4];
        GuidString->Buffer[guid_places[i] + 1] = (WCHAR)digits[bytes[i] & 15];
    }
    return STATUS_SUCCESS;
}

/*
 * RtlGUIDFromString - the GUID of a text in braces
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INVALID_PARAMETER for a text of another form.
 * Source:    NF:wdm.RtlGUIDFromString
 */
NTSTATUS
RtlGUIDFromString(PCUNICODE_STRING GuidString, GUID *Guid)
{
    static const WCHAR form[] = GUID_TEXT;
    const WCHAR *text = GuidString->Buffer;
    UCHAR bytes[16];
    size_t i;

    if (GuidString->Length < GUID_UNITS * sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    for (i = 0; i < GUID_UNITS; i++) {
        if (form[i] != '0' && text[i] != form[i])
            return STATUS_INVALID_PARAMETER;
    }
    for (i = 0; i < 16; i++) {
        ULONG high = digit_of(text[guid_places[i]]), low = digit_of(text[guid_places[i] + 1]);

        if (high > 15 || low > 15)
            return STATUS_INVALID_PARAMETER;
        bytes[i] = (UCHAR)(high << 4 | low);
    }
    memcpy(Guid, bytes, sizeof(bytes));
    return STATUS_SUCCESS;
}
