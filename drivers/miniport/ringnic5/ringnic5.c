/* SPDX-License-Identifier: MIT */
/* ringnic5: registration, resources, initialization, reset, halt. */
#include "ringnic5.h"

DRIVER_INITIALIZE DriverEntry;

/* The port range and the interrupt that it was given. */
static NDIS_STATUS
FindResources(ADAPTER *Adapter, NDIS_HANDLE WrapperConfigurationContext)
{
    union {
        NDIS_RESOURCE_LIST List;
        UCHAR Room[1024];
    } Resources;
    UINT Size = sizeof(Resources), i;
    NDIS_STATUS Status;

    NdisMQueryAdapterResources(&Status, WrapperConfigurationContext, &Resources.List, &Size);
    for (i = 0; Status == NDIS_STATUS_SUCCESS && i < Resources.List.Count; i++) {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR *Resource = &Resources.List.PartialDescriptors[i];

        if (Resource->Type == CmResourceTypePort) {
            Adapter->FirstPort = Resource->u.Port.Start.LowPart;
            Adapter->PortCount = Resource->u.Port.Length;
        } else if (Resource->Type == CmResourceTypeInterrupt) {
            Adapter->Vector = Resource->u.Interrupt.Vector;
            Adapter->Level = Resource->u.Interrupt.Level;
        }
    }
    if (Adapter->PortCount != 0 && Adapter->Level != 0)
        return NDIS_STATUS_SUCCESS;
    NdisWriteErrorLogEntry(Adapter->Handle, NDIS_ERROR_CODE_RESOURCE_CONFLICT, 0);
    return NDIS_STATUS_RESOURCE_CONFLICT;
}

static VOID
FreeAdapter(ADAPTER *Adapter)
{
    if (Adapter->Ports != NULL)
        WriteRegister(Adapter, REG_CONTROL, CONTROL_RESET);
    if (Adapter->InterruptRegistered)
        NdisMDeregisterInterrupt(&Adapter->Interrupt);
    DataFree(Adapter);
    if (Adapter->Ports != NULL)
        NdisMDeregisterIoPortRange(
            Adapter->Handle, Adapter->FirstPort, Adapter->PortCount, Adapter->Ports);
    NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

static VOID
ReadAddress(ADAPTER *Adapter)
{
    ULONG Low = ReadRegister(Adapter, REG_MAC_LOW), High = ReadRegister(Adapter, REG_MAC_HIGH);

    NdisMoveMemory(Adapter->Address, &Low, 4);
    NdisMoveMemory(Adapter->Address + 4, &High, 2);
    Adapter->Mtu = ReadRegister(Adapter, REG_MTU);
    Adapter->LinkUp = (ReadRegister(Adapter, REG_STATUS) & 1) != 0;
}

static NDIS_STATUS
StartDevice(ADAPTER *Adapter)
{
    NDIS_STATUS Status = NdisMRegisterIoPortRange(
        &Adapter->Ports, Adapter->Handle, Adapter->FirstPort, Adapter->PortCount);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (ReadRegister(Adapter, REG_ID) != NIC_ID)
        return NDIS_STATUS_ADAPTER_NOT_FOUND;
    WriteRegister(Adapter, REG_CONTROL, CONTROL_RESET);
    ReadAddress(Adapter);
    Status = NdisMInitializeScatterGatherDma(Adapter->Handle, FALSE, 65536);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = DataInitialize(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = NdisMRegisterInterrupt(&Adapter->Interrupt, Adapter->Handle, Adapter->Vector,
            Adapter->Level, TRUE, TRUE, NdisInterruptLevelSensitive);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    Adapter->InterruptRegistered = TRUE;
    WriteRegister(Adapter, REG_CONTROL, CONTROL_SEND);
    Ringnic5EnableInterrupt(Adapter);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Ringnic5Initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex,
    PNDIS_MEDIUM MediumArray, UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_STATUS Status;
    ADAPTER *Adapter;
    UINT i;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    for (i = 0; i < MediumArraySize && MediumArray[i] != NdisMedium802_3; i++)
        ;
    if (i == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *SelectedMediumIndex = i;
    if (NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = MiniportAdapterHandle;
    NdisMSetAttributesEx(
        MiniportAdapterHandle, Adapter, 0, NDIS_ATTRIBUTE_BUS_MASTER, NdisInterfacePci);
    Status = FindResources(Adapter, WrapperConfigurationContext);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = StartDevice(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
Ringnic5Halt(NDIS_HANDLE MiniportAdapterContext)
{
    FreeAdapter(MiniportAdapterContext);
}

/* What the device had is answered; it goes on where it was. */
static NDIS_STATUS
Ringnic5Reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    *AddressingReset = FALSE;
    DataSent(Adapter, ReadRegister(Adapter, REG_ID) == NIC_GONE);
    return NDIS_STATUS_SUCCESS;
}

/* A device that was pulled out will not say that it has sent. */
static BOOLEAN
Ringnic5CheckForHang(NDIS_HANDLE MiniportAdapterContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    return Adapter->TxHead != Adapter->TxTail && ReadRegister(Adapter, REG_ID) == NIC_GONE;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .CheckForHangHandler = Ringnic5CheckForHang,
        .DisableInterruptHandler = Ringnic5DisableInterrupt,
        .EnableInterruptHandler = Ringnic5EnableInterrupt,
        .HaltHandler = Ringnic5Halt,
        .HandleInterruptHandler = Ringnic5HandleInterrupt,
        .InitializeHandler = Ringnic5Initialize,
        .ISRHandler = Ringnic5Isr,
        .QueryInformationHandler = Ringnic5Query,
        .ResetHandler = Ringnic5Reset,
        .SendHandler = Ringnic5Send,
        .SetInformationHandler = Ringnic5Set,
        .TransferDataHandler = Ringnic5TransferData,
    };
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    if (Wrapper == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
