/* SPDX-License-Identifier: MIT */
/* An interface of somebody else's: status 1 and what to do about it, nothing left behind. */
#include "shell.h"

int
main(void)
{
    const struct child *child;

    shell_enter();
    if (geteuid() != 0) {
        fputs("only root can give its rights away\n", stderr);
        return TEST_SKIP;
    }
    CHECK(chmod(".", 0755) == 0);
    child = shell_network(
        "ip tuntap add dev t0 mode tap user 1\n"
        "nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \"$@\"; }\n"
        "nobody test -x \"$UNDIS\" -a -r \"$UNDIS_DRIVERS/frames.so\" || exit 77\n"
        "nobody $UNDIS run --top tap:t0 --protocol frames --miniport portnic\n"
        "S=$?; ls; exit $S");
    if (child->status == TEST_SKIP)
        return TEST_SKIP;
    /* Which of two says no depends on the rights of /dev/net/tun. */
    child_expect(child, 1, "not permitted; ");
    CHECK(strstr(child->text, "/dev/net/tun") || strstr(child->text, "CAP_NET_ADMIN"));
    CHECK(!strstr(child->text, "undis-"));
    return 0;
}
