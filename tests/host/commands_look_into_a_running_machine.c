/* SPDX-License-Identifier: MIT */
/* undis adapters, stats, oid and device on a machine that runs, in either executive, by its socket
 * and by being the only one; what is not there, or not understood, is told.
 */
#include "served.h"

static const struct {
    const char *command;
    int status;
    const char *said;
} commands[] = {
    {"adapters", 0, "net0\n  protocol  frames           Running\n  filter    pass"},
    {"adapters --json", 0, "\"stacks\":[{\"name\":\"net0\""},
    {"stats net0", 0, "layer     driver"},
    {"stats nope", 1, "undis stats: nope: no adapter has this name"},
    {"oid net0 get OID_GEN_MAXIMUM_FRAME_SIZE", 0, "000000  dc 05 00 00"},
    {"oid net0 get 0x00010106", 0, "000000  dc 05 00 00"},
    {"oid --json net0 get OID_GEN_MAXIMUM_FRAME_SIZE", 0,
        "{\"oid\":65798,\"status\":0,\"length\":4,\"data\":\"dc050000\"}"},
    {"oid --size 2 net0 get OID_GEN_MAXIMUM_FRAME_SIZE", 1, "was refused with 0xC0010016"},
    {"oid net0 get 0xff123456", 1, "was refused with 0xC00000BB"},
    {"oid net0 set OID_GEN_CURRENT_LOOKAHEAD 00:01 0000", 0, ""},
    {"oid net0 set OID_GEN_CURRENT_LOOKAHEAD 0", 2, "0: not hexadecimal bytes"},
    {"oid net0 get OID_NOPE", 2, "OID_NOPE: no OID that the headers know"},
    {"oid net0 put OID_GEN_MAXIMUM_FRAME_SIZE", 2, "put: neither get nor set"},
    {"oid nope get OID_GEN_MAXIMUM_FRAME_SIZE", 1, "no adapter has this name"},
    {"oid net0", 2, "usage: undis oid"},
    {"device open Holder", 0, ""},
    {"device open Nobody", 1, "\\\\.\\Nobody: cannot be opened: 0xC0000034"},
    {"device write Holder 68 69", 0, ""},
    {"device read Holder", 0, "000000  68 69 "},
    {"device ioctl --size 8 Holder 0x222000", 0, "000000  00 00 00 00 00 00 00 00"},
    {"device --size 8 ioctl Holder 0x222000", 0, "000000  00 00 00 00 00 00 00 00"},
    {"device --size 4 ioctl Holder 0x22200C 15000000", 0, "000000  2a 00 00 00"},
    {"device --json ioctl Holder 0x22200C 15000000", 1, "\"status\":3221225507,\"done\":0"},
    {"device ioctl Holder 0x229999", 1, "the driver answered 0xC0000010"},
    {"device read Holder 00", 2, "00: read takes no bytes"},
    {"device shut Holder", 2, "usage: undis device"},
};

static void
ask_everything(void)
{
    char script[512];

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const char *rest = strchr(commands[i].command, ' ');
        int word = rest ? (int)(rest - commands[i].command) : (int)strlen(commands[i].command);

        snprintf(script, sizeof(script), "$UNDIS %.*s --control socket%s", word,
            commands[i].command, rest ? rest : "");
        child_expect(shell(script), commands[i].status, commands[i].said);
    }
}

static void
a_read_is_interrupted(void)
{
    child_expect(shell("(trap - INT; exec $UNDIS device --control socket read Holder) & P=$!\n"
                       "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1\n"
                       "$UNDIS device --control socket --size 8 ioctl Holder 0x222000 | "
                       "grep -q '^000000  01' && break; done\n"
                       "kill -INT $P; wait $P"),
        1, "the driver answered 0xC0000120");
}

/* Without --control it is the only machine; none, or several, is told. */
static void
machines_are_found(void)
{
    child_expect(shell("mkdir run; export XDG_RUNTIME_DIR=$PWD/run\n"
                       "$UNDIS adapters; $UNDIS run -q --miniport portnic & P=$!\n"
                       "until $UNDIS adapters 2>/dev/null | grep portnic; do sleep 0.05; done\n"
                       "$UNDIS run -q --miniport portnic & Q=$!\n"
                       "until [ $(ls run/undis | wc -l) = 2 ]; do sleep 0.05; done; $UNDIS stats\n"
                       "kill -KILL $Q; wait $Q; $UNDIS run --miniport portnic -t 0.1 >/dev/null\n"
                       "$UNDIS stats; kill -INT $P; wait $P; ls run"),
        0, "undis adapters: no machine runs");
    child_expect(&shell_child, 0, "undis stats: 2 machines run; choose a socket of");
    child_expect(&shell_child, 0, "layer     driver");
    child_expect(shell("ls -A run | wc -l"), 0, "0\n");
}

int
main(void)
{
    shell_enter();
    for (int simulated = 0; simulated < 2; simulated++) {
        served_start(simulated != 0);
        ask_everything();
        a_read_is_interrupted();
        served_stop();
    }
    machines_are_found();
    return 0;
}
