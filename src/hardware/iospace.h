/* SPDX-License-Identifier: MIT */
/* The bus as an interface that drivers ask their device for. */
#pragma once

#include "hardware/bus.h"

/* IRP_MN_QUERY_INTERFACE for GUID_BUS_INTERFACE_STANDARD; STATUS_NOT_SUPPORTED: another one. Does
 * not complete @irp. */
NTSTATUS bus_query_interface(struct bus_device *device, PIRP irp);
