/* SPDX-License-Identifier: MIT */
/* A request goes down a stack of three devices and comes back through the completion routines from
 * below upwards; one that keeps the IRP stops the way up until it is completed again. */
#include "nt.h"
#include "nt/io.h"
#include <string.h>

#define CODE CTL_CODE(FILE_DEVICE_NETWORK, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

static PDEVICE_OBJECT devices[3], lower[3]; /* bottom to top */
static char order[16];
static PIRP kept;
static KEVENT waiting;

static NTSTATUS
done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    int level = *(int *)context;

    CHECK(device == devices[level]);
    strcat(order, level == 1 ? "1" : "2");
    if (level == 1 && kept == NULL) {
        kept = irp;
        KeSetEvent(&waiting, 0, FALSE);
        return STATUS_MORE_PROCESSING_REQUIRED;
    }
    if (irp->PendingReturned)
        IoMarkIrpPending(irp);
    return STATUS_SUCCESS;
}

static NTSTATUS
dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    static int levels[] = {0, 1, 2};
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    int level = device == devices[0] ? 0 : device == devices[1] ? 1 : 2;
    NTSTATUS status;

    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL && level != 0) {
        IoCopyCurrentIrpStackLocationToNext(irp);
        IoSetCompletionRoutine(irp, done, &levels[level], TRUE, TRUE, TRUE);
        status = IoCallDriver(lower[level], irp);
        if (level == 1) {
            KeWaitForSingleObject(&waiting, Executive, KernelMode, FALSE, NULL);
            strcat(order, "w");
            IoCompleteRequest(kept, IO_NO_INCREMENT);
        }
        return status;
    }
    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        CHECK(location->Parameters.DeviceIoControl.IoControlCode == CODE);
        CHECK(strcmp(irp->AssociatedIrp.SystemBuffer, "in") == 0);
        strcpy(irp->AssociatedIrp.SystemBuffer, "out");
        irp->IoStatus.Information = 4;
        strcat(order, "0");
    }
    irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Test");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Test");

    (void)path;
    for (int k = 0; k <= IRP_MJ_MAXIMUM_FUNCTION; k++)
        object->MajorFunction[k] = dispatch;
    for (int k = 0; k < 3; k++) {
        CHECK(IoCreateDevice(object, 0, k == 0 ? &name : NULL, FILE_DEVICE_NETWORK, 0, FALSE,
                  &devices[k]) == STATUS_SUCCESS);
        devices[k]->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
        lower[k] = k == 0 ? NULL : IoAttachDeviceToDeviceStack(devices[k], devices[0]);
    }
    CHECK(lower[1] == devices[0] && lower[2] == devices[1] && devices[2]->StackSize == 3);
    return IoCreateSymbolicLink(&link, &name);
}

static void
test(void *context)
{
    struct undis *machine = context;
    struct driver *driver;
    PFILE_OBJECT file;
    ULONG_PTR size;
    char out[8] = "";

    memset(order, 0, sizeof(order));
    kept = NULL;
    KeInitializeEvent(&waiting, NotificationEvent, FALSE);
    CHECK(driver_add(machine, "test", entry, &driver) == 0);
    CHECK(driver_start(driver) == STATUS_SUCCESS);
    CHECK(io_open(L"\\\\.\\test", &file) == STATUS_SUCCESS);
    CHECK(io_control(file, CODE, "in", 3, out, sizeof(out), &size) == STATUS_SUCCESS);
    CHECK(size == 4 && strcmp(out, "out") == 0);
    CHECK(strcmp(order, "01w2") == 0);
    CHECK(io_close(file) == STATUS_SUCCESS);
    IoDetachDevice(devices[1]);
    IoDetachDevice(devices[0]);
    CHECK(io_driver_gone(driver->object) == 4);
    CHECK(io_open(L"\\\\.\\test", &file) == STATUS_OBJECT_NAME_NOT_FOUND);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
