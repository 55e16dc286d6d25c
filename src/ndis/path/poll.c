/* SPDX-License-Identifier: MIT */
/* Poll objects: NDIS asks a miniport for what it has received and completed, so many NBLs at a
 * time, as long as there is something.
 *
 *     NdisRequestPoll --> DPC: NdisPoll, NdisPoll ... nothing any more: NdisSetPollNotification
 *                         '--> received: up the stack; completed: back to who sent it
 *
 * `state` says whether a DPC is queued or runs, so that a poll never runs beside itself and one
 * always follows a request. Made by a miniport in MiniportInitializeEx, which ends it in
 * MiniportHaltEx.
 */
#include "executive/executive.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_poll.h"
#include "nt/dpc.h"

#define AT_ONCE  64u /* NBLs each way, per call */
#define ROUNDS   8u  /* calls in a row, then whatever else waits for the processor */
#define ANYWHERE UINT32_MAX

enum poll_state {
    POLL_IDLE,
    POLL_DUE,   /* a DPC is queued or runs */
    POLL_AGAIN, /* and a request has come since it began to ask */
    POLL_GONE
};

struct poll {
    KDPC dpc;
    struct call_poll to; /* [I] */
    uint32_t state;      /* word: enum poll_state */
    uint32_t leaving;    /* [A] NdisDeregisterPoll waits */
    uint32_t processor;  /* [A] ANYWHERE: where the request comes from */
};

static struct poll *
poll_from_handle(NDIS_POLL_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_POLL))
        gate_bug_check("po-not-before-register", "%s was given %p, which is no poll object", caller,
            (void *)handle);
    return (struct poll *)handle;
}

static bool
move(struct poll *poll, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(
        &poll->state, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void
queue(struct poll *poll)
{
    uint32_t processor = __atomic_load_n(&poll->processor, __ATOMIC_RELAXED);

    dpc_queue(poll->to.miniport->machine, &poll->dpc,
        processor == ANYWHERE ? block_self->processor : processor, NULL, NULL);
}

/* One NdisPoll; true: the miniport had something. */
static bool
ask(struct poll *poll)
{
    NDIS_POLL_DATA data = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_POLL_DATA_REVISION_1,
            NDIS_SIZEOF_NDIS_POLL_DATA_REVISION_1},
        .Transmit.MaxNblsToComplete = AT_ONCE,
        .Receive.MaxNblsToIndicate = AT_ONCE,
    };

    call_poll(&poll->to, &data);
    return data.Transmit.CompletedNblChain || data.Receive.IndicatedNblChain;
}

static void
end(struct poll *poll)
{
    struct executive *executive = poll->to.miniport->machine->executive;

    __atomic_store_n(&poll->state, POLL_GONE, __ATOMIC_RELEASE);
    executive_wake(executive, &poll->state, 1);
}

/* Asks until there is nothing; true: whatever else waits comes first, then this again. */
static bool
ask_on(struct poll *poll)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (__atomic_load_n(&poll->leaving, __ATOMIC_ACQUIRE)) {
            end(poll);
            return false;
        }
        __atomic_store_n(&poll->state, POLL_DUE, __ATOMIC_RELEASE);
        if (ask(poll) || __atomic_load_n(&poll->state, __ATOMIC_ACQUIRE) == POLL_AGAIN)
            continue;
        call_poll_notification(&poll->to, TRUE);
        if (!__atomic_load_n(&poll->leaving, __ATOMIC_ACQUIRE) && move(poll, POLL_DUE, POLL_IDLE))
            return false;
    }
    return true;
}

static VOID
run(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (ask_on(Context))
        queue(Context);
}

/*
 * NdisRegisterPoll - a miniport wants to be asked for what it has
 *
 * @NdisHandle:      as given to MiniportInitializeEx.
 * @Context:         for the handlers.
 * @Characteristics: revision 1, with both handlers.
 * @PollHandle:      the poll object.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the object is the miniport's until NdisDeregisterPoll.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER without a header or a handler, NDIS_STATUS_RESOURCES.
 * Source:    NF:poll.NdisRegisterPoll
 */
NDIS_STATUS
NdisRegisterPoll(NDIS_HANDLE NdisHandle, PVOID Context,
    const NDIS_POLL_CHARACTERISTICS *Characteristics, NDIS_POLL_HANDLE *PollHandle)
{
    struct module *miniport = module_from_handle(NdisHandle, MODULE_MINIPORT, __func__);
    struct poll *poll;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *PollHandle = NULL;
    if (Characteristics->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
        Characteristics->Header.Size < NDIS_SIZEOF_NDIS_POLL_CHARACTERISTICS_REVISION_1 ||
        !Characteristics->PollHandler || !Characteristics->SetPollNotificationHandler)
        return NDIS_STATUS_INVALID_PARAMETER;
    poll = object_create(miniport->machine, OBJECT_POLL, sizeof(*poll));
    if (!poll)
        return NDIS_STATUS_RESOURCES;
    call_poll_prepare(&poll->to, miniport, Context, Characteristics);
    poll->processor = ANYWHERE;
    dpc_initialize(&poll->dpc, run, poll, NULL);
    *PollHandle = (NDIS_POLL_HANDLE)poll;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisDeregisterPoll - ends a poll object
 *
 * @PollHandle: from NdisRegisterPoll.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the object; returns when no poll is under way, and none comes any more.
 * Errors:    none.
 * Source:    NF:poll.NdisDeregisterPoll
 */
VOID
NdisDeregisterPoll(NDIS_POLL_HANDLE PollHandle)
{
    struct poll *poll = poll_from_handle(PollHandle, __func__);
    struct executive *executive = poll->to.miniport->machine->executive;
    uint32_t state;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    __atomic_store_n(&poll->leaving, 1, __ATOMIC_RELEASE);
    while (!move(poll, POLL_IDLE, POLL_GONE)) {
        state = __atomic_load_n(&poll->state, __ATOMIC_ACQUIRE);
        if (state == POLL_GONE)
            break;
        if (state != POLL_IDLE)
            executive_wait(executive, &poll->state, state, EXECUTIVE_FOREVER);
    }
    processor_grace(poll->to.miniport->machine);
    object_destroy(poll);
}

/*
 * NdisRequestPoll - NDIS shall ask, at least once from now on
 *
 * @PollHandle: from NdisRegisterPoll.
 * @Reserved:   NULL.
 *
 * IRQL:      <= HIGH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:poll.NdisRequestPoll
 */
VOID
NdisRequestPoll(NDIS_POLL_HANDLE PollHandle, PVOID Reserved)
{
    struct poll *poll = poll_from_handle(PollHandle, __func__);

    UNREFERENCED_PARAMETER(Reserved);
    while (__atomic_load_n(&poll->state, __ATOMIC_ACQUIRE) < POLL_AGAIN) {
        if (move(poll, POLL_DUE, POLL_AGAIN))
            return;
        if (move(poll, POLL_IDLE, POLL_DUE)) {
            queue(poll);
            return;
        }
    }
}

/*
 * NdisSetPollAffinity - on which processor NDIS asks
 *
 * @PollHandle:   from NdisRegisterPoll.
 * @PollAffinity: group and number; one that there is not changes nothing.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; one more round may still be where it was.
 * Errors:    none.
 * Source:    NF:poll.NdisSetPollAffinity
 */
VOID
NdisSetPollAffinity(NDIS_POLL_HANDLE PollHandle, const PROCESSOR_NUMBER *PollAffinity)
{
    struct poll *poll = poll_from_handle(PollHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (PollAffinity->Group == 0 &&
        PollAffinity->Number < poll->to.miniport->machine->processor_count)
        __atomic_store_n(&poll->processor, PollAffinity->Number, __ATOMIC_RELAXED);
}
