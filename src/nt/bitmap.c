/* SPDX-License-Identifier: MIT */
/* Bit maps over memory of the driver, and the small bit and byte counts of the Rtl family. */
#include <string.h>
#include <wdm.h>

#define NOT_FOUND MAXULONG

static BOOLEAN
bit_get(PRTL_BITMAP map, ULONG index)
{
    return (map->Buffer[index / 32] >> (index % 32) & 1) != 0;
}

static void
bit_put(PRTL_BITMAP map, ULONG index, BOOLEAN set)
{
    if (set)
        map->Buffer[index / 32] |= 1u << (index % 32);
    else
        map->Buffer[index / 32] &= ~(1u << (index % 32));
}

static size_t
words_of(PRTL_BITMAP map)
{
    return (map->SizeOfBitMap + 31) / 32;
}

/* How many of the bits from @start on are @set, up to @max. */
static ULONG
run_length(PRTL_BITMAP map, ULONG start, ULONG max, BOOLEAN set)
{
    ULONG count = 0;

    while (count < max && start + count < map->SizeOfBitMap && bit_get(map, start + count) == set)
        count++;
    return count;
}

static ULONG
find_run_between(PRTL_BITMAP map, ULONG first, ULONG end, ULONG count, BOOLEAN set)
{
    ULONG at = first;

    while (at < end && count <= map->SizeOfBitMap - at) {
        ULONG length = run_length(map, at, count, set);

        if (length >= count)
            return at;
        at += length + 1;
    }
    return NOT_FOUND;
}

/* Searches from @hint to the end, then from the beginning. */
static ULONG
find_run(PRTL_BITMAP map, ULONG count, ULONG hint, BOOLEAN set)
{
    ULONG found;

    if (hint >= map->SizeOfBitMap)
        hint = 0;
    if (count == 0)
        return hint & ~7u;
    found = find_run_between(map, hint, map->SizeOfBitMap, count, set);
    if (found == NOT_FOUND && hint != 0)
        found = find_run_between(map, 0, hint, count, set);
    return found;
}

static void
fill_run(PRTL_BITMAP map, ULONG start, ULONG count, BOOLEAN set)
{
    for (; count != 0 && start < map->SizeOfBitMap; start++, count--)
        bit_put(map, start, set);
}

static ULONG
count_bits(PRTL_BITMAP map, BOOLEAN set)
{
    ULONG i, count = 0;

    for (i = 0; i < map->SizeOfBitMap; i++)
        count += bit_get(map, i) == set;
    return count;
}

/*
 * RtlInitializeBitMap - a bit map over the caller's buffer, whose bits stay as they are
 *
 * IRQL:      Any IRQL if BitMapHeader is memory-resident; <= APC_LEVEL if BitMapHeader is pageable
 *            or on Windows 7 and earlier
 * Ownership: refers to the buffer.
 * Errors:    none.
 * Source:    NF:wdm.RtlInitializeBitMap
 */
VOID
RtlInitializeBitMap(PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer, ULONG SizeOfBitMap)
{
    BitMapHeader->SizeOfBitMap = SizeOfBitMap;
    BitMapHeader->Buffer = BitMapBuffer;
}

/*
 * RtlClearAllBits - clears every bit
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlClearAllBits
 */
VOID
RtlClearAllBits(PRTL_BITMAP BitMapHeader)
{
    memset(BitMapHeader->Buffer, 0, words_of(BitMapHeader) * sizeof(ULONG));
}

/*
 * RtlSetAllBits - sets every bit
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlSetAllBits
 */
VOID
RtlSetAllBits(PRTL_BITMAP BitMapHeader)
{
    memset(BitMapHeader->Buffer, 0xff, words_of(BitMapHeader) * sizeof(ULONG));
}

/*
 * RtlClearBit - clears one bit
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlClearBit
 */
VOID
RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
    bit_put(BitMapHeader, BitNumber, FALSE);
}

/*
 * RtlSetBit - sets one bit
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlSetBit
 */
VOID
RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
    bit_put(BitMapHeader, BitNumber, TRUE);
}

/*
 * RtlTestBit - whether one bit is set
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlTestBit
 */
BOOLEAN
RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
    return bit_get(BitMapHeader, BitNumber);
}

/*
 * RtlClearBits - clears a run of bits
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlClearBits
 */
VOID
RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear)
{
    fill_run(BitMapHeader, StartingIndex, NumberToClear, FALSE);
}

/*
 * RtlSetBits - sets a run of bits
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlSetBits
 */
VOID
RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet)
{
    fill_run(BitMapHeader, StartingIndex, NumberToSet, TRUE);
}

/*
 * RtlFindClearBits - where a run of clear bits starts, looking from the hint on and then from the
 *     beginning
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0xFFFFFFFF when there is none.
 * Source:    NF:wdm.RtlFindClearBits
 */
ULONG
RtlFindClearBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
    return find_run(BitMapHeader, NumberToFind, HintIndex, FALSE);
}

/*
 * RtlFindSetBits - where a run of set bits starts, looking from the hint on and then from the
 *     beginning
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0xFFFFFFFF when there is none.
 * Source:    NF:wdm.RtlFindSetBits
 */
ULONG
RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
    return find_run(BitMapHeader, NumberToFind, HintIndex, TRUE);
}

/*
 * RtlFindClearBitsAndSet - as RtlFindClearBits, and sets the run
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0xFFFFFFFF when there is none.
 * Source:    NF:wdm.RtlFindClearBitsAndSet
 */
ULONG
RtlFindClearBitsAndSet(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
    ULONG found = find_run(BitMapHeader, NumberToFind, HintIndex, FALSE);

    if (found != NOT_FOUND)
        fill_run(BitMapHeader, found, NumberToFind, TRUE);
    return found;
}

/*
 * RtlFindSetBitsAndClear - as RtlFindSetBits, and clears the run
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0xFFFFFFFF when there is none.
 * Source:    NF:wdm.RtlFindSetBitsAndClear
 */
ULONG
RtlFindSetBitsAndClear(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex)
{
    ULONG found = find_run(BitMapHeader, NumberToFind, HintIndex, TRUE);

    if (found != NOT_FOUND)
        fill_run(BitMapHeader, found, NumberToFind, FALSE);
    return found;
}

/*
 * RtlAreBitsClear - whether a run of bits is clear
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    FALSE for an empty run or one beyond the end.
 * Source:    NF:wdm.RtlAreBitsClear
 */
BOOLEAN
RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
    return Length != 0 && run_length(BitMapHeader, StartingIndex, Length, FALSE) == Length;
}

/*
 * RtlAreBitsSet - whether a run of bits is set
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    FALSE for an empty run or one beyond the end.
 * Source:    NF:wdm.RtlAreBitsSet
 */
BOOLEAN
RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length)
{
    return Length != 0 && run_length(BitMapHeader, StartingIndex, Length, TRUE) == Length;
}

/*
 * RtlNumberOfSetBits - how many bits are set
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlNumberOfSetBits
 */
ULONG
RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader)
{
    return count_bits(BitMapHeader, TRUE);
}

/*
 * RtlNumberOfClearBits - how many bits are clear
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlNumberOfClearBits
 */
ULONG
RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader)
{
    return count_bits(BitMapHeader, FALSE);
}

/*
 * RtlFindNextForwardRunClear - the first run of clear bits from FromIndex on
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0 and the index of the end when there is none.
 * Source:    NF:wdm.RtlFindNextForwardRunClear
 */
ULONG
RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex, PULONG StartingRunIndex)
{
    while (FromIndex < BitMapHeader->SizeOfBitMap && bit_get(BitMapHeader, FromIndex))
        FromIndex++;
    *StartingRunIndex = FromIndex;
    return run_length(BitMapHeader, FromIndex, MAXULONG, FALSE);
}

/*
 * RtlFindFirstRunClear - the first run of clear bits
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0 and the index of the end when there is none.
 * Source:    NF:wdm.RtlFindFirstRunClear
 */
ULONG
RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
    return RtlFindNextForwardRunClear(BitMapHeader, 0, StartingIndex);
}

/*
 * RtlFindLongestRunClear - the longest run of clear bits
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none.
 * Errors:    0 when no bit is clear.
 * Source:    NF:wdm.RtlFindLongestRunClear
 */
ULONG
RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
    ULONG at = 0, start, longest = 0;

    *StartingIndex = 0;
    for (;;) {
        ULONG length = RtlFindNextForwardRunClear(BitMapHeader, at, &start);

        if (length == 0)
            return longest;
        if (length > longest) {
            longest = length;
            *StartingIndex = start;
        }
        at = start + length;
    }
}

/*
 * RtlFindLeastSignificantBit - number of the lowest set bit
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    -1 when no bit is set.
 * Source:    NF:wdm.RtlFindLeastSignificantBit
 */
CCHAR
RtlFindLeastSignificantBit(ULONGLONG Set)
{
    return (CCHAR)(Set == 0 ? -1 : __builtin_ctzll(Set));
}

/*
 * RtlFindMostSignificantBit - number of the highest set bit
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    -1 when no bit is set.
 * Source:    NF:wdm.RtlFindMostSignificantBit
 */
CCHAR
RtlFindMostSignificantBit(ULONGLONG Set)
{
    return (CCHAR)(Set == 0 ? -1 : 63 - __builtin_clzll(Set));
}

/*
 * RtlNumberOfSetBitsUlongPtr - how many bits of a word are set
 *
 * IRQL:      Any IRQL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlNumberOfSetBitsUlongPtr
 */
ULONG
RtlNumberOfSetBitsUlongPtr(ULONG_PTR Target)
{
    return (ULONG)__builtin_popcountll(Target);
}
