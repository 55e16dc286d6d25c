/* SPDX-License-Identifier: MIT */
/* Resources and configuration space for miniports of NDIS 3 to 5.1, and ports before there is an
 * address: the NdisImmediate* calls. */
#include "ndis/service/hardware.h"
#include <string.h>

/*
 * NdisMQueryAdapterResources - what a miniport of NDIS 5 was given
 *
 * @Status:                      gets NDIS_STATUS_SUCCESS, or as below.
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @ResourceList:                gets the resources.
 * @BufferSize:                  bytes there; gets how many are needed.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the list is a copy.
 * Errors:    NDIS_STATUS_RESOURCES: too few bytes; NDIS_STATUS_FAILURE: no device on the bus.
 * Source:    xp7600:NdisXMd_Mz_a20f1c3a-afb9-46e2-9c3c-19432a94716a.xml.htm
 */
VOID
NdisMQueryAdapterResources(PNDIS_STATUS Status, NDIS_HANDLE WrapperConfigurationContext,
    PNDIS_RESOURCE_LIST ResourceList, PUINT BufferSize)
{
    const NDIS_RESOURCE_LIST *list =
        hardware_resources(hardware_adapter(WrapperConfigurationContext, __func__));
    UINT need;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!list) {
        *Status = NDIS_STATUS_FAILURE;
        return;
    }
    need = (UINT)(offsetof(NDIS_RESOURCE_LIST, PartialDescriptors) +
                  list->Count * sizeof(list->PartialDescriptors[0]));
    if (*BufferSize < need) {
        *BufferSize = need;
        *Status = NDIS_STATUS_RESOURCES;
        return;
    }
    memcpy(ResourceList, list, need);
    *BufferSize = need;
    *Status = NDIS_STATUS_SUCCESS;
}

/*
 * NdisMPciAssignResources - the resources of a PCI device of NDIS 5
 *
 * @MiniportHandle:    as given to MiniportInitialize.
 * @SlotNumber:        ignored, as documented.
 * @AssignedResources: gets the list, which is NDIS'.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_FAILURE: no device on the bus.
 * Source:    xp7600:NdisXMd_Mz_0847342f-a566-4245-b3a4-f50e66ec242e.xml.htm
 */
NDIS_STATUS
NdisMPciAssignResources(
    NDIS_HANDLE MiniportHandle, ULONG SlotNumber, PNDIS_RESOURCE_LIST *AssignedResources)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    UNREFERENCED_PARAMETER(SlotNumber);
    *AssignedResources = hardware_resources(hardware_adapter(MiniportHandle, __func__));
    return *AssignedResources ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
}

/*
 * NdisReadPciSlotInformation - reads the configuration space of the adapter's device
 *
 * @NdisAdapterHandle: as given to MiniportInitialize.
 * @SlotNumber:        ignored, as documented: it is the adapter's own.
 * @Offset:            of the first byte.
 * @Buffer:            gets them.
 * @Length:            how many.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus. A device that is gone reads as ones.
 * Source:    xp7600:NdisXN_R_17b87bac-3b17-4d11-9a9f-e559bbd9713f.xml.htm
 */
ULONG
NdisReadPciSlotInformation(
    NDIS_HANDLE NdisAdapterHandle, ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length)
{
    UNREFERENCED_PARAMETER(SlotNumber);
    return NdisMGetBusData(NdisAdapterHandle, PCI_WHICHSPACE_CONFIG, Offset, Buffer, Length);
}

/*
 * NdisWritePciSlotInformation - writes the configuration space of the adapter's device
 *
 * @NdisAdapterHandle: as given to MiniportInitialize.
 * @SlotNumber:        ignored, as documented: it is the adapter's own.
 * @Offset:            of the first byte.
 * @Buffer:            what to write; bits that are read-only stay.
 * @Length:            bytes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus.
 * Source:    xp7600:NdisXS__b863900c-61c2-4b03-91eb-831dce0110a7.xml.htm
 */
ULONG
NdisWritePciSlotInformation(
    NDIS_HANDLE NdisAdapterHandle, ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length)
{
    UNREFERENCED_PARAMETER(SlotNumber);
    return NdisMSetBusData(NdisAdapterHandle, PCI_WHICHSPACE_CONFIG, Offset, Buffer, Length);
}

/*
 * NdisImmediateReadPortUchar - reads a port of 8 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        gets what was read.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    xp7600:NdisXI_L_80e76190-c139-401c-976b-a78ee8718f51.xml.htm
 */
VOID
NdisImmediateReadPortUchar(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PUCHAR Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    *Data = READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)Port);
}

/*
 * NdisImmediateWritePortUchar - writes a port of 8 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        what to write.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    xp7600:NdisXI_L_b8641dbc-d08b-4de4-83bd-d0a636c86526.xml.htm
 */
VOID
NdisImmediateWritePortUchar(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, UCHAR Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    WRITE_PORT_UCHAR((PUCHAR)(ULONG_PTR)Port, Data);
}

/*
 * NdisImmediateReadPortUshort - reads a port of 16 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        gets what was read.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    xp7600:NdisXI_L_2ec166ea-859f-425a-86c8-aae6fb939073.xml.htm
 */
VOID
NdisImmediateReadPortUshort(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PUSHORT Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    *Data = READ_PORT_USHORT((PUSHORT)(ULONG_PTR)Port);
}

/*
 * NdisImmediateWritePortUshort - writes a port of 16 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        what to write.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    xp7600:NdisXI_L_7c0074ec-2ab1-4584-9fcf-d48ea190974b.xml.htm
 */
VOID
NdisImmediateWritePortUshort(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, USHORT Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    WRITE_PORT_USHORT((PUSHORT)(ULONG_PTR)Port, Data);
}

/*
 * NdisImmediateReadPortUlong - reads a port of 32 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        gets what was read.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    xp7600:NdisXI_L_a412c729-77aa-404c-8fe5-aa0f6be6318e.xml.htm
 */
VOID
NdisImmediateReadPortUlong(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PULONG Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    *Data = READ_PORT_ULONG((PULONG)(ULONG_PTR)Port);
}

/*
 * NdisImmediateWritePortUlong - writes a port of 32 bits before the miniport has registered it
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @Port:                        its number.
 * @Data:                        what to write.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    xp7600:NdisXI_L_2299bb95-0c5c-4bf4-9106-383ccadb6580.xml.htm
 */
VOID
NdisImmediateWritePortUlong(NDIS_HANDLE WrapperConfigurationContext, ULONG Port, ULONG Data)
{
    hardware_adapter(WrapperConfigurationContext, __func__);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    WRITE_PORT_ULONG((PULONG)(ULONG_PTR)Port, Data);
}

/*
 * NdisImmediateReadPciSlotInformation - reads the configuration space of the adapter's device
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @SlotNumber:                  ignored: it is the adapter's own.
 * @Offset:                      of the first byte.
 * @Buffer:                      the bytes.
 * @Length:                      how many.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus.
 * Source:    xp7600:NdisXI_L_8c33bf75-13c4-4cbf-8d11-756eec737076.xml.htm
 */
ULONG
NdisImmediateReadPciSlotInformation(NDIS_HANDLE WrapperConfigurationContext, ULONG SlotNumber,
    ULONG Offset, PVOID Buffer, ULONG Length)
{
    return NdisReadPciSlotInformation(
        WrapperConfigurationContext, SlotNumber, Offset, Buffer, Length);
}

/*
 * NdisImmediateWritePciSlotInformation - writes the configuration space of the adapter's device
 *
 * @WrapperConfigurationContext: as given to MiniportInitialize.
 * @SlotNumber:                  ignored: it is the adapter's own.
 * @Offset:                      of the first byte.
 * @Buffer:                      the bytes.
 * @Length:                      how many.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus.
 * Source:    xp7600:NdisXI_L_ae7735af-3816-4504-82da-202e6ddfe8a6.xml.htm
 */
ULONG
NdisImmediateWritePciSlotInformation(NDIS_HANDLE WrapperConfigurationContext, ULONG SlotNumber,
    ULONG Offset, PVOID Buffer, ULONG Length)
{
    return NdisWritePciSlotInformation(
        WrapperConfigurationContext, SlotNumber, Offset, Buffer, Length);
}
