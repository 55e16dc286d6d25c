/* SPDX-License-Identifier: MIT */
/* A keyword that is set must be one of the INF's and in its range; the sentence names it, the
 * range and the line of the INF. It does not matter whether the INF or the setting came first.
 */
#include "inf.h"

static const char parameters[] =
    "HKR, Ndi\\params\\Depth, ParamDesc, 0, \"Depth; with a semicolon\"\n"
    "HKR, Ndi\\params\\Depth, Type, 0, int\n"
    "HKR, Ndi\\params\\Depth, Default, , 16\n"
    "HKR, Ndi\\params\\Depth, min, 0, 8\n"
    "HKR, Ndi\\params\\Depth, max, 0, \\ ; goes on\n  64\n"
    "HKR, Ndi\\params\\Depth, step, 0, 4\n"
    "HKR, Ndi\\params\\*Flow, type, 0, enum\n"
    "HKR, Ndi\\params\\*Flow\\enum, 0, 0, Off\n"
    "HKR, Ndi\\params\\*Flow\\enum, 3, 0, Both\n"
    "HKR, Ndi\\params\\Name, type, 0, edit\n"
    "HKR, Ndi\\params\\Name, LimitText, 0, 4\n"
    "HKR, , Raw, 0x00010001, 5\n";

static void
sets(struct undis *machine)
{
    CHECK_OK(undis_set(machine, "thing", "depth", "12"));
    CHECK_OK(undis_set(machine, "THING/net0", "Depth", "64"));
    CHECK_OK(undis_set(machine, "thing", "*Flow", "3"));
    CHECK_OK(undis_set(machine, "thing", "Name", "four"));
    CHECK_OK(undis_set(machine, "thing", "Raw", "77"));
    CHECK_OK(undis_set(machine, "thing", "NetworkAddress", "020000000001"));
    CHECK_OK(undis_set(machine, "other", "Anything", "1"));
    inf_refused(undis_set(machine, "thing", "Depth", "68"), -ERANGE,
        "Depth=68: out of range, which is 8 to 64");
    inf_refused(undis_set(machine, "thing", "Depth", "4"), -ERANGE, ".inf:24)");
    inf_refused(undis_set(machine, "thing", "Depth", "9"), -ERANGE, "steps of 4");
    inf_refused(undis_set(machine, "thing", "Depth", "much"), -ERANGE, "not a number");
    inf_refused(undis_set(machine, "thing", "*Flow", "1"), -ERANGE, "*Flow=1: none of 0, 3");
    inf_refused(undis_set(machine, "thing/net0", "Name", "fives"), -ERANGE, "4 characters");
    inf_refused(undis_set(machine, "thing", "Deph", "8"), -ENOENT, "the nearest is Depth");
}

int
main(void)
{
    struct undis *machine = test_machine();
    const char *service = NULL;

    inf_put(inf_text("Net", "Thing", parameters));
    CHECK_OK(undis_set(machine, "Thing", "Depth", "7"));
    inf_refused(undis_driver_inf(machine, NULL, inf_path, &service), -ERANGE, "Depth=7: out of");
    CHECK_OK(undis_set(machine, "Thing", "Depth", "8"));
    CHECK_OK(undis_driver_inf(machine, NULL, inf_path, &service));
    CHECK(strcmp(service, "Thing") == 0);
    sets(machine);
    /* Once more: it replaces what was known. */
    CHECK_OK(undis_driver_inf(machine, NULL, inf_path, &service));
    sets(machine);
    CHECK_EQ(undis_destroy(machine), 0);
    return 0;
}
