/* SPDX-License-Identifier: MIT */
/* Interrupts as WDM drivers connect them. The work is done in interrupt.c. */
#include "hardware/interrupt.h"
#include "nt/call.h"
#include "nt/gate.h"
#include "nt/spin.h"

/*
 * IoConnectInterrupt - a driver's service routine on an interrupt line
 *
 * @InterruptObject: gets what stands for it.
 * @ServiceRoutine, @ServiceContext: what is called at the interrupt's IRQL.
 * @SpinLock: what the routine runs with; NULL: one of its own.
 * @Vector, @Irql: from the translated resources.
 * @SynchronizeIrql: at which it runs, >= Irql.
 * @InterruptMode: lines are level sensitive.
 * @ShareVector: FALSE: the line must be its alone.
 * @ProcessorEnableMask: processors that may be interrupted.
 * @FloatingSave: FALSE.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the object is the driver's until IoDisconnectInterrupt.
 * Errors:    STATUS_INVALID_PARAMETER: no such line, another mode, somebody does not share, or
 *            @FloatingSave; STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.IoConnectInterrupt
 */
NTSTATUS
IoConnectInterrupt(PKINTERRUPT *InterruptObject, PKSERVICE_ROUTINE ServiceRoutine,
    PVOID ServiceContext, PKSPIN_LOCK SpinLock, ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql,
    KINTERRUPT_MODE InterruptMode, BOOLEAN ShareVector, KAFFINITY ProcessorEnableMask,
    BOOLEAN FloatingSave)
{
    struct undis *machine = machine_self();
    struct bus_connection as = {.driver = block_self->driver,
        .routine = ServiceRoutine,
        .context = ServiceContext,
        .lock = SpinLock,
        .synchronize = SynchronizeIrql,
        .shared = ShareVector != FALSE};
    NTSTATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!machine->bus || Vector - BUS_VECTOR >= BUS_LINES || InterruptMode != LevelSensitive ||
        Irql != BUS_DIRQL || SynchronizeIrql < Irql || FloatingSave || !ServiceRoutine)
        return STATUS_INVALID_PARAMETER;
    as.vector = &machine->bus->lines[Vector - BUS_VECTOR];
    status = interrupt_connect(&as, InterruptObject);
    if (NT_SUCCESS(status))
        as.vector->affinity = ProcessorEnableMask & KeQueryActiveProcessors();
    return status;
}

/*
 * IoDisconnectInterrupt - takes a service routine off its line
 *
 * @InterruptObject: of IoConnectInterrupt.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the object; the routine has returned and is not called any more.
 * Errors:    none
 * Source:    NF:wdm.IoDisconnectInterrupt
 */
VOID
IoDisconnectInterrupt(PKINTERRUPT InterruptObject)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    interrupt_disconnect(InterruptObject);
}

static NTSTATUS
connect_line(PDEVICE_OBJECT pdo, PKINTERRUPT *interrupt, struct bus_connection *as)
{
    struct bus_device *device = bus_device_of(pdo);

    if (!device || !device->line)
        return STATUS_NOT_FOUND;
    as->device = device;
    as->vector = device->line;
    as->shared = true;
    return interrupt_connect(as, interrupt);
}

static void
disconnect_messages(PIO_INTERRUPT_MESSAGE_INFO table)
{
    for (ULONG i = 0; i < table->MessageCount; i++)
        if (table->MessageInfo[i].InterruptObject)
            interrupt_disconnect(table->MessageInfo[i].InterruptObject);
    machine_free(machine_self(), table);
}

static NTSTATUS
connect_messages(
    struct bus_device *device, struct bus_connection *as, PIO_INTERRUPT_MESSAGE_INFO *connected)
{
    PIO_INTERRUPT_MESSAGE_INFO table = machine_alloc(
        device->machine, sizeof(*table) + device->messages * sizeof(table->MessageInfo[0]));
    NTSTATUS status = STATUS_SUCCESS;

    if (!table)
        return STATUS_INSUFFICIENT_RESOURCES;
    table->UnifiedIrql = BUS_DIRQL;
    table->MessageCount = device->messages;
    as->device = device;
    *connected = table;
    for (unsigned i = 0; NT_SUCCESS(status) && i < device->messages; i++) {
        PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry = &table->MessageInfo[i];

        as->vector = &device->message[i].vector;
        as->message = i;
        entry->MessageAddress.QuadPart = 0xfee00000;
        entry->MessageData = i;
        entry->TargetProcessorSet = KeQueryActiveProcessors();
        entry->Vector = as->vector->number;
        entry->Irql = BUS_DIRQL;
        entry->Mode = Latched;
        status = interrupt_connect(as, &entry->InterruptObject);
    }
    if (!NT_SUCCESS(status)) {
        disconnect_messages(table);
        *connected = NULL;
    }
    return status;
}

static NTSTATUS
connect_full(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS *p = &Parameters->FullySpecified;

    if (Parameters->Version == CONNECT_FULLY_SPECIFIED_GROUP && p->Group != 0)
        return STATUS_INVALID_PARAMETER;
    return IoConnectInterrupt(p->InterruptObject, p->ServiceRoutine, p->ServiceContext, p->SpinLock,
        p->Vector, p->Irql, p->SynchronizeIrql ? p->SynchronizeIrql : p->Irql, p->InterruptMode,
        p->ShareVector, p->ProcessorEnableMask, p->FloatingSave);
}

static NTSTATUS
connect_message_based(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS *p = &Parameters->MessageBased;
    struct bus_device *device = bus_device_of(p->PhysicalDeviceObject);
    struct bus_connection as = {.driver = block_self->driver,
        .context = p->ServiceContext,
        .lock = p->SpinLock,
        .synchronize = p->SynchronizeIrql};

    if (device && device->messages) {
        as.message_routine = p->MessageServiceRoutine;
        return connect_messages(device, &as, p->ConnectionContext.InterruptMessageTable);
    }
    if (!p->FallBackServiceRoutine)
        return STATUS_NOT_FOUND;
    /* Says which of the two it became. */
    Parameters->Version = CONNECT_LINE_BASED;
    as.routine = p->FallBackServiceRoutine;
    return connect_line(p->PhysicalDeviceObject, p->ConnectionContext.InterruptObject, &as);
}

/*
 * IoConnectInterruptEx - a driver's service routine on the interrupts of its device
 *
 * @Parameters: the line of a device, its messages with or without a routine for a line to fall
 *     back to (Version then says CONNECT_LINE_BASED), or a line fully specified.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: what it gives is the driver's until IoDisconnectInterruptEx.
 * Errors:    STATUS_NOT_FOUND: the device has no such interrupt; STATUS_NOT_SUPPORTED: unknown
 *            version; as IoConnectInterrupt.
 * Source:    NF:wdm.IoConnectInterruptEx
 */
NTSTATUS
IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    const IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS *line = &Parameters->LineBased;
    struct bus_connection as = {.driver = block_self->driver,
        .routine = line->ServiceRoutine,
        .context = line->ServiceContext,
        .lock = line->SpinLock,
        .synchronize = line->SynchronizeIrql};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    switch (Parameters->Version) {
    case CONNECT_FULLY_SPECIFIED:
    case CONNECT_FULLY_SPECIFIED_GROUP: return connect_full(Parameters);
    case CONNECT_LINE_BASED:
        return connect_line(line->PhysicalDeviceObject, line->InterruptObject, &as);
    case CONNECT_MESSAGE_BASED: return connect_message_based(Parameters);
    default: Parameters->Version = CONNECT_FULLY_SPECIFIED_GROUP; return STATUS_NOT_SUPPORTED;
    }
}

/*
 * IoDisconnectInterruptEx - takes off what IoConnectInterruptEx connected
 *
 * @Parameters: the version that call left, and the object or table it gave.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the object or table.
 * Errors:    none
 * Source:    NF:wdm.IoDisconnectInterruptEx
 */
VOID
IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (Parameters->Version == CONNECT_MESSAGE_BASED)
        disconnect_messages(Parameters->ConnectionContext.InterruptMessageTable);
    else
        interrupt_disconnect(Parameters->ConnectionContext.InterruptObject);
}

/*
 * KeAcquireInterruptSpinLock - keeps a service routine away
 *
 * @Interrupt: connected.
 *
 * IRQL:      <= DIRQL
 * Ownership: the lock is the caller's; the IRQL is the interrupt's.
 * Errors:    none; the IRQL before.
 * Source:    NF:wdm.KeAcquireInterruptSpinLock
 */
KIRQL
KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
    KIRQL old = irql_raise(Interrupt->as.synchronize);

    yield_point(YIELD_LOCK, Interrupt->as.lock);
    spin_lock(Interrupt->as.lock);
    return old;
}

/*
 * KeReleaseInterruptSpinLock - lets the service routine come again
 *
 * @Interrupt: connected. @OldIrql: of KeAcquireInterruptSpinLock.
 *
 * IRQL:      DIRQL
 * Ownership: gives the lock back.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseInterruptSpinLock
 */
VOID
KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql)
{
    spin_unlock(Interrupt->as.lock);
    irql_lower(OldIrql);
    yield_point(YIELD_UNLOCK, Interrupt->as.lock);
}

/*
 * KeSynchronizeExecution - calls a routine that the service routine does not run beside
 *
 * @Interrupt: connected.
 * @SynchronizeRoutine: called at the interrupt's IRQL with its lock. @SynchronizeContext: its
 *     argument.
 *
 * IRQL:      <= DIRQL (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; what the routine answers.
 * Source:    NF:wdm.KeSynchronizeExecution
 */
BOOLEAN
KeSynchronizeExecution(
    PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE SynchronizeRoutine, PVOID SynchronizeContext)
{
    KIRQL old = KeAcquireInterruptSpinLock(Interrupt);
    struct driver *driver = block_self->driver;
    BOOLEAN result = driver ? call_synchronize(driver, SynchronizeRoutine, SynchronizeContext)
                            : SynchronizeRoutine(SynchronizeContext);

    KeReleaseInterruptSpinLock(Interrupt, old);
    return result;
}
