/* SPDX-License-Identifier: MIT */
/* What a driver frees in a verified machine nobody gets at once, of whatever kind it is. Who writes
 * there is told, with who freed it, where, and what became of it before; who reads there gets a
 * pattern. Where AddressSanitizer looks, or a machine hands over, he is stopped at that.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define POISONS true
#else
#define POISONS false
#endif
#ifdef __SANITIZE_THREAD__
#define HANDS_OVER false
#else
#define HANDS_OVER true
#endif

static void
report(void *context, const struct undis_report *r)
{
    (void)context;
    printf("%s: %s\n%s\n%s\n%s\n", r->rule ? r->rule : "-", r->text, r->other ? r->other : "",
        r->history ? r->history : "", r->stack ? r->stack : "");
    fflush(stdout);
}

static int
run(const char *service)
{
    struct undis_config config = test_config();
    struct undis_driver *driver;
    struct undis *machine;

    config.report = report;
    config.go_on = false;
    config.debug_print = true;
    config.hand_over = strchr(service, '+') != NULL;
    CHECK_OK(undis_create(&config, &machine));
    CHECK_OK(undis_driver_load(machine, test_driver_path("stale"), service, &driver));
    CHECK_OK(undis_driver_unload(driver));
    CHECK_OK(undis_destroy(machine));
    return 0;
}

/* The newest two moves, and where the object was freed. */
static void
expect_history(const struct child *child, const char *made, const char *object)
{
    char freed[64], name[64];

    snprintf(name, sizeof(name), "%s ", object);
    snprintf(freed, sizeof(freed), "freed, stale.%s", made);
    child_expect(child, UNDIS_EXIT_BUG_CHECK, "mm-use-after-free");
    child_expect(child, UNDIS_EXIT_BUG_CHECK, name);
    child_expect(child, UNDIS_EXIT_BUG_CHECK, "freed here:\n");
    child_expect(child, UNDIS_EXIT_BUG_CHECK, "ms: made, stale.");
    child_expect(child, UNDIS_EXIT_BUG_CHECK, freed);
    child_expect(child, UNDIS_EXIT_BUG_CHECK, "stale.c:");
}

/* @alone: each lies on pages of its own where machines hand over. */
static void
check(const char *kind, const char *object, bool alone)
{
    static struct child child;
    char service[32];

    snprintf(service, sizeof(service), "stale.%s", kind);
    child_run(&child, service, 20);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "it got the last one 0 times");
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, POISONS ? "touched " : "somebody wrote into ");
    expect_history(&child, kind, object);
    snprintf(service, sizeof(service), "stale.%s_read", kind);
    child_run(&child, service, 20);
    if (POISONS)
        expect_history(&child, kind, object);
    else
        child_expect(&child, 0, "it reads dddddddddddddddd");
    if (!HANDS_OVER)
        return;
    snprintf(service, sizeof(service), "stale.%s+", kind);
    child_run(&child, service, 20);
    expect_history(&child, kind, object);
    child_expect(
        &child, UNDIS_EXIT_BUG_CHECK, POISONS || alone ? "touched " : "somebody wrote into ");
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        return run(argv[1]);
    check("pool", "pool memory", true);
    check("entry", "pool memory", true);
    check("nbl", "NBL", true);
    check("nb", "NB", true);
    check("mdl", "MDL", true);
    check("buffer", "MDL", true);
    check("packet", "packet", false);
    check("irp", "IRP", true);
    return 0;
}
