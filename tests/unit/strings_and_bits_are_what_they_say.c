/* SPDX-License-Identifier: MIT */
/* Strings are compared, put together and converted, numbers become text and back, and bits of a map
 * are set, found and counted.
 */
#include "packet.h"

static bool
same(PCUNICODE_STRING string, const WCHAR *text)
{
    UNICODE_STRING other;

    RtlInitUnicodeString(&other, text);
    return RtlEqualUnicodeString(string, &other, FALSE);
}

static void
put_together(void)
{
    WCHAR room[8];
    char small_room[4];
    UNICODE_STRING to = {0, sizeof(room), room}, abc = RTL_CONSTANT_STRING(L"abc");
    STRING narrow = {0, sizeof(small_room), small_room}, ab;

    CHECK(RtlAppendUnicodeStringToString(&to, &abc) == STATUS_SUCCESS);
    CHECK(RtlAppendUnicodeStringToString(&to, &abc) == STATUS_SUCCESS && same(&to, L"abcabc"));
    CHECK(RtlAppendUnicodeStringToString(&to, &abc) == STATUS_BUFFER_TOO_SMALL);
    CHECK(same(&to, L"abcabc"));
    RtlInitString(&ab, "ab");
    CHECK(RtlAppendStringToString(&narrow, &ab) == STATUS_SUCCESS);
    CHECK(RtlAppendStringToString(&narrow, &ab) == STATUS_SUCCESS);
    CHECK(narrow.Length == 4 && memcmp(small_room, "abab", 4) == 0);
    CHECK(RtlAppendStringToString(&narrow, &ab) == STATUS_BUFFER_TOO_SMALL);
    RtlCopyString(&narrow, &ab);
    CHECK(narrow.Length == 2);
}

static void
compared(void)
{
    UNICODE_STRING upper = RTL_CONSTANT_STRING(L"ABC"), lower = RTL_CONSTANT_STRING(L"abcd");
    WCHAR room[8];
    UNICODE_STRING to = {0, sizeof(room), room};
    STRING one, other, raised;
    char raised_room[8];

    RtlInitString(&one, "Name");
    RtlInitAnsiString(&other, "nAME");
    CHECK(!RtlEqualString(&one, &other, FALSE) && RtlEqualString(&one, &other, TRUE));
    CHECK(RtlCompareString(&one, &other, FALSE) < 0 && RtlCompareString(&one, &other, TRUE) == 0);
    CHECK(RtlUpperChar('q') == 'Q' && RtlUpperChar('7') == '7');
    raised = (STRING){0, sizeof(raised_room), raised_room};
    RtlUpperString(&raised, &one);
    CHECK(raised.Length == 4 && memcmp(raised_room, "NAME", 4) == 0);
    CHECK(!RtlPrefixUnicodeString(&upper, &lower, FALSE));
    CHECK(RtlPrefixUnicodeString(&upper, &lower, TRUE));
    CHECK(!RtlPrefixUnicodeString(&lower, &upper, TRUE));
    CHECK(RtlDowncaseUnicodeString(&to, &upper, FALSE) == STATUS_SUCCESS && same(&to, L"abc"));
    CHECK(RtlUpcaseUnicodeString(&to, &lower, FALSE) == STATUS_SUCCESS && same(&to, L"ABCD"));
    to.Length = 0;
    NdisUpcaseUnicodeString(&to, &lower);
    CHECK(same(&to, L"ABCD"));
    CHECK(!NdisEqualString(&to, &lower, FALSE) && NdisEqualString(&to, &lower, TRUE));
}

static void
converted(void)
{
    UNICODE_STRING wide = RTL_CONSTANT_STRING(L"wide");
    char room[8];
    WCHAR wide_room[8];
    ANSI_STRING narrow = {0, sizeof(room), room};
    UNICODE_STRING back = {0, sizeof(wide_room), wide_room};
    ULONG value = 0;

    CHECK(NdisUnicodeStringToAnsiString(&narrow, &wide) == NDIS_STATUS_SUCCESS);
    CHECK(narrow.Length == 4 && memcmp(room, "wide", 4) == 0);
    CHECK(NdisAnsiStringToUnicodeString(&back, &narrow) == NDIS_STATUS_SUCCESS);
    CHECK(same(&back, L"wide"));
    CHECK(RtlCharToInteger("0x1F", 0, &value) == STATUS_SUCCESS && value == 31);
    CHECK(RtlCharToInteger("101", 2, &value) == STATUS_SUCCESS && value == 5);
    CHECK(RtlCharToInteger("1", 5, &value) == STATUS_INVALID_PARAMETER);
    CHECK(RtlInt64ToUnicodeString(255, 16, &back) == STATUS_SUCCESS && same(&back, L"FF"));
    CHECK(RtlInt64ToUnicodeString(123456789, 10, &back) == STATUS_BUFFER_OVERFLOW);
}

static void
bits(void)
{
    ULONG buffer[2] = {0};
    RTL_BITMAP map;

    RtlInitializeBitMap(&map, buffer, 50);
    RtlSetAllBits(&map);
    CHECK(RtlNumberOfSetBits(&map) == 50 && RtlNumberOfClearBits(&map) == 0);
    RtlClearAllBits(&map);
    RtlSetBits(&map, 30, 5);
    RtlSetBit(&map, 0);
    CHECK(RtlNumberOfSetBits(&map) == 6 && RtlTestBit(&map, 34) && !RtlTestBit(&map, 35));
    CHECK(RtlAreBitsSet(&map, 30, 5) && !RtlAreBitsSet(&map, 30, 6));
    CHECK(RtlAreBitsClear(&map, 1, 29) && !RtlAreBitsClear(&map, 1, 30));
    CHECK(RtlFindSetBits(&map, 5, 0) == 30 && RtlFindClearBits(&map, 29, 0) == 1);
    CHECK(RtlFindClearBits(&map, 30, 0) == 0xFFFFFFFF);
    CHECK(RtlFindClearBitsAndSet(&map, 15, 35) == 35 && RtlAreBitsSet(&map, 30, 20));
    CHECK(RtlFindSetBitsAndClear(&map, 20, 0) == 30 && RtlNumberOfSetBits(&map) == 1);
    RtlClearBit(&map, 0);
    RtlSetBits(&map, 40, 10);
    RtlClearBits(&map, 41, 2);
    CHECK(RtlNumberOfSetBits(&map) == 8);
    CHECK(RtlFindMostSignificantBit(0x1000000000) == 36);
    CHECK(RtlFindLeastSignificantBit(0x1000000000) == 36);
    CHECK(RtlNumberOfSetBitsUlongPtr(0xF0F) == 8);
}

static void
test(void *machine)
{
    (void)machine;
    put_together();
    compared();
    converted();
    bits();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
