/* SPDX-License-Identifier: MIT */
/* An intermediate driver of NDIS 4 is called at its lower edge and has something to say at its upper
 * one, whose miniport is serialized: it has to be inside first.
 *
 *     ProtocolReceivePacket --NdisIMSwitchToMiniport--> TRUE:  NdisMIndicateReceivePacket ...
 *                                                              NdisIMRevertBack
 *                                                  --> FALSE: NdisIMQueueMiniportCallback, and the
 *                                                              same from the MiniportCallback
 */
#include "host/lock.h"
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_legacy.h"

/* A switch handle is the miniport's, and how it was entered. */
enum entered { ENTERED = 1, ENTERED_AGAIN, ENTERED_FREELY };

static struct module *
miniport5(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    return miniport;
}

/* What waits, the first one first. */
static struct legacy_callback *
take(struct legacy *legacy)
{
    struct legacy_callback *last, *first = NULL;

    host_lock(&legacy->send_lock);
    last = legacy->callbacks;
    legacy->callbacks = NULL;
    host_unlock(&legacy->send_lock);
    while (last) {
        struct legacy_callback *next = last->next;

        last->next = first;
        first = last;
        last = next;
    }
    return first;
}

void
legacy_do_callbacks(struct module *miniport)
{
    struct legacy_callback *all;

    while ((all = take(miniport->legacy))) {
        while (all) {
            struct legacy_callback each = *all;

            machine_free(miniport->machine, all);
            call_legacy_callback(miniport, each.routine, each.context);
            all = each.next;
        }
    }
}

static NDIS_STATUS
wait_in_turn(struct module *miniport, W_MINIPORT_CALLBACK routine, PVOID context)
{
    struct legacy *legacy = miniport->legacy;
    struct legacy_callback *callback = machine_alloc(miniport->machine, sizeof(*callback));

    if (!callback)
        return NDIS_STATUS_RESOURCES;
    *callback = (struct legacy_callback){NULL, routine, context};
    host_lock(&legacy->send_lock);
    callback->next = legacy->callbacks;
    legacy->callbacks = callback;
    host_unlock(&legacy->send_lock);
    serial_post(miniport, SERIAL_CALLBACKS);
    return NDIS_STATUS_PENDING;
}

/*
 * NdisIMSwitchToMiniport - an intermediate driver enters its serialized miniport
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @SwitchHandle:          gets what NdisIMRevertBack wants.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: after TRUE no other function of the miniport is called until NdisIMRevertBack, which
 *            the same thread or DPC calls soon; a deserialized miniport is not held up.
 * Errors:    FALSE: another function of the miniport is running.
 * Source:    undocumented since Windows 2000; the DDK of NT 4.0 has a page
 */
BOOLEAN
NdisIMSwitchToMiniport(NDIS_HANDLE MiniportAdapterHandle, PNDIS_HANDLE SwitchHandle)
{
    struct module *miniport = miniport5(MiniportAdapterHandle, __func__);
    enum entered how = ENTERED;

    *SwitchHandle = NULL;
    if (miniport->legacy->serial.off)
        how = ENTERED_FREELY;
    else if (serial_inside(miniport))
        how = ENTERED_AGAIN;
    else if (!serial_try_enter(miniport))
        return FALSE;
    *SwitchHandle = (NDIS_HANDLE)((uintptr_t)miniport | how);
    return TRUE;
}

/*
 * NdisIMRevertBack - an intermediate driver leaves the miniport that it has entered
 *
 * @MiniportAdapterHandle: as given to NdisIMSwitchToMiniport.
 * @SwitchHandle:          from there.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: what NDIS has for the miniport is done before this returns.
 * Errors:    none; another handle is a bug check.
 * Source:    undocumented since Windows 2000; the DDK of NT 4.0 has a page
 */
VOID
NdisIMRevertBack(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE SwitchHandle)
{
    struct module *miniport = miniport5(MiniportAdapterHandle, __func__);
    uintptr_t how = (uintptr_t)SwitchHandle ^ (uintptr_t)miniport;
    bool inside = miniport->legacy->serial.off ? how == ENTERED_FREELY : serial_inside(miniport);

    if (!inside || how < ENTERED || how > ENTERED_FREELY)
        gate_bug_check("s5-serialized-one-at-a-time",
            "%s called NdisIMRevertBack with %p, and has not entered the miniport so",
            miniport->driver->name, SwitchHandle);
    if (how == ENTERED)
        serial_leave(miniport);
}

/*
 * NdisIMQueueMiniportCallback - an intermediate driver wants to be called inside its miniport
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @CallbackRoutine:       what is called, with the miniport's context and
 * @CallbackContext:       this.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: @CallbackContext is the callback's; with NDIS_STATUS_SUCCESS it has run, with
 *            NDIS_STATUS_PENDING it runs, or has, when no other function of the miniport does.
 * Errors:    NDIS_STATUS_RESOURCES: it will not run.
 * Source:    undocumented since Windows 2000; the DDK of NT 4.0 has a page
 */
NDIS_STATUS
NdisIMQueueMiniportCallback(
    NDIS_HANDLE MiniportAdapterHandle, W_MINIPORT_CALLBACK CallbackRoutine, PVOID CallbackContext)
{
    struct module *miniport = miniport5(MiniportAdapterHandle, __func__);
    KIRQL irql;

    if (!miniport->legacy->serial.off && !serial_try_enter(miniport))
        return wait_in_turn(miniport, CallbackRoutine, CallbackContext);
    irql = path_enter();
    call_legacy_callback(miniport, CallbackRoutine, CallbackContext);
    path_leave(irql);
    if (!miniport->legacy->serial.off)
        serial_leave(miniport);
    return NDIS_STATUS_SUCCESS;
}
