/* SPDX-License-Identifier: MIT */
/* Interrupts of miniports of NDIS 3 to 5.1.
 *
 *     line --> MiniportISR, or MiniportDisableInterrupt when the miniport wants no ISR
 *         --> DPC --> MiniportHandleInterrupt --> MiniportEnableInterrupt
 *
 * The NDIS_MINIPORT_INTERRUPT lies in the miniport's memory; our own part hangs on its Reserved
 * member, from NdisMRegisterInterrupt to NdisMDeregisterInterrupt. MiniportHandleInterrupt of a
 * serialized miniport waits its turn.
 */
#include "ndis/service/hardware.h"
#include "ndis/service/legacy.h"
#include "ndis/stack/call_hardware.h"
#include "ndis/stack/legacy.h"
#include "nt/dpc.h"

struct legacy_interrupt {
    LIST_ENTRY link;                    /* in hardware.interrupts5 */
    PNDIS_MINIPORT_INTERRUPT interrupt; /* [I] */
    struct module *miniport;            /* [I] */
    PKINTERRUPT connected;              /* [I] */
    KDPC dpc;
    uint32_t due; /* [A] MiniportHandleInterrupt has to be called */
};

static BOOLEAN
service(PKINTERRUPT Interrupt, PVOID Context)
{
    struct legacy_interrupt *own = Context;
    BOOLEAN recognized = TRUE, queue = TRUE;

    UNREFERENCED_PARAMETER(Interrupt);
    if (own->interrupt->IsrRequested || own->interrupt->SharedInterrupt) {
        recognized = queue = FALSE;
        call_legacy_isr(own->miniport, &recognized, &queue);
    } else {
        call_legacy_disable_interrupt(own->miniport);
    }
    if (recognized && queue)
        dpc_queue(own->miniport->machine, &own->dpc, block_self->processor, NULL, NULL);
    return recognized;
}

static BOOLEAN
enable(void *context)
{
    call_legacy_enable_interrupt(context);
    return TRUE;
}

void
legacy_do_interrupts(struct module *miniport)
{
    LIST_ENTRY *all = &miniport->adapter->hardware->interrupts5;

    for (LIST_ENTRY *e = all->Flink; e != all; e = e->Flink) {
        struct legacy_interrupt *own = CONTAINING_RECORD(e, struct legacy_interrupt, link);

        if (!__atomic_exchange_n(&own->due, 0, __ATOMIC_ACQ_REL))
            continue;
        call_legacy_handle_interrupt(miniport);
        interrupt_synchronize(own->connected, enable, miniport);
    }
}

static VOID
run_dpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    struct legacy_interrupt *own = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    __atomic_store_n(&own->due, 1, __ATOMIC_RELEASE);
    serial_post(own->miniport, SERIAL_INTERRUPTS);
}

static NDIS_STATUS
connect(struct legacy_interrupt *own, struct bus_device *device, bool shared)
{
    struct bus_connection as = {.device = device,
        .vector = device->line,
        .owner = own->miniport->driver,
        .routine = service,
        .context = own,
        .shared = shared};
    NTSTATUS status = interrupt_connect(&as, &own->connected);

    own->interrupt->InterruptObject = own->connected;
    if (NT_SUCCESS(status))
        return NDIS_STATUS_SUCCESS;
    return status == STATUS_INVALID_PARAMETER ? NDIS_STATUS_RESOURCE_CONFLICT
                                              : NDIS_STATUS_RESOURCES;
}

/* Whether the miniport has the handlers that the interrupt needs. */
static bool
can_handle(const struct module *miniport, BOOLEAN isr)
{
    const NDIS51_MINIPORT_CHARACTERISTICS *handlers = &miniport->registration->miniport5;

    return handlers->HandleInterruptHandler &&
           (isr ? handlers->ISRHandler != NULL : handlers->DisableInterruptHandler != NULL);
}

/*
 * NdisMRegisterInterrupt - a miniport of NDIS 5 takes the interrupt line of its device
 *
 * @Interrupt:             the miniport's, resident, until NdisMDeregisterInterrupt.
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @InterruptVector:       from its resources.
 * @InterruptLevel:        from its resources.
 * @RequestIsr:            TRUE: MiniportISR is called for every interrupt; FALSE, on a line that is
 *                         not shared: MiniportDisableInterrupt is, instead.
 * @SharedInterrupt:       TRUE: the line may be others' too.
 * @InterruptMode:         lines are level sensitive.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: @Interrupt is NDIS' until it is deregistered. Interrupts may come before this returns.
 * Errors:    NDIS_STATUS_FAILURE: no device with a line, or a handler is missing;
 *            NDIS_STATUS_RESOURCE_CONFLICT: another vector or level, or somebody does not share;
 *            NDIS_STATUS_RESOURCES.
 * Source:    xp7600:NdisXMd_Mz_94e28d55-25ef-418a-93bf-6b49c99aa980.xml.htm
 */
NDIS_STATUS
NdisMRegisterInterrupt(PNDIS_MINIPORT_INTERRUPT Interrupt, NDIS_HANDLE MiniportAdapterHandle,
    UINT InterruptVector, UINT InterruptLevel, BOOLEAN RequestIsr, BOOLEAN SharedInterrupt,
    NDIS_INTERRUPT_MODE InterruptMode)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct hardware *hardware = miniport->adapter->hardware;
    struct bus_device *device = hardware->device;
    struct legacy_interrupt *own;
    NDIS_STATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!miniport->legacy || !device || !device->line ||
        !can_handle(miniport, RequestIsr || SharedInterrupt))
        return NDIS_STATUS_FAILURE;
    if (InterruptVector != device->line->number || InterruptLevel != BUS_DIRQL ||
        InterruptMode != NdisInterruptLevelSensitive)
        return NDIS_STATUS_RESOURCE_CONFLICT;
    own = machine_alloc(miniport->machine, sizeof(*own));
    if (!own)
        return NDIS_STATUS_RESOURCES;
    *Interrupt = (NDIS_MINIPORT_INTERRUPT){.Reserved = own,
        .MiniportIsr = miniport->registration->miniport5.ISRHandler,
        .MiniportDpc = miniport->registration->miniport5.HandleInterruptHandler,
        .Miniport = &miniport->block,
        .SharedInterrupt = SharedInterrupt,
        .IsrRequested = RequestIsr};
    own->interrupt = Interrupt;
    own->miniport = miniport;
    dpc_initialize(&own->dpc, run_dpc, own, NULL);
    InsertTailList(&hardware->interrupts5, &own->link);
    status = connect(own, device, SharedInterrupt != FALSE);
    if (status != NDIS_STATUS_SUCCESS) {
        RemoveEntryList(&own->link);
        machine_free(miniport->machine, own);
        Interrupt->Reserved = NULL;
    }
    return status;
}

static struct legacy_interrupt *
own_part(PNDIS_MINIPORT_INTERRUPT interrupt, const char *caller)
{
    struct legacy_interrupt *own = interrupt->Reserved;
    size_t size;

    if (!own || arena_find(machine_self()->arena, own, &size) != own || own->interrupt != interrupt)
        gate_bug_check("lk-sync-after-deregister", "%s was given %p, which is not registered",
            caller, (void *)interrupt);
    return own;
}

/*
 * NdisMDeregisterInterrupt - a miniport of NDIS 5 gives its interrupt line back
 *
 * @Interrupt: of NdisMRegisterInterrupt.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: @Interrupt is the miniport's again; none of its handlers is called any more.
 * Errors:    none; one that is not registered is a bug check (rule lk-sync-after-deregister).
 * Source:    xp7600:NdisXMd_Mz_bf19372c-3f4a-4e2a-9b7d-927454a61e03.xml.htm
 */
VOID
NdisMDeregisterInterrupt(PNDIS_MINIPORT_INTERRUPT Interrupt)
{
    struct legacy_interrupt *own = own_part(Interrupt, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    interrupt_disconnect(own->connected);
    KeFlushQueuedDpcs();
    RemoveEntryList(&own->link);
    Interrupt->Reserved = NULL;
    Interrupt->InterruptObject = NULL;
    machine_free(own->miniport->machine, own);
}

struct synchronized {
    struct module *miniport;
    MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER function;
    PVOID context;
};

static BOOLEAN
synchronized(void *context)
{
    struct synchronized *s = context;

    return call_synchronize_interrupt(s->miniport, s->function, s->context);
}

/*
 * NdisMSynchronizeWithInterrupt - calls a function that MiniportISR does not run beside
 *
 * @Interrupt:           of NdisMRegisterInterrupt.
 * @SynchronizeFunction: called at the interrupt's IRQL: BOOLEAN (*)(PVOID).
 * @SynchronizeContext:  its argument.
 *
 * IRQL:      <= DIRQL
 * Ownership: nothing moves.
 * Errors:    none; what the function answers. An interrupt that is not registered is a bug check.
 * Source:    xp7600:NdisXMd_Mz_8f1b2e7e-32b4-4289-b7e0-3a72b301a78e.xml.htm
 */
BOOLEAN
NdisMSynchronizeWithInterrupt(
    PNDIS_MINIPORT_INTERRUPT Interrupt, PVOID SynchronizeFunction, PVOID SynchronizeContext)
{
    struct legacy_interrupt *own = own_part(Interrupt, __func__);
    struct synchronized s = {own->miniport,
        (MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER)SynchronizeFunction, SynchronizeContext};

    return interrupt_synchronize(own->connected, synchronized, &s);
}
