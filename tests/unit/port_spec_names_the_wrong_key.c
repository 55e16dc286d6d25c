/* SPDX-License-Identifier: MIT */
/* A specification that is wrong is refused with the word that is wrong. */
#include "host/port.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
refused(const char *spec, int expected, const char *word)
{
    char error[512] = "";
    struct host_port *port;
    int result = host_port_open(&port, spec, error, sizeof(error));

    fprintf(stderr, "%s: %d %s\n", spec, result, error);
    return result == expected && strstr(error, word);
}

int
main(void)
{
    int ok = 1;

    ok &= refused("tip:lan0", -EINVAL, "tip");
    ok &= refused("tap", -EINVAL, "tap:lan0");
    ok &= refused("tap:a-name-that-is-too-long", -EINVAL, "15 characters");
    ok &= refused("tap:x,mut=3", -EINVAL, "mut");
    ok &= refused("tap:x,mtu=many", -EINVAL, "mtu=many");
    ok &= refused("tap:x,mtu=10", -EINVAL, "68");
    ok &= refused("tun:undis-none", -ENODEV, "mode tun");
    ok &= refused("pcap:", -EINVAL, "in=FILE");
    ok &= refused("pcap:in=/does/not/exist", -ENOENT, "/does/not/exist");
    ok &= refused("pcap:in=/dev/null", -EBADMSG, "/dev/null");
    ok &= refused("pcap:in=/dev/null,speed=-1", -EINVAL, "speed=-1");
    return !ok;
}
