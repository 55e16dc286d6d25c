/* SPDX-License-Identifier: MIT */
/* See pair.h. */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"
#include <stdio.h>
#include <string.h>

static unsigned pairs; /* wires of this process have different names */
test_counter pair_ups, pair_downs;

static void
hear(void *module, void *indication)
{
    const NDIS_STATUS_INDICATION *status = indication;
    const NDIS_LINK_STATE *link = status->StatusBuffer;

    (void)module;
    if (status->StatusCode != NDIS_STATUS_LINK_STATE)
        return;
    CHECK_EQ(status->StatusBufferSize, sizeof(*link));
    if (link->MediaConnectState == MediaConnectStateConnected)
        pair_ups++;
    else
        pair_downs++;
}

static const struct peer_hooks hooks = {.status = hear};

uint32_t
pair_oid(struct pair *pair, unsigned end, bool set, uint32_t oid, void *buffer, uint32_t *length)
{
    uint32_t status = 0;

    CHECK_OK(undis_stack_oid(pair->ends[end].stack, set, oid, buffer, length, &status));
    return status;
}

uint32_t
pair_get(struct pair *pair, unsigned end, uint32_t oid)
{
    uint32_t value = 0, length = sizeof(value);

    CHECK_EQ(pair_oid(pair, end, false, oid, &value, &length), 0);
    CHECK_EQ(length, sizeof(value));
    return value;
}

void
pair_set(struct pair *pair, unsigned end, uint32_t oid, uint32_t value)
{
    uint32_t length = sizeof(value);

    CHECK_EQ(pair_oid(pair, end, true, oid, &value, &length), 0);
}

static void
end_up(struct pair *pair, unsigned k, const char *wire)
{
    struct pair_end *end = &pair->ends[k];
    struct undis_driver *filters[] = {pair->pass, NULL}, *protocols[2] = {0};
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = pair->nic, .filters = filters, .protocols = protocols};
    uint32_t length = sizeof(end->address);
    char name[16];

    snprintf(name, sizeof(name), "protocol%u", k);
    end->above = peer_protocol_add(pair->machine, name);
    end->above->peer.hooks = &hooks;
    protocols[0] = end->above->peer.driver;
    CHECK_OK(undis_port_open(pair->machine, wire, &end->wire));
    config.bottom = end->wire;
    CHECK_OK(undis_stack_create(pair->machine, &config, &end->stack));
    CHECK_OK(undis_stack_start(end->stack));
    CHECK_EQ(pair_oid(pair, k, false, OID_802_3_CURRENT_ADDRESS, end->address, &length), 0);
    CHECK_EQ(length, 6);
}

void
pair_up(struct pair *pair, bool pass, const char *keyword, const char *value)
{
    pair_up_in(pair, test_machine(), pass, keyword, value);
}

void
pair_up_in(
    struct pair *pair, struct undis *machine, bool pass, const char *keyword, const char *value)
{
    uint64_t ups = test_read(&pair_ups);
    char wire[32];

    *pair = (struct pair){.machine = machine};
    snprintf(wire, sizeof(wire), "wire:pair%u", pairs++);
    if (keyword)
        CHECK_OK(undis_set(pair->machine, "portnic", keyword, value));
    pair->nic = test_driver(pair->machine, "portnic");
    pair->pass = pass ? test_driver(pair->machine, "pass") : NULL;
    end_up(pair, 0, wire);
    end_up(pair, 1, wire);
    test_wait_count(pair->machine, &pair_ups, ups + 1); /* the first end saw the second one come */
}

void
pair_down(struct pair *pair)
{
    for (unsigned k = 0; k < 2; k++) {
        struct pair_end *end = &pair->ends[k];

        if (end->stack) /* the test may have removed it */
            CHECK_OK(undis_stack_remove(end->stack));
        CHECK_OK(undis_port_close(end->wire));
        CHECK_EQ(test_read(&end->above->sent), test_read(&end->above->back));
        CHECK_EQ(test_read(&end->above->twice), 0);
        CHECK_EQ(test_read(&end->above->wrong), 0);
        CHECK_EQ(test_read(&end->above->received.bad), 0);
        peer_remove(&end->above->peer);
    }
    if (pair->pass)
        test_unload(pair->machine, pair->pass);
    test_unload(pair->machine, pair->nic);
    test_machine_end(pair->machine);
}

void
pair_send(struct pair *pair, unsigned end, const uint8_t *to, unsigned count, unsigned size)
{
    struct peer_protocol *from = pair->ends[end].above;

    memset(from->peer.to, 0, sizeof(from->peer.to));
    if (to)
        memcpy(from->peer.to, to, sizeof(from->peer.to));
    peer_protocol_send(from, count, 1, size);
    test_wait_count(pair->machine, &from->back, test_read(&from->sent));
    pair_settle(pair);
}

static bool
arrived(void *context)
{
    struct pair *pair = context;
    struct undis_port_stats from, to;

    for (unsigned k = 0; k < 2; k++) {
        CHECK_OK(undis_port_stats(pair->ends[k].wire, &from));
        CHECK_OK(undis_port_stats(pair->ends[!k].wire, &to));
        if (from.written != to.read)
            return false;
    }
    return true;
}

/* What is being received has been when each processor was somebody else's. */
static void
have_each_processor(void *context)
{
    ULONG count = KeQueryActiveProcessorCount(NULL);
    KIRQL irql;

    (void)context;
    for (ULONG k = 0; k < count; k++) {
        KAFFINITY before = KeSetSystemAffinityThreadEx((KAFFINITY)1 << k);

        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        KeLowerIrql(irql);
        KeRevertToUserAffinityThreadEx(before);
    }
}

void
pair_settle(struct pair *pair)
{
    test_wait(pair->machine, arrived, pair, "frames on the wire");
    CHECK_OK(undis_call(pair->machine, have_each_processor, NULL));
    undis_run(pair->machine, 1000000);
}
