/* SPDX-License-Identifier: MIT */
/*
 * dialer5: what dialer is, as a client of NDIS 5.1: it joins a port and a call.
 *
 *     port --UndisPortReceived--> NDIS_PACKET --NdisCoSendPackets--> VC ... the far end
 *     port <--Transmit-- ProtocolCoReceivePacket (never kept) <-- VC
 *
 * Keywords, in the section of the binding or the parameters of the driver: Port (a device), Listen
 * and Dial (numbers; 0 or absent: not). A call that is refused or ends is made again after a while.
 * Without a call the port is held, so nothing that comes from it is lost.
 *
 *     data.c    the port and the VC's data       call.c   families, SAPs, calls
 *     bind.c    settings, bind, unbind           dialer5.c   registration
 */
#pragma once

#define NDIS51 1

#include "../operator/message.h"

#include <undis/port.h>

#define TAG       '5iaD'
#define REDIAL_MS 50
#define PACKETS   (8 * UNDIS_PORT_BATCH)

typedef struct _BINDING {
    NDIS_HANDLE Handle, PacketPool, BufferPool;
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
extern NDIS_STRING ParametersPath; /* of the driver's own parameters */

/* Each handler has the documented type of its slot in NDIS_PROTOCOL_CHARACTERISTICS. */

/* bind.c */
VOID Dialer5Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2);
VOID
Dialer5Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext);
VOID Dialer5OpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus);
VOID Dialer5CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status);

/* data.c */
NDIS_STATUS DataOpen(BINDING *Binding);
VOID DataClose(BINDING *Binding);
/* Starts and stops the flow from the port. Under Lock. */
VOID DataUpdateHold(BINDING *Binding);
UINT Dialer5Receive(
    NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet);
VOID Dialer5SendComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet);

/* call.c */
VOID CallInitialize(BINDING *Binding);
/* Does what is due: closes, makes, leaves. */
VOID CallStep(BINDING *Binding);
/* Ends the call and closes everything. PASSIVE_LEVEL; returns when nothing is left. */
VOID CallLeave(BINDING *Binding);
VOID Dialer5AfNotify(NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily);
