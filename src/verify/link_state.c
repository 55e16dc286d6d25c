/* SPDX-License-Identifier: MIT */
/* Checks of what a miniport says of its link: indications agree with its attributes, say something
 * new, and tell of a link that a reset has taken and that is there again.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

#define SECOND 1000000000ull
#define BACK   (2 * SECOND) /* after a reset; then what comes in comes over a link */

struct link {
    NDIS_LINK_STATE said; /* the newest indication */
    bool has;             /* since the attributes were set */
    bool connected;       /* by them or it */
    bool lost;            /* said in a reset, by one that was connected */
    uint64_t reset;       /* end of that reset */
};

static struct record *
record_of(struct verify *verify, const struct gate_call *call)
{
    const struct object *prefix =
        object_of(verify->machine, (const void *)call->args[0], OBJECT_ADAPTER);

    return prefix ? prefix->record : NULL;
}

static struct link *
link_of(struct verify *verify, struct record *record)
{
    if (!record->link)
        record->link = ledger_alloc(verify, sizeof(*record->link));
    return record->link;
}

static bool
too_fast(ULONG64 speed, ULONG64 most)
{
    return most && most != NDIS_LINK_SPEED_UNKNOWN && speed != NDIS_LINK_SPEED_UNKNOWN &&
           speed > most;
}

/* As fast as the miniport says that it can be. */
static void
check_speed(struct verify *verify, const struct gate_call *call, ULONG64 transmit, ULONG64 receive,
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general)
{
    bool wrong = too_fast(transmit, general->MaxXmitLinkSpeed) ||
                 too_fast(receive, general->MaxRcvLinkSpeed);

    if (fails(verify, RULE_LINK_TRUE, wrong))
        broken(verify, RULE_LINK_TRUE, call, NULL, NULL, NULL,
            "%s says that its link sends at %llu bit/s and receives at %llu bit/s; its attributes "
            "say %llu and %llu at most",
            call->driver->name, (unsigned long long)transmit, (unsigned long long)receive,
            (unsigned long long)general->MaxXmitLinkSpeed,
            (unsigned long long)general->MaxRcvLinkSpeed);
}

static void
set_attributes(struct verify *verify, struct gate_call *call)
{
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = (const void *)call->args[1];
    struct record *record = record_of(verify, call);
    struct link *link;

    if (!record || general->Header.Type != NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES)
        return;
    check_speed(verify, call, general->XmitLinkSpeed, general->RcvLinkSpeed, general);
    link = link_of(verify, record);
    if (link)
        *link =
            (struct link){.connected = general->MediaConnectState == MediaConnectStateConnected};
}

/* What the members beyond the header say. */
static bool
same(const NDIS_LINK_STATE *a, const NDIS_LINK_STATE *b)
{
    return a->MediaConnectState == b->MediaConnectState &&
           a->MediaDuplexState == b->MediaDuplexState && a->XmitLinkSpeed == b->XmitLinkSpeed &&
           a->RcvLinkSpeed == b->RcvLinkSpeed && a->PauseFunctions == b->PauseFunctions &&
           a->AutoNegotiationFlags == b->AutoNegotiationFlags;
}

static void
indicate(struct verify *verify, struct gate_call *call)
{
    const NDIS_STATUS_INDICATION *status = (const void *)call->args[1];
    struct record *record = record_of(verify, call);
    const NDIS_LINK_STATE *state;
    struct link *link;

    if (!record || status->StatusCode != NDIS_STATUS_LINK_STATE || !status->StatusBuffer ||
        status->StatusBufferSize < NDIS_SIZEOF_LINK_STATE_REVISION_1)
        return;
    link = link_of(verify, record);
    state = status->StatusBuffer;
    if (!link)
        return;
    check_speed(verify, call, state->XmitLinkSpeed, state->RcvLinkSpeed,
        &((const struct module *)record->body)->adapter->general);
    if (fails(verify, RULE_LINK_AGAIN, link->has && same(state, &link->said)))
        broken(verify, RULE_LINK_AGAIN, call, NULL, NULL, NULL,
            "%s indicates the state of its link that it has indicated last", call->driver->name);
    if (state->MediaConnectState == MediaConnectStateConnected)
        link->lost = false;
    else if (record->resetting && link->connected)
        link->lost = true;
    memcpy(&link->said, state, sizeof(link->said));
    link->has = true;
    link->connected = state->MediaConnectState == MediaConnectStateConnected;
    link->reset = 0;
}

/* A frame shows that the link is there, if the reset is over. */
static void
receive(struct verify *verify, struct gate_call *call)
{
    uint64_t now = executive_now(verify->machine->executive);
    struct record *record = record_of(verify, call);
    struct link *link = record ? record->link : NULL;

    if (!link || !link->lost || record->resetting)
        return;
    if (!link->reset)
        link->reset = now;
    if (!fails(verify, RULE_LINK_RESET, now > link->reset + limit(verify, BACK)))
        return;
    link->lost = false;
    broken(verify, RULE_LINK_RESET, call, NULL, NULL, NULL,
        "%s said in its reset that its link is gone, receives since that ended, and has not said "
        "that it is back",
        call->driver->name);
}

const struct check link_state_imports[] = {
    {"NdisMSetMiniportAttributes", set_attributes, NULL},
    {"NdisMIndicateStatusEx", indicate, NULL},
    {"NdisMIndicateReceiveNetBufferLists", receive, NULL},
    {NULL, NULL, NULL},
};
