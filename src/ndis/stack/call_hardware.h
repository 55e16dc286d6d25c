/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to what a miniport does with its hardware: interrupts, their DPCs, DMA. */
#pragma once

#include "ndis/stack/module.h"

BOOLEAN call_interrupt(struct module *to, MINIPORT_ISR_HANDLER fn, NDIS_HANDLE context,
    BOOLEAN *queue, ULONG *targets);
BOOLEAN call_message_interrupt(struct module *to, MINIPORT_MSI_ISR_HANDLER fn, NDIS_HANDLE context,
    ULONG message, BOOLEAN *queue, ULONG *targets);
void call_interrupt_dpc(struct module *to, MINIPORT_INTERRUPT_DPC_HANDLER fn, NDIS_HANDLE context,
    PVOID dpc_context, NDIS_RECEIVE_THROTTLE_PARAMETERS *throttle);
void call_message_interrupt_dpc(struct module *to, MINIPORT_MSI_INTERRUPT_DPC_HANDLER fn,
    NDIS_HANDLE context, ULONG message, PVOID dpc_context,
    NDIS_RECEIVE_THROTTLE_PARAMETERS *throttle);
BOOLEAN call_synchronize_interrupt(
    struct module *to, MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER fn, PVOID context);
void call_process_sg_list(struct module *to, MINIPORT_PROCESS_SG_LIST_HANDLER fn,
    PDEVICE_OBJECT device, SCATTER_GATHER_LIST *list, PVOID context);
void
call_shared_memory_complete(struct module *to, MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER fn,
    PVOID memory, PNDIS_PHYSICAL_ADDRESS physical, ULONG length, PVOID context);

/* Miniports of NDIS 3 to 5.1; the first at the interrupt's IRQL, so are disable and enable then. */
void call_legacy_isr(struct module *to, BOOLEAN *recognized, BOOLEAN *queue);
void call_legacy_handle_interrupt(struct module *to);
void call_legacy_disable_interrupt(struct module *to);
void call_legacy_enable_interrupt(struct module *to);
