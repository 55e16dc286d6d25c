/* SPDX-License-Identifier: MIT */
/* Poll objects: what a miniport has received and completed goes up and back by NdisPoll, at most so
 * many at a time, never beside itself, on the processor that was asked for; a poll follows each
 * request, and when there is nothing any more the interrupt is wanted. None comes after
 * NdisDeregisterPoll.
 */
#include "peer_inner.h"

#include "rig.h"

struct waiting {
    PNET_BUFFER_LIST first, *link;
};

static struct {
    KSPIN_LOCK lock;
    struct waiting received, completed;
    NDIS_POLL_HANDLE poll;
    ULONG polls, inside, wanted, elsewhere;
    struct peer_miniport *face;
    ULONG processor; /* where it must come; all bits set: anywhere */
} miniport;

static void
put(struct waiting *waiting, PNET_BUFFER_LIST chain)
{
    KIRQL irql;

    KeAcquireSpinLock(&miniport.lock, &irql);
    *waiting->link = chain;
    while (*waiting->link)
        waiting->link = &(*waiting->link)->Next;
    KeReleaseSpinLock(&miniport.lock, irql);
    NdisRequestPoll(READ(miniport.poll), NULL);
}

static PNET_BUFFER_LIST
take(struct waiting *waiting, ULONG most, ULONG *count)
{
    PNET_BUFFER_LIST chain = waiting->first, *link = &chain;

    *count = 0;
    while (*link && *count < most) {
        link = &(*link)->Next;
        ++*count;
    }
    waiting->first = *link;
    if (!waiting->first)
        waiting->link = &waiting->first;
    *link = NULL;
    return chain;
}

static VOID
poll(PVOID Context, NDIS_POLL_DATA *PollData)
{
    KIRQL irql;

    CHECK(Context == &miniport);
    CHECK_EQ(COUNT(miniport.inside, 1), 1);
    COUNT(miniport.polls, 1);
    if (READ(miniport.processor) != KeGetCurrentProcessorNumber())
        COUNT(miniport.elsewhere, 1);
    CHECK(PollData->Receive.MaxNblsToIndicate > 0 && PollData->Transmit.MaxNblsToComplete > 0);
    KeAcquireSpinLock(&miniport.lock, &irql);
    PollData->Receive.IndicatedNblChain = take(&miniport.received,
        PollData->Receive.MaxNblsToIndicate, &PollData->Receive.NumberOfIndicatedNbls);
    PollData->Transmit.CompletedNblChain = take(&miniport.completed,
        PollData->Transmit.MaxNblsToComplete, &PollData->Transmit.NumberOfCompletedNbls);
    KeReleaseSpinLock(&miniport.lock, irql);
    UNCOUNT(miniport.face->sends_out, PollData->Transmit.NumberOfCompletedNbls);
    if (READ(miniport.polls) % 2)
        PollData->Receive.NumberOfIndicatedNbls = NDIS_ANY_NUMBER_OF_NBLS;
    UNCOUNT(miniport.inside, 1);
}

static VOID
notification(PVOID Context, NDIS_POLL_NOTIFICATION *Notification)
{
    CHECK(Context == &miniport);
    CHECK_EQ(READ(miniport.inside), 0);
    CHECK(Notification->Enabled);
    COUNT(miniport.wanted, 1);
}

static void
start(void *module)
{
    NDIS_POLL_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_POLL_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_NDIS_POLL_CHARACTERISTICS_REVISION_1},
        .PollHandler = poll,
    };
    NDIS_POLL_HANDLE handle;

    miniport.received.link = &miniport.received.first;
    miniport.completed.link = &miniport.completed.first;
    KeInitializeSpinLock(&miniport.lock);
    CHECK_EQ((uint32_t)NdisRegisterPoll(module, &miniport, &characteristics, &handle),
        (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    CHECK(!handle);
    characteristics.SetPollNotificationHandler = notification;
    CHECK_EQ((uint32_t)NdisRegisterPoll(module, &miniport, &characteristics, &handle),
        NDIS_STATUS_SUCCESS);
    WRITE(miniport.poll, handle);
}

static void
indicate(void *module, void *chain, unsigned count)
{
    (void)module;
    (void)count;
    put(&miniport.received, chain);
}

static void
complete(void *module, void *chain)
{
    (void)module;
    put(&miniport.completed, chain);
}

static const struct peer_hooks hooks = {
    .attributes = start, .indicate = indicate, .complete = complete};

static void
set_affinity(void *module, void *context)
{
    PROCESSOR_NUMBER number = {.Number = *(UCHAR *)context}, nowhere = {.Number = 77};

    (void)module;
    NdisSetPollAffinity(miniport.poll, &number);
    NdisSetPollAffinity(miniport.poll, &nowhere);
}

static void
request(void *module, void *context)
{
    KIRQL irql;

    (void)module;
    (void)context;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    NdisRequestPoll(miniport.poll, NULL);
    NdisRequestPoll(miniport.poll, NULL);
    KeLowerIrql(irql);
}

static void
stop(void *module, void *context)
{
    (void)module;
    (void)context;
    NdisRequestPoll(miniport.poll, NULL);
    NdisDeregisterPoll(miniport.poll);
}

static bool
no_poll(void *context)
{
    (void)context;
    return READ(miniport.wanted) > 0 && READ(miniport.inside) == 0;
}

static bool
enough(void *context)
{
    const struct peer_protocol *protocol = context;

    return test_read(&protocol->received_nbls) > 900 && test_read(&protocol->back) > 500;
}

static void
affinity(struct rig *rig, UCHAR processor)
{
    peer_run(rig->miniport, set_affinity, &processor);
    WRITE(miniport.processor, processor);
    WRITE(miniport.wanted, 0);
    peer_run(rig->miniport, request, NULL); /* what may still be elsewhere */
    test_wait(rig->machine, no_poll, NULL, "the polls to end");
    WRITE(miniport.elsewhere, 0);
    peer_miniport_indicate(rig->miniport, 200, 64, false);
    peer_protocol_send(rig->protocols[0], 100, 1, 64);
    rig_settle(rig);
    CHECK_EQ(READ(miniport.elsewhere), 0);
}

static void
test(const struct rig_config *given)
{
    struct rig_config config = *given;
    ULONG polls;
    struct rig rig;

    config.not_started = true;
    rig_up(&rig, &config);
    rig.miniport->peer.hooks = &hooks;
    miniport.face = rig.miniport;
    CHECK_OK(undis_stack_start(rig.stack));
    WRITE(miniport.polls, 0);
    WRITE(miniport.processor, MAXULONG);
    peer_miniport_indicate(rig.miniport, 200, 64, false);
    peer_protocol_send(rig.protocols[0], 100, 1, 64);
    rig_settle(&rig);
    CHECK(READ(miniport.polls) >= 4); /* 64 at a time at most */
    affinity(&rig, 1);
    affinity(&rig, 2);
    peer_miniport_traffic(rig.miniport, true);
    peer_protocol_traffic(rig.protocols[0], true);
    test_wait(rig.machine, enough, rig.protocols[0], "traffic both ways");
    peer_protocol_traffic(rig.protocols[0], false);
    peer_miniport_traffic(rig.miniport, false);
    rig_settle(&rig);
    peer_run(rig.miniport, stop, NULL);
    polls = READ(miniport.polls);
    CHECK_EQ(READ(miniport.inside), 0);
    rig.miniport->peer.hooks = NULL;
    rig_down(&rig);
    CHECK_EQ(READ(miniport.polls), polls);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
