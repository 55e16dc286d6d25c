/* SPDX-License-Identifier: MIT */
/*
 * Hardware services for miniports: ports and registers, interrupts, DMA, shared memory, PCI.
 */
#ifndef UNDIS_NDIS_HARDWARE_H
#define UNDIS_NDIS_HARDWARE_H

#include <ndis/common.h>

EXTERN_C_START

/* Ports and registers. */
#define NdisRawReadPortUchar(Port, Data) (*(Data) = READ_PORT_UCHAR((PUCHAR)(Port)))
#define NdisRawReadPortUshort(Port, Data) (*(Data) = READ_PORT_USHORT((PUSHORT)(Port)))
#define NdisRawReadPortUlong(Port, Data) (*(Data) = READ_PORT_ULONG((PULONG)(Port)))
#define NdisRawWritePortUchar(Port, Data) WRITE_PORT_UCHAR((PUCHAR)(Port), (UCHAR)(Data))
#define NdisRawWritePortUshort(Port, Data) WRITE_PORT_USHORT((PUSHORT)(Port), (USHORT)(Data))
#define NdisRawWritePortUlong(Port, Data) WRITE_PORT_ULONG((PULONG)(Port), (ULONG)(Data))
#define NdisRawReadPortBufferUchar(Port, Buffer, Length)                                           \
    READ_PORT_BUFFER_UCHAR((PUCHAR)(Port), (PUCHAR)(Buffer), (Length))
#define NdisRawReadPortBufferUshort(Port, Buffer, Length)                                          \
    READ_PORT_BUFFER_USHORT((PUSHORT)(Port), (PUSHORT)(Buffer), (Length))
#define NdisRawReadPortBufferUlong(Port, Buffer, Length)                                           \
    READ_PORT_BUFFER_ULONG((PULONG)(Port), (PULONG)(Buffer), (Length))
#define NdisRawWritePortBufferUchar(Port, Buffer, Length)                                          \
    WRITE_PORT_BUFFER_UCHAR((PUCHAR)(Port), (PUCHAR)(Buffer), (Length))
#define NdisRawWritePortBufferUshort(Port, Buffer, Length)                                         \
    WRITE_PORT_BUFFER_USHORT((PUSHORT)(Port), (PUSHORT)(Buffer), (Length))
#define NdisRawWritePortBufferUlong(Port, Buffer, Length)                                          \
    WRITE_PORT_BUFFER_ULONG((PULONG)(Port), (PULONG)(Buffer), (Length))
#define NdisReadPortUchar(Handle, Port, Data) NdisRawReadPortUchar((ULONG_PTR)(Port), (Data))
#define NdisReadPortUshort(Handle, Port, Data) NdisRawReadPortUshort((ULONG_PTR)(Port), (Data))
#define NdisReadPortUlong(Handle, Port, Data) NdisRawReadPortUlong((ULONG_PTR)(Port), (Data))
#define NdisWritePortUchar(Handle, Port, Data) NdisRawWritePortUchar((ULONG_PTR)(Port), (Data))
#define NdisWritePortUshort(Handle, Port, Data) NdisRawWritePortUshort((ULONG_PTR)(Port), (Data))
#define NdisWritePortUlong(Handle, Port, Data) NdisRawWritePortUlong((ULONG_PTR)(Port), (Data))
#define NdisReadPortBufferUchar(Handle, Port, Buffer, Length)                                      \
    NdisRawReadPortBufferUchar((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisReadPortBufferUshort(Handle, Port, Buffer, Length)                                     \
    NdisRawReadPortBufferUshort((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisReadPortBufferUlong(Handle, Port, Buffer, Length)                                      \
    NdisRawReadPortBufferUlong((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisWritePortBufferUchar(Handle, Port, Buffer, Length)                                     \
    NdisRawWritePortBufferUchar((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisWritePortBufferUshort(Handle, Port, Buffer, Length)                                    \
    NdisRawWritePortBufferUshort((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisWritePortBufferUlong(Handle, Port, Buffer, Length)                                     \
    NdisRawWritePortBufferUlong((ULONG_PTR)(Port), (Buffer), (Length))
#define NdisReadRegisterUchar(Register, Data) (*(Data) = READ_REGISTER_UCHAR((PUCHAR)(Register)))
#define NdisReadRegisterUshort(Register, Data)                                                     \
    (*(Data) = READ_REGISTER_USHORT((PUSHORT)(Register)))
#define NdisReadRegisterUlong(Register, Data) (*(Data) = READ_REGISTER_ULONG((PULONG)(Register)))
#define NdisWriteRegisterUchar(Register, Data)                                                     \
    WRITE_REGISTER_UCHAR((PUCHAR)(Register), (UCHAR)(Data))
#define NdisWriteRegisterUshort(Register, Data)                                                    \
    WRITE_REGISTER_USHORT((PUSHORT)(Register), (USHORT)(Data))
#define NdisWriteRegisterUlong(Register, Data)                                                     \
    WRITE_REGISTER_ULONG((PULONG)(Register), (ULONG)(Data))

NDIS_API NDIS_STATUS NdisMRegisterIoPortRange(PVOID *PortOffset, NDIS_HANDLE MiniportAdapterHandle,
                                              UINT InitialPort, UINT NumberOfPorts);
NDIS_API VOID NdisMDeregisterIoPortRange(NDIS_HANDLE MiniportAdapterHandle, UINT InitialPort,
                                         UINT NumberOfPorts, PVOID PortOffset);
NDIS_API NDIS_STATUS NdisMMapIoSpace(PVOID *VirtualAddress, NDIS_HANDLE MiniportAdapterHandle,
                                     NDIS_PHYSICAL_ADDRESS PhysicalAddress, UINT Length);
NDIS_API VOID NdisMUnmapIoSpace(NDIS_HANDLE MiniportAdapterHandle, PVOID VirtualAddress,
                                UINT Length);

/* Interrupts. */
typedef BOOLEAN(MINIPORT_ISR)(NDIS_HANDLE MiniportInterruptContext,
                              PBOOLEAN QueueDefaultInterruptDpc, PULONG TargetProcessors);
typedef MINIPORT_ISR(*MINIPORT_ISR_HANDLER);
typedef VOID(MINIPORT_INTERRUPT_DPC)(NDIS_HANDLE MiniportInterruptContext, PVOID MiniportDpcContext,
                                     PVOID ReceiveThrottleParameters, PVOID NdisReserved2);
typedef MINIPORT_INTERRUPT_DPC(*MINIPORT_INTERRUPT_DPC_HANDLER);
typedef VOID(MINIPORT_DISABLE_INTERRUPT)(NDIS_HANDLE MiniportInterruptContext);
typedef MINIPORT_DISABLE_INTERRUPT(*MINIPORT_DISABLE_INTERRUPT_HANDLER);
typedef VOID(MINIPORT_ENABLE_INTERRUPT)(NDIS_HANDLE MiniportInterruptContext);
typedef MINIPORT_ENABLE_INTERRUPT(*MINIPORT_ENABLE_INTERRUPT_HANDLER);
typedef BOOLEAN(MINIPORT_MESSAGE_INTERRUPT)(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId,
                                            PBOOLEAN QueueDefaultInterruptDpc,
                                            PULONG TargetProcessors);
typedef MINIPORT_MESSAGE_INTERRUPT(*MINIPORT_MSI_ISR_HANDLER);
typedef MINIPORT_MSI_ISR_HANDLER MINIPORT_MESSAGE_INTERRUPT_HANDLER;
typedef VOID(MINIPORT_MESSAGE_INTERRUPT_DPC)(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId,
                                             PVOID MiniportDpcContext,
                                             PVOID ReceiveThrottleParameters, PVOID NdisReserved2);
typedef MINIPORT_MESSAGE_INTERRUPT_DPC(*MINIPORT_MSI_INTERRUPT_DPC_HANDLER);
typedef MINIPORT_MSI_INTERRUPT_DPC_HANDLER MINIPORT_MESSAGE_INTERRUPT_DPC_HANDLER;
typedef VOID(MINIPORT_DISABLE_MESSAGE_INTERRUPT)(NDIS_HANDLE MiniportInterruptContext,
                                                 ULONG MessageId);
typedef MINIPORT_DISABLE_MESSAGE_INTERRUPT(*MINIPORT_DISABLE_MSI_INTERRUPT_HANDLER);
typedef MINIPORT_DISABLE_MSI_INTERRUPT_HANDLER MINIPORT_DISABLE_MESSAGE_INTERRUPT_HANDLER;
typedef VOID(MINIPORT_ENABLE_MESSAGE_INTERRUPT)(NDIS_HANDLE MiniportInterruptContext,
                                                ULONG MessageId);
typedef MINIPORT_ENABLE_MESSAGE_INTERRUPT(*MINIPORT_ENABLE_MSI_INTERRUPT_HANDLER);
typedef MINIPORT_ENABLE_MSI_INTERRUPT_HANDLER MINIPORT_ENABLE_MESSAGE_INTERRUPT_HANDLER;
typedef BOOLEAN(MINIPORT_SYNCHRONIZE_INTERRUPT)(NDIS_HANDLE SynchronizeContext);
typedef MINIPORT_SYNCHRONIZE_INTERRUPT(*MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER);
typedef MINIPORT_SYNCHRONIZE_INTERRUPT MINIPORT_SYNCHRONIZE_MESSAGE_INTERRUPT;
typedef MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER MINIPORT_SYNCHRONIZE_MSI_INTERRUPT_HANDLER;

typedef enum _NDIS_INTERRUPT_TYPE {
    NDIS_CONNECT_LINE_BASED = 1,
    NDIS_CONNECT_MESSAGE_BASED
} NDIS_INTERRUPT_TYPE,
    *PNDIS_INTERRUPT_TYPE;

typedef struct _NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    MINIPORT_ISR_HANDLER InterruptHandler;
    MINIPORT_INTERRUPT_DPC_HANDLER InterruptDpcHandler;
    MINIPORT_DISABLE_INTERRUPT_HANDLER DisableInterruptHandler;
    MINIPORT_ENABLE_INTERRUPT_HANDLER EnableInterruptHandler;
    BOOLEAN MsiSupported;
    BOOLEAN MsiSyncWithAllMessages;
    MINIPORT_MSI_ISR_HANDLER MessageInterruptHandler;
    MINIPORT_MSI_INTERRUPT_DPC_HANDLER MessageInterruptDpcHandler;
    MINIPORT_DISABLE_MSI_INTERRUPT_HANDLER DisableMessageInterruptHandler;
    MINIPORT_ENABLE_MSI_INTERRUPT_HANDLER EnableMessageInterruptHandler;
    NDIS_INTERRUPT_TYPE InterruptType;
    PIO_INTERRUPT_MESSAGE_INFO MessageInfoTable;
} NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, *PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS;

#define NDIS_MINIPORT_INTERRUPT_REVISION_1 1
#define NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1                                  \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, MessageInfoTable)

/* How much a DPC may indicate: what ReceiveThrottleParameters points at. */
typedef struct _NDIS_RECEIVE_THROTTLE_PARAMETERS {
    ULONG MaxNblsToIndicate;
    ULONG MoreNblsPending : 1;
} NDIS_RECEIVE_THROTTLE_PARAMETERS, *PNDIS_RECEIVE_THROTTLE_PARAMETERS;
#define NDIS_INDICATE_ALL_NBLS (~0U)

typedef enum _NDIS_MSIX_TABLE_OPERATION {
    NdisMSIXTableConfigSetTableEntry,
    NdisMSIXTableConfigMaskTableEntry,
    NdisMSIXTableConfigUnmaskTableEntry,
    NdisMSIXTableConfigMax
} NDIS_MSIX_TABLE_OPERATION,
    *PNDIS_MSIX_TABLE_OPERATION;

typedef struct _NDIS_MSIX_CONFIG_PARAMETERS {
    NDIS_OBJECT_HEADER Header;
    NDIS_MSIX_TABLE_OPERATION ConfigOperation;
    ULONG TableEntry;
    ULONG MessageNumber;
} NDIS_MSIX_CONFIG_PARAMETERS, *PNDIS_MSIX_CONFIG_PARAMETERS;

#define NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1 1
#define NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1                                              \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_MSIX_CONFIG_PARAMETERS, MessageNumber)

NDIS_API NDIS_STATUS NdisMRegisterInterruptEx(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE MiniportInterruptContext,
    PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS MiniportInterruptCharacteristics,
    PNDIS_HANDLE NdisInterruptHandle);
NDIS_API VOID NdisMDeregisterInterruptEx(NDIS_HANDLE NdisInterruptHandle);
NDIS_API BOOLEAN NdisMSynchronizeWithInterruptEx(
    NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
    MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER SynchronizeFunction, PVOID SynchronizeContext);
NDIS_API ULONG NdisMQueueDpc(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
                             ULONG TargetProcessors, PVOID MiniportDpcContext);
NDIS_API KAFFINITY NdisMQueueDpcEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
                                   PGROUP_AFFINITY TargetProcessors, PVOID MiniportDpcContext);
NDIS_API NDIS_STATUS NdisMConfigMSIXTableEntry(
    NDIS_HANDLE NdisMiniportHandle, PNDIS_MSIX_CONFIG_PARAMETERS MSIXConfigParameters);

/* Scatter/gather DMA and shared memory. */
typedef VOID(MINIPORT_PROCESS_SG_LIST)(PDEVICE_OBJECT DeviceObject, PVOID Reserved,
                                       PSCATTER_GATHER_LIST ScatterGatherListBuffer, PVOID Context);
typedef MINIPORT_PROCESS_SG_LIST(*MINIPORT_PROCESS_SG_LIST_HANDLER);
typedef VOID(MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE)(NDIS_HANDLE MiniportAdapterContext,
                                                    PVOID VirtualAddress,
                                                    PNDIS_PHYSICAL_ADDRESS PhysicalAddress,
                                                    ULONG Length, PVOID Context);
typedef MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE(*MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER);

typedef struct _NDIS_SG_DMA_DESCRIPTION {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    ULONG MaximumPhysicalMapping;
    MINIPORT_PROCESS_SG_LIST_HANDLER ProcessSGListHandler;
    MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER SharedMemAllocateCompleteHandler;
    ULONG ScatterGatherListSize;
} NDIS_SG_DMA_DESCRIPTION, *PNDIS_SG_DMA_DESCRIPTION;

#define NDIS_SG_DMA_DESCRIPTION_REVISION_1 1
#define NDIS_SG_DMA_DESCRIPTION_REVISION_2 2
#define NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1                                                  \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SG_DMA_DESCRIPTION, ScatterGatherListSize)
#define NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_2 NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1
#define NDIS_SG_DMA_64_BIT_ADDRESS 0x00000001
#define NDIS_SG_DMA_V3_HAL_API 0x00000002
#define NDIS_SG_DMA_HYBRID_DMA 0x00000004
#define NDIS_SG_LIST_WRITE_TO_DEVICE 0x00000001

NDIS_API NDIS_STATUS NdisMRegisterScatterGatherDma(NDIS_HANDLE MiniportAdapterHandle,
                                                   PNDIS_SG_DMA_DESCRIPTION DmaDescription,
                                                   PNDIS_HANDLE NdisMiniportDmaHandle);
NDIS_API VOID NdisMDeregisterScatterGatherDma(NDIS_HANDLE NdisMiniportDmaHandle);
NDIS_API NDIS_STATUS NdisMAllocateNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
                                                  PNET_BUFFER NetBuffer, PVOID Context,
                                                  ULONG Flags, PVOID ScatterGatherListBuffer,
                                                  ULONG ScatterGatherListBufferSize);
NDIS_API VOID NdisMFreeNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle,
                                       PSCATTER_GATHER_LIST pSGL, PNET_BUFFER NetBuffer);
NDIS_API VOID NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
                                        BOOLEAN Cached, PVOID *VirtualAddress,
                                        PNDIS_PHYSICAL_ADDRESS PhysicalAddress);
NDIS_API VOID NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length, BOOLEAN Cached,
                                    PVOID VirtualAddress, NDIS_PHYSICAL_ADDRESS PhysicalAddress);
NDIS_API NDIS_STATUS NdisMAllocateSharedMemoryAsyncEx(NDIS_HANDLE MiniportDmaHandle, ULONG Length,
                                                      BOOLEAN Cached, PVOID Context);
NDIS_API ULONG NdisMGetDmaAlignment(NDIS_HANDLE MiniportAdapterHandle);

typedef enum _NDIS_SHARED_MEMORY_USAGE {
    NdisSharedMemoryUsageUndefined,
    NdisSharedMemoryUsageXmit,
    NdisSharedMemoryUsageXmitHeader,
    NdisSharedMemoryUsageXmitData,
    NdisSharedMemoryUsageReceive,
    NdisSharedMemoryUsageReceiveLookahead,
    NdisSharedMemoryUsageReceivePostLookahead,
    NdisSharedMemoryUsageReceiveHeader,
    NdisSharedMemoryUsageReceiveData,
    NdisSharedMemoryUsageOther,
    NdisSharedMemoryUsageMax
} NDIS_SHARED_MEMORY_USAGE,
    *PNDIS_SHARED_MEMORY_USAGE;

typedef struct _NDIS_SCATTER_GATHER_LIST_PARAMETERS {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    NDIS_RECEIVE_QUEUE_ID QueueId;
    NDIS_SHARED_MEMORY_USAGE SharedMemoryUsage;
    PMDL Mdl;
    PVOID CurrentVa;
    ULONG Length;
    MINIPORT_PROCESS_SG_LIST_HANDLER ProcessSGListHandler;
    PVOID Context;
    PSCATTER_GATHER_LIST ScatterGatherListBuffer;
    ULONG ScatterGatherListBufferSize;
    ULONG ScatterGatherListBufferSizeNeeded;
} NDIS_SCATTER_GATHER_LIST_PARAMETERS, *PNDIS_SCATTER_GATHER_LIST_PARAMETERS;

#define NDIS_SCATTER_GATHER_LIST_PARAMETERS_REVISION_1 1
#define NDIS_SIZEOF_SCATTER_GATHER_LIST_PARAMETERS_REVISION_1                                      \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SCATTER_GATHER_LIST_PARAMETERS, ScatterGatherListBufferSizeNeeded)

typedef struct _NDIS_SHARED_MEMORY_PARAMETERS {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    NDIS_RECEIVE_QUEUE_ID QueueId;
    NDIS_HANDLE SharedMemoryHandle;
    NODE_REQUIREMENT PreferredNode;
    NDIS_SHARED_MEMORY_USAGE Usage;
    ULONG Length;
    PVOID VirtualAddress;
    ULONG SGListBufferLength;
    PSCATTER_GATHER_LIST SGListBuffer;
    NDIS_NIC_SWITCH_VPORT_ID VPortId;
} NDIS_SHARED_MEMORY_PARAMETERS, *PNDIS_SHARED_MEMORY_PARAMETERS;

#define NDIS_SHARED_MEMORY_PARAMETERS_REVISION_1 1
#define NDIS_SHARED_MEMORY_PARAMETERS_REVISION_2 2
#define NDIS_SIZEOF_SHARED_MEMORY_PARAMETERS_REVISION_1                                            \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SHARED_MEMORY_PARAMETERS, SGListBuffer)
#define NDIS_SIZEOF_SHARED_MEMORY_PARAMETERS_REVISION_2                                            \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SHARED_MEMORY_PARAMETERS, VPortId)
#define NDIS_SHARED_MEM_PARAMETERS_CONTIGOUS 0x00000001
#define NDIS_SHARED_MEM_PARAMETERS_CONTIGUOUS 0x00000001

typedef NDIS_STATUS(ALLOCATE_SHARED_MEMORY)(NDIS_HANDLE ProviderContext,
                                            PNDIS_SHARED_MEMORY_PARAMETERS SharedMemoryParameters,
                                            PNDIS_HANDLE pAllocationContext);
typedef ALLOCATE_SHARED_MEMORY(*ALLOCATE_SHARED_MEMORY_HANDLER);
typedef VOID(FREE_SHARED_MEMORY)(NDIS_HANDLE ProviderContext, NDIS_HANDLE AllocationContext);
typedef FREE_SHARED_MEMORY(*FREE_SHARED_MEMORY_HANDLER);

typedef struct _NDIS_SHARED_MEMORY_PROVIDER_CHARACTERISTICS {
    NDIS_OBJECT_HEADER Header;
    ULONG Flags;
    NDIS_HANDLE ProviderContext;
    ALLOCATE_SHARED_MEMORY_HANDLER AllocateSharedMemoryHandler;
    FREE_SHARED_MEMORY_HANDLER FreeSharedMemoryHandler;
} NDIS_SHARED_MEMORY_PROVIDER_CHARACTERISTICS, *PNDIS_SHARED_MEMORY_PROVIDER_CHARACTERISTICS;

#define NDIS_SHARED_MEMORY_PROVIDER_CHARACTERISTICS_REVISION_1 1
#define NDIS_SIZEOF_SHARED_MEMORY_PROVIDER_CHARACTERISTICS_REVISION_1                              \
    RTL_SIZEOF_THROUGH_FIELD(NDIS_SHARED_MEMORY_PROVIDER_CHARACTERISTICS, FreeSharedMemoryHandler)

NDIS_API NDIS_STATUS NdisAllocateSharedMemory(NDIS_HANDLE NdisHandle,
                                              PNDIS_SHARED_MEMORY_PARAMETERS SharedMemoryParameters,
                                              PNDIS_HANDLE pAllocationHandle);
NDIS_API VOID NdisFreeSharedMemory(NDIS_HANDLE NdisHandle, NDIS_HANDLE AllocationHandle);
NDIS_API NDIS_STATUS NdisBuildScatterGatherList(NDIS_HANDLE NdisHandle,
                                                PNDIS_SCATTER_GATHER_LIST_PARAMETERS SGListParameters);
NDIS_API VOID NdisFreeScatterGatherList(NDIS_HANDLE NdisHandle,
                                        PSCATTER_GATHER_LIST ScatterGatherListBuffer,
                                        BOOLEAN WriteToDevice);

/* System DMA. */
typedef struct _NDIS_DMA_DESCRIPTION {
    BOOLEAN DemandMode;
    BOOLEAN AutoInitialize;
    BOOLEAN DmaChannelSpecified;
    DMA_WIDTH DmaWidth;
    DMA_SPEED DmaSpeed;
    ULONG DmaPort;
    ULONG DmaChannel;
} NDIS_DMA_DESCRIPTION, *PNDIS_DMA_DESCRIPTION;

NDIS_API NDIS_STATUS NdisMRegisterDmaChannel(PNDIS_HANDLE MiniportDmaHandle,
                                             NDIS_HANDLE MiniportAdapterHandle, UINT DmaChannel,
                                             BOOLEAN Dma32BitAddresses,
                                             PNDIS_DMA_DESCRIPTION DmaDescription,
                                             ULONG MaximumLength);
NDIS_API VOID NdisSetupDmaTransfer(PNDIS_STATUS Status, PNDIS_HANDLE NdisDmaHandle, PMDL Buffer,
                                   ULONG Offset, ULONG Length, BOOLEAN WriteToDevice);
NDIS_API VOID NdisCompleteDmaTransfer(PNDIS_STATUS Status, PNDIS_HANDLE NdisDmaHandle, PMDL Buffer,
                                      ULONG Offset, ULONG Length, BOOLEAN WriteToDevice);
#define NdisMSetupDmaTransfer(_S, _H, _B, _O, _L, _W)                                              \
    NdisSetupDmaTransfer((_S), (PNDIS_HANDLE)(_H), (_B), (_O), (_L), (_W))
#define NdisMCompleteDmaTransfer(_S, _H, _B, _O, _L, _W)                                           \
    NdisCompleteDmaTransfer((_S), (PNDIS_HANDLE)(_H), (_B), (_O), (_L), (_W))
NDIS_API VOID NdisMDeregisterDmaChannel(NDIS_HANDLE MiniportDmaHandle);
NDIS_API ULONG NdisMReadDmaCounter(NDIS_HANDLE MiniportDmaHandle);

/* PCI and device properties. */
NDIS_API ULONG NdisMGetBusData(NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace, ULONG Offset,
                               PVOID Buffer, ULONG Length);
NDIS_API ULONG NdisMSetBusData(NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace, ULONG Offset,
                               PVOID Buffer, ULONG Length);
NDIS_API VOID NdisMGetDeviceProperty(NDIS_HANDLE MiniportAdapterHandle,
                                     PDEVICE_OBJECT *PhysicalDeviceObject,
                                     PDEVICE_OBJECT *FunctionalDeviceObject,
                                     PDEVICE_OBJECT *NextDeviceObject,
                                     PCM_RESOURCE_LIST *AllocatedResources,
                                     PCM_RESOURCE_LIST *AllocatedResourcesTranslated);
NDIS_API NDIS_STATUS NdisMQueryAdapterInstanceName(PNDIS_STRING pAdapterInstanceName,
                                                   NDIS_HANDLE MiniportAdapterHandle);
NDIS_API NDIS_STATUS NdisMPciAssignResources(NDIS_HANDLE MiniportHandle, ULONG SlotNumber,
                                             PNDIS_RESOURCE_LIST *AssignedResources);
NDIS_API NDIS_STATUS NdisMRemoveMiniport(NDIS_HANDLE MiniportAdapterHandle);

/* Single-root I/O virtualization. */
NDIS_API NDIS_STATUS NdisMEnableVirtualization(NDIS_HANDLE NdisMiniportHandle, USHORT NumVFs,
                                               BOOLEAN EnableVFMigration,
                                               BOOLEAN EnableMigrationInterrupt,
                                               BOOLEAN EnableVirtualization);
NDIS_API ULONG NdisMGetVirtualFunctionBusData(NDIS_HANDLE NdisMiniportHandle, USHORT VFId,
                                              PVOID Buffer, ULONG Offset, ULONG Length);
NDIS_API ULONG NdisMSetVirtualFunctionBusData(NDIS_HANDLE NdisMiniportHandle, USHORT VFId,
                                              PVOID Buffer, ULONG Offset, ULONG Length);
NDIS_API NDIS_STATUS NdisMGetVirtualFunctionLocation(NDIS_HANDLE NdisMiniportHandle, USHORT VFId,
                                                     PUSHORT SegmentNumber, PUCHAR BusNumber,
                                                     PUCHAR FunctionNumber);
NDIS_API NDIS_STATUS NdisMQueryProbedBars(NDIS_HANDLE NdisMiniportHandle, PULONG BaseRegisterValues);
NDIS_API VOID NdisMInvalidateConfigBlock(NDIS_HANDLE NdisMiniportHandle, USHORT VFId,
                                         ULONG64 BlockMask);
NDIS_API NDIS_STATUS NdisMReadConfigBlock(NDIS_HANDLE NdisMiniportHandle, ULONG BlockId,
                                          PVOID Buffer, ULONG Length);
NDIS_API NDIS_STATUS NdisMWriteConfigBlock(NDIS_HANDLE NdisMiniportHandle, ULONG BlockId,
                                           PVOID Buffer, ULONG Length);

/* Looking at the first bytes of a received frame that lies in shared memory. */
#define NdisCreateLookaheadBufferFromSharedMemory(_S, _L, _B) ((*(_B)) = (_S))
#define NdisDestroyLookaheadBufferFromSharedMemory(_B)

EXTERN_C_END

#endif
