/* SPDX-License-Identifier: MIT */
/* Peers come and go; what happened to them. */
#include "peer_inner.h"

#include "machine.h"
#include <stdio.h>
#include <string.h>
#include <undis.h>

#define PEERS 32

const char *const peer_giving_names[] = {
    "inline", "by DPC", "by timer", "reversed", "split", "on another processor", "when told to"};

const char *const peer_kind_names[] = {"NDIS 6", "serialized", "deserialized"};

/* Peers by driver object; one test thread adds and removes, unload only looks. */
static struct {
    PDRIVER_OBJECT object;
    struct peer *peer;
} peers[PEERS];

/* Between peer_add and the driver's entry. */
static struct {
    const char *name;
    unsigned without;
    struct peer *made;
} adding;

static char peer_log_text[16384];
static uint64_t peer_log_used;

PVOID
peer_create(PDRIVER_OBJECT DriverObject, SIZE_T size, unsigned *without)
{
    struct peer *peer = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);
    unsigned i = 0;

    if (!peer)
        return NULL;
    RtlZeroMemory(peer, size);
    snprintf(peer->name, sizeof(peer->name), "%s", adding.name);
    *without = adding.without;
    while (i < PEERS && peers[i].peer)
        i++;
    CHECK(i < PEERS);
    peers[i].object = DriverObject;
    peers[i].peer = peer;
    peer->origin = i % FRAME_ORIGINS;
    adding.made = peer;
    return peer;
}

PVOID
peer_of(PDRIVER_OBJECT DriverObject)
{
    for (unsigned i = 0; i < PEERS; i++)
        if (peers[i].object == DriverObject)
            return peers[i].peer;
    return NULL;
}

VOID
peer_free(PDRIVER_OBJECT DriverObject)
{
    for (unsigned i = 0; i < PEERS; i++) {
        if (peers[i].object != DriverObject)
            continue;
        ExFreePoolWithTag(peers[i].peer, PEER_TAG);
        peers[i].object = NULL;
        peers[i].peer = NULL;
    }
}

PVOID
peer_add(struct undis *machine, const char *name, PDRIVER_INITIALIZE entry, unsigned without)
{
    struct undis_driver *driver;

    adding.name = name;
    adding.without = without;
    CHECK_OK(undis_driver_add(machine, name, (int32_t(*)(void *, void *))entry, &driver));
    adding.made->machine = machine;
    adding.made->driver = driver;
    return adding.made;
}

void
peer_remove(struct peer *peer)
{
    test_unload(peer->machine, peer->driver);
}

VOID
peer_say(const struct peer *peer, const char *what)
{
    char line[64];
    int n = snprintf(line, sizeof(line), "%s %s, ", peer->name, what);
    uint64_t at = __atomic_fetch_add(&peer_log_used, (uint64_t)n, __ATOMIC_ACQ_REL);

    if (at + (uint64_t)n < sizeof(peer_log_text))
        memcpy(peer_log_text + at, line, (size_t)n);
}

const char *
peer_log(void)
{
    return peer_log_text;
}

void
peer_log_clear(void)
{
    memset(peer_log_text, 0, sizeof(peer_log_text));
    __atomic_store_n(&peer_log_used, 0, __ATOMIC_RELEASE);
}

bool
peer_told_by_ndis(uint32_t code)
{
    return code == (uint32_t)NDIS_STATUS_OPER_STATUS || code == (uint32_t)NDIS_STATUS_PACKET_FILTER;
}

const struct peer_hooks *
peer_hooks(const struct peer *peer)
{
    static const struct peer_hooks none;
    const struct peer_hooks *hooks = READ(peer->hooks);

    return hooks ? hooks : &none;
}

struct wanted_act {
    struct peer *peer;
    void (*act)(void *module, void *context);
    void *context;
};

static VOID
act_wanted(PVOID Context)
{
    struct wanted_act *wanted = Context;

    wanted->act(READ(wanted->peer->module), wanted->context);
}

void
peer_run(void *peer, void (*act)(void *module, void *context), void *context)
{
    struct wanted_act wanted = {peer, act, context};

    script_run(wanted.peer->machine, wanted.peer->script, act_wanted, &wanted);
}
