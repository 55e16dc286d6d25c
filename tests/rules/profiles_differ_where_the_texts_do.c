/* SPDX-License-Identifier: MIT */
/* What the profile for Compact 2013 forbids, completions out of order by a deserialized miniport, is
 * told there and is none of the desktop's rules; what both forbid is told in both.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <string.h>

#define RUN_NS  15000000ull
#define STEP_NS 1300000ull
#define TRIES   8u

static unsigned rules, expected;
static const char *wanted;

static void
report(void *context, const struct undis_report *r)
{
    (void)context;
    if (!r->rule)
        return;
    __atomic_fetch_add(&rules, 1, __ATOMIC_RELAXED);
    if (strcmp(r->rule, wanted) == 0)
        __atomic_fetch_add(&expected, 1, __ATOMIC_RELAXED);
}

static void
load(struct undis *machine, const char *file, const char *service, struct undis_driver **driver)
{
    CHECK_OK(undis_driver_load(machine, test_driver_path(file), service, driver));
}

/* Answers how often @rule was told of @miniport, and checks that no other one was. */
static unsigned
told(const char *miniport, const char *rule, enum undis_profile profile, uint64_t ns)
{
    struct undis_config config = test_config();
    struct undis_driver *filters[2] = {NULL}, *protocols[2] = {NULL};
    struct undis_stack_config shape = {
        .size = sizeof(shape), .filters = filters, .protocols = protocols};
    struct undis_stack *stack;
    struct undis *machine;

    test_case("%s, profile %d", miniport, (int)profile);
    wanted = rule;
    rules = expected = 0;
    config.report = report;
    config.profile = profile;
    config.go_on = true;
    config.patience_ms = 8000;
    CHECK_OK(undis_create(&config, &machine));
    load(machine, "miniport", miniport, &shape.miniport);
    load(machine, "filter", "filter.right", &filters[0]);
    load(machine, "protocol", "protocol.right", &protocols[0]);
    CHECK_OK(undis_stack_create(machine, &shape, &stack));
    CHECK_OK(undis_stack_start(stack));
    undis_run(machine, ns);
    undis_stack_remove(stack);
    undis_destroy(machine);
    CHECK_EQ(
        __atomic_load_n(&rules, __ATOMIC_RELAXED), __atomic_load_n(&expected, __ATOMIC_RELAXED));
    return __atomic_load_n(&expected, __ATOMIC_RELAXED);
}

/* With real processors what is wrong may happen not to show: each try runs a little longer. */
static bool
shows(const char *miniport, const char *rule, enum undis_profile profile)
{
    for (unsigned k = 0; k < TRIES; k++)
        if (told(miniport, rule, profile, RUN_NS + k * STEP_NS))
            return true;
    return false;
}

int
main(void)
{
    CHECK(shows("miniport.send_complete_order", "send-complete-order", UNDIS_CE));
    CHECK_EQ(told("miniport.send_complete_order", "send-complete-order", UNDIS_DESKTOP, RUN_NS), 0);
    CHECK(shows("miniport.recv_number_matches", "recv-number-matches", UNDIS_CE));
    CHECK(shows("miniport.recv_number_matches", "recv-number-matches", UNDIS_DESKTOP));
    return 0;
}
