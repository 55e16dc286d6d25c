/* SPDX-License-Identifier: MIT */
/* RtlQueryRegistryValues stores directly, expands multi-strings, and takes defaults. */
#include "nt.h"
#include <string.h>

static ULONG strings;

static NTSTATUS
count(PWSTR name, ULONG type, PVOID data, ULONG length, PVOID context, PVOID entry)
{
    CHECK(name != NULL && type == REG_SZ && length == 4);
    CHECK(((PWSTR)data)[0] == (WCHAR)('a' + strings) && context == &strings && entry == NULL);
    strings++;
    return STATUS_SUCCESS;
}

static void
test(void *machine)
{
    ULONG number = 5, missing = 0, fallback = 9;
    UNICODE_STRING text = {0};
    RTL_QUERY_REGISTRY_TABLE table[] = {
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"number", &number, REG_NONE, NULL, 0},
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"missing", &missing, REG_DWORD, &fallback, 4},
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"text", &text, REG_NONE, NULL, 0},
        {count, 0, L"list", NULL, REG_NONE, NULL, 0},
        {NULL, 0, NULL, NULL, 0, NULL, 0},
    };

    (void)machine;
    strings = 0;
    CHECK(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"T") == STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK(
        RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"T", L"Number", REG_DWORD, &number, 4) == 0);
    CHECK(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"T", L"Text", REG_SZ, L"hi", 6) == 0);
    CHECK(RtlWriteRegistryValue(
              RTL_REGISTRY_SERVICES, L"T", L"List", REG_MULTI_SZ, L"a\0b\0", 10) == 0);
    number = 0;
    CHECK(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"T", table, &strings, NULL) == 0);
    CHECK(number == 5 && missing == 9 && strings == 2);
    CHECK(text.Length == 4 && memcmp(text.Buffer, L"hi", 4) == 0);
    ExFreePool(text.Buffer);
    table[0] =
        (RTL_QUERY_REGISTRY_TABLE){.Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED,
            .Name = L"none",
            .EntryContext = &missing};
    CHECK(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"T", table, &strings, NULL) ==
          STATUS_OBJECT_NAME_NOT_FOUND);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
