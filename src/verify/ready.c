/* SPDX-License-Identifier: MIT */
/* Checks of what modules answer by their state and by the call: sends that a running module turns
 * away, answers that come too early, more than was asked for, handlers that never end.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

/* The chain of a completion whose first argument is the handle of a @kind. */
static void
check_refused(
    struct verify *verify, const struct gate_call *call, enum object_kind kind, enum rule_name rule)
{
    const struct module *from = (const void *)call->args[0];

    /* An intermediate driver may pass on what the one below has said. */
    if (!object_of(verify->machine, from, kind) || from->registration->layered ||
        from->state != MODULE_RUNNING)
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl; nbl = nbl_next(nbl)) {
        const struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        const struct record *record = prefix ? prefix->record : NULL;
        /* What a filter gets back from below has not been refused by itself. */
        bool own = record && record->now.state == SEAT_SEND && record->now.who == from &&
                   strstr(record_last(record)->what, "SendNetBufferLists") &&
                   !strstr(record_last(record)->what, "Complete");

        if (!own)
            return;
        if (fails(verify, rule, NET_BUFFER_LIST_STATUS(nbl) == NDIS_STATUS_PAUSED))
            broken(verify, rule, call, NULL, record, "received here",
                "%s completed NBL %u with NDIS_STATUS_PAUSED, but has restarted and is running",
                call->driver->name, record->id);
    }
}

static void
miniport_completes(struct verify *verify, struct gate_call *call)
{
    check_refused(verify, call, OBJECT_ADAPTER, RULE_READY_M);
}

static void
filter_completes(struct verify *verify, struct gate_call *call)
{
    check_refused(verify, call, OBJECT_FILTER, RULE_READY_F);
}

static unsigned
length_of(PNET_BUFFER_LIST chain, unsigned most)
{
    unsigned count = 0;

    for (; chain && count <= most; chain = chain->Next)
        count++;
    return count;
}

static void
check_poll(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST chain, ULONG said,
    ULONG most)
{
    unsigned count = length_of(chain, most);

    if (said == NDIS_ANY_NUMBER_OF_NBLS)
        said = 0;
    if (fails(verify, RULE_POLL_MAX, count > most || said > most))
        broken(verify, RULE_POLL_MAX, call, NULL, NULL, NULL,
            "%s gave %u NBLs in its NdisPoll, which may give %u", call->driver->name,
            count > said ? count : (unsigned)said, (unsigned)most);
}

static void
polled(struct verify *verify, struct gate_call *call)
{
    const NDIS_POLL_DATA *data = (const void *)call->args[1];

    check_poll(verify, call, data->Transmit.CompletedNblChain, data->Transmit.NumberOfCompletedNbls,
        data->Transmit.MaxNblsToComplete);
    check_poll(verify, call, data->Receive.IndicatedNblChain, data->Receive.NumberOfIndicatedNbls,
        data->Receive.MaxNblsToIndicate);
}

/* Of those who began it: what lies between passes it on. */
#define NESTED 24u /* calls of one handler of one module in each other; a kernel stack is small */

static void
enters(struct verify *verify, struct gate_call *call)
{
    const void *module = block_self->module;
    unsigned depth = 0;

    for (const struct gate_frame *frame = block_self->frames; frame; frame = frame->outer) {
        depth += frame->handler == call->handler && module == call->module;
        module = frame->module;
    }
    if (fails(verify, RULE_STACK_DEPTH, depth > NESTED && call->driver->image))
        broken(verify, RULE_STACK_DEPTH, call, NULL, NULL, NULL,
            "%s of %s is called %u times in itself", call->handler->name, call->driver->name,
            depth);
}

const struct check ready_imports[] = {
    {"NdisMSendNetBufferListsComplete", miniport_completes, NULL},
    {"NdisFSendNetBufferListsComplete", filter_completes, NULL},
    {NULL, NULL, NULL},
};

const struct check ready_handlers[] = {
    {"NdisPoll", NULL, polled},
    {"ProtocolSendNetBufferListsComplete", enters, NULL},
    {"MiniportReturnNetBufferLists", enters, NULL},
    {NULL, NULL, NULL},
};
