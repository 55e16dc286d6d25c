/* SPDX-License-Identifier: MIT */
/* What the miniports of a NIC have in common: its registers, a frame that it sends so that it has a
 * reason to interrupt, and handlers with nothing to do.
 */
#pragma once

#include "wrong.h"

#include "plain.h"

#define NIC_CONTROL  0x04
#define NIC_CAUSE    0x0C
#define NIC_MASK     0x10
#define NIC_TX_LOW   0x20
#define NIC_TX_HIGH  0x24
#define NIC_TX_COUNT 0x28
#define NIC_TX_TAIL  0x2C
#define NIC_RX_LOW   0x40
#define NIC_RX_HIGH  0x44
#define NIC_RX_COUNT 0x48
#define NIC_RX_TAIL  0x4C
#define NIC_RX_HEAD  0x50
#define NIC_RECEIVED 2u /* a cause */

/* In the shared memory: a descriptor and a frame to send; those of the ring to receive, which have
 * all the same buffer. */
#define NIC_RX_AT     1024u
#define NIC_RX_BUFFER 2048u
#define NIC_RX_RING   64u

#ifndef NIC_ATTRIBUTES
#define NIC_ATTRIBUTES 0
#endif

typedef struct _NIC {
    NDIS_HANDLE Handle, Interrupt, Dma;
    PVOID Registers, Shared;
    NDIS_PHYSICAL_ADDRESS RegisterAddress, Physical;
    ULONG RegisterLength;
} NIC;

static NDIS_HANDLE DriverHandle;

static inline NDIS_STATUS
NicSetAttributes(NDIS_HANDLE Handle, PVOID Context, USHORT CheckForHangSeconds)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Context,
        .CheckForHangTimeInSeconds = CheckForHangSeconds,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE |
                          NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER | NIC_ATTRIBUTES,
        .InterfaceType = NdisInterfacePci,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = 1500,
        .MediaConnectState = MediaConnectStateConnected,
        .MacAddressLength = 6,
    };

    if (NdisMSetMiniportAttributes(Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) !=
        NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_FAILURE;
    return NdisMSetMiniportAttributes(Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static inline NDIS_STATUS
NicMapRegisters(NIC *Nic, PNDIS_RESOURCE_LIST Resources)
{
    for (ULONG i = 0; Resources != NULL && i < Resources->Count; i++) {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR *Resource = &Resources->PartialDescriptors[i];

        if (Resource->Type != CmResourceTypeMemory)
            continue;
        Nic->RegisterAddress = Resource->u.Memory.Start;
        Nic->RegisterLength = Resource->u.Memory.Length;
        return NdisMMapIoSpace(
            &Nic->Registers, Nic->Handle, Nic->RegisterAddress, Nic->RegisterLength);
    }
    return NDIS_STATUS_RESOURCE_CONFLICT;
}

static inline NDIS_STATUS
NicRegisterDma(NIC *Nic, MINIPORT_PROCESS_SG_LIST_HANDLER ProcessList)
{
    NDIS_SG_DMA_DESCRIPTION Description = {
        .Header = {NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION, NDIS_SG_DMA_DESCRIPTION_REVISION_1,
            NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1},
        .Flags = NDIS_SG_DMA_64_BIT_ADDRESS,
        .MaximumPhysicalMapping = 65536,
        .ProcessSGListHandler = ProcessList,
    };

    return NdisMRegisterScatterGatherDma(Nic->Handle, &Description, &Nic->Dma);
}

static inline VOID
NicWrite(NIC *Nic, ULONG Register, ULONG Value)
{
    NdisWriteRegisterUlong((PULONG)((PUCHAR)Nic->Registers + Register), Value);
}

static inline ULONG
NicRead(NIC *Nic, ULONG Register)
{
    ULONG Value;

    NdisReadRegisterUlong((PULONG)((PUCHAR)Nic->Registers + Register), &Value);
    return Value;
}

/* The device receives, and interrupts. */
static inline VOID
NicReceive(NIC *Nic)
{
    PULONG Descriptor = (PULONG)((PUCHAR)Nic->Shared + NIC_RX_AT);
    ULONG64 Physical = (ULONG64)Nic->Physical.QuadPart;

    for (ULONG i = 0; i < NIC_RX_RING; i++, Descriptor += 4) {
        *(PULONG64)Descriptor = Physical + NIC_RX_BUFFER;
        Descriptor[2] = 1514;
        Descriptor[3] = 0;
    }
    NicWrite(Nic, NIC_RX_LOW, (ULONG)(Physical + NIC_RX_AT));
    NicWrite(Nic, NIC_RX_HIGH, (ULONG)((Physical + NIC_RX_AT) >> 32));
    NicWrite(Nic, NIC_RX_COUNT, NIC_RX_RING);
    NicWrite(Nic, NIC_RX_TAIL, NIC_RX_RING - 1);
    NicWrite(Nic, NIC_CONTROL, 3);
    NicWrite(Nic, NIC_MASK, NIC_RECEIVED);
}

/* The device sends a frame from its shared memory, and has a reason to interrupt: its mask decides. */
static inline VOID
NicTransmit(NIC *Nic)
{
    PULONG Descriptor = Nic->Shared;

    NdisZeroMemory(Nic->Shared, 64);
    *(PULONG64)Descriptor = (ULONG64)Nic->Physical.QuadPart + 64;
    Descriptor[2] = 60;
    Descriptor[3] = 1;
    NicWrite(Nic, NIC_TX_LOW, NdisGetPhysicalAddressLow(Nic->Physical));
    NicWrite(Nic, NIC_TX_HIGH, (ULONG)NdisGetPhysicalAddressHigh(Nic->Physical));
    NicWrite(Nic, NIC_TX_COUNT, 2);
    NicWrite(Nic, NIC_CONTROL, 1);
    NicWrite(Nic, NIC_TX_TAIL, 1);
}

/* Nothing to do */

static inline VOID
Dpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(DpcContext);
    UNREFERENCED_PARAMETER(Throttle);
    UNREFERENCED_PARAMETER(Reserved);
}

static VOID
Switch(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Flags);
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}
