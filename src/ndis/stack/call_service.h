/* SPDX-License-Identifier: MIT */
/* The gate from NDIS' services to drivers: timer functions and work items. */
#pragma once

#include "ndis/stack/module.h"

void call_timer(struct driver *to, PNDIS_TIMER_FUNCTION function, PVOID context, PKDPC dpc,
    PVOID argument1, PVOID argument2);
void call_io_work_item(
    struct driver *to, NDIS_IO_WORKITEM_ROUTINE routine, PVOID context, NDIS_HANDLE item);
void call_work_item_5(struct driver *to, PNDIS_WORK_ITEM item);
