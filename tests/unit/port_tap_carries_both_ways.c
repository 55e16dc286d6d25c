/* SPDX-License-Identifier: MIT */
/* A tap port says what is missing, carries frames both ways, and can be interrupted. */
#include "host/port.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TYPE 0x88b5 /* for experiments: nothing else of the machine answers it */

static int
wire_tap(const char *name)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
        .sll_protocol = htons(TYPE),
        .sll_ifindex = (int)if_nametoindex(name)};
    int fd = socket(AF_PACKET, SOCK_RAW, htons(TYPE));

    return bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -1 : fd;
}

static void *
interrupt_later(void *port)
{
    usleep(50000);
    host_port_interrupt(port);
    return NULL;
}

/* The frame that the interface's other side sent, among those that the kernel sends by itself. */
static int
read_ours(struct host_port *port, const unsigned char *frame, size_t length)
{
    struct host_frame frames[4];

    for (;;) {
        int n = host_port_read(port, frames, 4);

        if (n < 0)
            return 0;
        for (int i = 0; i < n; i++)
            if (frames[i].length == length && !memcmp(frames[i].data, frame, length))
                return 1;
    }
}

int
main(void)
{
    unsigned char frame[60] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, TYPE >> 8, TYPE & 255, 7},
                  got[99];
    struct host_frame parts[2] = {{frame, 20, 0}, {frame + 20, 40, 0}}, large = {frame, 9000, 0};
    struct host_port_info info;
    struct host_port *port;
    pthread_t thread;
    char error[512];
    int fd, wrong = 0;

    if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
        return 77;
    if (access("/dev/net/tun", R_OK | W_OK))
        return 77;
    wrong |= host_port_open(&port, "tap:t0", error, sizeof(error)) != -ENODEV;
    wrong |= !strstr(error, "t0: no such interface");
    if (host_port_open(&port, "tap:t0,create,mtu=1400", error, sizeof(error))) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    host_port_info(port, &info);
    wrong |= !info.ethernet || !info.has_address || info.mtu != 1400 || info.finite;
    fd = wire_tap("t0");
    wrong |= fd < 0 || host_port_write(port, parts, 2) != 0;
    wrong |= recv(fd, got, sizeof(got), 0) != 60 || memcmp(got, frame, 60) != 0;
    wrong |= send(fd, frame, 60, 0) != 60 || !read_ours(port, frame, 60);
    wrong |= host_port_write(port, &large, 1) != -EMSGSIZE;
    pthread_create(&thread, NULL, interrupt_later, port);
    while (host_port_read(port, parts, 1) >= 0)
        continue;
    pthread_join(thread, NULL);
    host_port_close(port);
    close(fd);
    return wrong;
}
