/* SPDX-License-Identifier: MIT */
/* What comes for a portnic that is paused, or for frames whose adapter is, waits in the port: after
 * the restart all of it goes on, once and in order. */
#include "line.h"

#define FRAMES 40u
#define ROUNDS 3u

/* @paused: which end is, while the other one or the program sends. */
static void
go(unsigned paused, uint64_t seed)
{
    static const char *const none[] = {NULL};
    struct line_config config = {.filters = none, .seed = seed};
    uint64_t got = 0;
    struct line line;

    test_case("end %u, seed %llu", paused, (unsigned long long)seed);
    line_up_with(&line, &config);
    line_send(&line, 0, 1);
    line_wait(&line, 1, ++got);
    for (unsigned round = 0; round < ROUNDS; round++) {
        CHECK_OK(undis_stack_pause(line.ends[paused].stack));
        line_send(&line, 0, FRAMES);
        undis_run(line.ends[0].machine, 2000000);
        CHECK_EQ(test_read(&line.ends[1].got.count), got);
        CHECK_OK(undis_stack_restart(line.ends[paused].stack));
        got += FRAMES;
        line_wait(&line, 1, got);
    }
    CHECK_EQ(test_read(&line.ends[1].got.bad), 0);
    CHECK_EQ(test_read(&line.ends[1].got.disorder), 0);
    line_down(&line);
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++)
        for (unsigned paused = 0; paused < 2; paused++)
            go(paused, seed);
    return 0;
}
