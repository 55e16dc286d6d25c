/* SPDX-License-Identifier: MIT */
/* Interrupts of NDIS 6 miniports.
 *
 *     line, message --> MiniportInterrupt, MiniportMessageInterrupt      at the interrupt's IRQL
 *                          --> DPC on this or the named processors --> MiniportInterruptDPC
 *
 * There is a DPC per message and processor, so that one is queued once per processor, as
 * documented. The object is made by NdisMRegisterInterruptEx and ended by
 * NdisMDeregisterInterruptEx, which waits for routines and DPCs.
 */
#include "ndis/service/hardware.h"
#include "ndis/stack/call_hardware.h"
#include "nt/dpc.h"

#define MAGIC 0x6e64696eu

struct ndis_interrupt;

struct interrupt_dpc {
    KDPC dpc;
    struct ndis_interrupt *interrupt; /* [I] */
    ULONG message;                    /* [I] */
};

struct ndis_interrupt {
    uint32_t magic;
    LIST_ENTRY link;                                  /* in hardware.interrupts */
    struct module *miniport;                          /* [I] */
    NDIS_HANDLE context;                              /* [I] */
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS handlers; /* [I] */
    unsigned messages;                                /* [I] 0: a line */
    KSPIN_LOCK together;                              /* lock of all messages, if asked for */
    PIO_INTERRUPT_MESSAGE_INFO table;                 /* [I] of the messages */
    PKINTERRUPT connected[BUS_MESSAGES];              /* [I] */
    uint32_t processors;                              /* [I] */
    struct interrupt_dpc dpcs[];                      /* by message, then by processor */
};

static struct ndis_interrupt *
interrupt_from_handle(NDIS_HANDLE handle, const char *caller)
{
    struct ndis_interrupt *interrupt = handle;
    size_t size;

    if (!handle || arena_find(machine_self()->arena, handle, &size) != handle ||
        interrupt->magic != MAGIC)
        gate_bug_check(
            "lk-sync-after-deregister", "%s was given %p, which is no interrupt", caller, handle);
    return interrupt;
}

/* The mask of the processors that had no such DPC queued. */
static KAFFINITY
queue_dpcs(struct ndis_interrupt *interrupt, ULONG message, KAFFINITY targets, PVOID context)
{
    struct undis *machine = interrupt->miniport->machine;
    KAFFINITY queued = 0;

    for (uint32_t k = 0; k < interrupt->processors; k++) {
        struct interrupt_dpc *dpc = &interrupt->dpcs[message * interrupt->processors + k];

        if (targets >> k & 1 && dpc_queue(machine, &dpc->dpc, k, context, NULL))
            queued |= (KAFFINITY)1 << k;
    }
    return queued;
}

static VOID
run_dpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    struct interrupt_dpc *dpc = Context;
    struct ndis_interrupt *interrupt = dpc->interrupt;
    NDIS_RECEIVE_THROTTLE_PARAMETERS throttle = {.MaxNblsToIndicate = NDIS_INDICATE_ALL_NBLS};

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument2);
    if (interrupt->messages)
        call_message_interrupt_dpc(interrupt->miniport,
            interrupt->handlers.MessageInterruptDpcHandler, interrupt->context, dpc->message,
            Argument1, &throttle);
    else
        call_interrupt_dpc(interrupt->miniport, interrupt->handlers.InterruptDpcHandler,
            interrupt->context, Argument1, &throttle);
    /* It has more than it may indicate: it comes again, after what else is queued. */
    if (throttle.MoreNblsPending)
        queue_dpcs(interrupt, dpc->message, (KAFFINITY)1 << block_self->processor, Argument1);
}

/* With the default DPC the named processors count nothing. */
static void
queue_wanted(struct ndis_interrupt *interrupt, ULONG message, BOOLEAN queue, ULONG targets)
{
    KAFFINITY wanted = queue ? (KAFFINITY)1 << block_self->processor : targets;

    if (wanted)
        queue_dpcs(interrupt, message, wanted, NULL);
}

static BOOLEAN
service_line(PKINTERRUPT Interrupt, PVOID Context)
{
    struct ndis_interrupt *interrupt = Context;
    BOOLEAN queue = FALSE, mine;
    ULONG targets = 0;

    UNREFERENCED_PARAMETER(Interrupt);
    mine = call_interrupt(interrupt->miniport, interrupt->handlers.InterruptHandler,
        interrupt->context, &queue, &targets);
    if (mine)
        queue_wanted(interrupt, 0, queue, targets);
    return mine;
}

static BOOLEAN
service_message(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId)
{
    struct ndis_interrupt *interrupt = Context;
    BOOLEAN queue = FALSE, mine;
    ULONG targets = 0;

    UNREFERENCED_PARAMETER(Interrupt);
    mine = call_message_interrupt(interrupt->miniport, interrupt->handlers.MessageInterruptHandler,
        interrupt->context, MessageId, &queue, &targets);
    if (mine)
        queue_wanted(interrupt, MessageId, queue, targets);
    return mine;
}

static void
disconnect(struct ndis_interrupt *interrupt)
{
    for (unsigned i = 0; i < BUS_MESSAGES; i++)
        if (interrupt->connected[i])
            interrupt_disconnect(interrupt->connected[i]);
    KeFlushQueuedDpcs();
    machine_free(interrupt->miniport->machine, interrupt->table);
}

static NTSTATUS
connect_line(struct ndis_interrupt *interrupt, struct bus_device *device)
{
    struct bus_connection as = {.device = device,
        .vector = device->line,
        .owner = interrupt->miniport->driver,
        .routine = service_line,
        .context = interrupt,
        .shared = true};

    return interrupt_connect(&as, &interrupt->connected[0]);
}

static NTSTATUS
connect_messages(struct ndis_interrupt *interrupt, struct hardware *hardware)
{
    struct bus_device *device = hardware->device;
    PIO_INTERRUPT_MESSAGE_INFO table = machine_alloc(
        device->machine, sizeof(*table) + hardware->messages * sizeof(table->MessageInfo[0]));
    NTSTATUS status = STATUS_SUCCESS;

    if (!table)
        return STATUS_INSUFFICIENT_RESOURCES;
    interrupt->table = table;
    table->UnifiedIrql = BUS_DIRQL;
    table->MessageCount = hardware->messages;
    for (unsigned i = 0; NT_SUCCESS(status) && i < hardware->messages; i++) {
        PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry = &table->MessageInfo[i];
        struct bus_connection as = {.device = device,
            .vector = &device->message[i].vector,
            .message_routine = service_message,
            .message = i,
            .context = interrupt,
            .lock = interrupt->handlers.MsiSyncWithAllMessages ? &interrupt->together : NULL};

        entry->MessageAddress.QuadPart = 0xfee00000;
        entry->MessageData = i;
        as.vector->affinity = hardware->targets[i];
        entry->TargetProcessorSet =
            hardware->targets[i] ? hardware->targets[i] : KeQueryActiveProcessors();
        entry->Vector = as.vector->number;
        entry->Irql = BUS_DIRQL;
        entry->Mode = Latched;
        status = interrupt_connect(&as, &interrupt->connected[i]);
        entry->InterruptObject = interrupt->connected[i];
    }
    return status;
}

/* NULL: memory is short. */
static struct ndis_interrupt *
make(struct module *miniport, NDIS_HANDLE context,
    const NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *handlers, unsigned messages)
{
    struct undis *machine = miniport->machine;
    uint32_t count = (messages ? messages : 1) * machine->processor_count;
    struct ndis_interrupt *interrupt =
        machine_alloc(machine, sizeof(*interrupt) + count * sizeof(interrupt->dpcs[0]));

    if (!interrupt)
        return NULL;
    interrupt->magic = MAGIC;
    interrupt->miniport = miniport;
    interrupt->context = context;
    interrupt->handlers = *handlers;
    interrupt->messages = messages;
    interrupt->processors = machine->processor_count;
    for (uint32_t i = 0; i < count; i++) {
        interrupt->dpcs[i].interrupt = interrupt;
        interrupt->dpcs[i].message = i / machine->processor_count;
        dpc_initialize(&interrupt->dpcs[i].dpc, run_dpc, &interrupt->dpcs[i], NULL);
    }
    return interrupt;
}

/* Which kind it will be, as the page says: messages when both sides can, else the line. -1: the
 * device or the handlers for it are missing. */
static int
kind_of(const struct hardware *hardware, const NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *handlers)
{
    const struct bus_device *device = hardware->device;

    if (!device)
        return -1;
    if (hardware->messages)
        return handlers->MsiSupported && handlers->MessageInterruptHandler &&
                       handlers->MessageInterruptDpcHandler
                   ? NDIS_CONNECT_MESSAGE_BASED
                   : -1;
    return device->line && handlers->InterruptHandler && handlers->InterruptDpcHandler
               ? NDIS_CONNECT_LINE_BASED
               : -1;
}

/*
 * NdisMRegisterInterruptEx - a miniport takes the interrupts of its device
 *
 * @MiniportAdapterHandle:    as given to MiniportInitializeEx.
 * @MiniportInterruptContext: what its interrupt handlers are called with.
 * @MiniportInterruptCharacteristics: revision 1; gets what kind it became, and the messages.
 * @NdisInterruptHandle:      gets the handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the miniport's until NdisMDeregisterInterruptEx. Interrupts may come
 *            before this returns.
 * Errors:    NDIS_STATUS_BAD_VERSION: not revision 1; NDIS_STATUS_FAILURE: no device on the bus,
 *            or no handlers for the interrupts that it has; NDIS_STATUS_RESOURCE_CONFLICT: somebody
 *            does not share the line; NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMRegisterInterruptEx
 */
NDIS_STATUS
NdisMRegisterInterruptEx(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE MiniportInterruptContext,
    PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS MiniportInterruptCharacteristics,
    PNDIS_HANDLE NdisInterruptHandle)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct hardware *hardware = miniport->adapter->hardware;
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *handlers = MiniportInterruptCharacteristics;
    int kind = kind_of(hardware, handlers);
    struct ndis_interrupt *interrupt;
    NTSTATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (handlers->Header.Type != NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT ||
        handlers->Header.Revision < NDIS_MINIPORT_INTERRUPT_REVISION_1 ||
        handlers->Header.Size < NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1)
        return NDIS_STATUS_BAD_VERSION;
    if (kind < 0)
        return NDIS_STATUS_FAILURE;
    interrupt = make(miniport, MiniportInterruptContext, handlers, hardware->messages);
    if (!interrupt)
        return NDIS_STATUS_RESOURCES;
    handlers->InterruptType = (NDIS_INTERRUPT_TYPE)kind;
    *NdisInterruptHandle = interrupt;
    status = kind == NDIS_CONNECT_LINE_BASED ? connect_line(interrupt, hardware->device)
                                             : connect_messages(interrupt, hardware);
    handlers->MessageInfoTable = interrupt->table;
    if (NT_SUCCESS(status)) {
        InsertTailList(&hardware->interrupts, &interrupt->link);
        return NDIS_STATUS_SUCCESS;
    }
    disconnect(interrupt);
    machine_free(miniport->machine, interrupt);
    *NdisInterruptHandle = NULL;
    handlers->MessageInfoTable = NULL;
    return status == STATUS_INVALID_PARAMETER ? NDIS_STATUS_RESOURCE_CONFLICT
                                              : NDIS_STATUS_RESOURCES;
}

/*
 * NdisMDeregisterInterruptEx - a miniport gives its interrupts back
 *
 * @NdisInterruptHandle: of NdisMRegisterInterruptEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the handle. No handler of it runs when this returns, and no DPC is queued.
 * Errors:    none; a handle that is none is a bug check (rule lk-sync-after-deregister).
 * Source:    NF:ndis.NdisMDeregisterInterruptEx
 */
VOID
NdisMDeregisterInterruptEx(NDIS_HANDLE NdisInterruptHandle)
{
    struct ndis_interrupt *interrupt = interrupt_from_handle(NdisInterruptHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    RemoveEntryList(&interrupt->link);
    disconnect(interrupt);
    interrupt->magic = 0;
    machine_free(interrupt->miniport->machine, interrupt);
}

/* MessageId of a message, 0 of a line. */
static ULONG
check_message(const struct ndis_interrupt *interrupt, ULONG message, const char *caller)
{
    if (message >= (interrupt->messages ? interrupt->messages : 1))
        gate_bug_check("hw-interrupt-type-checked", "%s was given message %u of %u", caller,
            message, interrupt->messages);
    return message;
}

struct synchronized {
    struct ndis_interrupt *interrupt;
    MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER function;
    PVOID context;
};

static BOOLEAN
synchronized(void *context)
{
    struct synchronized *s = context;

    return call_synchronize_interrupt(s->interrupt->miniport, s->function, s->context);
}

/*
 * NdisMSynchronizeWithInterruptEx - calls a function that the interrupt handler does not run beside
 *
 * @NdisInterruptHandle: of NdisMRegisterInterruptEx.
 * @MessageId:           which message; 0 for a line.
 * @SynchronizeFunction: called at the interrupt's IRQL.
 * @SynchronizeContext:  its argument.
 *
 * IRQL:      <= DIRQL
 * Ownership: nothing moves.
 * Errors:    none; what the function answers. A wrong message is a bug check.
 * Source:    NF:ndis.NdisMSynchronizeWithInterruptEx
 */
BOOLEAN
NdisMSynchronizeWithInterruptEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
    MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER SynchronizeFunction, PVOID SynchronizeContext)
{
    struct ndis_interrupt *interrupt = interrupt_from_handle(NdisInterruptHandle, __func__);
    struct synchronized s = {interrupt, SynchronizeFunction, SynchronizeContext};

    return interrupt_synchronize(
        interrupt->connected[check_message(interrupt, MessageId, __func__)], synchronized, &s);
}

/*
 * NdisMQueueDpcEx - queues the interrupt's DPC on processors of a group
 *
 * @NdisInterruptHandle: of NdisMRegisterInterruptEx.
 * @MessageId:           which message; 0 for a line.
 * @TargetProcessors:    group 0, and a mask.
 * @MiniportDpcContext:  what the DPC handler gets.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    the mask of those on which it was queued: not where it was queued already, nor where
 *            there is no processor.
 * Source:    NF:ndis.NdisMQueueDpcEx
 */
KAFFINITY
NdisMQueueDpcEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId, PGROUP_AFFINITY TargetProcessors,
    PVOID MiniportDpcContext)
{
    struct ndis_interrupt *interrupt = interrupt_from_handle(NdisInterruptHandle, __func__);

    check_message(interrupt, MessageId, __func__);
    if (TargetProcessors->Group != 0)
        return 0;
    return queue_dpcs(interrupt, MessageId, TargetProcessors->Mask, MiniportDpcContext);
}

/*
 * NdisMQueueDpc - queues the interrupt's DPC on processors
 *
 * @NdisInterruptHandle: of NdisMRegisterInterruptEx.
 * @MessageId:           which message; 0 for a line.
 * @TargetProcessors:    a mask.
 * @MiniportDpcContext:  what the DPC handler gets.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    as NdisMQueueDpcEx.
 * Source:    NF:ndis.NdisMQueueDpc
 */
ULONG
NdisMQueueDpc(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId, ULONG TargetProcessors,
    PVOID MiniportDpcContext)
{
    struct ndis_interrupt *interrupt = interrupt_from_handle(NdisInterruptHandle, __func__);

    check_message(interrupt, MessageId, __func__);
    return (ULONG)queue_dpcs(interrupt, MessageId, TargetProcessors, MiniportDpcContext);
}

/*
 * NdisMConfigMSIXTableEntry - says which message an entry of the device's table sends, or masks it
 *
 * @NdisMiniportHandle:   as given to MiniportInitializeEx.
 * @MSIXConfigParameters: revision 1: the operation, the entry, and for the first the message.
 *
 * IRQL:      any level
 * Ownership: nothing moves. What an entry would send while it is masked comes when it is not.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED: no device with MSI-X; NDIS_STATUS_INVALID_PARAMETER: no such
 *            operation, entry or message.
 * Source:    NF:ndis.NdisMConfigMSIXTableEntry
 */
NDIS_STATUS
NdisMConfigMSIXTableEntry(
    NDIS_HANDLE NdisMiniportHandle, PNDIS_MSIX_CONFIG_PARAMETERS MSIXConfigParameters)
{
    const NDIS_MSIX_CONFIG_PARAMETERS *p = MSIXConfigParameters;
    struct bus_device *device = hardware_adapter(NdisMiniportHandle, __func__)->hardware->device;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (!device || !device->messages)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (p->Header.Revision < NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1 ||
        p->Header.Size < NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1)
        return NDIS_STATUS_INVALID_PARAMETER;
    if (p->ConfigOperation == NdisMSIXTableConfigSetTableEntry)
        status = bus_entry_set(device, p->TableEntry, p->MessageNumber);
    else if (p->ConfigOperation < NdisMSIXTableConfigMax)
        status = bus_entry_mask(
            device, p->TableEntry, p->ConfigOperation == NdisMSIXTableConfigMaskTableEntry);
    return NT_SUCCESS(status) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INVALID_PARAMETER;
}
