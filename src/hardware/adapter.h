/* SPDX-License-Identifier: MIT */
/* DMA adapters of WDM. */
#pragma once

#include "hardware/bus.h"

/* As IoGetDmaAdapter. */
PDMA_ADAPTER
adapter_get(struct bus_device *device, const DEVICE_DESCRIPTION *description, PULONG registers);
