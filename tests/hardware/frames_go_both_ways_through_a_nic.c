/* SPDX-License-Identifier: MIT */
/* Frames go both ways through a NIC, by registers, descriptor rings, DMA and interrupts: all of
 * them, once, whole and in order; with a line of its own, with one that two NICs share, and with
 * messages; in one machine and in two; with a miniport of NDIS 6 and with one of NDIS 5.
 */
#include "line.h"

#include <string.h>

static void
check_end(const struct line_end *end, uint64_t frames)
{
    struct undis_port_stats stats;

    CHECK_EQ(end->got.count, frames);
    CHECK_EQ(end->got.bad, 0);
    CHECK_EQ(end->got.disorder, 0);
    CHECK_OK(undis_port_stats(end->nic, &stats));
    CHECK_EQ(stats.dropped, 0);
    CHECK_EQ(stats.errors, 0);
    CHECK_EQ(stats.read, frames);
    CHECK_EQ(stats.written, frames);
}

/* The verifier has seen what the NIC took and gave. */
static void
check_looked_at(const struct line_end *end)
{
    static const char *const rules[] = {"send-nbl-order-same-flow", "recv-order-per-flow"};
    struct undis_rule rule;
    unsigned found = 0;

    for (unsigned k = 0; undis_rule(end->machine, k, &rule) == 0; k++)
        for (unsigned r = 0; r < 2; r++)
            found += !strcmp(rule.id, rules[r]) && rule.checks > 0;
    CHECK_EQ(found, 2);
}

static void
carry(const char *model, const char *options, bool two, const char *driver)
{
    static const char *const filters[] = {"pass", NULL};
    struct line line;
    uint64_t sent = 0;

    test_case("%s on %s, wire%s, %s", driver, model, options, two ? "two machines" : "one machine");
    line_up_on(&line, filters, options, two, model, driver);
    for (unsigned round = 0; round < 4; round++) {
        line_send(&line, 0, 150);
        line_send(&line, 1, 150);
        sent += 150;
        line_wait(&line, 0, sent);
        line_wait(&line, 1, sent);
    }
    check_end(&line.ends[0], sent);
    check_end(&line.ends[1], sent);
    if (!strcmp(driver, "ringnic")) {
        check_looked_at(&line.ends[0]);
        check_looked_at(&line.ends[1]);
    }
    line_down(&line);
}

int
main(void)
{
    static const char *const models[] = {"ringnic", "ringnic+line=2", "ringnic+msix"};

    for (unsigned i = 0; i < 3; i++) {
        carry(models[i], "", false, "ringnic");
        carry(models[i], "", true, "ringnic");
        carry(models[i], ",latency=100", false, "ringnic");
        if (i == 2)
            break; /* messages: nothing of NDIS 5 */
        carry(models[i], "", false, "ringnic5");
        carry(models[i], ",latency=100", true, "ringnic5");
    }
    return 0;
}
