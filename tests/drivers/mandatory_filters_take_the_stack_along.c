/* SPDX-License-Identifier: MIT */
/* FilterRunType: a stack starts and goes on without an optional filter that does not attach or
 * restart, and not without a mandatory one; protocols are unbound while a mandatory filter comes or
 * goes. NdisEnumerateFilterModules says what the INFs say.
 */
#include <ndis.h>

#include "inf.h"
#include "rig.h"

static bool refuses_restart;

static uint32_t
restart(void *module, void *parameters)
{
    (void)module;
    (void)parameters;
    return refuses_restart ? (uint32_t)NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
}

static const struct peer_hooks hooks = {.restart = restart};

static void
describe(struct undis *machine, const char *name, const char *class, unsigned run_type)
{
    char lines[256];

    snprintf(lines, sizeof(lines),
        "HKR, Ndi, FilterClass,, %s\nHKR, Ndi, FilterType, 0x00010001, 2\n"
        "HKR, Ndi, FilterRunType, 0x00010001, %u\n"
        "HKR, Ndi\\Interfaces, FilterMediaTypes,, \"ethernet\"\n",
        class, run_type);
    inf_put(inf_text("NetService", name, lines));
    CHECK_OK(undis_driver_inf(machine, name, inf_path, NULL));
}

static struct peer_filter *
filter(struct rig *rig, const char *name, unsigned run_type)
{
    describe(rig->machine, name, "custom", run_type);
    return peer_filter_add(rig->machine, name, 0);
}

static void
up(struct rig *rig, unsigned run_type, bool attaches)
{
    struct rig_config config = {.filters = 1, .not_started = true, .grows = true};

    rig_up(rig, &config);
    describe(rig->machine, "filter0", "scheduler", run_type);
    rig->filters[0]->peer.hooks = &hooks;
    rig->filters[0]->fail_attach = attaches ? 0 : (uint32_t)NDIS_STATUS_RESOURCES;
}

static void
check_works(struct rig *rig)
{
    uint64_t before = rig->protocols[0]->received.count;

    CHECK_EQ(rig->protocols[0]->running, 1);
    peer_protocol_send(rig->protocols[0], 3, 1, 100);
    peer_miniport_indicate(rig->miniport, 3, 100, false);
    rig_settle(rig);
    CHECK_EQ(rig->protocols[0]->failed, 0);
    CHECK_EQ(rig->protocols[0]->received.count, before + 3);
}

static void
a_start_needs_mandatory_filters(void)
{
    struct rig rig;

    up(&rig, 2, false);
    CHECK_OK(undis_stack_start(rig.stack));
    check_works(&rig);
    CHECK_EQ(rig.filters[0]->attached, 0);
    rig_down(&rig);
    up(&rig, 1, false);
    CHECK(undis_stack_start(rig.stack) < 0);
    CHECK_EQ(rig.protocols[0]->bound, 0);
    CHECK_EQ(rig.miniport->restarted, 0);
    rig_down(&rig);
}

static void
protocols_are_unbound_for_mandatory_filters(void)
{
    struct peer_filter *mandatory, *optional;
    struct rig rig;

    up(&rig, 2, true);
    CHECK_OK(undis_stack_start(rig.stack));
    optional = filter(&rig, "optional", 2);
    CHECK_OK(undis_stack_attach(rig.stack, rig_driver(optional)));
    CHECK_OK(undis_stack_detach(rig.stack, rig_driver(optional)));
    CHECK_EQ(rig.protocols[0]->bound, 1);
    mandatory = filter(&rig, "mandatory", 1);
    CHECK_OK(undis_stack_attach(rig.stack, rig_driver(mandatory)));
    CHECK_EQ(rig.protocols[0]->bound, 2);
    CHECK_EQ(rig.protocols[0]->unbound, 1);
    check_works(&rig);
    CHECK_EQ(mandatory->down.count, 3);
    CHECK_OK(undis_stack_detach(rig.stack, rig_driver(mandatory)));
    CHECK_EQ(rig.protocols[0]->bound, 3);
    check_works(&rig);
    mandatory->fail_attach = (uint32_t)NDIS_STATUS_RESOURCES;
    CHECK(undis_stack_attach(rig.stack, rig_driver(mandatory)) < 0);
    test_wait_count(rig.machine, &rig.miniport->halted, 1);
    CHECK_EQ(rig.protocols[0]->unbound, 3);
    peer_remove(&mandatory->peer);
    peer_remove(&optional->peer);
    rig_down(&rig);
}

static void
filters_that_do_not_restart_are_detached(unsigned run_type)
{
    struct rig rig;

    up(&rig, run_type, true);
    CHECK_OK(undis_stack_start(rig.stack));
    CHECK_OK(undis_stack_pause(rig.stack));
    refuses_restart = true;
    if (run_type == 2) {
        CHECK_OK(undis_stack_restart(rig.stack));
        check_works(&rig);
        CHECK_EQ(rig.filters[0]->detached, 1);
    } else {
        CHECK(undis_stack_restart(rig.stack) < 0);
        test_wait_count(rig.machine, &rig.miniport->halted, 1);
        CHECK_EQ(rig.protocols[0]->unbound, 1);
    }
    refuses_restart = false;
    rig_down(&rig);
}

static void
look_around(void *module, void *context)
{
    union {
        NDIS_ENUM_FILTERS all;
        char room[1024];
    } filters;
    ULONG needed = 0, written = 1;

    (void)context;
    CHECK_EQ(NdisEnumerateFilterModules(module, NULL, 0, &needed, &written),
        NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK_EQ(written, 0);
    CHECK_EQ(NdisEnumerateFilterModules(module, &filters, needed, &needed, &written),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(written, needed);
    CHECK_EQ(filters.all.NumberOfFilters, 2);
    CHECK_EQ(filters.all.Filter[0].FilterRunType, 1);
    CHECK_EQ(filters.all.Filter[0].FilterType, 2);
    CHECK_EQ(filters.all.Filter[0].FilterClass.Length, 6 * sizeof(WCHAR));
    CHECK_EQ(filters.all.Filter[0].FilterClass.Buffer[0], L'c');
    CHECK_EQ(filters.all.Filter[1].FilterRunType, 2);
    CHECK_EQ(filters.all.Filter[1].FilterClass.Length, 9 * sizeof(WCHAR));
    CHECK_EQ(filters.all.Filter[1].FilterInstanceName.Buffer[0], L'{');
    CHECK_EQ(NdisEnumerateFilterModules(&filters, &filters, needed, &needed, &written),
        NDIS_STATUS_INVALID_PARAMETER);
}

static void
modules_are_enumerated(void)
{
    struct peer_filter *other;
    struct rig rig;

    up(&rig, 2, true);
    CHECK_OK(undis_stack_start(rig.stack));
    other = filter(&rig, "other", 1);
    CHECK_OK(undis_stack_attach(rig.stack, rig_driver(other)));
    peer_run(rig.miniport, look_around, NULL);
    peer_run(other, look_around, NULL);
    peer_run(rig.protocols[0], look_around, NULL);
    peer_remove(&other->peer);
    rig_down(&rig);
}

int
main(void)
{
    a_start_needs_mandatory_filters();
    protocols_are_unbound_for_mandatory_filters();
    filters_that_do_not_restart_are_detached(2);
    filters_that_do_not_restart_are_detached(1);
    modules_are_enumerated();
    return 0;
}
