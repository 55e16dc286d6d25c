/* SPDX-License-Identifier: MIT */
/* Sends with a cancel id are wanted back from a miniport of NDIS 3 to 5.1: those that NDIS still
 * has come back at once; for the others MiniportCancelSendPackets is called, in turn.
 */
#include "host/lock.h"
#include "ndis/path/edge.h"
#include "ndis/path/legacy.h"
#include "ndis/stack/call_legacy.h"

static struct legacy_cancel *
take(struct legacy *legacy)
{
    struct legacy_cancel *cancel;

    host_lock(&legacy->send_lock);
    cancel = legacy->cancels;
    if (cancel)
        legacy->cancels = cancel->next;
    host_unlock(&legacy->send_lock);
    return cancel;
}

void
legacy_do_cancels(struct module *miniport)
{
    struct legacy_cancel *cancel;

    while ((cancel = take(miniport->legacy))) {
        PVOID id = cancel->id;

        machine_free(miniport->machine, cancel);
        call_legacy_cancel(miniport, id);
    }
}

static void
cancel_in_turn(struct module *miniport, PVOID id)
{
    struct legacy *legacy = miniport->legacy;
    struct legacy_cancel *cancel = machine_alloc(miniport->machine, sizeof(*cancel));

    if (!cancel)
        return; /* cancelling is a wish */
    cancel->id = id;
    host_lock(&legacy->send_lock);
    cancel->next = legacy->cancels;
    legacy->cancels = cancel;
    host_unlock(&legacy->send_lock);
    serial_post(miniport, SERIAL_CANCELS);
}

void
legacy_cancel_send(NDIS_HANDLE module, PVOID cancel_id)
{
    struct module *miniport = module;
    KIRQL irql = path_enter();

    legacy_cancel_queued(miniport, cancel_id);
    if (miniport->legacy->serial.off)
        call_legacy_cancel(miniport, cancel_id);
    else if (miniport->registration->miniport5.CancelSendPacketsHandler)
        cancel_in_turn(miniport, cancel_id);
    path_leave(irql);
}
