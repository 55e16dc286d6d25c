/* SPDX-License-Identifier: MIT */
/* A rule that is broken at one place again and again is told ten times, and how often more; each
 * counts. Another place is told for itself.
 */
#include "lib/machine.h"

#include <string.h>

static unsigned told, totals;

static void
report(void *context, const struct undis_report *r)
{
    (void)context;
    if (r->rule && strcmp(r->rule, "mm-zero-size") == 0)
        told++;
    if (!r->rule && strstr(r->text, "mm-zero-size: 15 more from one place"))
        totals++;
}

int
main(void)
{
    struct undis_config config = test_config();
    struct undis_driver *driver;
    struct undis_usage usage;
    struct undis *machine;

    config.report = report;
    CHECK_EQ(undis_create(&config, &machine), 0);
    CHECK_EQ(undis_driver_load(machine, test_driver_path("repeats"), NULL, &driver), 0);
    CHECK_EQ(undis_driver_unload(driver), 0);
    CHECK_EQ(undis_usage(machine, &usage), 0);
    CHECK_EQ(usage.rules_broken, 26);
    CHECK_EQ(told, 11);
    CHECK_EQ(totals, 0);
    undis_destroy(machine);
    CHECK_EQ(totals, 1);
    return 0;
}
