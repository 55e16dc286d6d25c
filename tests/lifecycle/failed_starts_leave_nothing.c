/* SPDX-License-Identifier: MIT */
/* A driver that refuses to initialize, attach or bind: the start says who refused and with what,
 * what stood already is taken down, and the next attempt succeeds.
 */
#include "rig.h"
#include <string.h>

#define FAILURE 0xC0000001u

static void
refuse_in(struct rig *rig, uint32_t *refusal, const char *who)
{
    *refusal = FAILURE;
    CHECK(undis_stack_start(rig->stack) < 0);
    CHECK(strstr(undis_error(), who) != NULL);
    CHECK(strstr(undis_error(), "C0000001") != NULL);
    *refusal = 0;
    CHECK_OK(undis_stack_remove(rig->stack));
    rig->stack = NULL;
}

static void
build_again(struct rig *rig)
{
    struct undis_driver *filters[] = {
        rig_driver(rig->filters[0]), rig_driver(rig->filters[1]), NULL};
    struct undis_driver *protocols[] = {rig_driver(rig->protocols[0]), NULL};
    struct undis_stack_config stack = {.size = sizeof(stack),
        .miniport = rig_driver(rig->miniport),
        .filters = filters,
        .protocols = protocols};

    CHECK_OK(undis_stack_create(rig->machine, &stack, &rig->stack));
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++) {
        struct rig_config config = {.filters = 2, .not_started = true, .seed = seed};
        struct rig rig;

        test_case("seed %llu", (unsigned long long)seed);
        rig_up(&rig, &config);
        refuse_in(&rig, &rig.miniport->fail_initialize, "miniport");
        build_again(&rig);
        refuse_in(&rig, &rig.filters[1]->fail_attach, "filter1");
        build_again(&rig);
        refuse_in(&rig, &rig.filters[0]->fail_attach, "filter0");
        build_again(&rig);
        refuse_in(&rig, &rig.protocols[0]->fail_bind, "protocol0");
        build_again(&rig);
        CHECK_OK(undis_stack_start(rig.stack));
        peer_protocol_send(rig.protocols[0], 3, 1, 100);
        rig_settle(&rig);
        CHECK_EQ(rig.miniport->sends_in, 3);
        rig_down(&rig);
    }
    return 0;
}
