/* SPDX-License-Identifier: MIT */
/*
 * Hardware services that only miniports of NDIS 3 to 5.1 have: ports and configuration space before
 * anything is registered, buffers mapped one by one.
 */
#ifndef UNDIS_NDIS_HARDWARE5_H
#define UNDIS_NDIS_HARDWARE5_H

#include <ndis/legacy.h>

EXTERN_C_START

NDIS_API VOID NdisImmediateReadPortUchar(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PUCHAR Data);

NDIS_API VOID NdisImmediateWritePortUchar(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, UCHAR Data);

NDIS_API VOID NdisImmediateReadPortUshort(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PUSHORT Data);

NDIS_API VOID NdisImmediateWritePortUshort(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, USHORT Data);

NDIS_API VOID NdisImmediateReadPortUlong(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, PULONG Data);

NDIS_API VOID NdisImmediateWritePortUlong(
    NDIS_HANDLE WrapperConfigurationContext, ULONG Port, ULONG Data);

NDIS_API ULONG NdisImmediateReadPciSlotInformation(NDIS_HANDLE WrapperConfigurationContext,
    ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length);

NDIS_API ULONG NdisImmediateWritePciSlotInformation(NDIS_HANDLE WrapperConfigurationContext,
    ULONG SlotNumber, ULONG Offset, PVOID Buffer, ULONG Length);

NDIS_API VOID NdisMStartBufferPhysicalMapping(NDIS_HANDLE MiniportAdapterHandle,
    PNDIS_BUFFER Buffer, ULONG PhysicalMapRegister, BOOLEAN WriteToDevice,
    PNDIS_PHYSICAL_ADDRESS_UNIT PhysicalAddressArray, PUINT ArraySize);

NDIS_API VOID NdisMCompleteBufferPhysicalMapping(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_BUFFER Buffer, ULONG PhysicalMapRegister);

EXTERN_C_END

#endif
