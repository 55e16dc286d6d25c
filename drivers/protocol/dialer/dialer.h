/* SPDX-License-Identifier: MIT */
/*
 * dialer: a connection-oriented client that joins a port and a call. It listens on one number,
 * calls another, or both; one call at a time.
 *
 *     port --UndisPortReceived--> NBL --NdisCoSendNetBufferLists--> VC ... the far end
 *     port <--Transmit-- DialerReceive (returned at once) <-- VC
 *
 * Keywords, in the section of the binding or the parameters of the driver: Port (a device), Listen
 * and Dial (numbers; 0 or absent: not). A call that is refused or ends is made again after a while.
 * Without a call the port is held, so nothing that comes from it is lost.
 *
 *     data.c   the port and the VC's data        call.c   families, SAPs, calls
 *     dialer.c bind, unbind, pause, registration
 */
#pragma once

#define NDIS630 1

#include "../operator/message.h"
#include "../operator/tagged6.h"

#define TAG       'laiD'
#define REDIAL_MS 50

typedef struct _BINDING {
    NDIS_HANDLE Handle, Pool;
    NDIS_EVENT Done; /* an open or close has completed */
    NDIS_STATUS DoneStatus;
    BOOLEAN HasPort, PortOpen;
    UNDIS_PORT_INTERFACE Port;
    PFILE_OBJECT PortFile;
    ULONG Listen, Dial;
    DIAL Wish; /* of the call that is being made */
    ULONG SapMemory[4];
    KTIMER Redial;
    KDPC RedialDpc;
    NDIS_EVENT Left, Drained;

    NDIS_SPIN_LOCK Lock; /* guards what follows */
    NDIS_HANDLE Family, Sap, Vc;
    BOOLEAN FamilyThere, FamilyOpen; /* there until closed, open until that is asked for */
    BOOLEAN SapThere, Own;           /* Own: the VC is of our making */
    BOOLEAN Making;                  /* a call is being made */
    BOOLEAN Failed;                  /* the last one: not again before the timer */
    BOOLEAN Talking;                 /* a call is there */
    BOOLEAN Closing;                 /* and is to end: once nothing is out, NdisClCloseCall */
    BOOLEAN CloseAsked, Leaving, Notice;
    BOOLEAN Running, Held;
    ULONG Out; /* sends under way */
    ULONG64 Sent, NotSent;

    NDIS_SPIN_LOCK TransmitLock; /* guards what follows, and Transmit */
    ULONG64 Received, NotTaken;
} BINDING;

extern NDIS_HANDLE ProtocolHandle;

/* data.c */
NDIS_STATUS DataOpen(BINDING *Binding);
VOID DataClose(BINDING *Binding);
/* Starts and stops the flow from the port. Under Lock. */
VOID DataUpdateHold(BINDING *Binding);
PROTOCOL_CO_RECEIVE_NET_BUFFER_LISTS DialerReceive;
PROTOCOL_CO_SEND_NET_BUFFER_LISTS_COMPLETE DialerSendComplete;

/* call.c */
VOID CallInitialize(BINDING *Binding);
/* Does what is due: closes, makes, leaves. */
VOID CallStep(BINDING *Binding);
/* Ends the call and closes everything. PASSIVE_LEVEL; returns when nothing is left. */
VOID CallLeave(BINDING *Binding);
NDIS_STATUS CallSetOptions(NDIS_HANDLE NdisDriverHandle);
PROTOCOL_CO_AF_REGISTER_NOTIFY DialerAfNotify;
