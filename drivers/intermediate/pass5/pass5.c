/* SPDX-License-Identifier: MIT */
/* pass5: registration. See pass5.h. */
#include "pass5.h"

NDIS_HANDLE LayerHandle, ProtocolHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Pass5Unload;

static VOID
Pass5Unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&Status, ProtocolHandle);
    NdisIMDeregisterLayeredMiniport(LayerHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    if (Wrapper == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MiniportRegister(Wrapper);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisTerminateWrapper(Wrapper, NULL);
        return Status;
    }
    NdisMRegisterUnloadHandler(Wrapper, Pass5Unload);
    Status = ProtocolRegister();
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisIMDeregisterLayeredMiniport(LayerHandle);
        return Status;
    }
    NdisIMAssociateMiniport(LayerHandle, ProtocolHandle);
    return NDIS_STATUS_SUCCESS;
}
