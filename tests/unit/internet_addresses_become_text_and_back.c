/* SPDX-License-Identifier: MIT */
/* IPv4 and IPv6 addresses are written as the standards say, with scope and port where asked for,
 * and read back; what is no address is refused at the place where it went wrong.
 */
#include "nt.h"
#include <ip2string.h>
#include <string.h>

static const struct {
    UCHAR bytes[16];
    const char *text;
} six[] = {
    {{0}, "::"},
    {{[15] = 1}, "::1"},
    {{0xFE, 0x80, [15] = 0x12}, "fe80::12"},
    {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, "2001:db8:0:1::1"},
    {{0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}, "1:0:3:4:5:6:7:8"},
    {{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}, "1:2:3:4:5:6::"},
    {{[10] = 0xFF, [11] = 0xFF, [12] = 192, 168, 0, 255}, "::ffff:192.168.0.255"},
    {{[12] = 10, 1, 2, 3}, "::10.1.2.3"},
    {{0xFE, 0x80, [10] = 0x5E, [11] = 0xFE, [12] = 10, 0, 0, 1}, "fe80::5efe:10.0.0.1"},
};

static void
write_and_read_six(void)
{
    for (unsigned i = 0; i < RTL_NUMBER_OF(six); i++) {
        const struct in6_addr *address = (const void *)six[i].bytes;
        struct in6_addr back;
        char text[46];
        WCHAR wide[46];
        PCSTR end;
        PCWSTR wide_end;

        CHECK(RtlIpv6AddressToStringA(address, text) == text + strlen(text));
        if (strcmp(text, six[i].text) != 0)
            fprintf(stderr, "%s, not %s\n", text, six[i].text);
        CHECK(strcmp(text, six[i].text) == 0);
        CHECK(RtlIpv6StringToAddressA(text, &end, &back) == STATUS_SUCCESS && !*end);
        CHECK(memcmp(&back, address, 16) == 0);
        CHECK(RtlIpv6AddressToStringW(address, wide) == wide + strlen(text));
        for (size_t k = 0; k <= strlen(text); k++)
            CHECK(wide[k] == (UCHAR)text[k]);
        memset(&back, 0xFF, 16);
        CHECK(RtlIpv6StringToAddressW(wide, &wide_end, &back) == STATUS_SUCCESS && !*wide_end);
        CHECK(memcmp(&back, address, 16) == 0);
    }
}

static void
refused_six(const char *text, size_t where)
{
    struct in6_addr address;
    PCSTR end;

    CHECK(RtlIpv6StringToAddressA(text, &end, &address) == STATUS_INVALID_PARAMETER);
    if (end != text + where)
        fprintf(stderr, "%s: %zu\n", text, (size_t)(end - text));
    CHECK(end == text + where);
}

static void
read_four(const char *text, bool strict, NTSTATUS status, ULONG value, size_t where)
{
    struct in_addr address;
    UCHAR *bytes = (UCHAR *)&address;
    PCSTR end;

    CHECK(RtlIpv4StringToAddressA(text, strict, &end, &address) == status);
    CHECK(end == text + where);
    if (status == STATUS_SUCCESS)
        CHECK(((ULONG)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]) == value);
}

static void
with_ports(void)
{
    const UCHAR four[4] = {192, 0, 2, 33};
    const struct in6_addr *address = (const void *)six[2].bytes;
    char text[80];
    WCHAR wide[80];
    ULONG length = sizeof(text);

    CHECK(RtlIpv4AddressToStringExA((const void *)four, RtlUshortByteSwap(80), text, &length) == 0);
    CHECK(strcmp(text, "192.0.2.33:80") == 0 && length == sizeof("192.0.2.33:80"));
    length = 10;
    CHECK(RtlIpv4AddressToStringExA((const void *)four, 0, text, &length) ==
          STATUS_INVALID_PARAMETER);
    CHECK(length == 11);
    CHECK(RtlIpv4AddressToStringExW((const void *)four, 0, wide, &length) == 0);
    CHECK(wide[9] == '3' && !wide[10]);
    CHECK(RtlIpv4AddressToStringW((const void *)four, wide) == wide + 10);
    CHECK(RtlIpv4AddressToStringA((const void *)four, text) == text + 10);
    length = sizeof(text);
    CHECK(RtlIpv6AddressToStringExA(address, 3, RtlUshortByteSwap(443), text, &length) == 0);
    CHECK(strcmp(text, "[fe80::12%3]:443") == 0);
    length = RTL_NUMBER_OF(wide);
    CHECK(RtlIpv6AddressToStringExW(address, 3, 0, wide, &length) == 0);
    CHECK(length == sizeof("fe80::12%3") && wide[8] == '%' && wide[9] == '3');
}

static void
test(void *machine)
{
    PCWSTR end;
    struct in_addr address;

    (void)machine;
    write_and_read_six();
    refused_six("", 0);
    refused_six(":1", 0);
    refused_six("1:2:3", 5);
    refused_six("1:2:3:4:5:6:7:", 13);
    refused_six("::1:2:3:4:5:6:7:8", 17);
    read_four("1.2.3.4/8", true, STATUS_SUCCESS, 0x01020304, 7);
    read_four("0x7f.1", false, STATUS_SUCCESS, 0x7F000001, 6);
    read_four("010.0x10.258", false, STATUS_SUCCESS, 0x08100102, 12);
    read_four("4294967295", false, STATUS_SUCCESS, 0xFFFFFFFF, 10);
    read_four("1.2.3", true, STATUS_INVALID_PARAMETER, 0, 5);
    read_four("1.2.3.256", true, STATUS_INVALID_PARAMETER, 0, 9);
    read_four("1..2", false, STATUS_INVALID_PARAMETER, 0, 2);
    read_four("0x1.2.3.4", true, STATUS_INVALID_PARAMETER, 0, 0);
    CHECK(RtlIpv4StringToAddressW(L"10.0.0.1 ", TRUE, &end, &address) == 0 && *end == ' ');
    CHECK(((UCHAR *)&address)[0] == 10 && ((UCHAR *)&address)[3] == 1);
    with_ports();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
