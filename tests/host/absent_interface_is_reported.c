/* SPDX-License-Identifier: MIT */
/* An interface that is not there, and one that goes away: status 1, and its name. */
#include "shell.h"

#define STACK "--protocol frames --miniport portnic"

int
main(void)
{
    shell_enter();
    child_expect(shell("$UNDIS run --top tap:none77 " STACK), 1,
        "undis run: --top: none77: no such interface; make it with: ip tuntap add dev none77 ");
    child_expect(shell("$UNDIS run --bottom tun:none77 --miniport portnic"), 1,
        "undis run: --bottom: none77: no such interface");
    child_expect(
        shell_network("$UNDIS run --top tap:lo " STACK), 1, "this interface is not a tap device");
    child_expect(shell_network("ip tuntap add dev t0 mode tap\n"
                               "$UNDIS run --top tap:t0 " STACK " & sleep 1\n"
                               "ip link del t0; wait $!"),
        1, "undis run: --top: t0: the interface is gone");
    child_expect(shell_network("ip tuntap add dev t0 mode tap\n"
                               "$UNDIS run --top tap:t0 " STACK " --bottom tap:t0"),
        1, "undis run: --bottom: tap t0: another program has this interface open");
    return 0;
}
