/* SPDX-License-Identifier: MIT */
/* A device of NdisRegisterDeviceEx answers with the table it was registered with, while the
 * driver object's own table stays as it is. A name or link that is in use is refused, and nothing of
 * that device stays. */
#include "ndis/stack/adapter.h"
#include "nt.h"
#include "nt/io.h"

static unsigned creates;

static NTSTATUS
dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    if (IoGetCurrentIrpStackLocation(irp)->MajorFunction == IRP_MJ_CREATE)
        creates++;
    CHECK(NdisGetDeviceReservedExtension(device));
    irp->IoStatus.Status = STATUS_SUCCESS;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

/* @attributes are those of a device that is there. */
static void
names_in_use(struct ndis_driver *handle, NDIS_DEVICE_OBJECT_ATTRIBUTES attributes)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Other");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Other");
    PNDIS_STRING taken = attributes.SymbolicName;
    PDEVICE_OBJECT device;
    NDIS_HANDLE other;
    PFILE_OBJECT file;

    attributes.SymbolicName = &link;
    CHECK(
        NdisRegisterDeviceEx(handle, &attributes, &device, &other) == STATUS_OBJECT_NAME_COLLISION);
    CHECK(io_open(L"\\\\.\\Other", &file) != STATUS_SUCCESS);
    attributes.DeviceName = &name;
    attributes.SymbolicName = taken;
    CHECK(
        NdisRegisterDeviceEx(handle, &attributes, &device, &other) == STATUS_OBJECT_NAME_COLLISION);
    attributes.SymbolicName = &link;
    CHECK(NdisRegisterDeviceEx(handle, &attributes, &device, &other) == 0);
    NdisDeregisterDeviceEx(other);
}

static void
test(void *context)
{
    struct undis *machine = context;
    struct ndis_driver *handle = object_create(machine, OBJECT_FILTER_DRIVER, sizeof(*handle));
    PDRIVER_OBJECT object = object_create(machine, OBJECT_DRIVER, sizeof(*object));
    struct driver driver = {.name = "ndistest", .machine = machine, .object = object};
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Ndistest");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Ndistest");
    PDRIVER_DISPATCH table[IRP_MJ_MAXIMUM_FUNCTION + 1] = {
        [IRP_MJ_CREATE] = dispatch, [IRP_MJ_CLEANUP] = dispatch, [IRP_MJ_CLOSE] = dispatch};
    NDIS_DEVICE_OBJECT_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES, 1,
            NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1},
        .DeviceName = &name,
        .SymbolicName = &link,
        .MajorFunctions = table,
        .ExtensionSize = 32};
    PDEVICE_OBJECT device;
    NDIS_HANDLE ndis_device;
    PFILE_OBJECT file;

    creates = 0;
    handle->driver = &driver;
    CHECK(NdisRegisterDeviceEx(handle, &attributes, &device, &ndis_device) == 0);
    CHECK(!object->MajorFunction[IRP_MJ_CREATE]);
    names_in_use(handle, attributes);
    CHECK(io_open(L"\\\\.\\Ndistest", &file) == STATUS_SUCCESS && creates == 1);
    CHECK(io_close(file) == STATUS_SUCCESS);
    NdisDeregisterDeviceEx(ndis_device);
    CHECK(io_open(L"\\\\.\\Ndistest", &file) != STATUS_SUCCESS);
    attributes.Header.Type = NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES;
    CHECK(NdisRegisterDeviceEx(handle, &attributes, &device, &ndis_device) ==
          NDIS_STATUS_INVALID_PARAMETER);
    attributes.Header.Type = NDIS_OBJECT_TYPE_DEFAULT; /* the call implies it */
    CHECK(NdisRegisterDeviceEx(handle, &attributes, &device, &ndis_device) == 0);
    NdisDeregisterDeviceEx(ndis_device);
    CHECK(NdisRegisterDeviceEx(NULL, &attributes, &device, &ndis_device) ==
          NDIS_STATUS_NOT_SUPPORTED);
    object_destroy(object);
    object_destroy(handle);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
