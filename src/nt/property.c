/* SPDX-License-Identifier: MIT */
/* Properties of devices: what the core said of a PDO when it made it. */
#include "nt/iomanager.h"
#include <string.h>

NTSTATUS
io_device_property(
    PDEVICE_OBJECT device, DEVICE_REGISTRY_PROPERTY property, const void *data, ULONG size)
{
    struct io_property *made = machine_alloc(machine_self(), sizeof(*made) + size);

    if (made == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    made->id = property;
    made->size = size;
    memcpy(made->data, data, size);
    made->next = io_device_of(device)->properties;
    io_device_of(device)->properties = made;
    return STATUS_SUCCESS;
}

static NTSTATUS
answer(const void *data, ULONG size, ULONG room, PVOID buffer, PULONG result)
{
    *result = size;
    if (size > room)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(buffer, data, size);
    return STATUS_SUCCESS;
}

/*
 * IoGetDeviceProperty - a property of a physical device
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none.
 * Errors:    STATUS_BUFFER_TOO_SMALL, *ResultLength says what is needed;
 *            STATUS_OBJECT_NAME_NOT_FOUND when the device has no such property.
 * Source:    NF:wdm.IoGetDeviceProperty
 */
NTSTATUS
IoGetDeviceProperty(PDEVICE_OBJECT DeviceObject, DEVICE_REGISTRY_PROPERTY DeviceProperty,
    ULONG BufferLength, PVOID PropertyBuffer, PULONG ResultLength)
{
    struct io_device *device = io_device_of(DeviceObject);
    const struct io_property *property;

    *ResultLength = 0;
    for (property = device->properties; property != NULL; property = property->next) {
        if (property->id == DeviceProperty)
            return answer(
                property->data, property->size, BufferLength, PropertyBuffer, ResultLength);
    }
    if (DeviceProperty == DevicePropertyPhysicalDeviceObjectName && device->name != NULL)
        return answer(device->name->text.Buffer, device->name->text.Length + sizeof(WCHAR),
            BufferLength, PropertyBuffer, ResultLength);
    return STATUS_OBJECT_NAME_NOT_FOUND;
}
