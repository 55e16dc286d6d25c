/* SPDX-License-Identifier: MIT */
/* WAN miniports of NDIS 4, and the protocol on one: what goes over a link.
 *
 *     WanMiniportSend (open block)  -->  [queue of a serialized miniport]  -->  MiniportWanSend
 *     ProtocolWanSendComplete       <--  NdisMWanSendComplete, after NDIS_STATUS_PENDING
 *     ProtocolWanReceive            <--  NdisMWanIndicateReceive
 *     ProtocolStatus                <--  NdisMIndicateStatus: NDIS_STATUS_WAN_LINE_UP, LINE_DOWN
 *
 * A link has two names: NdisLinkHandle is the miniport's, NdisLinkContext the protocol's, which it
 * writes into the structure of the line-up. A packet is its protocol's until it is sent, then the
 * miniport's until it is completed; while it waits here, its MacReserved and WanPacketQueue are
 * NDIS' own. One protocol uses a WAN adapter: the first that is bound and runs.
 */
#include "ndis/connection/wan.h"
#include "host/lock.h"

/* The protocol on @adapter, running or, with @all, not; NULL: none. At DISPATCH_LEVEL. */
static struct module *
user_among(struct adapter *adapter, bool all)
{
    const struct receivers *receivers = __atomic_load_n(&adapter->receivers, __ATOMIC_ACQUIRE);
    unsigned count = all ? receivers->open : receivers->count;

    for (unsigned i = 0; i < count; i++)
        if (receivers->bindings[i]->binding5)
            return receivers->bindings[i];
    return NULL;
}

static struct module *
user_of(struct adapter *adapter)
{
    return user_among(adapter, false);
}

/* One packet less is in the miniport; who pauses it may go on. */
static void
count_back(struct module *miniport, struct module *binding)
{
    lane_add(&module_lane(miniport)->send_completed, 1);
    lane_add(&module_lane(binding)->send_completed, 1);
    if (__builtin_expect(__atomic_load_n(&miniport->legacy->pausing, __ATOMIC_RELAXED), 0))
        legacy_look_whether_idle(miniport);
    protocol5_back(binding);
}

/* Takes @packet, which the miniport has answered or completed, out of the count. */
static void
take_back(struct module *miniport, const char *how)
{
    if (__atomic_fetch_sub(&miniport->legacy->wan_out, 1, __ATOMIC_ACQ_REL) == 0)
        gate_bug_check(
            "s5-wan-complete", "%s %s a WAN packet, but it has none", miniport->driver->name, how);
}

static NDIS_STATUS
hand_over(struct module *miniport, NDIS_HANDLE link, PNDIS_WAN_PACKET packet)
{
    NDIS_STATUS status;

    __atomic_add_fetch(&miniport->legacy->wan_out, 1, __ATOMIC_ACQ_REL);
    status = call_wan_send(miniport, link, packet);
    if (status != NDIS_STATUS_PENDING)
        take_back(miniport, "answered");
    return status;
}

/* SERIAL_SENDS of a WAN miniport: what waits goes, and what is answered at once is completed. */
static void
do_sends(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;

    for (;;) {
        PNDIS_WAN_PACKET packet;
        struct module *binding;
        NDIS_STATUS status;

        host_lock(&legacy->send_lock);
        packet = IsListEmpty(&legacy->wan_queue)
                     ? NULL
                     : CONTAINING_RECORD(
                           RemoveHeadList(&legacy->wan_queue), NDIS_WAN_PACKET, WanPacketQueue);
        host_unlock(&legacy->send_lock);
        if (!packet)
            return;
        binding = packet->MacReserved2;
        status = hand_over(miniport, packet->MacReserved1, packet);
        if (status == NDIS_STATUS_PENDING)
            continue;
        count_back(miniport, binding);
        call_wan_send_complete(binding, packet, status);
    }
}

static void
wait_in_line(
    struct module *miniport, struct module *binding, NDIS_HANDLE link, PNDIS_WAN_PACKET packet)
{
    packet->MacReserved1 = link;
    packet->MacReserved2 = binding;
    host_lock(&miniport->legacy->send_lock);
    InsertTailList(&miniport->legacy->wan_queue, &packet->WanPacketQueue);
    host_unlock(&miniport->legacy->send_lock);
    serial_post(miniport, SERIAL_SENDS);
}

/* WanSendHandler of the open block. */
static NDIS_STATUS
wan_send(NDIS_HANDLE handle, NDIS_HANDLE link, PVOID packet)
{
    struct module *binding = protocol5_of(handle, "WanMiniportSend");
    struct module *miniport = binding->adapter->miniport;
    NDIS_STATUS status = NDIS_STATUS_PENDING;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, "WanMiniportSend");
    irql = path_enter();
    if (!HOP(binding, send_hop)) {
        path_leave(irql);
        return NDIS_STATUS_FAILURE;
    }
    lane_add(&module_lane(binding)->sent, 1);
    lane_add(&module_lane(miniport)->sent, 1);
    if (miniport->legacy->serial.off) {
        status = hand_over(miniport, link, packet);
        if (status != NDIS_STATUS_PENDING)
            count_back(miniport, binding);
    } else {
        wait_in_line(miniport, binding, link, packet);
    }
    path_leave(irql);
    return status;
}

/* NET_BUFFER_LISTs have no link. */
static void
refuse(NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_NOT_SUPPORTED;
    send_complete_above(module, chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

static VOID
complete_of_block(NDIS_HANDLE handle, PVOID packet, NDIS_STATUS status)
{
    NdisMWanSendComplete(handle, packet, status);
}

static VOID
receive_of_block(PNDIS_STATUS status, NDIS_HANDLE handle, NDIS_HANDLE link, PUCHAR data, ULONG size)
{
    NdisMWanIndicateReceive(status, handle, link, data, size);
}

void
wan_miniport(struct module *miniport)
{
    InitializeListHead(&miniport->legacy->wan_queue);
    miniport->legacy->serial.work[SERIAL_SENDS] = do_sends;
    miniport->path.send = refuse;
    miniport->block.WanSendCompleteHandler = complete_of_block;
    miniport->block.WanRcvHandler = receive_of_block;
    miniport->block.WanRcvCompleteHandler = NdisMWanIndicateReceiveComplete;
}

void
wan_binding(struct module *binding)
{
    const struct module *miniport = binding->adapter->miniport;

    if (miniport->legacy && miniport->block.MediaType == NdisMediumWan)
        binding->open.WanSendHandler = wan_send;
}

/* A WAN miniport; bug check (rule rg-ndis5-forbidden-calls) for any other. */
static struct module *
wan_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy || miniport->block.MediaType != NdisMediumWan)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, which is no WAN miniport, called %s",
            miniport->driver->name, caller);
    return miniport;
}

/*
 * NdisMWanSendComplete - a WAN miniport gives a packet back that it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Packet:                as given to MiniportWanSend.
 * @Status:                final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the packet goes back to the protocol that sent it.
 * Errors:    none; a miniport that has no packet is a bug check (rule s5-wan-complete).
 * Source:    ddk3790:NdisXMd_Mz_6a74d97b-12e1-4e1d-a6c8-e7b81bcd1c4d.xml.htm
 */
VOID
NdisMWanSendComplete(NDIS_HANDLE MiniportAdapterHandle, PNDIS_WAN_PACKET Packet, NDIS_STATUS Status)
{
    struct module *miniport = wan_of(MiniportAdapterHandle, __func__), *binding;
    KIRQL irql = path_enter();

    take_back(miniport, "completed");
    binding = user_of(miniport->adapter);
    /* One that pauses is no receiver any more and still waits for its packets. */
    if (!binding)
        binding = user_among(miniport->adapter, true);
    if (binding) {
        call_wan_send_complete(binding, Packet, Status);
        count_back(miniport, binding);
    }
    path_leave(irql);
}

/*
 * NdisMWanIndicateReceive - a WAN miniport has a frame of a link
 *
 * @Status:                the protocol's answer; NDIS_STATUS_NOT_ACCEPTED when nobody is there.
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @NdisLinkContext:       as the protocol wrote it into the line-up.
 * @PacketBuffer:          the frame.
 * @PacketSize:            bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer stays with the miniport; the protocol copies what it wants.
 * Errors:    none.
 * Source:    ddk3790:NdisXMd_Mz_9a98d650-789b-4801-91dd-e30e705b4a06.xml.htm
 */
VOID
NdisMWanIndicateReceive(PNDIS_STATUS Status, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE NdisLinkContext, PUCHAR PacketBuffer, UINT PacketSize)
{
    struct module *miniport = wan_of(MiniportAdapterHandle, __func__);
    KIRQL irql = path_enter();
    struct module *binding = user_of(miniport->adapter);
    struct module_lane *lane = module_lane(miniport);

    *Status = NDIS_STATUS_NOT_ACCEPTED;
    lane_add(&lane->indicated, 1);
    if (binding && NdisLinkContext)
        *Status = call_wan_receive(binding, NdisLinkContext, PacketBuffer, PacketSize);
    else
        lane_add(&lane->dropped, 1);
    lane_add(&lane->returned, 1);
    path_leave(irql);
}

/*
 * NdisMWanIndicateReceiveComplete - a WAN miniport has told of every frame that it had
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @NdisLinkContext:       of the link.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; nobody hears of it when no protocol runs.
 * Source:    ddk3790:NdisXMd_Mz_31e3ccd7-1d6b-4e37-b0c7-7593ed548df3.xml.htm
 */
VOID
NdisMWanIndicateReceiveComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisLinkContext)
{
    struct module *miniport = wan_of(MiniportAdapterHandle, __func__);
    KIRQL irql = path_enter();
    struct module *binding = user_of(miniport->adapter);

    if (binding && NdisLinkContext)
        call_wan_receive_complete(binding, NdisLinkContext);
    path_leave(irql);
}
