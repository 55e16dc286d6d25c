/* SPDX-License-Identifier: MIT */
/* The I/O manager: devices, names, files, requests.
 *
 *     io_open("\\\\.\\X") -> \??\X -> \Device\X -> IRP_MJ_CREATE to the top of its stack
 *     io_control, io_read, io_write -> one IRP each, waited for
 *     io_close -> IRP_MJ_CLEANUP, IRP_MJ_CLOSE when the last reference goes
 *
 * The io_* functions run inside the machine at PASSIVE_LEVEL.
 */
#pragma once

#include "nt/machine.h"

/* 0 or -errno. */
int io_create(struct undis *machine);
/* Every device must be gone. */
void io_destroy(struct undis *machine);

/* @name: "\\\\.\\NDISLWF", "\\Device\\NDISLWF" or "\\??\\NDISLWF", zero-terminated. */
NTSTATUS io_open(const WCHAR *name, PFILE_OBJECT *file);
NTSTATUS io_close(PFILE_OBJECT file);
/* The status of the request; *@done is IoStatus.Information. Buffers are the caller's; for the
 * METHOD_BUFFERED codes they are copied, otherwise the driver sees them. */
NTSTATUS io_control(PFILE_OBJECT file, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, ULONG_PTR *done);
NTSTATUS io_read(PFILE_OBJECT file, void *buffer, ULONG size, ULONG_PTR *done);
NTSTATUS io_write(PFILE_OBJECT file, const void *buffer, ULONG size, ULONG_PTR *done);

/* The event that a driver has made under @name, with a reference for the caller; NULL. */
PRKEVENT event_by_name(struct undis *machine, PUNICODE_STRING name);

/* What a DRIVER_OBJECT's MajorFunction entries hold before DriverEntry changes them: completes the
 * request with STATUS_INVALID_DEVICE_REQUEST. */
NTSTATUS io_invalid_request(PDEVICE_OBJECT device, PIRP irp);

/* A device of the core itself (PDO, port): as IoCreateDevice. A driver object of the core is an
 * object of kind OBJECT_DRIVER whose prefix has no maker: its dispatch routines are called directly. */
NTSTATUS io_device_create(PDRIVER_OBJECT driver, ULONG extension, PUNICODE_STRING name, ULONG type,
    ULONG characteristics, BOOLEAN exclusive, PDEVICE_OBJECT *device);
/* What IoGetDeviceProperty will answer for a device of the core; @data is copied. */
NTSTATUS io_device_property(
    PDEVICE_OBJECT device, DEVICE_REGISTRY_PROPERTY property, const void *data, ULONG size);
/* DriverEntry returned: clears DO_DEVICE_INITIALIZING in the devices it made. */
void io_driver_started(PDRIVER_OBJECT driver);
/* IRP_MJ_SHUTDOWN to who registered for it, the last one first. */
void io_shutdown(struct undis *machine);
/* Deletes the devices and the symbolic links that @driver left behind (after DriverUnload, or when
 * DriverEntry failed); answers how many. */
unsigned io_driver_gone(PDRIVER_OBJECT driver);
/* The device of that name, symbolic links followed, without a reference; NULL. */
PDEVICE_OBJECT io_device_by_name(struct undis *machine, PCUNICODE_STRING name);
