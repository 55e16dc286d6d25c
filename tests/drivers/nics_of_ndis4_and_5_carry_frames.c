/* SPDX-License-Identifier: MIT */
/* serialnic, desernic and looknic carry frames both ways as portnic does, under a filter and
 * without: all of them, once, whole and in order; looknic also when it shows a part of each frame.
 */
#include "line.h"

#define OID_GEN_CURRENT_LOOKAHEAD 0x0001010Fu

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
set_lookahead(struct line_end *end, uint32_t lookahead)
{
    uint32_t length = sizeof(lookahead), status;

    CHECK_OK(
        undis_stack_oid(end->stack, true, OID_GEN_CURRENT_LOOKAHEAD, &lookahead, &length, &status));
    CHECK_EQ(status, 0);
}

static void
carry(const char *miniport, const char *const *filters, uint32_t lookahead)
{
    struct line line;
    uint64_t sent = 0;

    test_case("%s, first filter %s, look-ahead %u", miniport, filters[0] ? filters[0] : "none",
        lookahead);
    line_up_on(&line, filters, "", false, NULL, miniport);
    if (lookahead) {
        set_lookahead(&line.ends[0], lookahead);
        set_lookahead(&line.ends[1], lookahead);
    }
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

int
main(void)
{
    static const char *const none[] = {NULL};
    static const char *const pass[] = {"pass", NULL};
    static const char *const nics[] = {"serialnic", "desernic", "looknic"};

    for (unsigned i = 0; i < sizeof(nics) / sizeof(nics[0]); i++) {
        carry(nics[i], none, 0);
        carry(nics[i], pass, 0);
    }
    carry("looknic", none, 64);
    carry("looknic", pass, 64);
    return 0;
}
