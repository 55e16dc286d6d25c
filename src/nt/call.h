/* SPDX-License-Identifier: MIT */
/* The gate to kernel callbacks: every function of a driver that nt calls is called here.
 * All take the driver whose code it is; each has its row in docs/handlers.md.
 */
#pragma once

#include "nt/gate.h"
#include "nt/thread.h"

NTSTATUS call_driver_entry(struct driver *driver, PUNICODE_STRING registry_path);
void call_driver_unload(struct driver *driver);
NTSTATUS call_add_device(struct driver *driver, PDEVICE_OBJECT physical_device);
NTSTATUS
call_dispatch(struct driver *driver, PDRIVER_DISPATCH routine, PDEVICE_OBJECT device, PIRP irp);
NTSTATUS call_completion(struct driver *driver, PIO_COMPLETION_ROUTINE routine,
    PDEVICE_OBJECT device, PIRP irp, void *context);
void call_cancel(struct driver *driver, PDRIVER_CANCEL routine, PDEVICE_OBJECT device, PIRP irp);
void call_start_io(struct driver *driver, PDRIVER_STARTIO routine, PDEVICE_OBJECT device, PIRP irp);
void call_dpc(struct driver *driver, PKDPC dpc, PKDEFERRED_ROUTINE routine, void *context,
    void *argument1, void *argument2);
void call_work_item(
    struct driver *driver, PIO_WORKITEM_ROUTINE routine, PDEVICE_OBJECT device, void *context);
void call_work_item_ex(struct driver *driver, PIO_WORKITEM_ROUTINE_EX routine, void *object,
    void *context, PIO_WORKITEM item);
void
call_ext_callback(struct driver *driver, PEXT_CALLBACK callback, PEX_TIMER timer, void *context);
void call_ext_delete(struct driver *driver, PEXT_DELETE_CALLBACK callback, void *context);
void call_worker(struct driver *driver, PWORKER_THREAD_ROUTINE routine, void *parameter);
/* Comes back when the routine returns or PsTerminateSystemThread is called. */
void call_system_thread(struct driver *driver, struct kthread *thread);
BOOLEAN
call_isr(struct driver *driver, PKSERVICE_ROUTINE routine, PKINTERRUPT interrupt, void *context);
BOOLEAN call_synchronize(struct driver *driver, PKSYNCHRONIZE_ROUTINE routine, void *context);
void call_callback(
    struct driver *driver, PCALLBACK_FUNCTION function, void *context, void *a1, void *a2);
