/* SPDX-License-Identifier: MIT */
/* Frames of a file go through protocol, filter and miniport into another one: each of them once,
 * in order, byte for byte, under both executives; and the capture between has seen the same. */
#include "capture.h"
#include "shell.h"

#define FRAMES 3000

static void
run(const char *option, const char *way)
{
    char script[512];
    struct frames out;

    snprintf(script, sizeof(script),
        "rm -f out.pcap cap.pcapng; $UNDIS run %s %s --protocol frames --filter pass "
        "--miniport portnic --capture cap.pcapng",
        option, way);
    child_expect(shell(script), 0, "no rule was broken");
    child_expect(&shell_child, 0, "cap.pcapng: 3000 frames, 0 lost");
    out = capture_read("out.pcap");
    CHECK_EQ(out.count, FRAMES);
    CHECK_EQ(out.bad + out.disorder, 0);
    child_expect(shell("$UNDIS run --simulated --top pcap:in=cap.pcapng,out=none.pcap "
                       "--protocol frames --miniport portnic --bottom pcap:out=again.pcap"),
        0, "read 3000");
    out = capture_read("again.pcap");
    CHECK_EQ(out.count, FRAMES);
    CHECK_EQ(out.bad + out.disorder, 0);
}

#define DOWN "--top pcap:in=in.pcap --bottom pcap:out=out.pcap"
#define UP   "--bottom pcap:in=in.pcap --top pcap:out=out.pcap"

int
main(void)
{
    shell_enter();
    capture_write("in.pcap", FRAMES);
    run("", DOWN);
    run("--simulated", DOWN);
    run("--simulated --seed 4", DOWN);
    run("", UP);
    run("--simulated", UP);
    return 0;
}
