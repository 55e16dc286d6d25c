/* SPDX-License-Identifier: MIT */
/* Synchronous OID requests: each filter sees the request itself on its way down, then the miniport,
 * then the filters in the reverse order, each with the slot that it has filled; a filter can end it,
 * as success or not, and change the answer of those below. One without a handler is passed by.
 */
#include "peer_inner.h"

#include "rig.h"

#include <stdio.h>
#include <string.h>

#define ENDS 12u /* more filters than NDIS keeps slots for on its stack */

static struct {
    char log[64];
    struct rig *rig;
    unsigned ended_by; /* a filter's place */
    NDIS_STATUS end;
    bool changes;
} seen;

static void
note(char kind, unsigned place)
{
    size_t length = strlen(seen.log);

    CHECK(length + 3 < sizeof(seen.log));
    seen.log[length] = kind;
    seen.log[length + 1] = (char)('0' + place);
    seen.log[length + 2] = 0;
}

static unsigned
place_of(void *module)
{
    unsigned place = 0;

    while (seen.rig->filters[place]->peer.module != module)
        place++;
    return place;
}

static uint32_t
filter_issue(void *module, void *request, void **slot)
{
    unsigned place = place_of(module);

    (void)request;
    CHECK_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    CHECK(!*slot);
    *slot = module;
    note('i', place);
    return place == seen.ended_by ? (uint32_t)seen.end : NDIS_STATUS_SUCCESS;
}

static void
filter_issued(void *module, void *request, uint32_t *status, void *slot)
{
    unsigned place = place_of(module);

    (void)request;
    CHECK(slot == (place == 1 ? NULL : module));
    note('c', place);
    if (seen.changes && place == 0)
        *status = (uint32_t)NDIS_STATUS_NOT_ACCEPTED;
}

static uint32_t
miniport_issue(void *module, void *request, void **slot)
{
    PNDIS_OID_REQUEST asked = request;

    (void)slot;
    CHECK(module == seen.rig->miniport->peer.module);
    note('m', 0);
    *(ULONG *)asked->DATA.SET_INFORMATION.InformationBuffer += 1;
    asked->DATA.SET_INFORMATION.BytesRead = sizeof(ULONG);
    return NDIS_STATUS_SUCCESS;
}

static const struct peer_hooks filter_hooks = {.issue = filter_issue, .issued = filter_issued};
static const struct peer_hooks miniport_hooks = {.issue = miniport_issue};

struct asked {
    bool filter, dispatch;
    ULONG value;
    NDIS_STATUS status;
};

static void
ask(void *module, void *context)
{
    struct asked *asked = context;
    NDIS_OID_REQUEST *request = ExAllocatePoolWithTag(NonPagedPool, sizeof(*request), PEER_TAG);
    ULONG *value = ExAllocatePoolWithTag(NonPagedPool, sizeof(*value), PEER_TAG);
    KIRQL irql = PASSIVE_LEVEL;

    CHECK(request && value);
    *value = asked->value;
    *request = (NDIS_OID_REQUEST){
        .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
            NDIS_SIZEOF_OID_REQUEST_REVISION_1},
        .RequestType = NdisRequestSetInformation,
        .DATA.SET_INFORMATION = {PEER_OID, value, sizeof(*value), 0, 0},
    };
    if (asked->dispatch)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    asked->status = asked->filter ? NdisFSynchronousOidRequest(module, request)
                                  : NdisSynchronousOidRequest(module, request);
    CHECK_EQ(KeGetCurrentIrql(), asked->dispatch ? DISPATCH_LEVEL : PASSIVE_LEVEL);
    if (asked->dispatch)
        KeLowerIrql(irql);
    asked->value = *value;
    ExFreePoolWithTag(value, PEER_TAG);
    ExFreePoolWithTag(request, PEER_TAG);
}

static void
check(void *peer, struct asked asked, NDIS_STATUS status, ULONG value, const char *log)
{
    seen.log[0] = 0;
    peer_run(peer, ask, &asked);
    if (strcmp(seen.log, log) != 0)
        fprintf(stderr, "%s, not %s\n", seen.log, log);
    CHECK(strcmp(seen.log, log) == 0);
    CHECK_EQ((uint32_t)asked.status, (uint32_t)status);
    CHECK_EQ(asked.value, value);
}

static void
set_hooks(struct rig *rig)
{
    seen.rig = rig;
    seen.ended_by = RIG_MAX;
    seen.changes = false;
    rig->miniport->peer.hooks = &miniport_hooks;
    for (unsigned i = 0; i < rig->filter_count; i++)
        rig->filters[i]->peer.hooks = &filter_hooks;
}

static void
three_filters(uint64_t seed)
{
    struct rig_config config = {
        .filters = 4, .without = {0, PEER_WITHOUT_ISSUE, 0, PEER_WITHOUT_OIDS}, .seed = seed};
    struct rig rig;
    void *protocol;

    rig_up(&rig, &config);
    set_hooks(&rig);
    protocol = rig.protocols[0];
    check(protocol, (struct asked){.value = 5}, NDIS_STATUS_SUCCESS, 6, "i0i2m0c2c1c0");
    check(protocol, (struct asked){.value = 5, .dispatch = true}, NDIS_STATUS_SUCCESS, 6,
        "i0i2m0c2c1c0");
    check(rig.filters[1], (struct asked){.value = 5, .filter = true}, NDIS_STATUS_SUCCESS, 6,
        "i2m0c2");
    check(rig.filters[3], (struct asked){.value = 5, .filter = true}, NDIS_STATUS_SUCCESS, 6, "m0");
    seen.ended_by = 2;
    seen.end = NDIS_STATUS_ALREADY_COMPLETE;
    check(protocol, (struct asked){.value = 5}, NDIS_STATUS_SUCCESS, 5, "i0i2c1c0");
    seen.end = NDIS_STATUS_INVALID_DATA;
    check(protocol, (struct asked){.value = 5}, NDIS_STATUS_INVALID_DATA, 5, "i0i2c1c0");
    seen.changes = true;
    check(protocol, (struct asked){.value = 5}, NDIS_STATUS_NOT_ACCEPTED, 5, "i0i2c1c0");
    rig_down(&rig);
}

/* Over a miniport of NDIS 5, which has no such handler. */
static void
nobody(void)
{
    struct rig_config config = {.miniport = PEER_DESERIALIZED};
    struct rig rig;

    rig_up(&rig, &config);
    seen.rig = &rig;
    check(rig.protocols[0], (struct asked){.value = 5}, NDIS_STATUS_NOT_SUPPORTED, 5, "");
    rig_down(&rig);
}

/* Peer filters that come and go by hand. */
static void
many_filters(void)
{
    struct rig_config config = {.grows = true, .seed = 1};
    struct peer_filter *more[ENDS];
    struct rig rig;

    rig_up(&rig, &config);
    set_hooks(&rig);
    for (unsigned i = 0; i < ENDS; i++) {
        char name[16] = {'m', 'o', 'r', 'e', (char)('a' + i), 0};

        more[i] = peer_filter_add(rig.machine, name, 0);
        CHECK_OK(undis_stack_attach(rig.stack, rig_driver(more[i])));
    }
    check(rig.protocols[0], (struct asked){.value = 5}, NDIS_STATUS_SUCCESS, 6, "m0");
    for (unsigned i = 0; i < ENDS; i++) {
        CHECK_OK(undis_stack_detach(rig.stack, rig_driver(more[i])));
        peer_remove(&more[i]->peer);
    }
    rig_down(&rig);
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++)
        three_filters(seed);
    nobody();
    many_filters();
    return 0;
}
