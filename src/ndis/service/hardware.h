/* SPDX-License-Identifier: MIT */
/* What NDIS keeps of an adapter's hardware: its device on the bus, and what the miniport took of
 * it. An adapter without hardware (its miniport sits on a port) has one too, without a device: it
 * may still share memory.
 *
 *     adapter_create --> hardware_create ... hardware_left (after halt) ... --> hardware_destroy
 */
#pragma once

#include "hardware/bus.h"
#include "ndis/stack/adapter.h"

struct hardware {
    struct bus_device *device; /* [I] or NULL */
    /* [S] what the miniport left of it (requirements.c): NULL, everything */
    CM_RESOURCE_LIST *assigned;
    unsigned messages;               /* [S] it may have */
    KAFFINITY targets[BUS_MESSAGES]; /* [S] of each; 0: any processor */
    struct dma *memory;              /* [I] NdisMAllocateSharedMemory takes it from here */
    LIST_ENTRY interrupts;           /* [S] of struct ndis_interrupt.link; PASSIVE_LEVEL only */
    LIST_ENTRY interrupts5;          /* [S] of struct legacy_interrupt.link */
    struct ndis_dma *dma;            /* [S] of NdisMRegisterScatterGatherDma */
    struct dma *packets;             /* [S] of NdisMInitializeScatterGatherDma */
    struct map_registers *map;       /* [S] of NdisMAllocateMapRegisters */
    uint32_t shared;                 /* [A] blocks of shared memory out */
    uint32_t ranges;                 /* [A] port ranges registered */
    uint32_t spaces;                 /* [A] mappings of registers */
};

/* 0 or -ENOMEM. PASSIVE_LEVEL. */
NTSTATUS hardware_create(struct adapter *adapter);
void hardware_destroy(struct adapter *adapter);
/* What the miniport was given: NULL when it sits on a port. Lives as long as the adapter. */
NDIS_RESOURCE_LIST *hardware_resources(const struct adapter *adapter);
/* The same with what stands around it. */
PCM_RESOURCE_LIST hardware_list(const struct adapter *adapter);
/* The miniport was halted, or failed to initialize: what it has not given back breaks a rule. */
void hardware_left(struct adapter *adapter, bool halted);

/* The adapter behind a miniport's handle. */
struct adapter *hardware_adapter(NDIS_HANDLE handle, const char *caller);
