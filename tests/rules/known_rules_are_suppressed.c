/* SPDX-License-Identifier: MIT */
/* What a file of suppressions names is not told and does not end the run; a line that was not
 * needed is told, one without a reason is refused.
 */
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned rules, unused;

static void
report(void *context, const struct undis_report *r)
{
    (void)context;
    rules += r->rule != NULL;
    unused += !r->rule && strstr(r->text, "was not needed") != NULL;
}

static void
write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    CHECK(file != NULL);
    fputs(text, file);
    CHECK_EQ(fclose(file), 0);
}

static uint64_t
run(const char *path)
{
    struct undis_config config = test_config();
    struct undis_driver *driver;
    struct undis_usage usage;
    struct undis *machine;

    config.report = report;
    config.suppress = path;
    CHECK_EQ(undis_create(&config, &machine), 0);
    CHECK(undis_driver_load(machine, test_driver_path("miniport"),
              "miniport.st_m_shutdown_registered", &driver) == 0);
    CHECK_EQ(undis_driver_unload(driver), 0);
    CHECK_EQ(undis_usage(machine, &usage), 0);
    undis_destroy(machine);
    return usage.suppressed;
}

int
main(void)
{
    char path[] = "/tmp/undis-suppress-XXXXXX";
    struct undis_config config = test_config();
    struct undis *machine;

    CHECK(close(mkstemp(path)) == 0);
    write_file(path, "# nothing\n");
    CHECK_EQ(run(path), 0);
    CHECK_EQ(rules, 1);
    write_file(path, "st-m-shutdown-registered * DriverEntry # an old driver\n"
                     "nbl-double-free * * # never happens\n");
    CHECK_EQ(run(path), 1);
    CHECK_EQ(rules, 1);
    CHECK_EQ(unused, 1);
    config.suppress = path;
    write_file(path, "nbl-double-free * *\n");
    CHECK(undis_create(&config, &machine) < 0);
    CHECK(strstr(undis_error(), ":1: not RULE DRIVER FUNCTION # REASON") != NULL);
    write_file(path, "no-such-rule * * # why\n");
    CHECK(undis_create(&config, &machine) < 0);
    CHECK(strstr(undis_error(), "there is no rule no-such-rule") != NULL);
    unlink(path);
    return 0;
}
