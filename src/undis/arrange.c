/* SPDX-License-Identifier: MIT */
/* See arrange.h.
 *
 *     protocol   LowerRange        meets   UpperRange   of the miniport
 *     filter     FilterMediaTypes  meets   LowerRange   of the miniport
 */
#include "undis/arrange.h"

#include "nt/driver.h"
#include "undis/error.h"
#include "undis/inf/inf.h"

#include <errno.h>
#include <stdio.h>
#include <undis.h>

static struct inf_driver *
known(struct undis *machine, struct undis_driver *driver)
{
    return inf_of(machine, undis_driver_name(driver));
}

void
arrange_filters(struct undis *machine, struct undis_driver **filters)
{
    /* By insertion, past neighbours with an INF only: nobody passes one that has none. */
    for (unsigned i = 0; filters[i]; i++) {
        struct undis_driver *moved = filters[i];
        const struct inf_driver *inf = known(machine, moved);
        unsigned at = i;

        while (inf && at > 0) {
            const struct inf_driver *above = known(machine, filters[at - 1]);

            if (!above || inf_rank(above) <= inf_rank(inf))
                break;
            filters[at] = filters[at - 1];
            at--;
        }
        filters[at] = moved;
    }
}

void
arrange_describe(struct undis *machine, struct undis_driver *filter)
{
    const struct inf_driver *inf = known(machine, filter);
    struct driver *driver = (struct driver *)filter;

    driver->filter_type = inf ? inf->filter_type : 0;
    driver->filter_run_type = inf ? inf->run_type : 0;
    snprintf(driver->filter_class, sizeof(driver->filter_class), "%s",
        inf && inf->filter_class ? inf->filter_class : "");
}

/* @list NULL: the INF does not say, which forbids nothing. */
static int
check(const struct inf_driver *upper, const char *asks, const char *list,
    const struct inf_driver *lower, const char *offers, const char *offered)
{
    if (!list || !offered || inf_meet(list, offered))
        return 0;
    return undis_fail(-EPROTOTYPE, "%s cannot stand on %s: %s '%s' (%s) does not meet %s '%s' (%s)",
        upper->service, lower->service, asks, list, upper->inf.path, offers, offered,
        lower->inf.path);
}

int
arrange_check_filter(
    struct undis *machine, struct undis_driver *miniport, struct undis_driver *filter)
{
    const struct inf_driver *upper = known(machine, filter), *lower = known(machine, miniport);

    return upper && lower
               ? check(upper, "FilterMediaTypes", upper->media, lower, "LowerRange", lower->lower)
               : 0;
}

int
arrange_check_protocol(
    struct undis *machine, struct undis_driver *miniport, struct undis_driver *protocol)
{
    const struct inf_driver *upper = known(machine, protocol), *lower = known(machine, miniport);

    return upper && lower
               ? check(upper, "LowerRange", upper->lower, lower, "UpperRange", lower->upper)
               : 0;
}
