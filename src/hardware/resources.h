/* SPDX-License-Identifier: MIT */
/* What a device was given, as drivers read it. */
#pragma once

#include "hardware/bus.h"

/* BARs in their order, then the line or the messages; machine memory. NULL when that is short. */
CM_RESOURCE_LIST *resources_create(struct bus_device *device);
size_t resources_size(const CM_RESOURCE_LIST *list);
