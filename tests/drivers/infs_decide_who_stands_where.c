/* SPDX-License-Identifier: MIT */
/* Filters stand in the order of their INFs, monitoring ones on top; those whose ranges do not meet
 * the miniport's do not stand on it, and neither do such protocols.
 */
#include "inf.h"

static struct undis_driver *
filter(struct undis *machine, const char *name, const char *class)
{
    char lines[256];

    if (class) {
        snprintf(lines, sizeof(lines),
            "HKR, Ndi, FilterClass,, %s\nHKR, Ndi, FilterType, 0x00010001, 2\n"
            "HKR, Ndi\\Interfaces, FilterMediaTypes,, \"fddi, ethernet\"\n",
            class);
        inf_put(inf_text("NetService", name, lines));
        CHECK_OK(undis_driver_inf(machine, name, inf_path, NULL));
    }
    return test_driver_as(machine, "pass", name);
}

static void
order(struct undis *machine, struct undis_driver *miniport)
{
    struct undis_driver *filters[5] = {filter(machine, "low", "provider_address"),
        filter(machine, "middle", "custom"), filter(machine, "high", "Scheduler"),
        test_driver(machine, "capture")};
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = miniport, .filters = filters};
    static const char *const wanted[] = {"capture", "high", "middle", "low", "portnic"};
    struct undis_layer layers[8];
    struct undis_stack *stack;

    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_EQ(undis_stack_layers(stack, layers, 8), 5);
    for (size_t i = 0; i < 5; i++)
        CHECK(strcmp(layers[i].driver, wanted[i]) == 0);
}

static void
ranges(struct undis *machine, struct undis_driver *miniport)
{
    struct undis_driver *filters[2] = {NULL}, *protocols[2] = {NULL};
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = miniport, .filters = filters, .protocols = protocols};
    struct undis_stack *stack;

    inf_put(inf_text("NetTrans", "cells", "HKR, Ndi\\Interfaces, LowerRange, 0, \"ndisATM\"\n"));
    CHECK_OK(undis_driver_inf(machine, "cells", inf_path, NULL));
    protocols[0] = test_driver_as(machine, "frames", "cells");
    inf_refused(undis_stack_create(machine, &config, &stack), -EPROTOTYPE,
        "cells cannot stand on portnic: LowerRange 'ndisATM'");
    protocols[0] = NULL;
    inf_put(inf_text(
        "NetService", "ring", "HKR, Ndi\\Interfaces, FilterMediaTypes, 0, \"tokenring\"\n"));
    CHECK_OK(undis_driver_inf(machine, "ring", inf_path, NULL));
    filters[0] = test_driver_as(machine, "pass", "ring");
    inf_refused(undis_stack_create(machine, &config, &stack), -EPROTOTYPE,
        "does not meet LowerRange 'ethernet'");
    filters[0] = NULL;
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    inf_refused(undis_stack_attach(stack, filter(machine, "late", "vpn")), 0, "");
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *miniport = test_driver(machine, "portnic");

    order(machine, miniport);
    ranges(machine, miniport);
    CHECK_EQ(undis_destroy(machine), 0);
    return 0;
}
