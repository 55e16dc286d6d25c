/* SPDX-License-Identifier: MIT */
/* frames, pass, capture and portnic carry frames both ways through two stacks and a wire: all of
 * them, once, whole and in order; also over a slow wire and while filters come and go.
 */
#include "line.h"

static void
check_end(const struct line_end *end, uint64_t frames)
{
    struct undis_port_stats stats;

    CHECK_EQ(end->got.count, frames);
    CHECK_EQ(end->got.bad, 0);
    CHECK_EQ(end->got.disorder, 0);
    CHECK_OK(undis_port_stats(end->wire, &stats));
    CHECK_EQ(stats.dropped, 0);
    CHECK_EQ(stats.errors, 0);
    CHECK_EQ(stats.read, frames);
}

static void
carry(const char *const *filters, const char *options)
{
    struct line line;
    uint64_t sent = 0;

    test_case("first filter %s, wire%s", filters[0] ? filters[0] : "none", options);
    line_up(&line, filters, options, false);
    for (unsigned round = 0; round < 5; round++) {
        line_send(&line, 0, 100);
        line_send(&line, 1, 100);
        sent += 100;
        line_wait(&line, 0, sent);
        line_wait(&line, 1, sent);
    }
    check_end(&line.ends[0], sent);
    check_end(&line.ends[1], sent);
    line_down(&line);
}

static bool
last_is_there(void *context)
{
    const struct line_end *ends = ((struct line *)context)->ends;

    return test_read(&ends[1].got.last) == ends[0].number - 1;
}

/* What arrives during a pause may be lost; afterwards nothing is. */
static void
carry_while_a_filter_comes_and_goes(void)
{
    static const char *const filters[] = {"pass", NULL};
    const struct line_end *to;
    struct line line;
    uint64_t before;

    test_case("a filter comes and goes");
    line_up(&line, filters, "", false);
    to = &line.ends[1];
    for (unsigned round = 0; round < 5; round++) {
        line_send(&line, 0, 50);
        CHECK_OK(undis_stack_detach(to->stack, to->filters[0]));
        line_send(&line, 0, 50);
        CHECK_OK(undis_stack_attach(to->stack, to->filters[0]));
    }
    line_send(&line, 0, 1);
    test_wait(to->machine, last_is_there, &line, "what was under way");
    before = test_read(&to->got.count);
    line_send(&line, 0, 99);
    line_wait(&line, 1, before + 99);
    CHECK_EQ(to->got.bad, 0);
    CHECK_EQ(to->got.next[line.ends[0].origin], 600);
    line_down(&line);
}

int
main(void)
{
    static const char *const none[] = {NULL};
    static const char *const pass[] = {"pass", NULL};
    static const char *const both[] = {"capture", "pass", NULL};

    carry(none, "");
    carry(pass, "");
    carry(both, "");
    carry(both, ",latency=100");
    carry_while_a_filter_comes_and_goes();
    return 0;
}
