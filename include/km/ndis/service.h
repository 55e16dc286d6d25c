/* SPDX-License-Identifier: MIT */
/*
 * Services for every kind of driver: memory, strings, configuration, locks, events, timers,
 * work items, device objects, lookaside lists, interlocked arithmetic, processors, error log.
 */
#ifndef UNDIS_NDIS_SERVICE_H
#define UNDIS_NDIS_SERVICE_H

#include <ndis/common.h>

EXTERN_C_START

/* Sections and string constants. */
#define NDIS_INIT_FUNCTION(_F)
#define NDIS_PAGEABLE_FUNCTION(_F)
#define NDIS_PAGABLE_FUNCTION NDIS_PAGEABLE_FUNCTION

#define NDIS_STRING_CONST(_String)                                                                 \
    {                                                                                              \
        sizeof(L##_String) - sizeof(L##_String[0]), sizeof(L##_String), (PWSTR)L##_String          \
    }

#define NDIS_PHYSICAL_ADDRESS_CONST(_Low, _High)                                                   \
    {                                                                                              \
        {                                                                                          \
            (ULONG)(_Low), (LONG)(_High)                                                           \
        }                                                                                          \
    }

#define NdisGetPhysicalAddressHigh(_PhysicalAddress) ((_PhysicalAddress).HighPart)
#define NdisSetPhysicalAddressHigh(_PhysicalAddress, _Value) (((_PhysicalAddress).HighPart) = (_Value))
#define NdisGetPhysicalAddressLow(_PhysicalAddress) ((_PhysicalAddress).LowPart)
#define NdisSetPhysicalAddressLow(_PhysicalAddress, _Value) (((_PhysicalAddress).LowPart) = (_Value))

/* Memory. */
#define NdisMoveMemory(Destination, Source, Length) RtlCopyMemory((Destination), (Source), (Length))
#define NdisZeroMemory(Destination, Length) RtlZeroMemory((Destination), (Length))
#define NdisFillMemory(Destination, Length, Fill) RtlFillMemory((Destination), (Length), (Fill))
#define NdisEqualMemory(Source1, Source2, Length) RtlEqualMemory((Source1), (Source2), (Length))
#define NdisMoveMappedMemory(Destination, Source, Length)                                          \
    RtlCopyMemory((Destination), (Source), (Length))
#define NdisZeroMappedMemory(Destination, Length) RtlZeroMemory((Destination), (Length))
#define NdisMoveToMappedMemory(Destination, Source, Length)                                        \
    NdisMoveMappedMemory((Destination), (Source), (Length))
#define NdisMoveFromMappedMemory(Destination, Source, Length)                                      \
    NdisMoveMappedMemory((Destination), (Source), (Length))
#define NdisRetrieveUlong(DestinationAddress, SourceAddress)                                       \
    RtlRetrieveUlong((DestinationAddress), (SourceAddress))
#define NdisStoreUlong(DestinationAddress, Value) RtlStoreUlong((DestinationAddress), (Value))

#define NDIS_MEMORY_CONTIGUOUS 0x00000001
#define NDIS_MEMORY_NONCACHED 0x00000002

NDIS_API NDIS_STATUS NdisAllocateMemory(PVOID *VirtualAddress, UINT Length, UINT MemoryFlags,
                                        NDIS_PHYSICAL_ADDRESS HighestAcceptableAddress);
NDIS_API NDIS_STATUS NdisAllocateMemoryWithTag(PVOID *VirtualAddress, UINT Length, ULONG Tag);
NDIS_API PVOID NdisAllocateMemoryWithTagPriority(NDIS_HANDLE NdisHandle, UINT Length, ULONG Tag,
                                                 EX_POOL_PRIORITY Priority);
NDIS_API VOID NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags);
NDIS_API VOID NdisFreeMemoryWithTag(PVOID VirtualAddress, ULONG Tag);
NDIS_API VOID NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress,
                                            ULONG Tag);

#define NdisInitializeNPagedLookasideList(_L, _A, _F, _Fl, _S, _T, _D)                             \
    ExInitializeNPagedLookasideList((_L), (_A), (_F), (_Fl), (_S), (_T), (_D))
#define NdisDeleteNPagedLookasideList(_L) ExDeleteNPagedLookasideList(_L)
#define NdisAllocateFromNPagedLookasideList(_L) ExAllocateFromNPagedLookasideList(_L)
#define NdisFreeToNPagedLookasideList(_L, _E) ExFreeToNPagedLookasideList((_L), (_E))

typedef VOID(NDIS_BLOCK_INITIALIZER)(PUCHAR Block, SIZE_T NumberOfBytes);
typedef NDIS_BLOCK_INITIALIZER(*NDIS_BLOCK_INITIALIZER_HANDLER);
NDIS_API NDIS_HANDLE NdisCreateBlockPool(USHORT BlockSize, USHORT FreeBlockLinkOffset, ULONG Tag,
                                         NDIS_BLOCK_INITIALIZER_HANDLER InitFunction);
NDIS_API VOID NdisDestroyBlockPool(NDIS_HANDLE BlockPoolHandle);
NDIS_API PUCHAR NdisAllocateFromBlockPool(NDIS_HANDLE BlockPoolHandle);
NDIS_API VOID NdisFreeToBlockPool(PUCHAR Block);

/* Strings. */
NDIS_API VOID NdisInitializeString(PNDIS_STRING DestinationString, PUCHAR SourceString);
NDIS_API VOID NdisInitUnicodeString(PNDIS_STRING DestinationString, PCWSTR SourceString);
NDIS_API VOID NdisInitAnsiString(PANSI_STRING DestinationString, PCSTR SourceString);
NDIS_API VOID NdisUpcaseUnicodeString(PUNICODE_STRING DestinationString,
                                      PUNICODE_STRING SourceString);
NDIS_API NDIS_STATUS NdisUnicodeStringToAnsiString(PANSI_STRING DestinationString,
                                                   PUNICODE_STRING SourceString);
NDIS_API NDIS_STATUS NdisAnsiStringToUnicodeString(PUNICODE_STRING DestinationString,
                                                   PANSI_STRING SourceString);
NDIS_API BOOLEAN NdisEqualString(PNDIS_STRING String1, PNDIS_STRING String2,
                                 BOOLEAN CaseInsensitive);
#define NdisFreeString(_NdisString) NdisFreeMemory((_NdisString).Buffer, (_NdisString).MaximumLength, 0)
#define NdisPrintString(_NdisString) DbgPrint("%wZ", &(_NdisString))
#define NdisEqualAnsiString(_String1, _String2, _CaseInsensitive)                                  \
    RtlEqualString((_String1), (_String2), (_CaseInsensitive))
#define NdisEqualUnicodeString(_String1, _String2, _CaseInsensitive)                               \
    RtlEqualUnicodeString((_String1), (_String2), (_CaseInsensitive))

/* Configuration. */
typedef enum _NDIS_PARAMETER_TYPE {
    NdisParameterInteger,
    NdisParameterHexInteger,
    NdisParameterString,
    NdisParameterMultiString,
    NdisParameterBinary
} NDIS_PARAMETER_TYPE,
    *PNDIS_PARAMETER_TYPE;

typedef struct _BINARY_DATA {
    USHORT Length;
    PVOID Buffer;
} BINARY_DATA;

typedef struct _NDIS_CONFIGURATION_PARAMETER {
    NDIS_PARAMETER_TYPE ParameterType;
    union {
        ULONG IntegerData;
        NDIS_STRING StringData;
        BINARY_DATA BinaryData;
    } ParameterData;
} NDIS_CONFIGURATION_PARAMETER, *PNDIS_CONFIGURATION_PARAMETER;

typedef struct _NDIS_CONFIGURATION_OBJECT {
    NDIS_OBJECT_HEADER Header;
    NDIS_HANDLE NdisHandle;
    ULONG Flags;
} NDIS_CONFIGURATION_OBJECT, *PNDIS_CONFIGURATION_OBJECT;

#define NDIS_CONFIGURATION_OBJECT_REVISION_1 1
#define NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1                                                \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_CONFIGURATION_OBJECT, Flags)
#define NDIS_CONFIG_FLAG_FILTER_INSTANCE_CONFIGURATION 0x00000001

NDIS_API NDIS_STATUS NdisOpenConfigurationEx(PNDIS_CONFIGURATION_OBJECT ConfigObject,
                                             PNDIS_HANDLE ConfigurationHandle);
NDIS_API VOID NdisCloseConfiguration(NDIS_HANDLE ConfigurationHandle);
NDIS_API VOID NdisReadConfiguration(PNDIS_STATUS Status,
                                    PNDIS_CONFIGURATION_PARAMETER *ParameterValue,
                                    NDIS_HANDLE ConfigurationHandle, PNDIS_STRING Keyword,
                                    NDIS_PARAMETER_TYPE ParameterType);
NDIS_API VOID NdisWriteConfiguration(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle,
                                     PNDIS_STRING Keyword,
                                     PNDIS_CONFIGURATION_PARAMETER ParameterValue);
NDIS_API VOID NdisOpenConfigurationKeyByName(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle,
                                             PNDIS_STRING SubKeyName, PNDIS_HANDLE SubKeyHandle);
NDIS_API VOID NdisOpenConfigurationKeyByIndex(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle,
                                              ULONG Index, PNDIS_STRING KeyName,
                                              PNDIS_HANDLE KeyHandle);
NDIS_API VOID NdisReadNetworkAddress(PNDIS_STATUS Status, PVOID *NetworkAddress,
                                     PUINT NetworkAddressLength, NDIS_HANDLE ConfigurationHandle);

/* Spin locks. */
NDIS_API VOID NdisAllocateSpinLock(PNDIS_SPIN_LOCK SpinLock);
NDIS_API VOID NdisFreeSpinLock(PNDIS_SPIN_LOCK SpinLock);
NDIS_API VOID NdisAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock);
NDIS_API VOID NdisReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock);
NDIS_API VOID NdisDprAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock);
NDIS_API VOID NdisDprReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock);

/* Read/write locks of NDIS 6.20. */
typedef struct _NDIS_RW_LOCK_EX NDIS_RW_LOCK_EX, *PNDIS_RW_LOCK_EX;
typedef struct _LOCK_STATE_EX {
    KIRQL OldIrql;
    UCHAR LockState;
    UCHAR Flags;
} LOCK_STATE_EX, *PLOCK_STATE_EX;
#define NDIS_RWL_AT_DISPATCH_LEVEL 1

NDIS_API PNDIS_RW_LOCK_EX NdisAllocateRWLock(NDIS_HANDLE NdisHandle);
NDIS_API VOID NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock);
NDIS_API VOID NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags);
NDIS_API VOID NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags);
NDIS_API VOID NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState);

/* Read/write locks before that, in the driver's memory. */
typedef union _NDIS_RW_LOCK_REFCOUNT {
    UINT RefCount;
    UCHAR cacheLine[16];
} NDIS_RW_LOCK_REFCOUNT;

typedef struct _NDIS_RW_LOCK {
    union {
        struct {
            KSPIN_LOCK SpinLock;
            PVOID Context;
        };
        UCHAR Reserved[16];
    };
    union {
        NDIS_RW_LOCK_REFCOUNT RefCount[MAXIMUM_PROCESSORS];
        ULONG RefCountEx[sizeof(NDIS_RW_LOCK_REFCOUNT) / sizeof(ULONG) * MAXIMUM_PROCESSORS];
        struct {
            KSPIN_LOCK RefCountLock;
            volatile ULONG SharedRefCount;
            volatile BOOLEAN WriterWaiting;
        };
    };
} NDIS_RW_LOCK, *PNDIS_RW_LOCK;

typedef struct _LOCK_STATE {
    USHORT LockState;
    KIRQL OldIrql;
} LOCK_STATE, *PLOCK_STATE;

NDIS_API VOID NdisInitializeReadWriteLock(PNDIS_RW_LOCK Lock);
NDIS_API VOID NdisAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState);
NDIS_API VOID NdisReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState);
NDIS_API VOID NdisDprAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite,
                                          PLOCK_STATE LockState);
NDIS_API VOID NdisDprReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState);

#define NDIS_MUTEX KMUTEX
#define NDIS_INIT_MUTEX(_M_) KeInitializeMutex((_M_), 0xFFFF)
#define NDIS_WAIT_FOR_MUTEX(_M_) KeWaitForSingleObject((_M_), Executive, KernelMode, FALSE, NULL)
#define NDIS_RELEASE_MUTEX(_M_) KeReleaseMutex((_M_), FALSE)
#define NDIS_RAISE_IRQL_TO_DISPATCH(_pIrql_) KeRaiseIrql(DISPATCH_LEVEL, (_pIrql_))
#define NDIS_LOWER_IRQL(_OldIrql_, _CurIrql_) KeLowerIrql(_OldIrql_)
#define NDIS_CURRENT_IRQL() KeGetCurrentIrql()
#define NDIS_CURRENT_PROCESSOR_NUMBER KeGetCurrentProcessorNumber

/* Events. */
NDIS_API VOID NdisInitializeEvent(PNDIS_EVENT Event);
NDIS_API VOID NdisSetEvent(PNDIS_EVENT Event);
NDIS_API VOID NdisResetEvent(PNDIS_EVENT Event);
NDIS_API BOOLEAN NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait);
NDIS_API VOID NdisMSleep(ULONG MicrosecondsToSleep);
#define NdisStallExecution(MicrosecondsToStall) KeStallExecutionProcessor(MicrosecondsToStall)

/* Lists and interlocked arithmetic. */
#define NdisInitializeListHead(_ListHead) InitializeListHead(_ListHead)
#define NdisInitializeSListHead(_SListHead) ExInitializeSListHead(_SListHead)
#define NdisInterlockedPushEntrySList(_SListHead, _SListEntry, _Lock)                              \
    ExInterlockedPushEntrySList((_SListHead), (_SListEntry), &(_Lock)->SpinLock)
#define NdisInterlockedPopEntrySList(_SListHead, _Lock)                                            \
    ExInterlockedPopEntrySList((_SListHead), &(_Lock)->SpinLock)
#define NdisQueryDepthSList(_SListHead) ExQueryDepthSList(_SListHead)
#define NdisInterlockedAddLargeStatistic(_Addend, _Increment)                                      \
    ExInterlockedAddLargeStatistic((PLARGE_INTEGER)(_Addend), (ULONG)(_Increment))

NDIS_API LONG NdisInterlockedIncrement(LONG volatile *Addend);
NDIS_API LONG NdisInterlockedDecrement(LONG volatile *Addend);
NDIS_API ULONG NdisInterlockedAddUlong(PULONG Addend, ULONG Increment, PNDIS_SPIN_LOCK SpinLock);
NDIS_API LARGE_INTEGER NdisInterlockedAddLargeInteger(PLARGE_INTEGER Addend, ULONG Increment,
                                                      PNDIS_SPIN_LOCK SpinLock);
NDIS_API PLIST_ENTRY NdisInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                   PNDIS_SPIN_LOCK SpinLock);
NDIS_API PLIST_ENTRY NdisInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry,
                                                   PNDIS_SPIN_LOCK SpinLock);
NDIS_API PLIST_ENTRY NdisInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PNDIS_SPIN_LOCK SpinLock);

/* Time and timers. */
NDIS_API VOID NdisGetCurrentSystemTime(PLARGE_INTEGER pSystemTime);
NDIS_API VOID NdisGetSystemUpTime(PULONG pSystemUpTime);
NDIS_API VOID NdisGetSystemUpTimeEx(PLARGE_INTEGER pSystemUpTime);

typedef VOID(NDIS_TIMER_FUNCTION)(PVOID SystemSpecific1, PVOID FunctionContext,
                                  PVOID SystemSpecific2, PVOID SystemSpecific3);
typedef NDIS_TIMER_FUNCTION(*PNDIS_TIMER_FUNCTION);

typedef struct _NDIS_TIMER_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    ULONG AllocationTag;
    PNDIS_TIMER_FUNCTION TimerFunction;
    PVOID FunctionContext;
} NDIS_TIMER_CHARACTERISTICS, *PNDIS_TIMER_CHARACTERISTICS;

#define NDIS_TIMER_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1                                               \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_TIMER_CHARACTERISTICS, FunctionContext)

NDIS_API NDIS_STATUS NdisAllocateTimerObject(NDIS_HANDLE NdisHandle,
                                             PNDIS_TIMER_CHARACTERISTICS TimerCharacteristics,
                                             PNDIS_HANDLE pTimerObject);
NDIS_API BOOLEAN NdisSetTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
                                    LONG MillisecondsPeriod, PVOID FunctionContext);
NDIS_API BOOLEAN NdisSetCoalescableTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
                                               LONG MillisecondsPeriod, PVOID FunctionContext,
                                               ULONG Tolerance);
NDIS_API BOOLEAN NdisCancelTimerObject(NDIS_HANDLE TimerObject);
NDIS_API VOID NdisFreeTimerObject(NDIS_HANDLE TimerObject);

/* A timer in the driver's memory: NDIS 5, and NDIS 6.0 too. */
typedef struct _NDIS_TIMER {
    KTIMER Timer;
    KDPC Dpc;
} NDIS_TIMER, *PNDIS_TIMER;

NDIS_API VOID NdisInitializeTimer(PNDIS_TIMER Timer, PNDIS_TIMER_FUNCTION TimerFunction,
                                  PVOID FunctionContext);
NDIS_API VOID NdisSetTimer(PNDIS_TIMER Timer, UINT MillisecondsToDelay);
NDIS_API VOID NdisSetTimerEx(PNDIS_TIMER NdisTimer, UINT MillisecondsToDelay,
                             PVOID FunctionContext);
NDIS_API VOID NdisCancelTimer(PNDIS_TIMER Timer, PBOOLEAN TimerCancelled);

/* Work items. */
typedef VOID(NDIS_IO_WORKITEM)(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle);
typedef NDIS_IO_WORKITEM(*NDIS_IO_WORKITEM_ROUTINE);
typedef NDIS_IO_WORKITEM NDIS_IO_WORKITEM_FUNCTION;

NDIS_API NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle);
NDIS_API VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle,
                                  NDIS_IO_WORKITEM_ROUTINE Routine, PVOID WorkItemContext);
NDIS_API VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle);

struct _NDIS_WORK_ITEM;
typedef VOID(NDIS_PROC_CALLBACK)(struct _NDIS_WORK_ITEM *WorkItem, PVOID Context);
typedef NDIS_PROC_CALLBACK(*NDIS_PROC);

typedef struct _NDIS_WORK_ITEM {
    PVOID Context;
    NDIS_PROC Routine;
    UCHAR WrapperReserved[8 * sizeof(PVOID)];
} NDIS_WORK_ITEM, *PNDIS_WORK_ITEM;

#define NdisInitializeWorkItem(_WI_, _R_, _C_)                                                     \
    do {                                                                                           \
        (_WI_)->Context = (_C_);                                                                   \
        (_WI_)->Routine = (_R_);                                                                   \
    } while (0)
NDIS_API NDIS_STATUS NdisScheduleWorkItem(PNDIS_WORK_ITEM WorkItem);

/* Device objects of a driver's own. */
typedef struct _NDIS_DEVICE_OBJECT_ATTRIBUTES {
    NDIS_OBJECT_HEADER Header;
    PNDIS_STRING DeviceName;
    PNDIS_STRING SymbolicName;
    PDRIVER_DISPATCH *MajorFunctions;
    ULONG ExtensionSize;
    PUNICODE_STRING DefaultSDDLString;
    LPCGUID DeviceClassGuid;
} NDIS_DEVICE_OBJECT_ATTRIBUTES, *PNDIS_DEVICE_OBJECT_ATTRIBUTES;

#define NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1 1
#define NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1                                            \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_DEVICE_OBJECT_ATTRIBUTES, DeviceClassGuid)

NDIS_API NDIS_STATUS NdisRegisterDeviceEx(NDIS_HANDLE NdisHandle,
                                          PNDIS_DEVICE_OBJECT_ATTRIBUTES DeviceObjectAttributes,
                                          PDEVICE_OBJECT *pDeviceObject,
                                          PNDIS_HANDLE NdisDeviceHandle);
NDIS_API VOID NdisDeregisterDeviceEx(NDIS_HANDLE NdisDeviceHandle);
NDIS_API PVOID NdisGetDeviceReservedExtension(PDEVICE_OBJECT DeviceObject);

/* Processors. */
typedef struct _NDIS_PROCESSOR_INFO {
    ULONG CpuNumber;
    ULONG PhysicalPackageId;
    ULONG CoreId;
    ULONG HyperThreadID;
} NDIS_PROCESSOR_INFO, *PNDIS_PROCESSOR_INFO;

typedef struct _NDIS_SYSTEM_PROCESSOR_INFO {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    NDIS_PROCESSOR_VENDOR ProcessorVendor;
    ULONG NumPhysicalPackages;
    ULONG NumCores;
    ULONG NumCoresPerPhysicalPackage;
    ULONG MaxHyperThreadingCpusPerCore;
    ULONG RssBaseCpu;
    ULONG RssCpuCount;
    PUCHAR RssProcessors;
    NDIS_PROCESSOR_INFO CpuInfo[MAXIMUM_PROCESSORS];
} NDIS_SYSTEM_PROCESSOR_INFO, *PNDIS_SYSTEM_PROCESSOR_INFO;

#define NDIS_SYSTEM_PROCESSOR_INFO_REVISION_1 1
#define NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_REVISION_1                                               \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SYSTEM_PROCESSOR_INFO, CpuInfo)

NDIS_API NDIS_STATUS NdisGetProcessorInformation(PNDIS_SYSTEM_PROCESSOR_INFO SystemProcessorInfo);
NDIS_API NDIS_STATUS NdisGetProcessorInformationEx(
    NDIS_HANDLE NdisHandle, PNDIS_SYSTEM_PROCESSOR_INFO_EX SystemProcessorInfo, PSIZE_T Size);
NDIS_API NDIS_STATUS NdisGetRssProcessorInformation(NDIS_HANDLE NdisHandle,
                                                    PNDIS_RSS_PROCESSOR_INFO RssProcessorInfo,
                                                    PSIZE_T Size);
NDIS_API NDIS_STATUS NdisGetHypervisorInfo(PNDIS_HYPERVISOR_INFO HypervisorInfo);
NDIS_API CCHAR NdisSystemProcessorCount(VOID);
NDIS_API ULONG NdisSystemActiveProcessorCount(PKAFFINITY ActiveProcessors);
NDIS_API ULONG NdisGroupActiveProcessorCount(USHORT Group);
NDIS_API KAFFINITY NdisGroupActiveProcessorMask(USHORT Group);
NDIS_API ULONG NdisGroupMaxProcessorCount(USHORT Group);
NDIS_API USHORT NdisActiveGroupCount(VOID);
NDIS_API USHORT NdisMaxGroupCount(VOID);
NDIS_API PROCESSOR_NUMBER NdisCurrentGroupAndProcessor(VOID);
NDIS_API ULONG NdisCurrentProcessorIndex(VOID);
NDIS_API ULONG NdisProcessorNumberToIndex(PROCESSOR_NUMBER ProcNumber);
NDIS_API NDIS_STATUS NdisProcessorIndexToNumber(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber);
NDIS_API VOID NdisGetCurrentProcessorCounts(PULONG pIdleCount, PULONG pKernelAndUser,
                                            PULONG pIndex);
NDIS_API VOID NdisGetCurrentProcessorCpuUsage(PULONG pCpuUsage);
NDIS_API ULONG NdisGetSharedDataAlignment(VOID);
#define NdisGetCacheFillSize() NdisGetSharedDataAlignment()

/* Error log. */
#define NDIS_ERROR_CODE_RESOURCE_CONFLICT ((NDIS_ERROR_CODE)0xC0001388)
#define NDIS_ERROR_CODE_OUT_OF_RESOURCES ((NDIS_ERROR_CODE)0xC0001389)
#define NDIS_ERROR_CODE_HARDWARE_FAILURE ((NDIS_ERROR_CODE)0xC000138A)
#define NDIS_ERROR_CODE_ADAPTER_NOT_FOUND ((NDIS_ERROR_CODE)0xC000138B)
#define NDIS_ERROR_CODE_INTERRUPT_CONNECT ((NDIS_ERROR_CODE)0xC000138C)
#define NDIS_ERROR_CODE_DRIVER_FAILURE ((NDIS_ERROR_CODE)0xC000138D)
#define NDIS_ERROR_CODE_BAD_VERSION ((NDIS_ERROR_CODE)0xC000138E)
#define NDIS_ERROR_CODE_TIMEOUT ((NDIS_ERROR_CODE)0x8000138F)
#define NDIS_ERROR_CODE_NETWORK_ADDRESS ((NDIS_ERROR_CODE)0xC0001390)
#define NDIS_ERROR_CODE_UNSUPPORTED_CONFIGURATION ((NDIS_ERROR_CODE)0xC0001391)
#define NDIS_ERROR_CODE_INVALID_VALUE_FROM_ADAPTER ((NDIS_ERROR_CODE)0xC0001392)
#define NDIS_ERROR_CODE_MISSING_CONFIGURATION_PARAMETER ((NDIS_ERROR_CODE)0xC0001393)
#define NDIS_ERROR_CODE_BAD_IO_BASE_ADDRESS ((NDIS_ERROR_CODE)0xC0001394)
#define NDIS_ERROR_CODE_RECEIVE_SPACE_SMALL ((NDIS_ERROR_CODE)0x40001395)
#define NDIS_ERROR_CODE_ADAPTER_DISABLED ((NDIS_ERROR_CODE)0x80001396)

NDIS_API VOID NdisWriteErrorLogEntry(NDIS_HANDLE NdisAdapterHandle, NDIS_ERROR_CODE ErrorCode,
                                     ULONG NumberOfErrorValues, ...);
NDIS_API NDIS_STATUS NdisWriteEventLogEntry(PVOID LogHandle, NDIS_STATUS EventCode,
                                            ULONG UniqueEventValue, USHORT NumStrings,
                                            PVOID StringsList, ULONG DataSize, PVOID Data);

/* Files. */
NDIS_API VOID NdisOpenFile(PNDIS_STATUS Status, PNDIS_HANDLE FileHandle, PUINT FileLength,
                           PNDIS_STRING FileName, NDIS_PHYSICAL_ADDRESS HighestAcceptableAddress);
NDIS_API VOID NdisCloseFile(NDIS_HANDLE FileHandle);
NDIS_API VOID NdisMapFile(PNDIS_STATUS Status, PVOID *MappedBuffer, NDIS_HANDLE FileHandle);
NDIS_API VOID NdisUnmapFile(NDIS_HANDLE FileHandle);

/* Ethernet addresses. */
#define ETH_LENGTH_OF_ADDRESS 6
#define ETH_IS_MULTICAST(_Address) (BOOLEAN)(((const UCHAR *)(_Address))[0] & ((UCHAR)0x01))
#define ETH_IS_BROADCAST(_Address)                                                                 \
    ((((const UCHAR *)(_Address))[0] == ((UCHAR)0xFF)) &&                                          \
     (((const UCHAR *)(_Address))[1] == ((UCHAR)0xFF)) &&                                          \
     (((const UCHAR *)(_Address))[2] == ((UCHAR)0xFF)) &&                                          \
     (((const UCHAR *)(_Address))[3] == ((UCHAR)0xFF)) &&                                          \
     (((const UCHAR *)(_Address))[4] == ((UCHAR)0xFF)) &&                                          \
     (((const UCHAR *)(_Address))[5] == ((UCHAR)0xFF)))
/* Blocks: drivers write them without a semicolon. */
#define ETH_COMPARE_NETWORK_ADDRESSES(_A, _B, _Result)                                             \
    {                                                                                              \
        *(_Result) = UndisEthernetAddressCompare((_A), (_B));                                      \
    }
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(_A, _B, _Result)                                          \
    {                                                                                              \
        *(_Result) = !RtlEqualMemory((_A), (_B), ETH_LENGTH_OF_ADDRESS);                           \
    }
#define ETH_COPY_NETWORK_ADDRESS(_D, _S) RtlCopyMemory((_D), (_S), ETH_LENGTH_OF_ADDRESS)

/* The order of two addresses as the compare macros tell it: last four octets first, then two. */
NT_INLINE INT
UndisEthernetAddressCompare(const VOID *A, const VOID *B)
{
    static const UCHAR Order[ETH_LENGTH_OF_ADDRESS] = {2, 3, 4, 5, 0, 1};
    UINT i;

    for (i = 0; i < ETH_LENGTH_OF_ADDRESS; i++) {
        INT Difference = ((const UCHAR *)A)[Order[i]] - ((const UCHAR *)B)[Order[i]];

        if (Difference != 0)
            return Difference > 0 ? 1 : -1;
    }
    return 0;
}

EXTERN_C_END

#endif
