/* SPDX-License-Identifier: MIT */
/* DMA of an adapter, as NDIS keeps it: what the two generations of calls share. */
#pragma once

#include "ndis/service/hardware.h"

/* NdisMAllocateSharedMemory, counted for the adapter; NULL. */
void *shared_allocate(struct adapter *adapter, ULONG length, PNDIS_PHYSICAL_ADDRESS physical);
/* @complete is called at PASSIVE_LEVEL, later. NDIS_STATUS_PENDING, or NDIS_STATUS_RESOURCES. */
NDIS_STATUS shared_allocate_later(struct module *miniport, ULONG length, PVOID context,
    MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete);
