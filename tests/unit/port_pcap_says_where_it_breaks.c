/* SPDX-License-Identifier: MIT */
/* A capture that ends in the middle of a record: what came before is read, then place and reason. */
#include "host/port.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char name[] = "/tmp/undis-test-XXXXXX";

static int
write_frames(const char *kind, unsigned count)
{
    char spec[128], error[512];
    unsigned char data[100] = {0};
    struct host_port *port;
    int wrong;

    snprintf(spec, sizeof(spec), "%s:out=%s", kind, name);
    wrong = host_port_open(&port, spec, error, sizeof(error));
    for (unsigned i = 0; !wrong && i < count; i++) {
        struct host_frame frame = {data, 60 + i, 1000000007ull * (i + 1)};

        data[0] = (unsigned char)i;
        wrong = host_port_write(port, &frame, 1);
    }
    host_port_close(port);
    return wrong;
}

/* Reads all; answers how it ended. */
static int
read_frames(const char *kind, unsigned expected, const char *words)
{
    struct host_frame frames[8];
    char spec[128], error[512];
    struct host_port *port;
    unsigned seen = 0;
    int n, wrong = 0;

    snprintf(spec, sizeof(spec), "%s:in=%s", kind, name);
    if (host_port_open(&port, spec, error, sizeof(error)))
        return 1;
    while ((n = host_port_read(port, frames, 8)) > 0)
        for (int i = 0; i < n; i++, seen++)
            wrong |= frames[i].length != 60 + seen || *(const char *)frames[i].data != (int)seen ||
                     frames[i].time != 1000000007ull * (seen + 1);
    fprintf(stderr, "%d after %u: %s\n", n, seen, host_port_error(port));
    wrong |= seen != expected || n != (words ? -EBADMSG : -ENODATA);
    wrong |= words && !strstr(host_port_error(port), words);
    host_port_close(port);
    return wrong;
}

int
main(void)
{
    int wrong = close(mkstemp(name));

    wrong |= write_frames("pcap", 20) || read_frames("pcap", 20, NULL);
    wrong |= truncate(name, 24 + 2 * (16 + 60) + 1 + 10) ||
             read_frames("pcap", 2, "record 3 at byte 177");
    wrong |= write_frames("pcapng", 20) || read_frames("pcapng", 20, NULL);
    wrong |= truncate(name, 60 + 48 + 44 + 100) || read_frames("pcapng", 1, "record 2 at byte");
    wrong |= truncate(name, 3);
    wrong |= read_frames("pcap", 0, NULL) != 1;
    unlink(name);
    return wrong;
}
