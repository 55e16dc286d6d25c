/* SPDX-License-Identifier: MIT */
/* See rig.h. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

static const unsigned filter_counts[] = {0, 1, 3};

struct undis_driver *
rig_driver(const void *peer)
{
    return ((const struct peer *)peer)->driver;
}

static void
build(struct rig *rig, const struct rig_config *config)
{
    struct undis_driver *filters[RIG_MAX + 1] = {0}, *protocols[RIG_MAX + 1] = {0};
    struct undis_stack_config stack = {
        .size = sizeof(stack), .filters = filters, .protocols = protocols};

    stack.miniport = rig_driver(rig->miniport);
    for (unsigned i = 0; i < rig->filter_count; i++)
        filters[i] = rig_driver(rig->filters[i]);
    for (unsigned i = 0; i < rig->protocol_count; i++)
        protocols[i] = rig_driver(rig->protocols[i]);
    CHECK_OK(undis_stack_create(rig->machine, &stack, &rig->stack));
    if (!config->not_started)
        CHECK_OK(undis_stack_start(rig->stack));
}

void
rig_up_in(struct rig *rig, struct undis *machine, const struct rig_config *config)
{
    char name[24];

    *rig = (struct rig){.machine = machine,
        .filter_count = config->filters,
        .protocol_count = config->protocols ? config->protocols : 1};
    peer_log_clear();
    if (config->first || config->minor)
        rig->miniport = peer_miniport_add_minor(machine, "miniport", config->minor);
    else
        rig->miniport = config->miniport ? peer_legacy_add(machine, "miniport", config->miniport)
                                         : peer_miniport_add(machine, "miniport");
    rig->miniport->completes = config->completes;
    for (unsigned i = 0; i < rig->filter_count; i++) {
        snprintf(name, sizeof(name), "filter%u", i);
        rig->filters[i] = peer_filter_add(machine, name, config->without[i]);
    }
    for (unsigned i = 0; i < rig->protocol_count; i++) {
        snprintf(name, sizeof(name), "protocol%u", i);
        rig->protocols[i] = config->protocols5
                                ? peer_protocol5_add(machine, name, config->protocols_without)
                                : peer_protocol_add(machine, name);
        rig->protocols[i]->returns = config->returns;
    }
    build(rig, config);
}

void
rig_up(struct rig *rig, const struct rig_config *config)
{
    struct undis_config machine = test_config();
    struct rig_config started = *config;

    machine.seed = config->seed;
    machine.processors = config->processors;
    machine.trace = config->trace;
    machine.verify = config->seed % 2 == 0;
    rig->machine = test_machine_with(&machine);
    if (!machine.verify && !config->grows) {
        started.not_started = false;
        rig_up_in(rig, rig->machine, &started);
        rig_take_down(rig); /* what stays of that may stay: settings, pools of NDIS */
        test_machine_mark(rig->machine);
    }
    rig_up_in(rig, rig->machine, config);
}

static bool
settled(void *context)
{
    const struct rig *rig = context;

    if (test_read(&rig->miniport->sends_out) || test_read(&rig->miniport->receives_out))
        return false;
    for (unsigned i = 0; i < rig->protocol_count; i++) {
        const struct peer_protocol *p = rig->protocols[i];

        if (test_read(&p->sent) != test_read(&p->back) || test_read(&p->kept))
            return false;
    }
    return true;
}

void
rig_settle(struct rig *rig)
{
    test_wait(rig->machine, settled, rig, "everything to come back");
}

/* A miniport of NDIS 5 has its send counted as back when the protocol's handler has returned. */
static bool
counted(void *context)
{
    const struct rig *rig = context;
    struct undis_layer layers[2 * RIG_MAX + 1];
    int n = undis_stack_layers(rig->stack, layers, 2 * RIG_MAX + 1);

    for (int i = 0; i < n; i++)
        if (layers[i].sends_out != 0 || layers[i].receives_out != 0)
            return false;
    return true;
}

void
rig_check_layers(struct rig *rig)
{
    struct undis_layer layers[2 * RIG_MAX + 1];
    int n;

    test_wait(rig->machine, counted, rig, "every layer to count what came back");
    n = undis_stack_layers(rig->stack, layers, 2 * RIG_MAX + 1);
    CHECK_EQ(n, rig->protocol_count + rig->filter_count + 1);
    for (int i = 0; i < n; i++) {
        CHECK_EQ(layers[i].sends_out, 0);
        CHECK_EQ(layers[i].receives_out, 0);
        CHECK_EQ(layers[i].sent, layers[i].send_completed);
        CHECK_EQ(layers[i].indicated, layers[i].returned);
    }
    CHECK(strcmp(layers[n - 1].kind, "miniport") == 0);
    CHECK_EQ(layers[n - 1].indicated, test_read(&rig->miniport->indicated));
    for (unsigned i = 0; i < rig->protocol_count; i++)
        CHECK(strcmp(layers[i].kind, "protocol") == 0);
}

static void
check_miniport(const struct peer_miniport *m)
{
    CHECK_EQ(m->sent.bad, 0);
    CHECK_EQ(m->sends_out, 0);
    CHECK_EQ(m->receives_out, 0);
    CHECK_EQ(m->bad_returns, 0);
    CHECK_EQ(m->resources_lost, 0);
    CHECK_EQ(m->wrong, 0);
    CHECK_EQ(m->initialized, m->halted);
}

static void
check_filter(const struct peer_filter *f)
{
    CHECK_EQ(f->down.bad, 0);
    CHECK_EQ(f->up.bad, 0);
    CHECK_EQ(f->own_sent, f->own_completed);
    CHECK_EQ(f->own_indicated, f->own_returned);
    CHECK_EQ(f->oid_clones_out, 0);
    CHECK_EQ(f->wrong, 0);
    CHECK_EQ(f->attached, f->detached);
}

static void
check_protocol(const struct peer_protocol *p)
{
    CHECK_EQ(p->received.bad, 0);
    CHECK_EQ(p->completed.bad, 0);
    CHECK_EQ(p->sent, p->back);
    CHECK_EQ(p->twice, 0);
    CHECK_EQ(p->kept, 0);
    CHECK_EQ(p->received_nbls, p->returned + p->resources);
    CHECK_EQ(p->wrong, 0);
    CHECK_EQ(p->bound, p->unbound);
}

void
rig_take_down(struct rig *rig)
{
    if (rig->stack)
        CHECK_OK(undis_stack_remove(rig->stack));
    for (unsigned i = 0; i < rig->protocol_count; i++) {
        check_protocol(rig->protocols[i]);
        peer_remove(&rig->protocols[i]->peer);
    }
    for (unsigned i = 0; i < rig->filter_count; i++) {
        check_filter(rig->filters[i]);
        peer_remove(&rig->filters[i]->peer);
    }
    check_miniport(rig->miniport);
    peer_remove(&rig->miniport->peer);
}

void
rig_down(struct rig *rig)
{
    rig_take_down(rig);
    test_machine_end(rig->machine);
    test_case("%s", "");
}

static void
with_filters(void (*test)(const struct rig_config *), struct rig_config config, const char *how)
{
    for (unsigned i = 0; i < sizeof(filter_counts) / sizeof(filter_counts[0]); i++) {
        config.filters = filter_counts[i];
        for (config.seed = 0; config.seed < test_seeds(); config.seed++) {
            test_case(
                "%s, %u filters, seed %llu", how, config.filters, (unsigned long long)config.seed);
            test(&config);
        }
    }
}

void
rig_each_miniport(void (*test)(const struct rig_config *))
{
    for (unsigned kind = 0; kind < PEER_KINDS; kind++) {
        for (unsigned arrays = 0; arrays <= (kind ? PEER_ARRAYS : 0); arrays += PEER_ARRAYS) {
            for (enum peer_giving how = PEER_INLINE; how < PEER_HOLD; how++) {
                char text[64];

                snprintf(text, sizeof(text), "%s%s miniport, sends completed %s",
                    peer_kind_names[kind], arrays ? " (arrays)" : "", peer_giving_names[how]);
                with_filters(
                    test, (struct rig_config){.miniport = kind + arrays, .completes = how}, text);
            }
        }
    }
}

void
rig_each_mixture(void (*test)(const struct rig_config *))
{
    static const unsigned miniports[] = {PEER_NDIS6, PEER_SERIALIZED, PEER_SERIALIZED + PEER_ARRAYS,
        PEER_DESERIALIZED, PEER_DESERIALIZED + PEER_ARRAYS};

    for (unsigned i = 0; i < sizeof(miniports) / sizeof(miniports[0]); i++) {
        for (unsigned protocol = 0; protocol < 3; protocol++) {
            struct rig_config config = {.miniport = miniports[i],
                .protocols5 = protocol > 0,
                .protocols_without = protocol > 1 ? PEER_WITHOUT_PACKETS : 0,
                .completes = (i + protocol) % PEER_HOLD,
                .returns = (i + 2 * protocol) % PEER_HOLD};
            char text[80];

            snprintf(text, sizeof(text), "protocol of NDIS %s over a %s%s miniport",
                protocol ? "5" : "6", peer_kind_names[miniports[i] % PEER_ARRAYS],
                miniports[i] & PEER_ARRAYS ? " (arrays)" : "");
            with_filters(test, config, text);
        }
    }
}

void
rig_each(void (*test)(const struct rig_config *))
{
    with_filters(test, (struct rig_config){0}, "plain");
}

/* PEER_HOLD is for tests that say when. */
void
rig_each_completion(void (*test)(const struct rig_config *))
{
    for (enum peer_giving how = PEER_INLINE; how < PEER_HOLD; how++) {
        char text[64];

        snprintf(text, sizeof(text), "sends completed %s", peer_giving_names[how]);
        with_filters(test, (struct rig_config){.completes = how}, text);
    }
}

void
rig_each_return(void (*test)(const struct rig_config *))
{
    for (enum peer_giving how = PEER_INLINE; how < PEER_HOLD; how++) {
        char text[64];

        snprintf(text, sizeof(text), "receives returned %s", peer_giving_names[how]);
        with_filters(test, (struct rig_config){.returns = how}, text);
    }
}
