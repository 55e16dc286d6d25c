/* SPDX-License-Identifier: MIT */
/* Reset of a miniport of NDIS 3 to 5.1: because it hangs, or because a protocol asks for it.
 *
 *     RESET_START to all --> MiniportReset --> [NdisMResetComplete] --> what was set is set again,
 *     RESET_END to all   <-- sends go on  <---------------------------'  with AddressingReset
 *
 * Meanwhile sends and requests are answered NDIS_STATUS_RESET_IN_PROGRESS. A serialized miniport
 * gives up what it has: NDIS answers its sends and its request. A deserialized one completes them.
 */
#include "ndis/path/legacy.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_legacy.h"
#include "nt/thread.h"

#include <string.h>

/* What NDIS sets again. */
static const NDIS_OID addressing_oids[] = {
    OID_GEN_CURRENT_PACKET_FILTER,
    OID_GEN_CURRENT_LOOKAHEAD,
    OID_802_3_MULTICAST_LIST,
    OID_802_5_CURRENT_FUNCTIONAL,
    OID_802_5_CURRENT_GROUP,
    OID_FDDI_LONG_MULTICAST_LIST,
    OID_FDDI_SHORT_MULTICAST_LIST,
};

static bool
is_addressing(NDIS_OID oid)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(addressing_oids); i++)
        if (addressing_oids[i] == oid)
            return true;
    return false;
}

/* Requests come one at a time, so nobody else changes the list. */
void
legacy_remember_set(struct module *miniport, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct legacy_set **link = &miniport->legacy->sets, *made;

    if (request->RequestType != NdisRequestSetInformation || !is_addressing(set->Oid) ||
        miniport->legacy->restoring)
        return;
    made = machine_alloc(miniport->machine, sizeof(*made) + set->InformationBufferLength);
    if (!made)
        return;
    made->oid = set->Oid;
    made->length = set->InformationBufferLength;
    memcpy(made->data, set->InformationBuffer, made->length);
    while (*link && (*link)->oid != made->oid)
        link = &(*link)->next;
    if (*link) {
        struct legacy_set *old = *link;

        made->next = old->next;
        *link = made;
        machine_free(miniport->machine, old);
    } else {
        *link = made;
    }
}

void
legacy_forget_sets(struct module *miniport)
{
    while (miniport->legacy->sets) {
        struct legacy_set *set = miniport->legacy->sets;

        miniport->legacy->sets = set->next;
        machine_free(miniport->machine, set);
    }
}

static void
set_again(struct module *miniport, struct legacy_set *set)
{
    NDIS_OID_REQUEST *request =
        object_create(miniport->machine, OBJECT_OID_REQUEST, sizeof(*request));

    if (!request)
        return;
    request->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    request->RequestType = NdisRequestSetInformation;
    request->DATA.SET_INFORMATION.Oid = set->oid;
    request->DATA.SET_INFORMATION.InformationBuffer = set->data;
    request->DATA.SET_INFORMATION.InformationBufferLength = set->length;
    oid_run_at(miniport, request);
    object_destroy(request);
}

/* RESET_END, and everything goes on. */
static void
end(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    struct legacy_reset *by = legacy->reset_by;
    NDIS_STATUS status = legacy->reset_status;

    legacy->reset_by = NULL;
    __atomic_store_n(&legacy->resetting, 0, __ATOMIC_RELEASE);
    executive_wake(miniport->machine->executive, &legacy->resetting, UINT32_MAX);
    legacy_indicate_status(miniport, NDIS_STATUS_RESET_END, &status, sizeof(status));
    legacy_indicate_status_end(miniport);
    if (by)
        by->done(by, status);
    serial_post(miniport, SERIAL_SENDS);
}

/* A task: requests are made at PASSIVE_LEVEL. */
static void
restore(void *context)
{
    struct module *miniport = context;
    struct adapter *adapter = miniport->adapter;
    struct legacy *legacy = miniport->legacy;

    __atomic_store_n(&legacy->restoring, true, __ATOMIC_RELEASE);
    for (struct legacy_set *set = legacy->sets; set; set = set->next)
        set_again(miniport, set);
    __atomic_store_n(&legacy->restoring, false, __ATOMIC_RELEASE);
    end(miniport);
    adapter_later_done(adapter);
}

static void
restore_later(struct module *miniport)
{
    __atomic_add_fetch(&miniport->adapter->later, 1, __ATOMIC_ACQ_REL);
    if (nt_spawn(miniport->machine, "reset", restore, miniport))
        gate_bug_check(NULL, "no task for the reset of %s", miniport->driver->name);
}

static void
answered(struct module *miniport, NDIS_STATUS status, BOOLEAN addressing)
{
    struct legacy *legacy = miniport->legacy;

    legacy->reset_status = status;
    if (!legacy->serial.off)
        legacy_take_back(miniport, NDIS_STATUS_RESET_IN_PROGRESS);
    if (!addressing || !legacy->sets)
        end(miniport);
    else
        restore_later(miniport);
}

void
legacy_do_reset(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    BOOLEAN addressing = FALSE;
    NDIS_STATUS status;

    __atomic_store_n(&legacy->in_reset, true, __ATOMIC_RELEASE);
    status = call_legacy_reset(miniport, &addressing);
    if (status == NDIS_STATUS_PENDING)
        return;
    if (!__atomic_exchange_n(&legacy->in_reset, false, __ATOMIC_ACQ_REL))
        gate_bug_check("rs-complete-only-if-pending",
            "%s completed a reset that it then answered with 0x%08X", miniport->driver->name,
            (unsigned)status);
    answered(miniport, status, addressing);
}

NDIS_STATUS
legacy_reset(struct module *miniport, struct legacy_reset *by)
{
    struct legacy *legacy = miniport->legacy;
    uint32_t none = 0;

    if (!miniport->registration->miniport5.ResetHandler)
        return NDIS_STATUS_NOT_RESETTABLE;
    if (!__atomic_compare_exchange_n(
            &legacy->resetting, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return NDIS_STATUS_RESET_IN_PROGRESS;
    legacy->reset_by = by;
    legacy_indicate_status(miniport, NDIS_STATUS_RESET_START, NULL, 0);
    legacy_indicate_status_end(miniport);
    serial_post(miniport, SERIAL_RESET);
    return NDIS_STATUS_PENDING;
}

void
legacy_do_hang(struct module *miniport)
{
    if (call_legacy_hang(miniport))
        legacy_reset(miniport, NULL);
}

bool
legacy_reset_answered(struct module *miniport, NDIS_STATUS status, BOOLEAN addressing)
{
    if (!__atomic_exchange_n(&miniport->legacy->in_reset, false, __ATOMIC_ACQ_REL))
        return false;
    answered(miniport, status, addressing);
    return true;
}
