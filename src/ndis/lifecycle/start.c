/* SPDX-License-Identifier: MIT */
/* The start of a device as a miniport hears of it that has handlers for it.
 *
 *     IRP_MN_FILTER_RESOURCE_REQUIREMENTS --> MiniportFilterResourceRequirements
 *         it may take messages out, name processors, or put another list in its place
 *     IRP_MN_START_DEVICE --> MiniportStartDevice
 *         whose resources it may change before it is initialized with them
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/service/hardware.h"
#include "ndis/service/requirements.h"
#include "nt/pool.h"

static PIRP
make_irp(const struct adapter *adapter, UCHAR minor, NTSTATUS status)
{
    PIRP irp = IoAllocateIrp(1, FALSE);
    PIO_STACK_LOCATION stack;

    if (!irp)
        return NULL;
    irp->IoStatus.Status = status;
    IoSetNextIrpStackLocation(irp);
    stack = IoGetCurrentIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_PNP;
    stack->MinorFunction = minor;
    stack->DeviceObject = adapter->fdo;
    return irp;
}

/* The bus has completed the IRP with the list in Information. */
static NDIS_STATUS
filter_requirements(struct module *miniport)
{
    struct adapter *adapter = miniport->adapter;
    PIO_RESOURCE_REQUIREMENTS_LIST list;
    NDIS_STATUS status;
    PIRP irp;

    if (!requirements_create(adapter, &list))
        return NDIS_STATUS_RESOURCES;
    irp = make_irp(adapter, IRP_MN_FILTER_RESOURCE_REQUIREMENTS, STATUS_SUCCESS);
    if (!irp) {
        if (list)
            ExFreePoolWithTag(list, 0);
        return NDIS_STATUS_RESOURCES;
    }
    irp->IoStatus.Information = (ULONG_PTR)list;
    IoGetCurrentIrpStackLocation(irp)
        ->Parameters.FilterResourceRequirements.IoResourceRequirementList = list;
    status =
        call_miniport_filter_requirements(miniport->registration, adapter->add_device_context, irp);
    list = (PIO_RESOURCE_REQUIREMENTS_LIST)irp->IoStatus.Information;
    if (status == NDIS_STATUS_SUCCESS && !NT_SUCCESS(requirements_assign(adapter, list)))
        status = NDIS_STATUS_RESOURCES;
    if (list)
        ExFreePoolWithTag(list, 0);
    IoFreeIrp(irp);
    return status;
}

NDIS_STATUS
device_start(struct module *miniport, PNDIS_RESOURCE_LIST *resources)
{
    struct adapter *adapter = miniport->adapter;
    const NDIS_MINIPORT_PNP_CHARACTERISTICS *pnp = miniport->registration->pnp;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    PCM_RESOURCE_LIST list, now;
    PIO_STACK_LOCATION stack;
    PIRP irp;

    if (pnp && pnp->MiniportFilterResourceRequirementsHandler)
        status = filter_requirements(miniport);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    list = hardware_list(adapter);
    *resources = hardware_resources(adapter);
    if (!pnp || !pnp->MiniportStartDeviceHandler)
        return NDIS_STATUS_SUCCESS;
    irp = make_irp(adapter, IRP_MN_START_DEVICE, STATUS_NOT_SUPPORTED);
    if (!irp)
        return NDIS_STATUS_RESOURCES;
    stack = IoGetCurrentIrpStackLocation(irp);
    stack->Parameters.StartDevice.AllocatedResources = list;
    stack->Parameters.StartDevice.AllocatedResourcesTranslated = list;
    status = call_miniport_start_device(miniport->registration, adapter->add_device_context, irp);
    now = stack->Parameters.StartDevice.AllocatedResourcesTranslated;
    *resources = now ? &now->List[0].PartialResourceList : NULL;
    IoFreeIrp(irp);
    return status;
}
