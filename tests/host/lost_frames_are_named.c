/* SPDX-License-Identifier: MIT */
/* What a capture could not keep is counted, and named where it is missing; what has no driver, a
 * reader already or no file is refused with a sentence.
 */
#include "capture.h"
#include "machine.h"
#include "shell.h"
#include <errno.h>

#define FRAMES 3000 /* more than a MiB */

static void
refuse(struct undis *machine, const char *path, int error, const char *sentence)
{
    struct undis_capture *capture;

    CHECK_EQ(undis_capture_open(machine, path, &capture), error);
    CHECK(strstr(undis_error(), sentence));
}

static bool
holds(const char *path, const char *text)
{
    static char bytes[8u << 20];
    FILE *file = fopen(path, "rb");
    size_t size;

    CHECK(file);
    size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

/* A stack whose filter may keep a MiB, and nobody who reads it. */
static void
let_pass(struct undis *machine)
{
    struct undis_driver *filters[2] = {NULL}, *protocols[2] = {NULL};
    struct undis_stack_config config = {
        .size = sizeof(config), .filters = filters, .protocols = protocols};
    struct undis_stack *stack;

    refuse(machine, "cap.pcapng", -ENOENT, "must be loaded before");
    CHECK_OK(undis_set(machine, "capture", "MaximumMemory", "1"));
    CHECK_OK(undis_port_open(machine, "pcap:in=in.pcap", &config.top));
    filters[0] = test_driver(machine, "capture");
    protocols[0] = test_driver(machine, "frames");
    config.miniport = test_driver(machine, "portnic");
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(undis_run(machine, UINT64_MAX));
}

static void
run(enum undis_executive executive)
{
    struct undis_config config = test_config();
    struct undis_capture_stats stats;
    struct undis_capture *capture;
    struct undis *machine;

    config.executive = executive;
    machine = test_machine_with(&config);
    let_pass(machine);
    refuse(machine, "no/cap.pcapng", -ENOENT, "no/cap.pcapng: No such file");
    CHECK_OK(undis_capture_open(machine, "cap.pcapng", &capture));
    refuse(machine, "other.pcapng", -EBUSY, "one in this machine already");
    CHECK_OK(undis_capture_close(capture, &stats));
    CHECK_EQ(stats.frames + stats.lost, FRAMES);
    CHECK(stats.lost > 0 && stats.frames > 0);
    CHECK(holds("cap.pcapng", "frames are missing: no memory"));
    CHECK_EQ(undis_destroy(machine), 0);
}

int
main(void)
{
    shell_enter();
    capture_write("in.pcap", FRAMES);
    run(UNDIS_THREADS);
    run(UNDIS_SIMULATED);
    return 0;
}
