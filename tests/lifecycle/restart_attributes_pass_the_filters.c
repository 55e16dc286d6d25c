/* SPDX-License-Identifier: MIT */
/* At a restart each layer gets what those below it have made of the miniport's attributes, and
 * protocols the end of it, with the names of the filters; a protocol that is bound later gets the
 * same. What drivers have added is freed.
 */
#include <ndis.h>

#include "rig.h"
#include <string.h>

#define ADDED 0xFF554E77u
#define TAG   0x74736572u

static unsigned mtu[8], seen, names;
static bool added;

static NDIS_RESTART_GENERAL_ATTRIBUTES *
general_of(PNDIS_RESTART_ATTRIBUTES list)
{
    while (list && list->Oid != OID_GEN_MINIPORT_RESTART_ATTRIBUTES)
        list = list->Next;
    CHECK(list && list->DataLength >= NDIS_SIZEOF_RESTART_GENERAL_ATTRIBUTES_REVISION_1);
    return (void *)list->Data;
}

/* In the order of the restarts. */
static void
see(PNDIS_RESTART_ATTRIBUTES list)
{
    CHECK(seen < 8);
    mtu[seen++] = general_of(list)->MtuSize;
    added = false;
    for (; list; list = list->Next)
        added |= list->Oid == ADDED && list->DataLength == 4 && list->Data[0] == 9;
}

static uint32_t
restart_miniport(void *module, void *context)
{
    const NDIS_MINIPORT_RESTART_PARAMETERS *parameters = context;
    PNDIS_RESTART_ATTRIBUTES entry =
        NdisAllocateMemoryWithTagPriority(module, sizeof(*entry) + 4, TAG, NormalPoolPriority);

    see(parameters->RestartAttributes);
    CHECK(entry);
    memset(entry, 0, sizeof(*entry));
    entry->Oid = ADDED;
    entry->DataLength = 4;
    entry->Data[0] = 9;
    parameters->RestartAttributes->Next = entry;
    return NDIS_STATUS_SUCCESS;
}

static uint32_t
restart_filter(void *module, void *context)
{
    const NDIS_FILTER_RESTART_PARAMETERS *parameters = context;

    (void)module;
    see(parameters->RestartAttributes);
    general_of(parameters->RestartAttributes)->MtuSize -= 100;
    CHECK_EQ(parameters->MiniportMediaType, NdisMedium802_3);
    return NDIS_STATUS_SUCCESS;
}

static uint32_t
restart_protocol(void *module, void *context)
{
    const NDIS_PROTOCOL_RESTART_PARAMETERS *parameters = context;
    const WCHAR *at = parameters->FilterModuleNameBuffer;
    const WCHAR *end = at + parameters->FilterModuleNameBufferLength / sizeof(*at);

    (void)module;
    see(parameters->RestartAttributes);
    for (names = 0; at < end; names++) {
        CHECK(at[1] == L'{' && at[*at / sizeof(*at)] == L'0');
        at += 1 + *at / sizeof(*at);
    }
    return NDIS_STATUS_SUCCESS;
}

static const struct peer_hooks miniport_hooks = {.restart = restart_miniport};
static const struct peer_hooks filter_hooks = {.restart = restart_filter};
static const struct peer_hooks protocol_hooks = {.restart = restart_protocol};

static void
set_hooks(struct rig *rig)
{
    rig->miniport->peer.hooks = &miniport_hooks;
    for (unsigned i = 0; i < rig->filter_count; i++)
        rig->filters[i]->peer.hooks = &filter_hooks;
    for (unsigned i = 0; i < rig->protocol_count; i++)
        rig->protocols[i]->peer.hooks = &protocol_hooks;
}

static void
check_seen(const struct rig *rig)
{
    CHECK_EQ(seen, 2 + rig->filter_count);
    for (unsigned i = 0; i < seen; i++)
        CHECK_EQ(mtu[i], 1500 - 100 * (i ? i - 1 : 0));
    CHECK(added);
    CHECK_EQ(names, rig->filter_count);
}

static void
test(const struct rig_config *config)
{
    struct rig_config asked = *config;
    struct peer_protocol *late;
    struct rig rig;

    asked.grows = asked.not_started = true;
    rig_up(&rig, &asked);
    set_hooks(&rig);
    for (unsigned round = 0; round < 2; round++) {
        seen = 0;
        CHECK_OK(round ? undis_stack_restart(rig.stack) : undis_stack_start(rig.stack));
        check_seen(&rig);
        if (round == 0)
            CHECK_OK(undis_stack_pause(rig.stack));
    }
    late = peer_protocol_add(rig.machine, "late");
    late->peer.hooks = &protocol_hooks;
    seen = 0;
    CHECK_OK(undis_stack_bind(rig.stack, rig_driver(late)));
    CHECK_EQ(seen, 1);
    CHECK_EQ(mtu[0], 1500 - 100 * rig.filter_count);
    CHECK(added);
    CHECK_EQ(names, rig.filter_count);
    peer_remove(&late->peer);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
