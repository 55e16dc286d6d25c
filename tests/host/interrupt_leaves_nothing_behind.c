/* SPDX-License-Identifier: MIT */
/* ^C ends a run as its end would; after kill -9 the next start sweeps up. No interface that undis
 * made stays, and none that it was given goes. */
#include "shell.h"

#define RUN                                                                                        \
    "$UNDIS run --json --top tap:given --protocol frames --filter pass --miniport portnic "        \
    "--bottom tap:made,create --capture cap.pcapng "
/* Prints how the interfaces and the folder stand. */
#define LOOK                                                                                       \
    "ip link show given >/dev/null 2>&1 && echo given is there\n"                                  \
    "ip link show made >/dev/null 2>&1 || echo made is gone\n"                                     \
    "ls $TMPDIR | grep undis- || echo no files\n"
#define PREPARE                                                                                    \
    "ip tuntap add dev given mode tap; ip link set given up\n" RUN "& P=$!\n"                      \
    "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.3; ip link show made >/dev/null 2>&1 && break; "    \
    "done\nsleep 0.5\n"

static void
expect_clean(const struct child *child, int status)
{
    char text[32];

    snprintf(text, sizeof(text), "status %d\n", status);
    child_expect(child, 0, text);
    child_expect(child, 0, "given is there\nmade is gone\nno files\n");
}

int
main(void)
{
    static const struct {
        const char *signal;
        int status;
    } ends[] = {{"INT", 0}, {"TERM", 0}, {"HUP", 0}};
    const struct child *child;

    shell_enter();
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char script[2048];

        /* A shell lets what it starts with & ignore SIGINT; the tool takes it all the same. */
        snprintf(script, sizeof(script),
            PREPARE "kill -%s $P; wait $P; echo status $?\n" LOOK "exit 0", ends[i].signal);
        child = shell_network(script);
        expect_clean(child, ends[i].status);
        child_expect(child, 0, "\"rules_broken\":0");
        child_expect(child, 0, "\"capture\":{\"file\":\"cap.pcapng\"");
    }
    child =
        shell_network(PREPARE "kill -9 $P; wait $P; echo status $?\n"
                              "$UNDIS run --miniport portnic -t 0.1 >/dev/null\n" LOOK "exit 0");
    expect_clean(child, 137);
    return 0;
}
