/* SPDX-License-Identifier: MIT */
/* Strings compare without case when asked, keep to their buffers, and convert both ways. */
#include "nt.h"
#include <string.h>

static void
test(void *machine)
{
    UNICODE_STRING a = RTL_CONSTANT_STRING(L"Gr\xfc\xdf\x65"),
                   b = RTL_CONSTANT_STRING(L"GR\xdc\xdf\x45");
    WCHAR room[8] = {0};
    UNICODE_STRING small = {0, sizeof(room), room}, made = {0},
                   number = RTL_CONSTANT_STRING(L" 0x1fzz");
    ANSI_STRING ansi;
    ULONG value;
    GUID guid;

    (void)machine;
    CHECK(RtlEqualUnicodeString(&a, &b, TRUE) && !RtlEqualUnicodeString(&a, &b, FALSE));
    CHECK(RtlCompareUnicodeString(&a, &b, FALSE) > 0);
    CHECK(RtlUpcaseUnicodeChar(0x3b1) == 0x391 && RtlDowncaseUnicodeChar(0x416) == 0x436);
    CHECK(RtlAppendUnicodeToString(&small, L"12345678") == STATUS_SUCCESS && small.Length == 16);
    CHECK(RtlAppendUnicodeToString(&small, L"9") == STATUS_BUFFER_TOO_SMALL);
    CHECK(RtlUnicodeStringToAnsiString(&ansi, &a, TRUE) == STATUS_SUCCESS);
    CHECK(ansi.Length == 5 && strcmp(ansi.Buffer, "Gr\xfc\xdf"
                                                  "e") == 0);
    CHECK(RtlAnsiStringToUnicodeString(&made, &ansi, TRUE) == STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&made, &a, FALSE) && made.MaximumLength == 12);
    RtlFreeAnsiString(&ansi);
    RtlFreeUnicodeString(&made);
    CHECK(made.Buffer == NULL);
    CHECK(RtlUnicodeStringToInteger(&number, 0, &value) == STATUS_SUCCESS && value == 0x1f);
    CHECK(RtlIntegerToUnicodeString(0xbeef, 16, &small) == STATUS_SUCCESS && small.Length == 8);
    CHECK(memcmp(room, L"BEEF", 8) == 0);
    RtlInitUnicodeString(&made, L"{6A1F0C0E-5b0b-4b55-9e3c-7561d0b6a001}");
    CHECK(RtlGUIDFromString(&made, &guid) == STATUS_SUCCESS && guid.Data1 == 0x6a1f0c0e);
    CHECK(guid.Data4[7] == 1);
    CHECK(RtlStringFromGUID(&guid, &number) == STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&made, &number, TRUE));
    RtlFreeUnicodeString(&number);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
