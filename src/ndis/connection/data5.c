/* SPDX-License-Identifier: MIT */
/* What travels on the VCs of protocols of NDIS 5. Between the two generations it travels as NBLs.
 *
 *     NdisCoSendPackets --an NBL around each--> data.c      ProtocolCoSendComplete <-- data.c
 *     ProtocolCoReceivePacket <--a packet around each-- data.c      NdisReturnPackets --> the NBL
 */
#include "ndis/connection/call.h"
#include "ndis/packet/carrier.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

/* An NBL for each packet, in their order; those for which there is no memory are answered. */
static PNET_BUFFER_LIST
wrap(struct co_vc *vc, PPNDIS_PACKET packets, UINT count, UINT *made)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;

    *made = 0;
    for (UINT i = 0; i < count; i++) {
        PNET_BUFFER_LIST nbl;

        protocol5_require_sendable(vc->user, vc, packets[i], "NdisCoSendPackets");
        nbl = wrapper_around(vc->user->binding5->wrappers, packets[i]);
        if (!nbl) {
            call_co5_send_complete(vc, packets[i], NDIS_STATUS_RESOURCES);
            continue;
        }
        nbl->SourceHandle = vc;
        *link = nbl;
        link = &nbl->Next;
        ++*made;
    }
    return first;
}

/*
 * NdisCoSendPackets - a protocol sends packets on a VC, in the order of the array
 *
 * @NdisVcHandle:    of the VC.
 * @PacketArray:     @NumberOfPackets packets.
 * @NumberOfPackets: 1 or more.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: each packet is NDIS' until ProtocolCoSendComplete, in any order, perhaps before this
 *            returns.
 * Errors:    told by ProtocolCoSendComplete: the miniport's, NDIS_STATUS_RESOURCES,
 *            NDIS_STATUS_VC_NOT_ACTIVATED on a VC that is not active, NDIS_STATUS_FAILURE from a
 *            paused stack. The VC of a protocol of NDIS 6 is a bug check (rule
 *            rg-ndis5-forbidden-calls).
 * Source:    ddk3790:NdisXC_1bd88887-4f48-47f1-ae64-6f6b8e211844.xml.htm
 */
VOID
NdisCoSendPackets(NDIS_HANDLE NdisVcHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct co_vc *vc = co_vc_quick(NdisVcHandle, __func__);
    PNET_BUFFER_LIST chain;
    UINT made;
    KIRQL irql;

    protocol5_of(vc->user, __func__);
    irql = path_enter();
    chain = wrap(vc, PacketArray, NumberOfPackets, &made);
    if (chain)
        co_send(vc, chain, made, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    path_leave(irql);
}

void
co5_send_done(struct co_vc *vc, PNET_BUFFER_LIST chain)
{
    struct module *user = vc->user;

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;
        NDIS_STATUS status = protocol5_final(NET_BUFFER_LIST_STATUS(nbl));

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        call_co5_send_complete(vc, wrapper_end(nbl), status);
    }
    protocol5_back(user);
}

static INT
receive_on(void *vc, PNDIS_PACKET packet)
{
    return call_co5_receive(vc, packet);
}

/* What there is no packet for goes back, and is counted. */
void
co5_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct module *user = vc->user;
    bool resources = flags & NDIS_RECEIVE_FLAGS_RESOURCES;

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        if (protocol5_receive_packet(user, nbl, resources, receive_on, vc))
            continue;
        lane_add(&module_lane(vc->miniport)->dropped, 1);
        NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
        if (!resources)
            NdisReturnNetBufferLists(user, nbl, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
    }
    if (vc->miniport->legacy)
        __atomic_store_n(
            &user->binding5->heard, true, __ATOMIC_RELAXED); /* NdisMCoReceiveComplete */
    else if (user->registration->protocol5.ReceiveCompleteHandler)
        call_receive_complete(user);
    protocol5_back(user);
}

void
co5_status(struct module *binding, NDIS_HANDLE vc_context, PNDIS_STATUS_INDICATION indication)
{
    NDIS_STATUS code;
    PVOID buffer;
    UINT size;

    if (protocol5_translate(binding, indication, &code, &buffer, &size))
        call_co5_status(binding, vc_context, code, buffer, size);
}
