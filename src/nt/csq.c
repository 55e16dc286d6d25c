/* SPDX-License-Identifier: MIT */
/* Cancel-safe queues: the driver's queue and lock, our cancel routine.
 *
 * DriverContext[3] of an IRP in a queue points at the IO_CSQ, or at the IO_CSQ_IRP_CONTEXT that
 * names the IRP and the IO_CSQ. Who clears the IRP's cancel routine under the queue's lock owns the
 * IRP. The queue's functions are the driver's own and run on its behalf, with its lock held as it
 * documents.
 */
#include "nt/gate.h"

static PIO_CSQ
csq_of(PIRP irp, PIO_CSQ_IRP_CONTEXT *context)
{
    PVOID held = irp->Tail.Overlay.DriverContext[3];
    PIO_CSQ csq = held;

    *context = NULL;
    if (csq->Type == IO_TYPE_CSQ_IRP_CONTEXT) {
        *context = held;
        csq = (*context)->Csq;
    }
    return csq;
}

static VOID
csq_cancel(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_CSQ_IRP_CONTEXT context;
    PIO_CSQ csq;
    KIRQL irql;

    UNREFERENCED_PARAMETER(device);
    IoReleaseCancelSpinLock(irp->CancelIrql);
    csq = csq_of(irp, &context);
    csq->ReservePointer = NULL;
    csq->CsqAcquireLock(csq, &irql);
    csq->CsqRemoveIrp(csq, irp);
    if (context != NULL)
        context->Irp = NULL;
    csq->CsqReleaseLock(csq, irql);
    irp->Tail.Overlay.DriverContext[3] = NULL;
    csq->CsqCompleteCanceledIrp(csq, irp);
}

/*
 * IoCsqInitialize - a cancel-safe queue over functions of the driver
 *
 * IRQL:      Any level
 * Ownership: the structure stays the driver's.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:wdm.IoCsqInitialize
 */
NTSTATUS
IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
    PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
    PIO_CSQ_RELEASE_LOCK CsqReleaseLock, PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
    *Csq = (IO_CSQ){.Type = IO_TYPE_CSQ,
        .CsqInsertIrp = CsqInsertIrp,
        .CsqRemoveIrp = CsqRemoveIrp,
        .CsqPeekNextIrp = CsqPeekNextIrp,
        .CsqAcquireLock = CsqAcquireLock,
        .CsqReleaseLock = CsqReleaseLock,
        .CsqCompleteCanceledIrp = CsqCompleteCanceledIrp};
    return STATUS_SUCCESS;
}

/*
 * IoCsqInitializeEx - as IoCsqInitialize, with an insert function that may refuse
 *
 * IRQL:      Any level
 * Ownership: the structure stays the driver's.
 * Errors:    STATUS_SUCCESS.
 * Source:    NF:wdm.IoCsqInitializeEx
 */
NTSTATUS
IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
    PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
    PIO_CSQ_RELEASE_LOCK CsqReleaseLock, PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
    NTSTATUS status = IoCsqInitialize(Csq, (PIO_CSQ_INSERT_IRP)(PVOID)CsqInsertIrp, CsqRemoveIrp,
        CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);

    Csq->Type = IO_TYPE_CSQ_EX;
    return status;
}

/* Gives the IRP its cancel routine, releases the lock, and completes an IRP cancelled before. */
static void
arm(PIO_CSQ csq, PIRP irp, PIO_CSQ_IRP_CONTEXT context, KIRQL irql)
{
    BOOLEAN cancelled;

    IoSetCancelRoutine(irp, csq_cancel);
    cancelled = irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL;
    if (cancelled) {
        csq->CsqRemoveIrp(csq, irp);
        if (context != NULL)
            context->Irp = NULL;
    }
    csq->CsqReleaseLock(csq, irql);
    if (cancelled) {
        irp->Tail.Overlay.DriverContext[3] = NULL;
        csq->CsqCompleteCanceledIrp(csq, irp);
    }
}

/*
 * IoCsqInsertIrpEx - marks an IRP pending and puts it into the queue
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the queue's until removed or cancelled.
 * Errors:    what the queue's insert function answers; an IRP cancelled before is completed at
 *            once.
 * Source:    NF:wdm.IoCsqInsertIrpEx
 */
NTSTATUS
IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext)
{
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    if (Context != NULL) {
        Context->Type = IO_TYPE_CSQ_IRP_CONTEXT;
        Context->Irp = Irp;
        Context->Csq = Csq;
        Irp->Tail.Overlay.DriverContext[3] = Context;
    } else {
        Irp->Tail.Overlay.DriverContext[3] = Csq;
    }
    Csq->CsqAcquireLock(Csq, &irql);
    if (Csq->Type == IO_TYPE_CSQ_EX)
        status = ((PIO_CSQ_INSERT_IRP_EX)(PVOID)Csq->CsqInsertIrp)(Csq, Irp, InsertContext);
    else
        Csq->CsqInsertIrp(Csq, Irp);
    if (!NT_SUCCESS(status)) {
        Irp->Tail.Overlay.DriverContext[3] = NULL;
        Csq->CsqReleaseLock(Csq, irql);
        return status;
    }
    IoMarkIrpPending(Irp);
    arm(Csq, Irp, Context, irql);
    return status;
}

/*
 * IoCsqInsertIrp - as IoCsqInsertIrpEx, for a queue that never refuses
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the queue's until removed or cancelled.
 * Errors:    an IRP cancelled before is completed at once.
 * Source:    NF:wdm.IoCsqInsertIrp
 */
VOID
IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context)
{
    IoCsqInsertIrpEx(Csq, Irp, Context, NULL);
}

/* With the queue's lock: takes @irp out when nobody cancels it at the moment. */
static BOOLEAN
take(PIO_CSQ csq, PIRP irp)
{
    PIO_CSQ_IRP_CONTEXT context;

    if (IoSetCancelRoutine(irp, NULL) == NULL)
        return FALSE;
    csq->CsqRemoveIrp(csq, irp);
    csq_of(irp, &context);
    if (context != NULL)
        context->Irp = NULL;
    irp->Tail.Overlay.DriverContext[3] = NULL;
    return TRUE;
}

/*
 * IoCsqRemoveNextIrp - takes the next IRP that matches out of the queue
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the caller's.
 * Errors:    NULL when there is none.
 * Source:    NF:wdm.IoCsqRemoveNextIrp
 */
PIRP
IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext)
{
    PIRP irp;
    KIRQL irql;

    Csq->CsqAcquireLock(Csq, &irql);
    irp = Csq->CsqPeekNextIrp(Csq, NULL, PeekContext);
    while (irp != NULL && !take(Csq, irp))
        irp = Csq->CsqPeekNextIrp(Csq, irp, PeekContext);
    Csq->CsqReleaseLock(Csq, irql);
    return irp;
}

/*
 * IoCsqRemoveIrp - takes the IRP that a context names out of the queue
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the caller's.
 * Errors:    NULL when it is not in the queue any more.
 * Source:    NF:wdm.IoCsqRemoveIrp
 */
PIRP
IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context)
{
    PIRP irp;
    KIRQL irql;

    Csq->CsqAcquireLock(Csq, &irql);
    irp = Context->Irp;
    if (irp != NULL && !take(Csq, irp))
        irp = NULL;
    Csq->CsqReleaseLock(Csq, irql);
    return irp;
}
