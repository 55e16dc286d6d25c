/* SPDX-License-Identifier: MIT */
/* What travels on the VCs of miniports of NDIS 5. Between the two generations it travels as NBLs.
 *
 *     data.c --a packet per NET_BUFFER, or the sender's own--> MiniportCoSendPackets
 *     data.c <-------------------------------------------- NdisMCoSendComplete
 *     data.c <--an NBL around each packet-- NdisMCoIndicateReceivePacket, NdisMCoReceiveComplete
 *     receive.c --> legacy_return --> MiniportReturnPacket
 *
 * Such a miniport is deserialized: NDIS calls it at once, queues nothing, and looks at no OOB
 * status of what it sends.
 */
#include "ndis/connection/call.h"
#include "ndis/path/edge.h"
#include "ndis/path/legacy.h"
#include "ndis/stack/call_protocol.h"

/* Nothing goes to it without a VC. */
static void
refuse_without_vc(NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_NOT_SUPPORTED;
    send_complete_above(module, chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

void
co_miniport5(struct module *miniport)
{
    const NDIS51_MINIPORT_CHARACTERISTICS *c = &miniport->registration->miniport5;

    if (!miniport->registration->co)
        return;
    if (!miniport->legacy->serial.off)
        gate_bug_check("rg-ndis5-deserialized-50",
            "%s, which is connection-oriented, initialized without NDIS_ATTRIBUTE_DESERIALIZE",
            miniport->driver->name);
    if (!c->SendHandler && !c->SendPacketsHandler)
        miniport->path.send = refuse_without_vc;
}

static void
hand_over(NDIS_HANDLE vc, PPNDIS_PACKET packets, UINT count)
{
    call_co5_send(vc, packets, count);
}

static void
refuse(NDIS_HANDLE vc, PNET_BUFFER_LIST nbl, NDIS_STATUS status)
{
    NET_BUFFER_LIST_STATUS(nbl) = status;
    co_send_done(vc, nbl, 1, 0);
}

void
co5_send(struct co_vc *vc, PNET_BUFFER_LIST chain)
{
    const struct legacy_way way = {vc, hand_over, refuse};

    legacy_send_at_once(vc->miniport, chain, &way);
}

/* A VC of a miniport of NDIS 5; bug check for one of NDIS 6. */
static struct co_vc *
vc5_of(NDIS_HANDLE handle, const char *caller)
{
    struct co_vc *vc = co_vc_quick(handle, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!vc->miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            vc->miniport->driver->name, caller);
    return vc;
}

static struct module *
miniport5_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    return miniport;
}

/*
 * NdisMCoSendComplete - a miniport gives back a packet that was sent on a VC
 *
 * @Status:       final, not NDIS_STATUS_PENDING.
 * @NdisVcHandle: of the VC.
 * @Packet:       as given to MiniportCoSendPackets.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the packet; the miniport must not touch it afterwards.
 * Errors:    none; a packet that the miniport does not have of this VC is a bug check (rule
 *            s5-complete-packet-identity), a status that is not final is one
 *            (s5-complete-final-status).
 * Source:    ddk3790:NdisXM_MC_1fad49c6-6bd3-45d5-8b19-95cf0666648c.xml.htm
 */
VOID
NdisMCoSendComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PNDIS_PACKET Packet)
{
    struct co_vc *vc = vc5_of(NdisVcHandle, __func__);
    struct module *miniport = vc->miniport; /* with its last send back the VC may be deleted */
    PNET_BUFFER nb = edge_find(vc, Packet);
    PNET_BUFFER_LIST nbl;
    KIRQL irql;

    if (!nb)
        gate_bug_check("s5-complete-packet-identity",
            "%s completed packet %p, which it does not have of this VC: completed already, or "
            "never sent to it",
            miniport->driver->name, (void *)Packet);
    if (Status == NDIS_STATUS_PENDING)
        gate_bug_check("s5-complete-final-status",
            "%s completed a packet with 0x%08X, which is no final status", miniport->driver->name,
            (unsigned)Status);
    irql = path_enter();
    nbl = edge_leave(miniport, nb, Status);
    if (nbl)
        co_send_done(vc, nbl, 1, 0);
    legacy_count_back(miniport, 1);
    path_leave(irql);
}

static void
receive(NDIS_HANDLE vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    co_receive(vc, chain, count, flags);
}

/*
 * NdisMCoIndicateReceivePacket - a miniport passes up what it received on a VC
 *
 * @NdisVcHandle:    of the VC.
 * @PacketArray:     @NumberOfPackets packets; from the first with the OOB status
 *                   NDIS_STATUS_RESOURCES on nobody may keep them.
 * @NumberOfPackets: 1 or more.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until MiniportReturnPacket, perhaps before this returns; with
 *            NDIS_STATUS_RESOURCES until this returns. NdisMCoReceiveComplete follows.
 * Errors:    none; what comes on a VC that is not active, or for a protocol that does not run,
 *            comes back. A miniport without MiniportReturnPacket is a bug check (rule
 *            r5-returnpacket-handler).
 * Source:    ddk3790:NdisXM_MC_023568b8-b525-436f-b984-9ca49a454805.xml.htm
 */
VOID
NdisMCoIndicateReceivePacket(
    NDIS_HANDLE NdisVcHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct co_vc *vc = vc5_of(NdisVcHandle, __func__);
    const struct legacy_up up = {vc, receive};
    KIRQL irql = path_enter();

    legacy_indicate(vc->miniport, PacketArray, NumberOfPackets, &up, __func__);
    path_leave(irql);
}

/*
 * NdisMCoReceiveComplete - a miniport has passed up what it had received on its VCs
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; ProtocolReceiveComplete of each protocol of NDIS 5 that has received
 *            something since the last time.
 * Errors:    none.
 * Source:    ddk3790:NdisXM_MC_9fd101b1-3986-4662-b6ff-46063ffb230c.xml.htm
 */
VOID
NdisMCoReceiveComplete(NDIS_HANDLE MiniportAdapterHandle)
{
    struct module *miniport = miniport5_of(MiniportAdapterHandle, __func__);
    const struct receivers *receivers;
    KIRQL irql = path_enter();

    receivers = __atomic_load_n(&miniport->adapter->receivers, __ATOMIC_ACQUIRE);
    for (unsigned i = 0; i < receivers->count; i++) {
        struct module *binding = receivers->bindings[i];

        if (binding->binding5 &&
            __atomic_exchange_n(&binding->binding5->heard, false, __ATOMIC_RELAXED) &&
            binding->registration->protocol5.ReceiveCompleteHandler)
            call_receive_complete(binding);
    }
    path_leave(irql);
}

/*
 * NdisMCoIndicateStatus - a connection-oriented miniport reports a change of its status
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @NdisVcHandle:          of the VC it is about; NULL: of the adapter.
 * @GeneralStatus:         NDIS_STATUS_*.
 * @StatusBuffer:          what goes with it, or NULL.
 * @StatusBufferSize:      bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer stays with the miniport; nobody keeps it after the return.
 * Errors:    none.
 * Source:    ddk3790:NdisXM_MC_15283e3e-34af-471f-a9c4-33122cb1024a.xml.htm
 */
VOID
NdisMCoIndicateStatus(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_STATUS GeneralStatus, PVOID StatusBuffer, ULONG StatusBufferSize)
{
    struct module *miniport = miniport5_of(MiniportAdapterHandle, __func__);
    struct co_vc *vc = NdisVcHandle ? co_vc_of(NdisVcHandle, __func__) : NULL;
    struct legacy_status made;

    legacy_status_of(miniport, GeneralStatus, StatusBuffer, StatusBufferSize, &made);
    co_status(miniport, vc, &made.indication);
}
