/* SPDX-License-Identifier: MIT */
/* The start of a device as a miniport hears of it that has a MiniportStartDevice: an
 * IRP_MN_START_DEVICE, whose resources it may change before it is initialized with them.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/service/hardware.h"

NDIS_STATUS
device_start(struct module *miniport, PNDIS_RESOURCE_LIST *resources)
{
    struct adapter *adapter = miniport->adapter;
    const NDIS_MINIPORT_PNP_CHARACTERISTICS *pnp = miniport->registration->pnp;
    PCM_RESOURCE_LIST list = hardware_list(adapter), now;
    PIO_STACK_LOCATION stack;
    NDIS_STATUS status;
    PIRP irp;

    *resources = hardware_resources(adapter);
    if (!pnp || !pnp->MiniportStartDeviceHandler)
        return NDIS_STATUS_SUCCESS;
    irp = IoAllocateIrp(1, FALSE);
    if (!irp)
        return NDIS_STATUS_RESOURCES;
    irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    IoSetNextIrpStackLocation(irp);
    stack = IoGetCurrentIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_PNP;
    stack->MinorFunction = IRP_MN_START_DEVICE;
    stack->DeviceObject = adapter->fdo;
    stack->Parameters.StartDevice.AllocatedResources = list;
    stack->Parameters.StartDevice.AllocatedResourcesTranslated = list;
    status = call_miniport_start_device(miniport->registration, adapter->add_device_context, irp);
    now = stack->Parameters.StartDevice.AllocatedResourcesTranslated;
    *resources = now ? &now->List[0].PartialResourceList : NULL;
    IoFreeIrp(irp);
    return status;
}
