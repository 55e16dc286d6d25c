/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to miniports of NDIS 3 to 5.1. */
#pragma once

#include "ndis/stack/legacy.h"

/* What MiniportInitialize chooses. */
struct legacy_choice {
    NDIS_STATUS open_error;
    UINT medium; /* index into the array it was given */
};

NDIS_STATUS call_legacy_initialize(
    struct module *to, struct legacy_choice *choice, PNDIS_MEDIUM media, UINT count);
void call_legacy_halt(struct module *to);
/* Whether @request goes to MiniportCoRequest: a connection-oriented miniport need have nothing else. */
static inline bool
legacy_asks_co(const struct module *to, const NDIS_OID_REQUEST *request)
{
    const NDIS51_MINIPORT_CHARACTERISTICS *c = &to->registration->miniport5;

    return request->RequestType == NdisRequestSetInformation ? !c->SetInformationHandler
                                                             : !c->QueryInformationHandler;
}
/* Query or set, by the request's type; BytesWritten, BytesRead and BytesNeeded go to the request.
 * MiniportCoRequest gets legacy.co_request instead. */
NDIS_STATUS call_legacy_request(struct module *to, PNDIS_OID_REQUEST request);
/* MiniportCoRequest; @vc: the miniport's context of a VC, or NULL. */
NDIS_STATUS call_legacy_co_request(struct module *to, NDIS_HANDLE vc, PNDIS_REQUEST request);
void call_legacy_unload(struct ndis_driver *to);
/* MiniportTimer; at DISPATCH_LEVEL. */
void call_legacy_timer(struct module *to, PNDIS_MINIPORT_TIMER timer);
/* The function of NdisIMQueueMiniportCallback. */
void call_legacy_callback(struct module *to, W_MINIPORT_CALLBACK routine, PVOID context);
/* MiniportCheckForHang and MiniportReset. */
BOOLEAN call_legacy_hang(struct module *to);
NDIS_STATUS call_legacy_reset(struct module *to, BOOLEAN *addressing);
/* The handler of NdisMRegisterAdapterShutdownHandler, or MiniportShutdown. */
void call_legacy_shutdown(struct module *to);
void
call_legacy_pnp_event(struct module *to, NDIS_DEVICE_PNP_EVENT event, PVOID buffer, ULONG length);
/* Data path. MiniportSend, or MiniportSendPackets with an array. */
NDIS_STATUS call_legacy_send(struct module *to, PNDIS_PACKET packet);
void call_legacy_send_packets(struct module *to, PPNDIS_PACKET packets, UINT count);
void call_legacy_cancel(struct module *to, PVOID cancel_id);
void call_legacy_return(struct module *to, PNDIS_PACKET packet);
NDIS_STATUS call_legacy_transfer(struct module *to, PNDIS_PACKET packet, UINT *transferred,
    NDIS_HANDLE context, UINT offset, UINT length);
