/* SPDX-License-Identifier: MIT */
/* portnic keeps what its port does not take yet: it goes out in order later, or comes back when it
 * is cancelled. No frame that comes is lost for want of a buffer, and a pause waits for those lent.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"

#define WIRE  512u /* frames that a wire holds */
#define SIZE  100u
#define QUEUE 60u
#define LOW   32u /* buffers that are not lent out */

/* @nbls NBLs of @nbs frames; does not wait. */
static void
queue(struct pair *pair, uint64_t cancel_id, unsigned nbls, unsigned nbs)
{
    struct peer_protocol *from = pair->ends[0].above;

    from->cancel_id = cancel_id;
    peer_protocol_send(from, nbls, nbs, SIZE);
}

/* Nothing comes out of the wire; @room more frames go into it. */
static void
fill(struct pair *pair, unsigned room)
{
    struct peer_protocol *from = pair->ends[0].above;

    CHECK_OK(undis_port_hold(pair->ends[1].wire, true));
    for (unsigned left = WIRE - room; left; left -= left < 64 ? left : 64)
        queue(pair, 1, left < 64 ? left : 64, 1);
    test_wait_count(pair->machine, &from->back, test_read(&from->sent));
}

static void
let_go(struct pair *pair)
{
    struct peer_protocol *from = pair->ends[0].above;

    CHECK_OK(undis_port_hold(pair->ends[1].wire, false));
    test_wait_count(pair->machine, &from->back, test_read(&from->sent));
    pair_settle(pair);
}

static uint64_t
out(const struct pair *pair)
{
    return test_read(&pair->ends[0].above->sent) - test_read(&pair->ends[0].above->back);
}

struct wanted {
    const struct pair *pair;
    uint64_t out;
};

static bool
is_out(void *context)
{
    const struct wanted *wanted = context;

    return out(wanted->pair) == wanted->out;
}

/* So many come to be out, and stay so. */
static void
keeps(struct pair *pair, uint64_t count)
{
    struct wanted wanted = {pair, count};

    test_wait(pair->machine, is_out, &wanted, "what is to come back");
    undis_run(pair->machine, 2000000);
    CHECK_EQ(out(pair), count);
}

static void
open_pair(struct pair *pair, const char *buffers)
{
    pair_up(pair, true, "*ReceiveBuffers", buffers);
    pair_set(pair, 1, OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_PROMISCUOUS);
}

static void
waits_and_goes_on(void)
{
    struct pair pair;

    test_case("a full wire");
    open_pair(&pair, "256");
    fill(&pair, 2);
    queue(&pair, 1, QUEUE, 3);
    keeps(&pair, QUEUE);
    let_go(&pair);
    test_wait_count(pair.machine, &pair.ends[1].above->received.count, WIRE - 2 + 3 * QUEUE);
    CHECK_EQ(test_read(&pair.ends[1].above->received.disorder), 0);
    CHECK_EQ(test_read(&pair.ends[0].above->completed.disorder), 0);
    CHECK_EQ(test_read(&pair.ends[0].above->failed), 0);
    pair_down(&pair);
}

/* Those with the id come back aborted; not the one that is half on the wire. */
static void
cancels(unsigned room, bool half)
{
    struct peer_protocol *from;
    struct pair pair;
    uint64_t sent = WIRE - room;

    test_case("cancelled, %u frames fit", room);
    open_pair(&pair, "256");
    from = pair.ends[0].above;
    fill(&pair, room);
    queue(&pair, 7, 1, 4);
    queue(&pair, 8, QUEUE, 1);
    queue(&pair, 7, QUEUE, 1);
    queue(&pair, 9, QUEUE, 1);
    keeps(&pair, 1 + 3 * QUEUE);
    peer_protocol_cancel(from, 6);
    keeps(&pair, 1 + 3 * QUEUE);
    peer_protocol_cancel(from, 7);
    keeps(&pair, half + 2 * QUEUE);
    CHECK_EQ(test_read(&from->aborted), QUEUE + !half);
    queue(&pair, 7, QUEUE, 1);
    let_go(&pair);
    CHECK_EQ(test_read(&from->aborted), QUEUE + !half);
    test_wait_count(
        pair.machine, &pair.ends[1].above->received.count, sent + (half ? 4 : 0) + 3ull * QUEUE);
    CHECK_EQ(test_read(&pair.ends[1].above->received.disorder), half ? 1 : 2);
    pair_down(&pair);
}

static void
cancels_all(void)
{
    struct pair pair;

    test_case("all cancelled");
    open_pair(&pair, "256");
    fill(&pair, 0);
    queue(&pair, 7, QUEUE, 2);
    peer_protocol_cancel(pair.ends[0].above, 7);
    keeps(&pair, 0);
    CHECK_EQ(test_read(&pair.ends[0].above->aborted), QUEUE);
    queue(&pair, 8, QUEUE, 2);
    let_go(&pair);
    test_wait_count(pair.machine, &pair.ends[1].above->received.count, WIRE + 2 * QUEUE);
    pair_down(&pair);
}

/* What comes while it is paused waits outside. */
static void
waits_for_its_restart(void)
{
    struct pair pair;

    test_case("paused");
    open_pair(&pair, "256");
    CHECK_OK(undis_stack_pause(pair.ends[1].stack));
    queue(&pair, 1, QUEUE, 1);
    test_wait_count(pair.machine, &pair.ends[0].above->back, QUEUE);
    undis_run(pair.machine, 2000000);
    CHECK_EQ(pair_get(&pair, 1, OID_GEN_RCV_NO_BUFFER), 0);
    CHECK_OK(undis_stack_restart(pair.ends[1].stack));
    test_wait_count(pair.machine, &pair.ends[1].above->received_nbls, QUEUE);
    pair_down(&pair);
}

static void
lends_until_few_are_left(void)
{
    struct peer_protocol *to;
    struct pair pair;

    test_case("few buffers");
    open_pair(&pair, "64");
    to = pair.ends[1].above;
    for (unsigned round = 1; round < 4; round++) {
        to->returns = PEER_HOLD;
        for (unsigned k = 0; k < 2 * LOW; k++)
            pair_send(&pair, 0, NULL, 1, SIZE);
        CHECK_EQ(test_read(&to->kept), LOW);
        CHECK_EQ(test_read(&to->resources), round * LOW);
        test_wait_count(pair.machine, &to->received.count, round * 2ull * LOW);
        if (round < 3)
            peer_protocol_release(to);
        else
            CHECK_OK(undis_stack_pause(pair.ends[1].stack)); /* waits for what is lent */
        CHECK_EQ(test_read(&to->kept), 0);
    }
    CHECK_EQ(test_read(&to->received.disorder), 0);
    pair_down(&pair);
}

static void
tells_the_link(void)
{
    uint64_t ups = test_read(&pair_ups), downs = test_read(&pair_downs);
    NDIS_LINK_STATE link;
    uint32_t length = sizeof(link);
    struct pair pair;

    test_case("link");
    open_pair(&pair, "256");
    CHECK_EQ(test_read(&pair_ups), ups + 1);
    CHECK_OK(undis_stack_detach(pair.ends[1].stack, pair.pass));
    CHECK_EQ(test_read(&pair_downs), downs);
    CHECK_OK(undis_stack_unbind(pair.ends[1].stack, pair.ends[1].above->peer.driver));
    CHECK_OK(undis_stack_remove(pair.ends[1].stack));
    test_wait_count(pair.machine, &pair_downs, downs + 1);
    CHECK_EQ(pair_oid(&pair, 0, false, OID_GEN_LINK_STATE, &link, &length), 0);
    CHECK_EQ(link.MediaConnectState, MediaConnectStateDisconnected);
    CHECK_EQ(link.MediaDuplexState, MediaDuplexStateUnknown);
    CHECK_EQ(link.XmitLinkSpeed, ~(ULONG64)0);
    CHECK_EQ(link.RcvLinkSpeed, ~(ULONG64)0);
    CHECK_EQ(test_read(&pair_ups), ups + 1);
    pair.ends[1].stack = NULL;
    pair_down(&pair);
}

int
main(void)
{
    waits_and_goes_on();
    cancels(2, true);
    cancels(0, false);
    cancels_all();
    waits_for_its_restart();
    lends_until_few_are_left();
    tells_the_link();
    return 0;
}
