/* SPDX-License-Identifier: MIT */
/* A stack file says what the command line says, and more: several adapters, drivers with files and
 * INFs of their own, keywords of a driver and of one instance. Names in it are relative to it, and
 * the command line's options win.
 */
#include "capture.h"
#include "shell.h"

#define FRAMES 500

/* Frames of a file go over a wire from one adapter of the machine to another, into a file. */
static const char two[] = "# two adapters and a wire\n"
                          "simulated\n"
                          "\tseed 3 # choices\n"
                          "report reports.jsonl\n"
                          "\n"
                          "driver mine\n"
                          "    file ../drivers/pass.so\n"
                          "    inf  \"../drivers/a \\\"name\\\".inf\"\n"
                          "    set  Mode=3\n"
                          "stack left\n"
                          "    top      pcap:in=in.pcap\n"
                          "    protocol frames\n"
                          "    filter   mine\n"
                          "        set  Mode=0\n"
                          "    miniport ../drivers/portnic.so\n"
                          "        set  NetworkAddress=021122334455\n"
                          "    bottom   wire:between\n"
                          "stack right\n"
                          "    top      pcap:out=out.pcap\n"
                          "    protocol frames\n"
                          "    filter   mine\n"
                          "    miniport ../drivers/portnic.so\n"
                          "    bottom   wire:between\n";

static void
write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void
prepare(void)
{
    child_expect(
        shell("mkdir stacks drivers && cp $UNDIS_DRIVERS/pass.so $UNDIS_DRIVERS/portnic.so "
              "drivers && cp $UNDIS_DRIVERS/pass.inf 'drivers/a \"name\".inf'"),
        0, "");
    capture_write("stacks/in.pcap", FRAMES);
    write_file("stacks/two.stack", two);
}

/* From another folder: all names are of the file's. */
static void
frames_cross_two_stacks(void)
{
    struct frames out;

    child_expect(shell("cd / && $UNDIS run $OLDPWD/stacks/two.stack"), 0, "no rule was broken");
    child_expect(&shell_child, 0, "stack left\n");
    child_expect(&shell_child, 0, "stack right\n");
    child_expect(&shell_child, 0, "filter    mine         Paused");
    out = capture_read("stacks/out.pcap");
    CHECK_EQ(out.count, FRAMES);
    CHECK_EQ(out.bad + out.disorder, 0);
    child_expect(shell("test -f stacks/reports.jsonl"), 0, "");
}

/* The instance's keyword won over the driver's in the left stack only: the right one's filter is
 * passed by on receive. */
static void
keywords_go_to_their_instance(void)
{
    child_expect(shell("$UNDIS run stacks/two.stack --json --report mine.jsonl --seed 0"), 0,
        "\"stacks\":[{\"name\":\"left\"");
    child_expect(&shell_child, 0,
        "\"layer\":\"filter\",\"driver\":\"mine\",\"state\":\"Paused\",\"sent\":500");
    child_expect(&shell_child, 0,
        "\"driver\":\"mine\",\"state\":\"Paused\",\"sent\":0,\"send_completed\":0,"
        "\"send_pended\":0,\"sends_out\":0,\"indicated\":0");
    child_expect(shell("test -f mine.jsonl"), 0, "");
}

static void
a_file_comes_from_standard_input(void)
{
    child_expect(shell("printf 'duration 0.1\\nsimulated\\nstack a\\nminiport portnic' | "
                       "$UNDIS run -"),
        0, "miniport  portnic");
}

static void
options_of_the_file_are_obeyed(void)
{
    write_file("capture.stack", "simulated\ncapture got.pcapng\nstack net9\n"
                                "top pcap:in=stacks/in.pcap,speed=0\nprotocol frames\n"
                                "miniport portnic\n");
    child_expect(shell("$UNDIS run capture.stack"), 0, "got.pcapng: 500 frames, 0 lost");
}

int
main(void)
{
    shell_enter();
    prepare();
    frames_cross_two_stacks();
    keywords_go_to_their_instance();
    a_file_comes_from_standard_input();
    options_of_the_file_are_obeyed();
    return 0;
}
