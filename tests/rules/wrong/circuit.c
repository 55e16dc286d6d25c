/* SPDX-License-Identifier: MIT */
/* circuits, the miniport of VCs, as it is but for when it answers: sends and requests are completed a
 * little later, from a DPC. What it breaks stands here. See breaks.h.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>

#include "breaks.h"

#define LATER 64u /* completions that wait */

static struct {
    NDIS_HANDLE Vc;
    PNET_BUFFER_LIST Chain;
    ULONG Flags;
} Sends[LATER];

static KSPIN_LOCK Lock; /* guards Sends */
static KTIMER Timer;
static KDPC Dpc;
static MINIPORT_CO_OID_REQUEST_HANDLER Answers;
static PNDIS_OID_REQUEST Asked; /* and answered a little later */
static NDIS_HANDLE AskedAt;
static NDIS_STATUS Answer;

static VOID
Complete(NDIS_HANDLE Vc, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Irql);
    if (BREAKS(send_status_final__vc))
        NET_BUFFER_LIST_STATUS(Chain) = NDIS_STATUS_PENDING;
    if (BREAKS(send_nb_list_unmodified__vc))
        NET_BUFFER_LIST_FIRST_NB(Chain) = NULL;
    if (BREAKS(lk_not_across_ndis__vc))
        KeAcquireSpinLock(&Lock, &Irql);
    volatile const UCHAR *Late = TOUCHES(send_no_touch_after_complete) ? (PVOID)Chain : NULL;
    NdisMCoSendNetBufferListsComplete(Vc, Chain, Flags);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(nbl_from_pool__vc))
        NdisMCoSendNetBufferListsComplete(Vc, Chain, Flags);
}

static VOID
AnswerRequest(VOID)
{
    PNDIS_OID_REQUEST Request = InterlockedExchangePointer((PVOID *)&Asked, NULL);

    if (Request == NULL)
        return;
    NdisMCoOidRequestComplete(AskedAt, Request, Answer);
    if (TOUCHES(oid_buffer_not_kept))
        (void)*(volatile const UCHAR *)Request;
}

static VOID
Work(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    for (ULONG i = 0; i < LATER; i++) {
        PNET_BUFFER_LIST Chain;
        NDIS_HANDLE Vc;

        KeAcquireSpinLockAtDpcLevel(&Lock);
        Chain = Sends[i].Chain;
        Vc = Sends[i].Vc;
        Sends[i].Chain = NULL;
        KeReleaseSpinLockFromDpcLevel(&Lock);
        if (Chain != NULL)
            Complete(Vc, Chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
    AnswerRequest();
}

static VOID
WorkLater(VOID)
{
    LARGE_INTEGER Due = {.QuadPart = -10000};

    KeSetTimer(&Timer, Due, &Dpc);
}

/* For NdisMCoSendNetBufferListsComplete. */
static VOID
CompleteLater(NDIS_HANDLE Vc, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ULONG i;
    KIRQL Irql;

    KeAcquireSpinLock(&Lock, &Irql);
    for (i = 0; i < LATER && Sends[i].Chain != NULL; i++)
        ;
    if (i < LATER) {
        Sends[i].Chain = Chain;
        Sends[i].Vc = Vc;
    }
    KeReleaseSpinLock(&Lock, Irql);
    if (i == LATER)
        NdisMCoSendNetBufferListsComplete(Vc, Chain, Flags);
    else
        WorkLater();
}

/* For NdisMCoIndicateReceiveNetBufferLists. */
static VOID
Indicate(NDIS_HANDLE Vc, PNET_BUFFER_LIST Chain, ULONG Count, ULONG Flags)
{
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Irql);
    if (BREAKS(recv_number_matches__vc))
        Count++;
    if (BREAKS(recv_source_handle_miniport__vc))
        Chain->SourceHandle = NULL;
    if (BREAKS(recv_no_lock_held__vc))
        KeAcquireSpinLock(&Lock, &Irql);
    NdisMCoIndicateReceiveNetBufferLists(Vc, Chain, Count, Flags);
}

static NDIS_STATUS SetHandlers(NDIS_HANDLE Handle, PNDIS_DRIVER_OPTIONAL_HANDLERS Handlers);

#define NdisMCoSendNetBufferListsComplete    CompleteLater
#define NdisMCoIndicateReceiveNetBufferLists Indicate
#define NdisSetOptionalHandlers              SetHandlers
#define DriverEntry                          CircuitEntry
#include "../../../drivers/miniport/circuits/circuits.c"
#undef DriverEntry
#undef NdisSetOptionalHandlers

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, NDIS_HANDLE VcContext, PNDIS_OID_REQUEST Request)
{
    AskedAt = ((ADAPTER *)Context)->Handle;
    Answer = Answers(Context, VcContext, Request);
    InterlockedExchangePointer((PVOID *)&Asked, Request);
    WorkLater();
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
SetHandlers(NDIS_HANDLE Handle, PNDIS_DRIVER_OPTIONAL_HANDLERS Handlers)
{
    PNDIS_MINIPORT_CO_CHARACTERISTICS Co = (PVOID)Handlers;

    Answers = Co->CoOidRequestHandler;
    Co->CoOidRequestHandler = OidRequest;
    return NdisSetOptionalHandlers(Handle, Handlers);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    BreaksBy(RegistryPath);
    KeInitializeSpinLock(&Lock);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Work, NULL);
    return CircuitEntry(DriverObject, RegistryPath);
}
