/* SPDX-License-Identifier: MIT */
/* Rtl*: lists, memory, strings, bitmaps, registry helpers; debugger output; assertions. */
#pragma once

#include "ex.h"

/* Memory */
#define RtlCopyMemory(d, s, n)            memcpy((d), (s), (n))
#define RtlMoveMemory(d, s, n)            memmove((d), (s), (n))
#define RtlFillMemory(d, n, v)            memset((d), (v), (n))
#define RtlZeroMemory(d, n)               memset((d), 0, (n))
#define RtlCopyBytes                      RtlCopyMemory
#define RtlZeroBytes                      RtlZeroMemory
#define RtlFillBytes                      RtlFillMemory
#define RtlEqualMemory(a, b, n)           (!memcmp((a), (b), (n)))
#define RtlCopyMemoryNonTemporal          RtlCopyMemory
#define RtlFillMemoryNonTemporal          RtlFillMemory
#define RtlCopyDeviceMemory               RtlCopyMemory
#define CopyMemory                        RtlCopyMemory
#define MoveMemory                        RtlMoveMemory
#define FillMemory                        RtlFillMemory
#define ZeroMemory                        RtlZeroMemory

NT_INLINE PVOID
RtlSecureZeroMemory(PVOID Pointer, SIZE_T Size)
{
    memset(Pointer, 0, Size);
    __asm__ __volatile__("" : : "r"(Pointer) : "memory");
    return Pointer;
}

/* Headers of drivers that bring their own ask for this. */
#define _RTL_VOL_MEM_ACCESSORS_

NT_INLINE volatile VOID *
RtlMoveVolatileMemory(volatile VOID *Destination, const volatile VOID *Source, SIZE_T Length)
{
    volatile UCHAR *to = (volatile UCHAR *)Destination;
    const volatile UCHAR *from = (const volatile UCHAR *)Source;
    SIZE_T at;

    if ((ULONG_PTR)to > (ULONG_PTR)from) {
        for (at = Length; at > 0; at--) {
            to[at - 1] = from[at - 1];
        }
    } else {
        for (at = 0; at < Length; at++) {
            to[at] = from[at];
        }
    }
    return Destination;
}

NT_INLINE volatile VOID *
RtlCopyVolatileMemory(volatile VOID *Destination, const volatile VOID *Source, SIZE_T Length)
{
    return RtlMoveVolatileMemory(Destination, Source, Length);
}

NT_INLINE VOID
undis_store_ulong(PVOID Address, ULONG Value)
{
    memcpy(Address, &Value, sizeof(Value));
}

NT_INLINE VOID
undis_store_ushort(PVOID Address, USHORT Value)
{
    memcpy(Address, &Value, sizeof(Value));
}

#define RtlStoreUshort(a, v)   undis_store_ushort((a), (USHORT)(v))
#define RtlStoreUlong(a, v)    undis_store_ulong((a), (v))
#define RtlRetrieveUshort(d, s) memcpy((d), (s), sizeof(USHORT))
#define RtlRetrieveUlong(d, s)  memcpy((d), (s), sizeof(ULONG))
#define RtlUshortByteSwap(x)    ((USHORT)__builtin_bswap16((USHORT)(x)))
#define RtlUlongByteSwap(x)     ((ULONG)__builtin_bswap32((ULONG)(x)))
#define RtlUlonglongByteSwap(x) ((ULONGLONG)__builtin_bswap64((ULONGLONG)(x)))

/* Alignment */
#define ALIGN_DOWN_BY(n, a)         ((ULONG_PTR)(n) & ~((ULONG_PTR)(a) - 1))
#define ALIGN_UP_BY(n, a)           (ALIGN_DOWN_BY(((ULONG_PTR)(n) + (a) - 1), a))
#define ALIGN_DOWN_POINTER_BY(p, a) ((PVOID)ALIGN_DOWN_BY((p), a))
#define ALIGN_UP_POINTER_BY(p, a)   ((PVOID)ALIGN_UP_BY((p), a))
#define ALIGN_DOWN(n, t)            ALIGN_DOWN_BY(n, sizeof(t))
#define ALIGN_UP(n, t)              ALIGN_UP_BY(n, sizeof(t))
#define ALIGN_DOWN_POINTER(p, t)    ALIGN_DOWN_POINTER_BY(p, sizeof(t))
#define ALIGN_UP_POINTER(p, t)      ALIGN_UP_POINTER_BY(p, sizeof(t))
#define IS_ALIGNED(p, a)            (((ULONG_PTR)(p) & ((a) - 1)) == 0)
#define FIELD_SIZE(t, f)            (sizeof(((t *)0)->f))

/* Lists */
#define FAST_FAIL_LEGACY_GS_VIOLATION     0
#define FAST_FAIL_VTGUARD_CHECK_FAILURE   1
#define FAST_FAIL_STACK_COOKIE_CHECK_FAILURE 2
#define FAST_FAIL_CORRUPT_LIST_ENTRY      3
#define FAST_FAIL_INCORRECT_STACK         4
#define FAST_FAIL_INVALID_ARG             5
#define FAST_FAIL_GS_COOKIE_INIT          6
#define FAST_FAIL_FATAL_APP_EXIT          7
#define FAST_FAIL_RANGE_CHECK_FAILURE     8
#define FAST_FAIL_UNSAFE_REGISTRY_ACCESS  9
#define FAST_FAIL_GUARD_ICALL_CHECK_FAILURE 10
#define FAST_FAIL_GUARD_WRITE_CHECK_FAILURE 11
#define FAST_FAIL_INVALID_FIBER_SWITCH    12
#define FAST_FAIL_INVALID_SET_OF_CONTEXT  13
#define FAST_FAIL_INVALID_REFERENCE_COUNT 14
#define FAST_FAIL_INVALID_JUMP_BUFFER     18
#define FAST_FAIL_INVALID_EXCEPTION_CHAIN 21
#define RTL_STATIC_LIST_HEAD(x)      LIST_ENTRY x = {&x, &x}

EXTERN_C_START

NTSYSAPI VOID RtlFailFast(ULONG Code);
NTSYSAPI SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length);
NTSYSAPI VOID RtlAssert(
    PVOID VoidFailedAssertion, PVOID VoidFileName, ULONG LineNumber, PSTR MutableMessage);
#define __fastfail(c) RtlFailFast(c)

NT_INLINE VOID
InitializeListHead(PLIST_ENTRY ListHead)
{
    ListHead->Flink = ListHead->Blink = ListHead;
}

NT_INLINE BOOLEAN
IsListEmpty(const LIST_ENTRY *ListHead)
{
    return (BOOLEAN)(ListHead->Flink == ListHead);
}

/* A link that does not point back is memory corruption: it ends here, as on Windows 8 and later. */
NT_INLINE BOOLEAN
RemoveEntryList(PLIST_ENTRY Entry)
{
    PLIST_ENTRY next = Entry->Flink;
    PLIST_ENTRY previous = Entry->Blink;

    if (next->Blink != Entry || previous->Flink != Entry) {
        RtlFailFast(FAST_FAIL_CORRUPT_LIST_ENTRY);
    }
    previous->Flink = next;
    next->Blink = previous;
    return (BOOLEAN)(next == previous);
}

NT_INLINE PLIST_ENTRY
RemoveHeadList(PLIST_ENTRY ListHead)
{
    PLIST_ENTRY entry = ListHead->Flink;

    RemoveEntryList(entry);
    return entry;
}

NT_INLINE PLIST_ENTRY
RemoveTailList(PLIST_ENTRY ListHead)
{
    PLIST_ENTRY entry = ListHead->Blink;

    RemoveEntryList(entry);
    return entry;
}

NT_INLINE VOID
InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
    PLIST_ENTRY last = ListHead->Blink;

    if (last->Flink != ListHead) {
        RtlFailFast(FAST_FAIL_CORRUPT_LIST_ENTRY);
    }
    Entry->Flink = ListHead;
    Entry->Blink = last;
    last->Flink = Entry;
    ListHead->Blink = Entry;
}

NT_INLINE VOID
InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
    PLIST_ENTRY first = ListHead->Flink;

    if (first->Blink != ListHead) {
        RtlFailFast(FAST_FAIL_CORRUPT_LIST_ENTRY);
    }
    Entry->Flink = first;
    Entry->Blink = ListHead;
    first->Blink = Entry;
    ListHead->Flink = Entry;
}

NT_INLINE VOID
AppendTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListToAppend)
{
    PLIST_ENTRY last = ListHead->Blink;

    ListHead->Blink->Flink = ListToAppend;
    ListHead->Blink = ListToAppend->Blink;
    ListToAppend->Blink->Flink = ListHead;
    ListToAppend->Blink = last;
}

NT_INLINE PSINGLE_LIST_ENTRY
PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
    PSINGLE_LIST_ENTRY first = ListHead->Next;

    if (first != NULL) {
        ListHead->Next = first->Next;
    }
    return first;
}

NT_INLINE VOID
PushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY Entry)
{
    Entry->Next = ListHead->Next;
    ListHead->Next = Entry;
}

EXTERN_C_END

/* Bitmaps */
typedef struct _RTL_BITMAP {
    ULONG SizeOfBitMap;
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;
typedef struct _RTL_BITMAP_RUN {
    ULONG StartingIndex;
    ULONG NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

/* Times, versions, registry queries */
typedef struct _TIME_FIELDS {
    CSHORT Year;
    CSHORT Month;
    CSHORT Day;
    CSHORT Hour;
    CSHORT Minute;
    CSHORT Second;
    CSHORT Milliseconds;
    CSHORT Weekday;
} TIME_FIELDS, *PTIME_FIELDS;

typedef struct _OSVERSIONINFOW {
    ULONG dwOSVersionInfoSize;
    ULONG dwMajorVersion;
    ULONG dwMinorVersion;
    ULONG dwBuildNumber;
    ULONG dwPlatformId;
    WCHAR szCSDVersion[128];
} OSVERSIONINFOW, *POSVERSIONINFOW, RTL_OSVERSIONINFOW, *PRTL_OSVERSIONINFOW;

typedef struct _OSVERSIONINFOEXW {
    ULONG dwOSVersionInfoSize;
    ULONG dwMajorVersion;
    ULONG dwMinorVersion;
    ULONG dwBuildNumber;
    ULONG dwPlatformId;
    WCHAR szCSDVersion[128];
    USHORT wServicePackMajor;
    USHORT wServicePackMinor;
    USHORT wSuiteMask;
    UCHAR wProductType;
    UCHAR wReserved;
} OSVERSIONINFOEXW, *POSVERSIONINFOEXW, RTL_OSVERSIONINFOEXW, *PRTL_OSVERSIONINFOEXW;

#define VER_EQUAL               1
#define VER_GREATER             2
#define VER_GREATER_EQUAL       3
#define VER_LESS                4
#define VER_LESS_EQUAL          5
#define VER_MINORVERSION        0x0000001
#define VER_MAJORVERSION        0x0000002
#define VER_BUILDNUMBER         0x0000004
#define VER_PLATFORMID          0x0000008
#define VER_SERVICEPACKMINOR    0x0000010
#define VER_SERVICEPACKMAJOR    0x0000020
#define VER_SUITENAME           0x0000040
#define VER_PRODUCT_TYPE        0x0000080
#define VER_NT_WORKSTATION      0x0000001
#define VER_NT_DOMAIN_CONTROLLER 0x0000002
#define VER_NT_SERVER           0x0000003
#define VER_SET_CONDITION(m, t, c) ((m) = VerSetConditionMask((m), (t), (c)))

#define RTL_REGISTRY_ABSOLUTE   0
#define RTL_REGISTRY_SERVICES   1
#define RTL_REGISTRY_CONTROL    2
#define RTL_REGISTRY_WINDOWS_NT 3
#define RTL_REGISTRY_DEVICEMAP  4
#define RTL_REGISTRY_USER       5
#define RTL_REGISTRY_MAXIMUM    6
#define RTL_REGISTRY_HANDLE     0x40000000
#define RTL_REGISTRY_OPTIONAL   0x80000000
#define RTL_QUERY_REGISTRY_SUBKEY    0x00000001
#define RTL_QUERY_REGISTRY_TOPKEY    0x00000002
#define RTL_QUERY_REGISTRY_REQUIRED  0x00000004
#define RTL_QUERY_REGISTRY_NOVALUE   0x00000008
#define RTL_QUERY_REGISTRY_NOEXPAND  0x00000010
#define RTL_QUERY_REGISTRY_DIRECT    0x00000020
#define RTL_QUERY_REGISTRY_DELETE    0x00000040
#define RTL_QUERY_REGISTRY_NOSTRING  0x00000080
#define RTL_QUERY_REGISTRY_TYPECHECK 0x00000100
#define RTL_QUERY_REGISTRY_TYPECHECK_SHIFT 24

#define REG_NONE                       0
#define REG_SZ                         1
#define REG_EXPAND_SZ                  2
#define REG_BINARY                     3
#define REG_DWORD                      4
#define REG_DWORD_LITTLE_ENDIAN        4
#define REG_DWORD_BIG_ENDIAN           5
#define REG_LINK                       6
#define REG_MULTI_SZ                   7
#define REG_RESOURCE_LIST              8
#define REG_FULL_RESOURCE_DESCRIPTOR   9
#define REG_RESOURCE_REQUIREMENTS_LIST 10
#define REG_QWORD                      11
#define REG_QWORD_LITTLE_ENDIAN        11

typedef NTSTATUS RTL_QUERY_REGISTRY_ROUTINE(PWSTR ValueName, ULONG ValueType, PVOID ValueData,
    ULONG ValueLength, PVOID Context, PVOID EntryContext);
typedef RTL_QUERY_REGISTRY_ROUTINE *PRTL_QUERY_REGISTRY_ROUTINE;
typedef struct _RTL_QUERY_REGISTRY_TABLE {
    PRTL_QUERY_REGISTRY_ROUTINE QueryRoutine;
    ULONG Flags;
    PWSTR Name;
    PVOID EntryContext;
    ULONG DefaultType;
    PVOID DefaultData;
    ULONG DefaultLength;
} RTL_QUERY_REGISTRY_TABLE, *PRTL_QUERY_REGISTRY_TABLE;

/* Hash table of ntddk */
typedef struct _RTL_DYNAMIC_HASH_TABLE_ENTRY {
    LIST_ENTRY Linkage;
    ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_ENTRY, *PRTL_DYNAMIC_HASH_TABLE_ENTRY;

EXTERN_C_START

/* Strings */
NTSYSAPI VOID RtlInitString(PSTRING DestinationString, PCSTR SourceString);
NTSYSAPI VOID RtlInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString);
NTSYSAPI VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTSYSAPI VOID RtlCopyString(PSTRING DestinationString, const STRING *SourceString);
NTSYSAPI VOID RtlCopyUnicodeString(
    PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString);
NTSYSAPI NTSTATUS RtlAppendUnicodeStringToString(
    PUNICODE_STRING Destination, PCUNICODE_STRING Source);
NTSYSAPI NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
NTSYSAPI NTSTATUS RtlAppendStringToString(PSTRING Destination, const STRING *Source);
NTSYSAPI LONG RtlCompareString(
    const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive);
NTSYSAPI LONG RtlCompareUnicodeString(
    PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN RtlEqualString(
    const STRING *String1, const STRING *String2, BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN RtlEqualUnicodeString(
    PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive);
NTSYSAPI BOOLEAN RtlPrefixUnicodeString(
    PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive);
NTSYSAPI NTSTATUS RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInSensitive,
    ULONG HashAlgorithm, PULONG HashValue);
#define HASH_STRING_ALGORITHM_DEFAULT 0
#define HASH_STRING_ALGORITHM_X65599  1
NTSYSAPI NTSTATUS RtlUpcaseUnicodeString(PUNICODE_STRING DestinationString,
    PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString);
NTSYSAPI NTSTATUS RtlDowncaseUnicodeString(PUNICODE_STRING DestinationString,
    PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString);
NTSYSAPI WCHAR RtlUpcaseUnicodeChar(WCHAR SourceCharacter);
NTSYSAPI WCHAR RtlDowncaseUnicodeChar(WCHAR SourceCharacter);
NTSYSAPI CHAR RtlUpperChar(CHAR Character);
NTSYSAPI VOID RtlUpperString(PSTRING DestinationString, const STRING *SourceString);
NTSYSAPI BOOLEAN RtlCreateUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString);
NTSYSAPI VOID RtlFreeUnicodeString(PUNICODE_STRING UnicodeString);
NTSYSAPI VOID RtlFreeAnsiString(PANSI_STRING AnsiString);
NTSYSAPI VOID RtlFreeUTF8String(PUTF8_STRING utf8String);
NTSYSAPI NTSTATUS RtlAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
    PCANSI_STRING SourceString, BOOLEAN AllocateDestinationString);
NTSYSAPI NTSTATUS RtlUnicodeStringToAnsiString(PANSI_STRING DestinationString,
    PCUNICODE_STRING SourceString, BOOLEAN AllocateDestinationString);
NTSYSAPI ULONG RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING UnicodeString);
NTSYSAPI ULONG RtlxAnsiStringToUnicodeSize(PCANSI_STRING AnsiString);
#define RtlUnicodeStringToAnsiSize(s) RtlxUnicodeStringToAnsiSize(s)
#define RtlAnsiStringToUnicodeSize(s) RtlxAnsiStringToUnicodeSize(s)
NTSYSAPI NTSTATUS RtlUnicodeToMultiByteN(PCHAR MultiByteString, ULONG MaxBytesInMultiByteString,
    PULONG BytesInMultiByteString, PCWCH UnicodeString, ULONG BytesInUnicodeString);
NTSYSAPI NTSTATUS RtlMultiByteToUnicodeN(PWCH UnicodeString, ULONG MaxBytesInUnicodeString,
    PULONG BytesInUnicodeString, const CHAR *MultiByteString, ULONG BytesInMultiByteString);
NTSYSAPI NTSTATUS RtlUnicodeToUTF8N(PCHAR UTF8StringDestination,
    ULONG UTF8StringMaxByteCount, PULONG UTF8StringActualByteCount, PCWCH UnicodeStringSource,
    ULONG UnicodeStringByteCount);
NTSYSAPI NTSTATUS RtlUTF8ToUnicodeN(PWSTR UnicodeStringDestination,
    ULONG UnicodeStringMaxByteCount, PULONG UnicodeStringActualByteCount,
    PCCH UTF8StringSource, ULONG UTF8StringByteCount);
NTSYSAPI NTSTATUS RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String);
NTSYSAPI NTSTATUS RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String);
NTSYSAPI NTSTATUS RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSYSAPI NTSTATUS RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value);
NTSYSAPI NTSTATUS RtlGUIDFromString(PCUNICODE_STRING GuidString, GUID *Guid);
NTSYSAPI NTSTATUS RtlStringFromGUID(REFGUID Guid, PUNICODE_STRING GuidString);

NT_INLINE VOID
RtlInitEmptyUnicodeString(PUNICODE_STRING UnicodeString, PWCHAR Buffer, USHORT BufferSize)
{
    UnicodeString->Length = 0;
    UnicodeString->MaximumLength = BufferSize;
    UnicodeString->Buffer = Buffer;
}

NT_INLINE VOID
RtlInitEmptyAnsiString(PANSI_STRING AnsiString, PCHAR Buffer, USHORT BufferSize)
{
    AnsiString->Length = 0;
    AnsiString->MaximumLength = BufferSize;
    AnsiString->Buffer = Buffer;
}

/* Bitmaps */
NTSYSAPI VOID RtlInitializeBitMap(
    PRTL_BITMAP BitMapHeader, PULONG BitMapBuffer, ULONG SizeOfBitMap);
NTSYSAPI VOID RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
NTSYSAPI VOID RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
NTSYSAPI BOOLEAN RtlTestBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber);
NTSYSAPI VOID RtlClearAllBits(PRTL_BITMAP BitMapHeader);
NTSYSAPI VOID RtlSetAllBits(PRTL_BITMAP BitMapHeader);
NTSYSAPI VOID RtlClearBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToClear);
NTSYSAPI VOID RtlSetBits(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG NumberToSet);
NTSYSAPI ULONG RtlFindClearBits(
    PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
NTSYSAPI ULONG RtlFindSetBits(PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
NTSYSAPI ULONG RtlFindClearBitsAndSet(
    PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
NTSYSAPI ULONG RtlFindSetBitsAndClear(
    PRTL_BITMAP BitMapHeader, ULONG NumberToFind, ULONG HintIndex);
NTSYSAPI ULONG RtlNumberOfSetBits(PRTL_BITMAP BitMapHeader);
NTSYSAPI ULONG RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader);
NTSYSAPI BOOLEAN RtlAreBitsClear(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length);
NTSYSAPI BOOLEAN RtlAreBitsSet(PRTL_BITMAP BitMapHeader, ULONG StartingIndex, ULONG Length);
NTSYSAPI ULONG RtlFindNextForwardRunClear(
    PRTL_BITMAP BitMapHeader, ULONG FromIndex, PULONG StartingRunIndex);
NTSYSAPI ULONG RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex);
NTSYSAPI ULONG RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex);
NTSYSAPI CCHAR RtlFindLeastSignificantBit(ULONGLONG Set);
NTSYSAPI CCHAR RtlFindMostSignificantBit(ULONGLONG Set);
NTSYSAPI ULONG RtlNumberOfSetBitsUlongPtr(ULONG_PTR Target);
#define RtlCheckBit(h, b) ((((h)->Buffer[(b) / 32]) >> ((b) % 32)) & 0x1)
#define RtlInterlockedSetBits(f, b)   InterlockedOr((LONG volatile *)(f), (LONG)(b))
#define RtlInterlockedAndBits(f, b)   InterlockedAnd((LONG volatile *)(f), (LONG)(b))
#define RtlInterlockedClearBits(f, b) InterlockedAnd((LONG volatile *)(f), (LONG)~(b))
#define RtlInterlockedXorBits(f, b)   InterlockedXor((LONG volatile *)(f), (LONG)(b))
#define RtlInterlockedSetBitsDiscardReturn(f, b)   ((void)RtlInterlockedSetBits(f, b))
#define RtlInterlockedAndBitsDiscardReturn(f, b)   ((void)RtlInterlockedAndBits(f, b))
#define RtlInterlockedClearBitsDiscardReturn(f, b) ((void)RtlInterlockedClearBits(f, b))

/* Registry, time, version, random numbers */
NTSYSAPI NTSTATUS RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path,
    PRTL_QUERY_REGISTRY_TABLE QueryTable, PVOID Context, PVOID Environment);
NTSYSAPI NTSTATUS RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName,
    ULONG ValueType, PVOID ValueData, ULONG ValueLength);
NTSYSAPI NTSTATUS RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName);
NTSYSAPI NTSTATUS RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path);
NTSYSAPI NTSTATUS RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path);
NTSYSAPI VOID RtlTimeToTimeFields(PLARGE_INTEGER Time, PTIME_FIELDS TimeFields);
NTSYSAPI BOOLEAN RtlTimeFieldsToTime(PTIME_FIELDS TimeFields, PLARGE_INTEGER Time);
NTSYSAPI NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation);
NTSYSAPI NTSTATUS RtlVerifyVersionInfo(
    PRTL_OSVERSIONINFOEXW VersionInfo, ULONG TypeMask, ULONGLONG ConditionMask);
NTSYSAPI ULONGLONG VerSetConditionMask(ULONGLONG ConditionMask, ULONG TypeMask, UCHAR Condition);
NTSYSAPI BOOLEAN RtlIsNtDdiVersionAvailable(ULONG Version);
NTSYSAPI BOOLEAN RtlIsServicePackVersionInstalled(ULONG Version);
NTSYSAPI ULONG RtlRandom(PULONG Seed);
NTSYSAPI ULONG RtlRandomEx(PULONG Seed);
NTSYSAPI VOID RtlGetCallersAddress(PVOID *CallersAddress, PVOID *CallersCaller);
NTSYSAPI USHORT RtlCaptureStackBackTrace(
    ULONG FramesToSkip, ULONG FramesToCapture, PVOID *BackTrace, PULONG BackTraceHash);
NTSYSAPI ULONG64 RtlGetEnabledExtendedFeatures(ULONG64 FeatureMask);
NTSYSAPI ULONG RtlNtStatusToDosErrorNoTeb(NTSTATUS Status);
NTSYSAPI ULONG RtlNtStatusToDosError(NTSTATUS Status);
NTSYSAPI ULONG32 RtlComputeCrc32(ULONG32 PartialCrc, PVOID Buffer, ULONG Length);
NTSYSAPI VOID RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord);

/* Debugger */
NTSYSAPI ULONG DbgPrint(PCSTR Format, ...);
NTSYSAPI ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);
NTSYSAPI ULONG DbgPrintReturnControlC(PCCH Format, ...);
NTSYSAPI ULONG vDbgPrintEx(ULONG ComponentId, ULONG Level, PCCH Format, va_list arglist);
NTSYSAPI ULONG vDbgPrintExWithPrefix(
    PCCH Prefix, ULONG ComponentId, ULONG Level, PCCH Format, va_list arglist);
NTSYSAPI NTSTATUS DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSYSAPI NTSTATUS DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);
NTSYSAPI VOID DbgBreakPoint(VOID);
NTSYSAPI VOID DbgBreakPointWithStatus(ULONG Status);
NTKERNELAPI BOOLEAN KdRefreshDebuggerNotPresent(VOID);
NTKERNELAPI NTSTATUS KdDisableDebugger(VOID);
NTKERNELAPI NTSTATUS KdEnableDebugger(VOID);
/* An assertion of the driver at File:Line does not hold. */
NTKERNELAPI VOID undis_assertion_failed(PCSTR Expression, PCSTR File, ULONG Line);
#define DbgRaiseAssertionFailure() undis_assertion_failed("", __FILE__, __LINE__)

EXTERN_C_END

#if DBG
#define KdPrint(a)                  DbgPrint a
#define KdPrintEx(a)                DbgPrintEx a
#define vKdPrintEx(a)               vDbgPrintEx a
#define vKdPrintExWithPrefix(a)     vDbgPrintExWithPrefix a
#define KdBreakPoint()              DbgBreakPoint()
#define KdBreakPointWithStatus(s)   DbgBreakPointWithStatus(s)
#else
#define KdPrint(a)                  ((void)0)
#define KdPrintEx(a)                ((void)0)
#define vKdPrintEx(a)               ((void)0)
#define vKdPrintExWithPrefix(a)     ((void)0)
#define KdBreakPoint()              ((void)0)
#define KdBreakPointWithStatus(s)   ((void)0)
#endif

#define DPFLTR_IHVNETWORK_ID   81
#define DPFLTR_IHVVIDEO_ID     78
#define DPFLTR_IHVAUDIO_ID     79
#define DPFLTR_IHVBUS_ID       82
#define DPFLTR_IHVDRIVER_ID    77
#define DPFLTR_NDIS_ID         14
#define DPFLTR_TCPIP_ID        19
#define DPFLTR_DEFAULT_ID      101
#define DPFLTR_ERROR_LEVEL     0
#define DPFLTR_WARNING_LEVEL   1
#define DPFLTR_TRACE_LEVEL     2
#define DPFLTR_INFO_LEVEL      3
#define DPFLTR_MASK            0x80000000

/* Assertions: those of checked builds, and those that always hold. */
#define UNDIS_ASSERT(e, text)                                                                      \
    ((e) ? (void)0 : undis_assertion_failed((text), __FILE__, __LINE__))
#define NT_FRE_ASSERT(e)            UNDIS_ASSERT(e, #e)
#define NT_FRE_ASSERTMSG(m, e)      UNDIS_ASSERT(e, m)
#define NT_FRE_ASSERTMSGW(m, e)     UNDIS_ASSERT(e, #e)
#define NT_FRE_VERIFY(e)            ((e) ? TRUE : (undis_assertion_failed(#e, __FILE__, __LINE__), FALSE))
#if DBG
#ifndef ASSERT
#define ASSERT(e)                   UNDIS_ASSERT(e, #e)
#endif
#ifndef ASSERTMSG
#define ASSERTMSG(m, e)             UNDIS_ASSERT(e, m)
#endif
#define RTL_SOFT_ASSERT(e)          UNDIS_ASSERT(e, #e)
#define RTL_SOFT_ASSERTMSG(m, e)    UNDIS_ASSERT(e, m)
#define RTL_VERIFY(e)               NT_FRE_VERIFY(e)
#define RTL_SOFT_VERIFY(e)          NT_FRE_VERIFY(e)
#define NT_ASSERT_ACTION(e)         UNDIS_ASSERT(e, #e)
#define NT_ASSERT(e)                UNDIS_ASSERT(e, #e)
#define NT_ASSERTMSG(m, e)          UNDIS_ASSERT(e, m)
#define NT_ASSERTMSGW(m, e)         UNDIS_ASSERT(e, #e)
#define NT_ASSERT_ASSUME(e)         UNDIS_ASSERT(e, #e)
#define NT_ASSERT_NOASSUME(e)       UNDIS_ASSERT(e, #e)
#define NT_VERIFY(e)                NT_FRE_VERIFY(e)
#else
#ifndef ASSERT
#define ASSERT(e)                   ((void)0)
#endif
#ifndef ASSERTMSG
#define ASSERTMSG(m, e)             ((void)0)
#endif
#define RTL_SOFT_ASSERT(e)          ((void)0)
#define RTL_SOFT_ASSERTMSG(m, e)    ((void)0)
#define RTL_VERIFY(e)               ((e) ? TRUE : FALSE)
#define RTL_SOFT_VERIFY(e)          ((e) ? TRUE : FALSE)
#define NT_ASSERT_ACTION(e)         ((void)0)
#define NT_ASSERT(e)                ((void)0)
#define NT_ASSERTMSG(m, e)          ((void)0)
#define NT_ASSERTMSGW(m, e)         ((void)0)
#define NT_ASSERT_ASSUME(e)         ((void)0)
#define NT_ASSERT_NOASSUME(e)       ((void)0)
#define NT_VERIFY(e)                ((e) ? TRUE : FALSE)
#endif
#define NT_ANALYSIS_ASSUME(e)       ((void)0)
#define RTL_PAGED_CODE()            PAGED_CODE()
#if DBG
#define PAGED_CODE()                                                                               \
    do {                                                                                           \
        if (KeGetCurrentIrql() > APC_LEVEL) {                                                      \
            undis_assertion_failed("PAGED_CODE: IRQL <= APC_LEVEL", __FILE__, __LINE__);           \
        }                                                                                          \
    } while (0)
#define PAGED_ASSERT(e)             UNDIS_ASSERT(e, #e)
#else
#define PAGED_CODE()                ((void)0)
#define PAGED_ASSERT(e)             ((void)0)
#endif
#define PAGED_CODE_LOCKED()         ((void)0)
#define NONPAGEABLE_CODE()          ((void)0)
