/* SPDX-License-Identifier: MIT */
/* A dispatch routine that answers STATUS_PENDING has marked the IRP, also when it is complete by then:
 * the one that has not is told (cf-irp-pending-marked), the one that has goes on.
 */
#include <ntddk.h>

#include "lib/child.h"
#include "machine.h"

static bool marks;
static PDEVICE_OBJECT device;

static NTSTATUS
opened(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS
read_pends(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (marks)
        IoMarkIrpPending(Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_PENDING;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(device);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Pends");

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = unload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = opened;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = opened;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = opened;
    DriverObject->MajorFunction[IRP_MJ_READ] = read_pends;
    return IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
}

static void
run(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver;
    struct undis_file *file;
    uint32_t status = 1;
    char byte;
    size_t done;

    CHECK_OK(undis_driver_add(machine, "pends", (int32_t(*)(void *, void *))entry, &driver));
    CHECK_OK(undis_device_open(machine, "\\Device\\Pends", &file));
    CHECK_OK(undis_device_read(file, &byte, 1, &done, &status));
    CHECK_EQ(status, STATUS_SUCCESS);
    CHECK_OK(undis_device_close(file));
    test_unload(machine, driver);
    test_machine_end(machine);
}

int
main(int argc, char **argv)
{
    static struct child child;

    UNREFERENCED_PARAMETER(argv);
    if (argc > 1) {
        run();
        return 0;
    }
    marks = true;
    run();
    child_run(&child, "forgets", 30);
    child_expect(
        &child, UNDIS_EXIT_BUG_CHECK, "a dispatch routine of pends answers STATUS_PENDING");
    return 0;
}
