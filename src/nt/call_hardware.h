/* SPDX-License-Identifier: MIT */
/* The gate to a driver's routines for its hardware that the kernel calls: message interrupts, DMA. */
#pragma once

#include "nt/call.h"

BOOLEAN call_message_isr(struct driver *driver, PKMESSAGE_SERVICE_ROUTINE routine,
    PKINTERRUPT interrupt, void *context, ULONG message);
void call_list_control(struct driver *driver, PDRIVER_LIST_CONTROL routine, PDEVICE_OBJECT device,
    PIRP irp, SCATTER_GATHER_LIST *list, void *context);
IO_ALLOCATION_ACTION call_adapter_control(struct driver *driver, PDRIVER_CONTROL routine,
    PDEVICE_OBJECT device, PIRP irp, void *registers, void *context);
