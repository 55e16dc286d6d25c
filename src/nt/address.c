/* SPDX-License-Identifier: MIT */
/* Internet addresses to text and back. Each is made of, and read from, characters of one byte; the
 * calls for WCHAR widen or narrow them.
 */
#include "nt/machine.h"

#include <ip2string.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 80u /* "[" address "%" scope "]:" port, and what an address to read may have */

/* @text with its terminator to @to; how many characters that are. */
static ULONG
widen(const char *text, PWSTR to)
{
    ULONG n = 0;

    do
        to[n] = (UCHAR)text[n];
    while (text[n++]);
    return n;
}

/* The beginning of @string, as far as it can belong to an address. */
static void
narrow(PCWSTR string, char text[TEXT_MAX])
{
    ULONG n = 0;

    for (; n < TEXT_MAX - 1 && string[n] && string[n] < 0x80; n++)
        text[n] = (char)string[n];
    text[n] = 0;
}

/* What the calls with a length do: text and length out, or only the length when it does not fit. */
static NTSTATUS
give(const char *text, PSTR narrow_to, PWSTR wide_to, PULONG length)
{
    ULONG need = (ULONG)strlen(text) + 1, room = *length;

    *length = need;
    if (room < need || (!narrow_to && !wide_to))
        return STATUS_INVALID_PARAMETER;
    if (narrow_to)
        memcpy(narrow_to, text, need);
    else
        widen(text, wide_to);
    return STATUS_SUCCESS;
}

static void
write4(const UCHAR *address, char text[TEXT_MAX])
{
    snprintf(text, TEXT_MAX, "%u.%u.%u.%u", address[0], address[1], address[2], address[3]);
}

/* The port comes in network order. */
static unsigned
port_value(USHORT port)
{
    return RtlUshortByteSwap(port);
}

static void
write4_port(const struct in_addr *address, USHORT port, char text[TEXT_MAX])
{
    size_t n;

    write4((const UCHAR *)address, text);
    n = strlen(text);
    if (port)
        snprintf(text + n, TEXT_MAX - n, ":%u", port_value(port));
}

static unsigned
group(const UCHAR *address, unsigned i)
{
    address += (size_t)i * 2;
    return (unsigned)address[0] << 8 | address[1];
}

/* Where the longest run of at least two zero groups among the first @groups begins; its length in
 * *@length, 0 for none. */
static unsigned
longest_gap(const UCHAR *address, unsigned groups, unsigned *length)
{
    unsigned best = 0;

    *length = 1;
    for (unsigned i = 0; i < groups; i++) {
        unsigned n = 0;

        while (i + n < groups && !group(address, i + n))
            n++;
        if (n > *length) {
            *length = n;
            best = i;
        }
        i += n;
    }
    if (*length == 1)
        *length = 0;
    return best;
}

/* The last four bytes are written as an IPv4 address: mapped, compatible, translated, ISATAP. */
static bool
has_ipv4(const UCHAR *address)
{
    static const UCHAR zeroes[10];
    unsigned fourth = group(address, 4), fifth = group(address, 5);

    if (group(address, 6) && !memcmp(address, zeroes, 8) &&
        ((fourth == 0 && (fifth == 0 || fifth == 0xFFFF)) || (fourth == 0xFFFF && fifth == 0)))
        return true;
    return (fourth & 0xFDFF) == 0 && fifth == 0x5EFE;
}

static void
write6(const UCHAR *address, char text[TEXT_MAX])
{
    unsigned groups = has_ipv4(address) ? 6 : 8, length,
             gap = longest_gap(address, groups, &length);
    size_t n = 0;

    text[0] = 0;
    for (unsigned i = 0; i < groups; i++) {
        if (length && i == gap) {
            n += (size_t)snprintf(text + n, TEXT_MAX - n, "::");
            i += length - 1;
            continue;
        }
        n += (size_t)snprintf(
            text + n, TEXT_MAX - n, "%s%x", n && text[n - 1] != ':' ? ":" : "", group(address, i));
    }
    if (groups == 6) {
        if (n && text[n - 1] != ':')
            text[n++] = ':';
        write4(address + 12, text + n);
    }
}

static void
write6_port(const struct in6_addr *address, ULONG scope, USHORT port, char text[TEXT_MAX])
{
    char plain[TEXT_MAX];
    size_t n;

    write6((const UCHAR *)address, plain);
    n = (size_t)snprintf(text, TEXT_MAX, "%s%s", port ? "[" : "", plain);
    if (scope)
        n += (size_t)snprintf(text + n, TEXT_MAX - n, "%%%u", scope);
    if (port)
        snprintf(text + n, TEXT_MAX - n, "]:%u", port_value(port));
}

static int
digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* One number of an IPv4 address; false when there is none or it does not fit. */
static bool
read_number(const char *text, size_t *at, bool strict, uint64_t *value)
{
    int base = 10;
    size_t first;

    if (text[*at] == '0' && text[*at + 1]) {
        bool hex = (text[*at + 1] | 0x20) == 'x';

        if (hex || digit(text[*at + 1]) < 10) {
            if (strict)
                return false;
            base = hex ? 16 : 8;
            *at += hex ? 2 : 1;
        }
    }
    first = *at;
    for (*value = 0; digit(text[*at]) < base && *value <= MAXULONG; (*at)++)
        *value = *value * (unsigned)base + (unsigned)digit(text[*at]);
    return *at > first && *value <= MAXULONG;
}

/* Reads an IPv4 address; *@at is where it ended. */
static NTSTATUS
read4(const char *text, bool strict, size_t *at, UCHAR address[4])
{
    uint64_t parts[4], last;
    unsigned n = 0;

    do {
        if (n && n < 4)
            (*at)++;
        if (!read_number(text, at, strict, &parts[n]))
            return STATUS_INVALID_PARAMETER;
        n++;
    } while (n < 4 && text[*at] == '.');
    if (strict && n != 4)
        return STATUS_INVALID_PARAMETER;
    last = parts[n - 1];
    if (last >> (8 * (5 - n)))
        return STATUS_INVALID_PARAMETER;
    for (unsigned i = 0; i + 1 < n; i++) {
        if (parts[i] > 255)
            return STATUS_INVALID_PARAMETER;
        last |= parts[i] << (24 - 8 * i);
    }
    for (unsigned i = 0; i < 4; i++)
        address[i] = (UCHAR)(last >> (24 - 8 * i));
    return STATUS_SUCCESS;
}

/* An IPv6 address on its way in: groups so far, and where "::" stood. */
struct reading {
    const char *text;
    size_t at;
    UCHAR bytes[16];
    unsigned groups;
    int gap; /* -1: none */
};

/* A group or an IPv4 address at the end; false when there is neither. */
static bool
read_group(struct reading *r, bool *end)
{
    size_t first = r->at, dot = r->at;
    unsigned value = 0;
    UCHAR *to;

    for (; r->at < first + 4 && digit(r->text[r->at]) < 16; r->at++)
        value = value << 4 | (unsigned)digit(r->text[r->at]);
    if (r->at == first)
        return false;
    if (r->text[r->at] == '.' && r->groups <= 6) {
        *end = true;
        if (read4(r->text, true, &dot, r->bytes + (size_t)r->groups * 2) != STATUS_SUCCESS)
            return false;
        r->at = dot;
        r->groups += 2;
        return true;
    }
    to = r->bytes + (size_t)r->groups * 2;
    to[0] = (UCHAR)(value >> 8);
    to[1] = (UCHAR)value;
    r->groups++;
    *end = r->groups == 8;
    return true;
}

/* The colon or colons behind a group; false when the address ends here. */
static bool
read_colon(struct reading *r)
{
    if (r->text[r->at] != ':')
        return false;
    if (r->text[r->at + 1] == ':') {
        if (r->gap >= 0)
            return false;
        r->gap = (int)r->groups;
        r->at += 2;
        return true;
    }
    if (digit(r->text[r->at + 1]) == 16)
        return false;
    r->at++;
    return true;
}

static NTSTATUS
read6(const char *text, size_t *at, struct in6_addr *address)
{
    struct reading r = {.text = text, .gap = -1};
    UCHAR *bytes = (UCHAR *)address;
    bool end = false, fine = true;

    if (text[0] == ':')
        fine = text[1] == ':' && read_colon(&r);
    while (fine && !end) {
        if (!read_group(&r, &end)) {
            fine = !end && r.gap == (int)r.groups;
            break;
        }
        if (!end && !read_colon(&r))
            break;
    }
    *at = r.at;
    if (!fine || (r.gap < 0 ? r.groups != 8 : r.groups > 7))
        return STATUS_INVALID_PARAMETER;
    memset(bytes, 0, 16);
    if (r.gap < 0)
        r.gap = 8;
    memcpy(bytes, r.bytes, 2 * (size_t)min(r.gap, 8));
    if (r.gap < 8) {
        size_t behind = 2 * (r.groups - (size_t)r.gap);

        memcpy(bytes + 16 - behind, r.bytes + 2 * (size_t)r.gap, behind);
    }
    return STATUS_SUCCESS;
}

/*
 * RtlIpv4AddressToStringA - an IPv4 address as dotted decimals
 *
 * @Addr: the address, in network order.
 * @S:    room for 16 characters.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves; answers where the terminator was written.
 * Errors:    none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
PSTR
RtlIpv4AddressToStringA(const struct in_addr *Addr, PSTR S)
{
    char text[TEXT_MAX];
    size_t n;

    write4((const UCHAR *)Addr, text);
    n = strlen(text);
    memcpy(S, text, n + 1);
    return S + n;
}

/*
 * RtlIpv4AddressToStringW - an IPv4 address as dotted decimals, wide
 *
 * @Addr: the address, in network order.
 * @S:    room for 16 characters.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves; answers where the terminator was written.
 * Errors:    none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
PWSTR
RtlIpv4AddressToStringW(const struct in_addr *Addr, PWSTR S)
{
    char text[TEXT_MAX];

    write4((const UCHAR *)Addr, text);
    return S + widen(text, S) - 1;
}

/*
 * RtlIpv4AddressToStringExA - an IPv4 address, and its port behind a colon
 *
 * @Address:             in network order.
 * @Port:                in network order; 0: none is written.
 * @AddressString:       gets the text.
 * @AddressStringLength: characters of it; then those of the text, with its terminator.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when it does not fit.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv4AddressToStringExA(
    const struct in_addr *Address, USHORT Port, PSTR AddressString, PULONG AddressStringLength)
{
    char text[TEXT_MAX];

    write4_port(Address, Port, text);
    return give(text, AddressString, NULL, AddressStringLength);
}

/*
 * RtlIpv4AddressToStringExW - an IPv4 address, and its port behind a colon, wide
 *
 * @Address:             in network order.
 * @Port:                in network order; 0: none is written.
 * @AddressString:       gets the text.
 * @AddressStringLength: characters of it; then those of the text, with its terminator.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when it does not fit.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv4AddressToStringExW(
    const struct in_addr *Address, USHORT Port, PWSTR AddressString, PULONG AddressStringLength)
{
    char text[TEXT_MAX];

    write4_port(Address, Port, text);
    return give(text, NULL, AddressString, AddressStringLength);
}

/*
 * RtlIpv4StringToAddressA - reads an IPv4 address
 *
 * @String:     begins with it.
 * @Strict:     four decimal numbers; else one to four of them, decimal, octal or hexadecimal.
 * @Terminator: gets where it ends, or where it was wrong.
 * @Addr:       gets it in network order.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when there is none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv4StringToAddressA(PCSTR String, BOOLEAN Strict, PCSTR *Terminator, struct in_addr *Addr)
{
    size_t at = 0;
    NTSTATUS status = read4(String, Strict, &at, (UCHAR *)Addr);

    *Terminator = String + at;
    return status;
}

/*
 * RtlIpv4StringToAddressW - reads an IPv4 address of wide characters
 *
 * @String:     begins with it.
 * @Strict:     four decimal numbers; else one to four of them, decimal, octal or hexadecimal.
 * @Terminator: gets where it ends, or where it was wrong.
 * @Addr:       gets it in network order.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when there is none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv4StringToAddressW(PCWSTR String, BOOLEAN Strict, PCWSTR *Terminator, struct in_addr *Addr)
{
    char text[TEXT_MAX];
    size_t at = 0;
    NTSTATUS status;

    narrow(String, text);
    status = read4(text, Strict, &at, (UCHAR *)Addr);
    *Terminator = String + at;
    return status;
}

/*
 * RtlIpv6AddressToStringA - an IPv6 address as text, its longest run of zeroes as "::"
 *
 * @Addr: the address.
 * @S:    room for 46 characters.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves; answers where the terminator was written.
 * Errors:    none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
PSTR
RtlIpv6AddressToStringA(const struct in6_addr *Addr, PSTR S)
{
    char text[TEXT_MAX];
    size_t n;

    write6((const UCHAR *)Addr, text);
    n = strlen(text);
    memcpy(S, text, n + 1);
    return S + n;
}

/*
 * RtlIpv6AddressToStringW - an IPv6 address as wide text, its longest run of zeroes as "::"
 *
 * @Addr: the address.
 * @S:    room for 46 characters.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves; answers where the terminator was written.
 * Errors:    none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
PWSTR
RtlIpv6AddressToStringW(const struct in6_addr *Addr, PWSTR S)
{
    char text[TEXT_MAX];

    write6((const UCHAR *)Addr, text);
    return S + widen(text, S) - 1;
}

/*
 * RtlIpv6AddressToStringExA - an IPv6 address with its scope and port
 *
 * @Address:             the address.
 * @ScopeId:             0: none is written.
 * @Port:                in network order; 0: none is written, and no brackets.
 * @AddressString:       gets the text.
 * @AddressStringLength: characters of it; then those of the text, with its terminator.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when it does not fit.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv6AddressToStringExA(const struct in6_addr *Address, ULONG ScopeId, USHORT Port,
    PSTR AddressString, PULONG AddressStringLength)
{
    char text[TEXT_MAX];

    write6_port(Address, ScopeId, Port, text);
    return give(text, AddressString, NULL, AddressStringLength);
}

/*
 * RtlIpv6AddressToStringExW - an IPv6 address with its scope and port, wide
 *
 * @Address:             the address.
 * @ScopeId:             0: none is written.
 * @Port:                in network order; 0: none is written, and no brackets.
 * @AddressString:       gets the text.
 * @AddressStringLength: characters of it; then those of the text, with its terminator.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when it does not fit.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv6AddressToStringExW(const struct in6_addr *Address, ULONG ScopeId, USHORT Port,
    PWSTR AddressString, PULONG AddressStringLength)
{
    char text[TEXT_MAX];

    write6_port(Address, ScopeId, Port, text);
    return give(text, NULL, AddressString, AddressStringLength);
}

/*
 * RtlIpv6StringToAddressA - reads an IPv6 address
 *
 * @String:     begins with it.
 * @Terminator: gets where it ends, or where it was wrong.
 * @Addr:       gets it.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when there is none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv6StringToAddressA(PCSTR String, PCSTR *Terminator, struct in6_addr *Addr)
{
    size_t at = 0;
    NTSTATUS status = read6(String, &at, Addr);

    *Terminator = String + at;
    return status;
}

/*
 * RtlIpv6StringToAddressW - reads an IPv6 address of wide characters
 *
 * @String:     begins with it.
 * @Terminator: gets where it ends, or where it was wrong.
 * @Addr:       gets it.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    STATUS_INVALID_PARAMETER when there is none.
 * Source:    undocumented for drivers; Win32 has it in ip2string.h
 */
NTSTATUS
RtlIpv6StringToAddressW(PCWSTR String, PCWSTR *Terminator, struct in6_addr *Addr)
{
    char text[TEXT_MAX];
    size_t at = 0;
    NTSTATUS status;

    narrow(String, text);
    status = read6(text, &at, Addr);
    *Terminator = String + at;
    return status;
}
