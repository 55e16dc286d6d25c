/* SPDX-License-Identifier: MIT */
/* Descriptors that stand for signals, see eventfd.h. Neither call can fail on a descriptor of ours
 * but for a counter that is full, which is readable, or empty, which is not.
 */
#include "host/eventfd.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int
host_eventfd_create(void)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    return fd < 0 ? -errno : fd;
}

void
host_eventfd_ring(int fd)
{
    const uint64_t one = 1;
    ssize_t written = write(fd, &one, sizeof(one));

    (void)written;
}

void
host_eventfd_drain(int fd)
{
    uint64_t value;
    ssize_t got = read(fd, &value, sizeof(value));

    (void)got;
}

void
host_eventfd_close(int fd)
{
    close(fd);
}
