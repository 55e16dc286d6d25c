/* SPDX-License-Identifier: MIT */
/* Internet addresses to text and back. */
#pragma once

#include "ws2ipdef.h"

EXTERN_C_START

NTSYSAPI PSTR RtlIpv4AddressToStringA(const struct in_addr *Addr, PSTR S);
NTSYSAPI PWSTR RtlIpv4AddressToStringW(const struct in_addr *Addr, PWSTR S);
NTSYSAPI NTSTATUS RtlIpv4AddressToStringExA(
    const struct in_addr *Address, USHORT Port, PSTR AddressString, PULONG AddressStringLength);
NTSYSAPI NTSTATUS RtlIpv4AddressToStringExW(
    const struct in_addr *Address, USHORT Port, PWSTR AddressString, PULONG AddressStringLength);
NTSYSAPI NTSTATUS RtlIpv4StringToAddressA(
    PCSTR String, BOOLEAN Strict, PCSTR *Terminator, struct in_addr *Addr);
NTSYSAPI NTSTATUS RtlIpv4StringToAddressW(
    PCWSTR String, BOOLEAN Strict, PCWSTR *Terminator, struct in_addr *Addr);
NTSYSAPI PSTR RtlIpv6AddressToStringA(const struct in6_addr *Addr, PSTR S);
NTSYSAPI PWSTR RtlIpv6AddressToStringW(const struct in6_addr *Addr, PWSTR S);
NTSYSAPI NTSTATUS RtlIpv6AddressToStringExA(const struct in6_addr *Address, ULONG ScopeId,
    USHORT Port, PSTR AddressString, PULONG AddressStringLength);
NTSYSAPI NTSTATUS RtlIpv6AddressToStringExW(const struct in6_addr *Address, ULONG ScopeId,
    USHORT Port, PWSTR AddressString, PULONG AddressStringLength);
NTSYSAPI NTSTATUS RtlIpv6StringToAddressA(
    PCSTR String, PCSTR *Terminator, struct in6_addr *Addr);
NTSYSAPI NTSTATUS RtlIpv6StringToAddressW(
    PCWSTR String, PCWSTR *Terminator, struct in6_addr *Addr);

EXTERN_C_END
