/* SPDX-License-Identifier: MIT */
/* The data of dialer: between the port and the VC of the call. */
#include "dialer.h"

static UNDIS_PORT_RECEIVED FromPort;

VOID
DataUpdateHold(BINDING *Binding)
{
    BOOLEAN Hold = !Binding->Running || !Binding->Talking || Binding->Closing ||
                   Binding->Out > 4 * UNDIS_PORT_BATCH;

    if (Binding->PortOpen && Hold != Binding->Held) {
        Binding->Held = Hold;
        Binding->Port.Hold(Binding->Port.Context, Hold);
    }
}

NDIS_STATUS
DataOpen(BINDING *Binding)
{
    if (!Binding->HasPort)
        return NDIS_STATUS_SUCCESS;
    Binding->Port.Hold(Binding->Port.Context, TRUE);
    if (!NT_SUCCESS(Binding->Port.Open(Binding->Port.Context, FromPort, NULL, NULL, Binding)))
        return NDIS_STATUS_OPEN_FAILED;
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Held = TRUE;
    Binding->PortOpen = TRUE;
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    return NDIS_STATUS_SUCCESS;
}

VOID
DataClose(BINDING *Binding)
{
    BOOLEAN Open;

    NdisAcquireSpinLock(&Binding->Lock);
    NdisDprAcquireSpinLock(&Binding->TransmitLock);
    Open = Binding->PortOpen;
    Binding->PortOpen = FALSE;
    NdisDprReleaseSpinLock(&Binding->TransmitLock);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Open)
        Binding->Port.Close(Binding->Port.Context);
    if (Binding->HasPort) {
        Binding->Port.InterfaceDereference(Binding->Port.Context);
        ObDereferenceObject(Binding->PortFile);
    }
    Binding->HasPort = FALSE;
}

static VOID
FromPort(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    BINDING *Binding = Context;
    PNET_BUFFER_LIST Head = NULL, *Tail = &Head;
    NDIS_HANDLE Vc = NULL;
    ULONG i;

    NdisDprAcquireSpinLock(&Binding->Lock);
    for (i = 0; i < Count; i++) {
        *Tail = NULL;
        if (Binding->Running && Binding->Talking && !Binding->Closing)
            *Tail = TaggedNbl(Binding->Pool, Frames[i].Data, Frames[i].Length, Binding->Vc);
        if (*Tail == NULL) {
            Binding->NotSent++;
            continue;
        }
        Tail = &NET_BUFFER_LIST_NEXT_NBL(*Tail);
        Binding->Out++;
        Binding->Sent++;
        Vc = Binding->Vc;
    }
    *Tail = NULL;
    DataUpdateHold(Binding);
    NdisDprReleaseSpinLock(&Binding->Lock);
    if (Head != NULL)
        NdisCoSendNetBufferLists(Vc, Head, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

VOID
DialerSendComplete(
    NDIS_HANDLE ProtocolVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    BINDING *Binding = ProtocolVcContext;
    PNET_BUFFER_LIST Nbl, Next;
    BOOLEAN Close;

    UNREFERENCED_PARAMETER(SendCompleteFlags);
    NdisAcquireSpinLock(&Binding->Lock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
        if (NET_BUFFER_LIST_STATUS(Nbl) != NDIS_STATUS_SUCCESS)
            Binding->NotSent++;
        NdisFreeNetBufferList(Nbl);
        Binding->Out--;
    }
    DataUpdateHold(Binding);
    Close = Binding->Closing && Binding->Out == 0;
    if (!Binding->Running && Binding->Out == 0)
        NdisSetEvent(&Binding->Drained);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Close)
        CallStep(Binding);
}

VOID
DialerReceive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNET_BUFFER_LIST NetBufferLists, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    BINDING *Binding = ProtocolBindingContext;
    PNET_BUFFER_LIST Nbl;

    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    NdisAcquireSpinLock(&Binding->TransmitLock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
        PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
        UNDIS_PORT_TRANSMIT Frame = {NET_BUFFER_CURRENT_MDL(Nb), NET_BUFFER_CURRENT_MDL_OFFSET(Nb),
            NET_BUFFER_DATA_LENGTH(Nb)};

        Binding->Received++;
        if (Binding->PortOpen && Binding->Port.Transmit(Binding->Port.Context, &Frame, 1) == 0)
            Binding->NotTaken++;
    }
    NdisReleaseSpinLock(&Binding->TransmitLock);
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags))
        NdisReturnNetBufferLists(Binding->Handle, NetBufferLists, 0);
}
