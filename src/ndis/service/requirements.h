/* SPDX-License-Identifier: MIT */
/* What a device would like to be given, for MiniportFilterResourceRequirements to change. */
#pragma once

#include "ndis/service/hardware.h"

/* Of the adapter's device: memory of the pool, NULL without a device. False: it is short. */
bool requirements_create(const struct adapter *adapter, PIO_RESOURCE_REQUIREMENTS_LIST *list);
/* The device is given what @list, of requirements_create or the driver's own, leaves of its
 * messages, for the processors that it names. NULL: everything. */
NTSTATUS requirements_assign(struct adapter *adapter, const IO_RESOURCE_REQUIREMENTS_LIST *list);
