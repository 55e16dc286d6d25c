/* SPDX-License-Identifier: MIT */
/* A simulated machine is saved and reset 1,000 times: the same seed gives the same trace hash each
 * time, another seed another one, and the process grows by nothing: descriptors, threads, maps.
 */
#include "rig.h"
#include <dirent.h>
#include <stdio.h>

#define ROUNDS 1000

struct process {
    unsigned descriptors, threads, maps;
};

static unsigned
entries(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned n = 0;

    CHECK(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static struct process
look(void)
{
    struct process p = {entries("/proc/self/fd"), entries("/proc/self/task"), 0};
    FILE *maps = fopen("/proc/self/maps", "r");

    CHECK(maps);
    for (int c = getc(maps); c != EOF; c = getc(maps))
        p.maps += c == '\n';
    fclose(maps);
    return p;
}

static uint64_t
act(struct rig *rig, uint64_t seed)
{
    CHECK_OK(undis_seed(rig->machine, seed));
    for (unsigned i = 0; i < 3; i++) {
        peer_protocol_send(rig->protocols[0], 3, 1, 100);
        peer_protocol_send(rig->protocols[1], 2, 1, 100);
        peer_miniport_indicate(rig->miniport, 4, 100, false);
        peer_protocol_oids(rig->protocols[0], 2);
    }
    CHECK_OK(undis_stack_pause(rig->stack));
    CHECK_OK(undis_stack_restart(rig->stack));
    rig_settle(rig);
    test_wait_count(rig->machine, &rig->protocols[0]->oids_done, 6);
    return undis_trace_hash(rig->machine);
}

/* Seeds 1, 2, 3, 4, 1, 2 ... */
static void
repeat(struct rig *rig, const struct undis_snapshot *snapshot)
{
    struct process early = {0}, late;
    uint64_t hash[4] = {0};

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t got = act(rig, 1 + round % 4);

        if (round < 4)
            hash[round] = got;
        CHECK_EQ(got, hash[round % 4]);
        CHECK_OK(undis_reset(rig->machine, snapshot));
        if (round == 10)
            early = look();
    }
    late = look();
    CHECK_EQ(early.descriptors, late.descriptors);
    CHECK_EQ(early.threads, late.threads);
    CHECK_EQ(early.maps, late.maps);
    CHECK(hash[0] != 0);
    CHECK(hash[0] != hash[1] || hash[0] != hash[2] || hash[0] != hash[3]);
}

int
main(void)
{
    struct rig_config config = {
        .filters = 1, .protocols = 2, .trace = 4096, .completes = PEER_DPC, .returns = PEER_TIMER};
    struct undis_snapshot *snapshot;
    struct rig rig;

    if (!test_simulated())
        return TEST_SKIP;
    rig_up(&rig, &config);
    rig.miniport->pend_oids = true;
    CHECK_OK(undis_save(rig.machine, &snapshot));
    repeat(&rig, snapshot);
    undis_snapshot_free(snapshot);
    rig_down(&rig);
    return 0;
}
