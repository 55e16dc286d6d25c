/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to poll objects of miniports. */
#include "ndis/stack/call_poll.h"
#include "ndis/stack/out.h"

void
call_poll_prepare(struct call_poll *to, struct module *miniport, PVOID context,
    const NDIS_POLL_CHARACTERISTICS *handlers)
{
    *to = (struct call_poll){
        .miniport = miniport,
        .context = context,
        .handlers = *handlers,
        .indicate = gate_import_find("NdisMIndicateReceiveNetBufferLists"),
        .complete = gate_import_find("NdisMSendNetBufferListsComplete"),
    };
}

/* What drivers call: with hooks, what the hooks see. */
static void (*entry(const struct gate_import *import))(void)
{
    return gate_hooks() ? import->checked : import->plain;
}

static ULONG
count(const NET_BUFFER_LIST *chain, ULONG said)
{
    if (said != NDIS_ANY_NUMBER_OF_NBLS)
        return said;
    for (said = 0; chain; chain = chain->Next)
        said++;
    return said;
}

/* On behalf of the miniport. Afterwards the chains are not its any more; only their being there
 * tells that there was something. */
static void
pass_on(const struct call_poll *to, const NDIS_POLL_DATA *data)
{
    const NDIS_POLL_RECEIVE_DATA *receive = &data->Receive;
    const NDIS_POLL_TRANSMIT_DATA *transmit = &data->Transmit;

    if (transmit->CompletedNblChain)
        ((VOID(*)(NDIS_HANDLE, PNET_BUFFER_LIST, ULONG))entry(to->complete))(to->miniport,
            transmit->CompletedNblChain,
            transmit->SendCompleteFlags | NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    if (receive->IndicatedNblChain)
        ((VOID(*)(NDIS_HANDLE, PNET_BUFFER_LIST, NDIS_PORT_NUMBER, ULONG, ULONG))entry(
            to->indicate))(to->miniport, receive->IndicatedNblChain, NDIS_DEFAULT_PORT_NUMBER,
            count(receive->IndicatedNblChain, receive->NumberOfIndicatedNbls),
            receive->Flags | NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
}

void
call_poll(const struct call_poll *to, NDIS_POLL_DATA *data)
{
    static const struct gate_handler row = {"NdisPoll", 0, DISPATCH_LEVEL};
    struct gate_frame frame;
    struct out out;

    out_begin(&out, to->miniport->driver, to->miniport, &row, WORD(to->handlers.PollHandler),
        ARGS(WORD(to->context), WORD(data)));
    to->handlers.PollHandler(to->context, data);
    /* The hooks look at the chains: before they go on. */
    out_end(&out, 0);
    gate_out_enter(&frame, to->miniport->driver, to->miniport, &row);
    pass_on(to, data);
    gate_out_leave(&frame);
}

void
call_poll_notification(const struct call_poll *to, BOOLEAN enabled)
{
    static const struct gate_handler row = {"NdisSetPollNotification", 0, DISPATCH_LEVEL};
    NDIS_POLL_NOTIFICATION notification = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_POLL_NOTIFICATION_REVISION_1,
            NDIS_SIZEOF_NDIS_POLL_NOTIFICATION_REVISION_1},
        .Enabled = enabled,
    };
    struct out out;

    out_begin(&out, to->miniport->driver, to->miniport, &row,
        WORD(to->handlers.SetPollNotificationHandler),
        ARGS(WORD(to->context), WORD(&notification)));
    to->handlers.SetPollNotificationHandler(to->context, &notification);
    out_end(&out, 0);
}
