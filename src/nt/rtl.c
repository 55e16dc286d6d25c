/* SPDX-License-Identifier: MIT */
/* Small run-time calls: comparing memory, pseudo-random numbers, versions, UUIDs. */
#include "nt/gate.h"
#include "nt/iomanager.h"
#include <string.h>

/* Windows 11, version 22H2: the first with NDIS 6.89 in its WDK. */
#define OS_MAJOR 10
#define OS_MINOR 0
#define OS_BUILD 22621

/*
 * RtlCompareMemory - how many leading bytes of two blocks are the same
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.RtlCompareMemory
 */
SIZE_T
RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
    const UCHAR *left = Source1, *right = Source2;
    SIZE_T i;

    for (i = 0; i < Length && left[i] == right[i]; i++)
        ;
    return i;
}

/*
 * RtlRandomEx - the next pseudo-random number, 0 .. MAXLONG - 1; the seed moves on
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlRandomEx
 */
ULONG
RtlRandomEx(PULONG Seed)
{
    *Seed = (ULONG)((*Seed * 0x7fffffedull + 0x7fffffc3ull) % 0x7fffffffull);
    return *Seed;
}

/*
 * RtlRandom - as RtlRandomEx
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntifs.RtlRandom
 */
ULONG
RtlRandom(PULONG Seed)
{
    return RtlRandomEx(Seed);
}

/*
 * RtlGetVersion - the version of the operating system: Windows 11, build 22621
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:wdm.RtlGetVersion
 */
NTSTATUS
RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation)
{
    ULONG size = lpVersionInformation->dwOSVersionInfoSize;

    memset(&lpVersionInformation->dwMajorVersion, 0, sizeof(RTL_OSVERSIONINFOW) - sizeof(ULONG));
    lpVersionInformation->dwMajorVersion = OS_MAJOR;
    lpVersionInformation->dwMinorVersion = OS_MINOR;
    lpVersionInformation->dwBuildNumber = OS_BUILD;
    lpVersionInformation->dwPlatformId = 2;
    if (size == sizeof(RTL_OSVERSIONINFOEXW)) {
        PRTL_OSVERSIONINFOEXW more = (PRTL_OSVERSIONINFOEXW)lpVersionInformation;

        more->wServicePackMajor = 0;
        more->wServicePackMinor = 0;
        more->wSuiteMask = 0;
        more->wProductType = VER_NT_WORKSTATION;
    }
    return STATUS_SUCCESS;
}

/*
 * PsGetVersion - the version of the operating system; any parameter may be NULL
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    TRUE for a checked build: always FALSE.
 * Source:    NF:wdm.PsGetVersion
 */
BOOLEAN
PsGetVersion(
    PULONG MajorVersion, PULONG MinorVersion, PULONG BuildNumber, PUNICODE_STRING CSDVersion)
{
    if (MajorVersion != NULL)
        *MajorVersion = OS_MAJOR;
    if (MinorVersion != NULL)
        *MinorVersion = OS_MINOR;
    if (BuildNumber != NULL)
        *BuildNumber = OS_BUILD;
    if (CSDVersion != NULL)
        memset(CSDVersion, 0, sizeof(*CSDVersion));
    return FALSE;
}

/*
 * RtlIsNtDdiVersionAvailable - whether the operating system is at least of an NTDDI version
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    FALSE for a version with a service pack in its low bits.
 * Source:    NF:wdm.RtlIsNtDdiVersionAvailable
 */
BOOLEAN
RtlIsNtDdiVersionAvailable(ULONG Version)
{
    return (Version & 0xffff) == 0 && Version <= 0x0a000000;
}

/*
 * IoIsWdmVersionAvailable - whether WDM is at least of a version: 6.0 is there
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.IoIsWdmVersionAvailable
 */
BOOLEAN
IoIsWdmVersionAvailable(UCHAR MajorVersion, UCHAR MinorVersion)
{
    return MajorVersion < 6 || (MajorVersion == 6 && MinorVersion == 0);
}

/* Place of a type's condition in the mask: three bits each. */
static ULONG
condition_shift(ULONG type)
{
    return (ULONG)__builtin_ctz(type) * 3;
}

/*
 * VerSetConditionMask - a condition mask with one more condition in it
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    the mask.
 * Source:    NF:wdm.RtlVerifyVersionInfo
 */
ULONGLONG
VerSetConditionMask(ULONGLONG ConditionMask, ULONG TypeMask, UCHAR Condition)
{
    if (TypeMask == 0)
        return ConditionMask;
    return ConditionMask | (ULONGLONG)(Condition & 7) << condition_shift(TypeMask);
}

static BOOLEAN
condition_holds(ULONG have, ULONG want, ULONG condition)
{
    switch (condition) {
    case VER_EQUAL: return have == want;
    case VER_GREATER: return have > want;
    case VER_GREATER_EQUAL: return have >= want;
    case VER_LESS: return have < want;
    case VER_LESS_EQUAL: return have <= want;
    default: return FALSE;
    }
}

/*
 * RtlVerifyVersionInfo - whether the operating system meets conditions; major, minor and build are
 *     compared as one number
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_REVISION_MISMATCH when not, STATUS_INVALID_PARAMETER without a type.
 * Source:    NF:wdm.RtlVerifyVersionInfo
 */
NTSTATUS
RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW VersionInfo, ULONG TypeMask, ULONGLONG ConditionMask)
{
    const struct {
        ULONG type, have, want;
    } fields[] = {{VER_MAJORVERSION, OS_MAJOR, VersionInfo->dwMajorVersion},
        {VER_MINORVERSION, OS_MINOR, VersionInfo->dwMinorVersion},
        {VER_BUILDNUMBER, OS_BUILD, VersionInfo->dwBuildNumber},
        {VER_SERVICEPACKMAJOR, 0, VersionInfo->wServicePackMajor},
        {VER_SERVICEPACKMINOR, 0, VersionInfo->wServicePackMinor},
        {VER_PLATFORMID, 2, VersionInfo->dwPlatformId},
        {VER_PRODUCT_TYPE, VER_NT_WORKSTATION, VersionInfo->wProductType}};
    BOOLEAN decided = FALSE;
    size_t i;

    if (TypeMask == 0)
        return STATUS_INVALID_PARAMETER;
    for (i = 0; i < RTL_NUMBER_OF(fields); i++) {
        ULONG condition = (ULONG)(ConditionMask >> condition_shift(fields[i].type)) & 7;

        if (!(TypeMask & fields[i].type) || (decided && i < 5))
            continue;
        /* A difference in the major version decides for what is less significant. */
        if (i < 5 && fields[i].have != fields[i].want && condition != VER_EQUAL)
            decided = TRUE;
        else if (i < 5 && fields[i].have == fields[i].want && i < 4)
            condition = condition == VER_GREATER ? VER_GREATER_EQUAL
                        : condition == VER_LESS  ? VER_LESS_EQUAL
                                                 : condition;
        if (!condition_holds(fields[i].have, fields[i].want, condition))
            return STATUS_REVISION_MISMATCH;
    }
    return STATUS_SUCCESS;
}

/*
 * ExUuidCreate - a UUID of version 4, from the machine's own sequence: the same in every replay
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:ntddk.ExUuidCreate
 */
NTSTATUS
ExUuidCreate(GUID *Uuid)
{
    struct io *io = machine_self()->io;
    UCHAR bytes[16];
    size_t i;

    for (i = 0; i < sizeof(bytes); i++) {
        ULONG value = __atomic_add_fetch(&io->random, 0x9e3779b9u, __ATOMIC_RELAXED);

        value = (value ^ value >> 16) * 0x85ebca6bu;
        value = (value ^ value >> 13) * 0xc2b2ae35u;
        bytes[i] = (UCHAR)(value ^ value >> 16);
    }
    bytes[7] = (UCHAR)((bytes[7] & 0x0f) | 0x40);
    bytes[8] = (UCHAR)((bytes[8] & 0x3f) | 0x80);
    memcpy(Uuid, bytes, sizeof(bytes));
    return STATUS_SUCCESS;
}
