/* SPDX-License-Identifier: MIT */
/* Checks of what a filter passes on as it came: network events and status indications. */
#include "verify/check.h"

static struct passing *
passing_of(struct verify *verify, const void *object)
{
    for (unsigned k = 0; k < PASSINGS; k++) {
        struct passing *p = &verify->passings[k];

        if (p->object && p->task == block_self->id && (!object || p->object == object))
            return p;
    }
    return NULL;
}

/* A handler is called: what it gets is noted, if there is room. */
static struct passing *
begin(struct verify *verify, struct gate_call *call)
{
    struct passing *p = verify->passings;

    while (p < verify->passings + PASSINGS && p->object)
        p++;
    if (p == verify->passings + PASSINGS)
        p = NULL;
    else
        *p = (struct passing){.object = (const void *)call->args[1], .task = block_self->id};
    call->scratch[SCRATCH_NOTE] = p;
    return p;
}

static void
end(struct verify *verify, struct gate_call *call)
{
    struct passing *p = call->scratch[SCRATCH_NOTE];

    (void)verify;
    if (p)
        p->object = NULL;
}

static void
event_comes(struct verify *verify, struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];
    struct passing *p = begin(verify, call);

    if (p)
        p->code = event->NetPnPEvent.NetEvent;
}

/* A copy of the event will do. */
static void
event_passes(struct verify *verify, struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];

    for (unsigned k = 0; k < PASSINGS; k++) {
        struct passing *p = &verify->passings[k];

        if (p->object && p->task == block_self->id &&
            p->code == (uint32_t)event->NetPnPEvent.NetEvent)
            p->passed = true;
    }
}

static void
event_ends(struct verify *verify, struct gate_call *call)
{
    const struct passing *p = call->scratch[SCRATCH_NOTE];
    /* What a driver that is linked in calls is not seen. */
    bool kept =
        p && !p->passed && call->driver->image && (NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS;

    if (fails(verify, RULE_EVENT_FORWARD, kept))
        broken(verify, RULE_EVENT_FORWARD, call, NULL, NULL, NULL,
            "%s of %s returned with success and did not pass network event %u on",
            call->handler->name, call->driver->name, p->code);
    end(verify, call);
}

static void
status_comes(struct verify *verify, struct gate_call *call)
{
    const NDIS_STATUS_INDICATION *status = (const void *)call->args[1];
    struct passing *p = begin(verify, call);

    if (!p)
        return;
    p->code = (uint32_t)status->StatusCode;
    p->source = status->SourceHandle;
}

static void
status_passes(struct verify *verify, struct gate_call *call)
{
    const NDIS_STATUS_INDICATION *status = (const void *)call->args[1];
    struct passing *p = passing_of(verify, status);

    if (!p)
        return;
    p->passed = true;
    if (fails(verify, RULE_STATUS_PASS,
            p->source != status->SourceHandle || p->code != (uint32_t)status->StatusCode))
        broken(verify, RULE_STATUS_PASS, call, NULL, NULL, NULL,
            "%s got status 0x%08X from %p and passes it on as 0x%08X from %p", call->driver->name,
            p->code, p->source, (unsigned)status->StatusCode, status->SourceHandle);
}

const struct check pass_imports[] = {
    {"NdisFNetPnPEvent", event_passes, NULL},
    {"NdisFIndicateStatus", status_passes, NULL},
    {NULL, NULL, NULL},
};

const struct check pass_handlers[] = {
    {"FilterNetPnPEvent", event_comes, event_ends},
    {"FilterStatus", status_comes, end},
    {NULL, NULL, NULL},
};
