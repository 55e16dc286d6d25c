/* SPDX-License-Identifier: MIT */
/* Devices of a driver besides its adapters, and what an adapter's devices are.
 *
 *     DEVICE_OBJECT --DriverObject--> a driver object of its own, with the device's own dispatch
 *                                     table; otherwise as the driver's
 *
 * So the dispatch table of the driver's real driver object stays the driver's. The driver that
 * registered a device deregisters it.
 */
#include "ndis/service/hardware.h"

#define TAG_DEVICE 0x7665444e /* NDev */

/* The handle; its driver object comes first. */
struct ndis_device {
    DRIVER_OBJECT driver;
    PDEVICE_OBJECT device;
    ULONG extension_size;
    bool linked;
    UNICODE_STRING link; /* the symbolic link; its text stands behind */
};

/* At the start of the device's extension; the driver's part stands behind. */
struct extension {
    struct ndis_device *owner;
    uint64_t magic;
};
#define EXTENSION_MAGIC 0x6e64697344657645ull

static struct driver *
registered_driver(NDIS_HANDLE handle)
{
    static const enum object_kind kinds[] = {
        OBJECT_MINIPORT_DRIVER, OBJECT_FILTER_DRIVER, OBJECT_PROTOCOL_DRIVER};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (object_of(machine_self(), handle, kinds[i]))
            return ((struct ndis_driver *)handle)->driver;
    /* The page names handles of drivers; drivers pass those of their adapters too. */
    if (object_of(machine_self(), handle, OBJECT_ADAPTER) ||
        object_of(machine_self(), handle, OBJECT_FILTER))
        return ((struct module *)handle)->driver;
    return NULL;
}

static struct ndis_device *
device_create(struct driver *driver, const NDIS_DEVICE_OBJECT_ATTRIBUTES *attributes)
{
    USHORT link = attributes->SymbolicName ? attributes->SymbolicName->Length : 0;
    struct ndis_device *own = object_create(driver->machine, OBJECT_DRIVER, sizeof(*own) + link);

    if (!own)
        return NULL;
    object_prefix(own)->maker = driver;
    object_prefix(own)->tag = TAG_DEVICE;
    own->driver = *driver->object;
    own->driver.DeviceObject = NULL;
    for (unsigned i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        own->driver.MajorFunction[i] = attributes->MajorFunctions[i];
    own->extension_size = attributes->ExtensionSize;
    own->link = (UNICODE_STRING){link, link, (PWSTR)(own + 1)};
    if (link)
        __builtin_memcpy(own->link.Buffer, attributes->SymbolicName->Buffer, link);
    return own;
}

/*
 * NdisRegisterDeviceEx - makes a device with a dispatch table of its own
 *
 * @NdisHandle:             of a driver, an adapter or a filter module.
 * @DeviceObjectAttributes: revision 1: names, dispatch table, extension.
 * @pDeviceObject:          the device, or NULL.
 * @NdisDeviceHandle:       for NdisDeregisterDeviceEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the device is the driver's until NdisDeregisterDeviceEx.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED for another handle, NDIS_STATUS_RESOURCES when memory is
 *            short, else the status of the name.
 * Source:    NF:ndis.NdisRegisterDeviceEx
 */
NDIS_STATUS
NdisRegisterDeviceEx(NDIS_HANDLE NdisHandle, PNDIS_DEVICE_OBJECT_ATTRIBUTES DeviceObjectAttributes,
    PDEVICE_OBJECT *pDeviceObject, PNDIS_HANDLE NdisDeviceHandle)
{
    const NDIS_DEVICE_OBJECT_ATTRIBUTES *a = DeviceObjectAttributes;
    struct driver *driver = registered_driver(NdisHandle);
    struct ndis_device *own;
    NTSTATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *pDeviceObject = NULL;
    *NdisDeviceHandle = NULL;
    if (!driver)
        return NDIS_STATUS_NOT_SUPPORTED;
    if ((a->Header.Type != NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES &&
            a->Header.Type != NDIS_OBJECT_TYPE_DEFAULT) ||
        !a->MajorFunctions)
        return NDIS_STATUS_INVALID_PARAMETER;
    own = device_create(driver, a);
    if (!own)
        return NDIS_STATUS_RESOURCES;
    status = IoCreateDevice(&own->driver, sizeof(struct extension) + a->ExtensionSize,
        a->DeviceName, FILE_DEVICE_NETWORK, FILE_DEVICE_SECURE_OPEN, FALSE, &own->device);
    if (!NT_SUCCESS(status))
        goto destroy;
    *(struct extension *)own->device->DeviceExtension = (struct extension){own, EXTENSION_MAGIC};
    if (own->link.Length) {
        status = IoCreateSymbolicLink(&own->link, a->DeviceName);
        if (!NT_SUCCESS(status))
            goto delete_device;
        own->linked = true;
    }
    own->device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    *pDeviceObject = own->device;
    *NdisDeviceHandle = own;
    return NDIS_STATUS_SUCCESS;

delete_device:
    IoDeleteDevice(own->device);
destroy:
    object_destroy(own);
    return status;
}

/*
 * NdisDeregisterDeviceEx - ends a device and its symbolic link
 *
 * @NdisDeviceHandle: from NdisRegisterDeviceEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the device and its extension.
 * Errors:    none; what is no such handle is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisDeregisterDeviceEx
 */
VOID
NdisDeregisterDeviceEx(NDIS_HANDLE NdisDeviceHandle)
{
    struct object *prefix = object_of(machine_self(), NdisDeviceHandle, OBJECT_DRIVER);
    struct ndis_device *own = NdisDeviceHandle;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!prefix || prefix->tag != TAG_DEVICE)
        gate_bug_check("mm-double-free", "%s was given %p, which is no device handle", __func__,
            NdisDeviceHandle);
    if (own->linked)
        IoDeleteSymbolicLink(&own->link);
    IoDeleteDevice(own->device);
    object_destroy(own);
}

/*
 * NdisMRegisterDevice - NdisRegisterDeviceEx as NDIS 5 had it
 *
 * @NdisWrapperHandle: from NdisInitializeWrapper.
 * @DeviceName:        of the device.
 * @SymbolicName:      the name that applications open.
 * @MajorFunctions:    dispatch table of IRP_MJ_MAXIMUM_FUNCTION + 1 entries; copied.
 * @pDeviceObject:     the device.
 * @NdisDeviceHandle:  for NdisMDeregisterDevice.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the device is the driver's until NdisMDeregisterDevice.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED for another handle, NDIS_STATUS_RESOURCES when memory is
 *            short, else the status of the name.
 * Source:    NF:ndis.NdisMRegisterDevice
 */
NDIS_STATUS
NdisMRegisterDevice(NDIS_HANDLE NdisWrapperHandle, PNDIS_STRING DeviceName,
    PNDIS_STRING SymbolicName, PDRIVER_DISPATCH MajorFunctions[], PDEVICE_OBJECT *pDeviceObject,
    NDIS_HANDLE *NdisDeviceHandle)
{
    NDIS_DEVICE_OBJECT_ATTRIBUTES attributes = {0};

    attributes.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES,
        NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1, sizeof(attributes)};
    attributes.DeviceName = DeviceName;
    attributes.SymbolicName = SymbolicName;
    attributes.MajorFunctions = MajorFunctions;
    return NdisRegisterDeviceEx(NdisWrapperHandle, &attributes, pDeviceObject, NdisDeviceHandle);
}

/*
 * NdisMDeregisterDevice - ends a device of NdisMRegisterDevice
 *
 * @NdisDeviceHandle: from NdisMRegisterDevice.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the device.
 * Errors:    none; what is no such handle is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisMDeregisterDevice
 */
NDIS_STATUS
NdisMDeregisterDevice(NDIS_HANDLE NdisDeviceHandle)
{
    NdisDeregisterDeviceEx(NdisDeviceHandle);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisGetDeviceReservedExtension - the driver's part of a device's extension
 *
 * @DeviceObject: any device.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    NULL for a device that is not of NdisRegisterDeviceEx or has no extension.
 * Source:    NF:ndis.NdisGetDeviceReservedExtension
 */
PVOID
NdisGetDeviceReservedExtension(PDEVICE_OBJECT DeviceObject)
{
    struct extension *extension = DeviceObject->DeviceExtension;

    if (!object_of(machine_self(), DeviceObject->DriverObject, OBJECT_DRIVER) ||
        object_prefix(DeviceObject->DriverObject)->tag != TAG_DEVICE || !extension ||
        extension->magic != EXTENSION_MAGIC || !extension->owner->extension_size)
        return NULL;
    return extension + 1;
}

/*
 * NdisMGetDeviceProperty - the devices of an adapter, and the resources of its hardware
 *
 * @MiniportAdapterHandle:        as given to MiniportInitializeEx.
 * @PhysicalDeviceObject:         of the bus, or NULL.
 * @FunctionalDeviceObject:       of NDIS, or NULL.
 * @NextDeviceObject:             the one below that, or NULL.
 * @AllocatedResources:           as on the bus, or NULL; gets NULL without hardware.
 * @AllocatedResourcesTranslated: as for the processor, or NULL; the same.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisMGetDeviceProperty
 */
VOID
NdisMGetDeviceProperty(NDIS_HANDLE MiniportAdapterHandle, PDEVICE_OBJECT *PhysicalDeviceObject,
    PDEVICE_OBJECT *FunctionalDeviceObject, PDEVICE_OBJECT *NextDeviceObject,
    PCM_RESOURCE_LIST *AllocatedResources, PCM_RESOURCE_LIST *AllocatedResourcesTranslated)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);

    if (PhysicalDeviceObject)
        *PhysicalDeviceObject = adapter->pdo;
    if (FunctionalDeviceObject)
        *FunctionalDeviceObject = adapter->fdo;
    if (NextDeviceObject)
        *NextDeviceObject = adapter->pdo;
    if (AllocatedResources)
        *AllocatedResources = hardware_list(adapter);
    if (AllocatedResourcesTranslated)
        *AllocatedResourcesTranslated = hardware_list(adapter);
}
