/* SPDX-License-Identifier: MIT */
/* Direct OID requests: at DISPATCH_LEVEL, several at once and while the miniport keeps an ordinary
 * one; through filters that take them, past those that do not; answered at once, later, or by
 * NdisCancelDirectOidRequest. Nobody below who takes them: NDIS_STATUS_NOT_SUPPORTED.
 */
#include "peer_inner.h"

#include "rig.h"

#define MOST 4u

/* Of the machine under test; one test at a time. */
static struct {
    bool pends;
    PNDIS_OID_REQUEST kept[MOST];
    unsigned count, done;
    NDIS_STATUS status[MOST];
} direct;

struct question {
    NDIS_OID_REQUEST request;
    ULONG value;
};

static uint32_t
answer(PNDIS_OID_REQUEST request)
{
    ++*(ULONG *)request->DATA.QUERY_INFORMATION.InformationBuffer;
    request->DATA.QUERY_INFORMATION.BytesWritten = sizeof(ULONG);
    return NDIS_STATUS_SUCCESS;
}

static uint32_t
miniport_direct(void *module, void *request)
{
    (void)module;
    CHECK_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    if (!direct.pends)
        return answer(request);
    CHECK(direct.count < MOST);
    direct.kept[direct.count++] = request;
    return NDIS_STATUS_PENDING;
}

static void
complete_kept(void *module, NDIS_STATUS status)
{
    while (direct.count) {
        PNDIS_OID_REQUEST request = direct.kept[--direct.count];

        if (status == NDIS_STATUS_SUCCESS)
            answer(request);
        NdisMDirectOidRequestComplete(module, request, status);
    }
}

static void
miniport_cancel(void *module, void *id)
{
    CHECK(id == (void *)7);
    complete_kept(module, NDIS_STATUS_REQUEST_ABORTED);
}

static void
release(void *module, void *context)
{
    (void)context;
    complete_kept(module, NDIS_STATUS_SUCCESS);
}

static void
protocol_done(void *module, void *request, uint32_t status)
{
    (void)module;
    (void)request;
    direct.status[direct.done++] = (NDIS_STATUS)status;
}

static const struct peer_hooks hooks = {
    .direct = miniport_direct, .direct_cancel = miniport_cancel, .direct_done = protocol_done};

struct asked {
    struct question *questions;
    unsigned count;
    NDIS_STATUS status; /* of the last one */
};

static void
ask(void *module, void *context)
{
    struct asked *asked = context;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    for (unsigned i = 0; i < asked->count; i++) {
        struct question *q = &asked->questions[i];

        q->value = 10 * i;
        q->request = (NDIS_OID_REQUEST){
            .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
                NDIS_SIZEOF_OID_REQUEST_REVISION_1},
            .RequestType = NdisRequestQueryInformation,
            .RequestId = (PVOID)7,
            .DATA.QUERY_INFORMATION = {PEER_OID, &q->value, sizeof(q->value), 0, 0},
        };
        asked->status = NdisDirectOidRequest(module, &q->request);
    }
    KeLowerIrql(irql);
}

static void
cancel(void *module, void *context)
{
    (void)context;
    NdisCancelDirectOidRequest(module, (PVOID)7);
}

static void
check_answers(const struct asked *asked, NDIS_STATUS status)
{
    CHECK_EQ(direct.done, asked->count);
    for (unsigned i = 0; i < asked->count; i++) {
        CHECK_EQ((uint32_t)direct.status[i], (uint32_t)status);
        CHECK_EQ(asked->questions[i].value, 10 * i + (status == NDIS_STATUS_SUCCESS));
    }
    direct.done = 0;
}

static void
pended(struct rig *rig, struct asked *asked)
{
    direct.pends = true;
    rig->miniport->hold_oids = true;
    peer_protocol_oids(rig->protocols[0], 1);
    test_wait_count(rig->machine, &rig->miniport->oids, 1);
    peer_run(rig->protocols[0], ask, asked);
    CHECK_EQ((uint32_t)asked->status, (uint32_t)NDIS_STATUS_PENDING);
    CHECK_EQ(direct.count, asked->count);
    peer_run(rig->miniport, release, NULL);
    check_answers(asked, NDIS_STATUS_SUCCESS);
    peer_run(rig->protocols[0], ask, asked);
    peer_run(rig->protocols[0], cancel, NULL);
    check_answers(asked, NDIS_STATUS_REQUEST_ABORTED);
    rig->miniport->hold_oids = false;
    CHECK_EQ(test_read(&rig->protocols[0]->oids_done), 0);
    peer_miniport_release_oids(rig->miniport);
    test_wait_count(rig->machine, &rig->protocols[0]->oids_done, 1);
}

static void
test(const struct rig_config *given)
{
    static struct question questions[MOST];
    struct rig_config config = *given;
    struct asked one = {questions, 1, 0}, all = {questions, MOST, 0};
    struct rig rig;

    config.without[0] = config.filters > 1 ? PEER_WITHOUT_DIRECT : 0;
    rig_up(&rig, &config);
    rig.miniport->peer.hooks = rig.protocols[0]->peer.hooks = &hooks;
    direct.pends = false;
    peer_run(rig.protocols[0], ask, &one);
    CHECK_EQ((uint32_t)one.status, (uint32_t)NDIS_STATUS_SUCCESS);
    CHECK_EQ(questions[0].value, 1);
    CHECK_EQ(questions[0].request.DATA.QUERY_INFORMATION.BytesWritten, sizeof(ULONG));
    CHECK_EQ(direct.done, 0);
    pended(&rig, &all);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->directs, config.without[i] ? 0 : 1 + 2 * MOST);
    rig_down(&rig);
}

static void
nobody(void)
{
    static struct question question;
    struct rig_config config = {.miniport = PEER_DESERIALIZED, .filters = 1};
    struct asked one = {&question, 1, 0};
    struct rig rig;

    rig_up(&rig, &config);
    peer_run(rig.protocols[0], ask, &one);
    CHECK_EQ((uint32_t)one.status, (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    nobody();
    return 0;
}
