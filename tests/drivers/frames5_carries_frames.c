/* SPDX-License-Identifier: MIT */
/* frames5, a protocol of NDIS 5.1, carries frames both ways over miniports of both generations,
 * serialized, deserialized, of NDIS 4 and of NDIS 6, with and without filters, by ProtocolReceivePacket and by ProtocolReceive: all of them, once, whole and
 * in order.
 */
#include "line.h"

static void
carry(const struct line_config *config)
{
    const struct line_end *a, *b;
    struct line line;

    test_case("%s, first filter %s, %s", config->miniport,
        config->filters[0] ? config->filters[0] : "none",
        config->keyword ? "look-ahead" : "packets");
    line_up_with(&line, config);
    a = &line.ends[0];
    b = &line.ends[1];
    for (uint64_t sent = 100; sent <= 500; sent += 100) {
        line_send(&line, 0, 100);
        line_send(&line, 1, 100);
        line_wait(&line, 0, sent);
        line_wait(&line, 1, sent);
    }
    CHECK_EQ(a->got.count + b->got.count, 1000);
    CHECK_EQ(a->got.bad + b->got.bad, 0);
    CHECK_EQ(a->got.disorder + b->got.disorder, 0);
    line_down(&line);
}

int
main(void)
{
    static const char *const miniports[] = {"portnic", "serialnic", "desernic", "looknic"};
    static const char *const none[] = {NULL};
    static const char *const pass[] = {"pass", NULL};
    static const char *const both[] = {"capture", "pass", NULL};
    static const char *const *const stacks[] = {none, pass, both};

    for (unsigned m = 0; m < sizeof(miniports) / sizeof(miniports[0]); m++) {
        for (unsigned f = 0; f < 3; f++) {
            struct line_config config = {
                .miniport = miniports[m], .protocol = "frames5", .filters = stacks[f]};

            carry(&config);
            if (f == 1)
                continue;
            config.keyword = "ReceivePackets";
            config.value = "0";
            carry(&config);
        }
    }
    return 0;
}
