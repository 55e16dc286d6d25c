/* SPDX-License-Identifier: MIT */
/* A capture that breaks off: what came before goes through, the place is named, status 1. */
#include "capture.h"
#include "shell.h"

#define FRAMES 100

/* Cuts the last frame in its middle; answers where its record starts. */
static long
cut(const char *path)
{
    uint32_t length = capture_length(FRAMES - 1);
    FILE *file = fopen(path, "rb+");
    long end;

    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    end = ftell(file);
    CHECK(ftruncate(fileno(file), end - length / 2) == 0);
    CHECK(fclose(file) == 0);
    return end - length - 16;
}

static void
run(const char *option, long start)
{
    char script[512], place[64];
    struct frames out;

    snprintf(script, sizeof(script),
        "$UNDIS run %s --top pcap:in=in.pcap --protocol frames --filter pass --miniport portnic "
        "--bottom pcap:out=out.pcap",
        option);
    snprintf(place, sizeof(place), "--top: in.pcap: record %d at byte %ld: ", FRAMES, start);
    child_expect(shell(script), 1, place);
    out = capture_read("out.pcap");
    CHECK_EQ(out.count, FRAMES - 1);
    CHECK_EQ(out.disorder, 0);
}

int
main(void)
{
    long start;

    shell_enter();
    capture_write("in.pcap", FRAMES);
    start = cut("in.pcap");
    run("", start);
    run("--simulated", start);
    CHECK(truncate("in.pcap", 10) == 0);
    child_expect(shell("$UNDIS run --top pcap:in=in.pcap --protocol frames --miniport portnic"), 1,
        "--top: in.pcap: truncated");
    child_expect(shell("$UNDIS run --top pcap:in=none --protocol frames --miniport portnic"), 1,
        "--top: none: No such file");
    return 0;
}
