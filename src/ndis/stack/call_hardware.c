/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to what a miniport does with its hardware. See call_hardware.h. */
#include "ndis/stack/call_hardware.h"
#include "ndis/stack/adapter.h"
#include "ndis/stack/out.h"

#define HANDLER(documented, least, most)                                                           \
    static const struct gate_handler handler = {documented, least, most}

#define DIRQL_LEAST (DISPATCH_LEVEL + 1)

BOOLEAN
call_interrupt(
    struct module *to, MINIPORT_ISR_HANDLER fn, NDIS_HANDLE context, BOOLEAN *queue, ULONG *targets)
{
    HANDLER("MiniportInterrupt", DIRQL_LEAST, HIGH_LEVEL);
    struct out out;
    BOOLEAN mine;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(context), WORD(queue), WORD(targets)));
    mine = fn(context, queue, targets);
    out_end(&out, mine);
    return mine;
}

BOOLEAN
call_message_interrupt(struct module *to, MINIPORT_MSI_ISR_HANDLER fn, NDIS_HANDLE context,
    ULONG message, BOOLEAN *queue, ULONG *targets)
{
    HANDLER("MiniportMessageInterrupt", DIRQL_LEAST, HIGH_LEVEL);
    struct out out;
    BOOLEAN mine;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(context), message, WORD(queue), WORD(targets)));
    mine = fn(context, message, queue, targets);
    out_end(&out, mine);
    return mine;
}

void
call_interrupt_dpc(struct module *to, MINIPORT_INTERRUPT_DPC_HANDLER fn, NDIS_HANDLE context,
    PVOID dpc_context, NDIS_RECEIVE_THROTTLE_PARAMETERS *throttle)
{
    HANDLER("MiniportInterruptDPC", DISPATCH_LEVEL, DISPATCH_LEVEL);
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(context), WORD(dpc_context), WORD(throttle), 0));
    fn(context, dpc_context, throttle, NULL);
    out_end(&out, 0);
}

void
call_message_interrupt_dpc(struct module *to, MINIPORT_MSI_INTERRUPT_DPC_HANDLER fn,
    NDIS_HANDLE context, ULONG message, PVOID dpc_context,
    NDIS_RECEIVE_THROTTLE_PARAMETERS *throttle)
{
    HANDLER("MiniportMessageInterruptDPC", DISPATCH_LEVEL, DISPATCH_LEVEL);
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(context), message, WORD(dpc_context), WORD(throttle), 0));
    fn(context, message, dpc_context, throttle, NULL);
    out_end(&out, 0);
}

BOOLEAN
call_synchronize_interrupt(
    struct module *to, MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER fn, PVOID context)
{
    HANDLER("MiniportSynchronizeInterrupt", DIRQL_LEAST, HIGH_LEVEL);
    struct out out;
    BOOLEAN result;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(context)));
    result = fn(context);
    out_end(&out, result);
    return result;
}

void
call_process_sg_list(struct module *to, MINIPORT_PROCESS_SG_LIST_HANDLER fn, PDEVICE_OBJECT device,
    SCATTER_GATHER_LIST *list, PVOID context)
{
    HANDLER("MiniportProcessSGList", DISPATCH_LEVEL, DISPATCH_LEVEL);
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(device), 0, WORD(list), WORD(context)));
    fn(device, NULL, list, context);
    out_end(&out, 0);
}

void
call_shared_memory_complete(struct module *to, MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER fn,
    PVOID memory, PNDIS_PHYSICAL_ADDRESS physical, ULONG length, PVOID context)
{
    HANDLER("MiniportSharedMemoryAllocateComplete", PASSIVE_LEVEL, PASSIVE_LEVEL);
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(memory), WORD(physical), length, WORD(context)));
    fn(to->context, memory, physical, length, context);
    out_end(&out, 0);
}

void
call_legacy_isr(struct module *to, BOOLEAN *recognized, BOOLEAN *queue)
{
    HANDLER("MiniportISR", DIRQL_LEAST, HIGH_LEVEL);
    W_ISR_HANDLER fn = to->registration->miniport5.ISRHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(recognized), WORD(queue), WORD(to->context)));
    fn(recognized, queue, to->context);
    out_end(&out, 0);
}

/* The handlers that get the context alone. */
static void
call_simple(struct module *to, const struct gate_handler *handler, void (*fn)(NDIS_HANDLE))
{
    struct out out;

    out_begin(&out, to->driver, to, handler, WORD(fn), ARGS(WORD(to->context)));
    fn(to->context);
    out_end(&out, 0);
}

void
call_legacy_handle_interrupt(struct module *to)
{
    HANDLER("MiniportHandleInterrupt", DISPATCH_LEVEL, DISPATCH_LEVEL);

    call_simple(to, &handler, to->registration->miniport5.HandleInterruptHandler);
}

void
call_legacy_disable_interrupt(struct module *to)
{
    HANDLER("MiniportDisableInterrupt", PASSIVE_LEVEL, HIGH_LEVEL);

    if (to->registration->miniport5.DisableInterruptHandler)
        call_simple(to, &handler, to->registration->miniport5.DisableInterruptHandler);
}

void
call_legacy_enable_interrupt(struct module *to)
{
    HANDLER("MiniportEnableInterrupt", PASSIVE_LEVEL, HIGH_LEVEL);

    if (to->registration->miniport5.EnableInterruptHandler)
        call_simple(to, &handler, to->registration->miniport5.EnableInterruptHandler);
}
