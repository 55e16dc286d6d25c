/* SPDX-License-Identifier: MIT */
/* Frames of a TAP or TUN interface, as they are: no packet information, no offload header.
 *
 *     kernel <--read, writev--> fd        event <--interrupt, device full
 *                               |           |
 *                               +-- poll ---+  the reader
 *
 * Who: one reader, one writer at a time, anybody interrupts. No locks: `ending` and `full` are
 * atomic and announced through the event.
 */
#include "host/ports/device.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
/* These two in this order: linux/if.h would clash. */
#include <linux/if_tun.h>
#include <net/if.h>

#define FRAME_MAX 65600 /* the largest frame that an interface can have */
#define PARTS_MAX 64

struct device {
    int fd, event;
    char name[IFNAMSIZ];
    bool ending;                                      /* [A] interrupted */
    bool full;                                        /* [A] a write found no room */
    unsigned char frames[HOST_PORT_BATCH][FRAME_MAX]; /* memory comes on touch */
};

static int
attach(struct host_port *port, struct device *device, short flags)
{
    struct ifreq request = {.ifr_flags = (short)(flags | IFF_NO_PI)};

    strcpy(request.ifr_name, device->name);
    if (!ioctl(device->fd, TUNSETIFF, &request))
        return 0;
    if (errno == EINVAL) { /* made for several queues: it wants to be asked for that */
        request.ifr_flags = (short)(flags | IFF_NO_PI | IFF_MULTI_QUEUE);
        if (!ioctl(device->fd, TUNSETIFF, &request))
            return 0;
    }
    if (errno == EPERM)
        return host_port_fail(port, -EPERM,
            "%s %s: not permitted; it needs CAP_NET_ADMIN (sudo), or an interface of your own: "
            "sudo ip tuntap add dev %s mode %s user $USER",
            port->kind->name, device->name, device->name, port->kind->name);
    if (errno == EBUSY)
        return host_port_fail(port, -EBUSY, "%s %s: another program has this interface open",
            port->kind->name, device->name);
    if (errno == EINVAL)
        return host_port_fail(port, -EINVAL, "%s %s: this interface is not a %s device",
            port->kind->name, device->name, port->kind->name);
    return host_port_fail(port, -errno, "%s %s: %m", port->kind->name, device->name);
}

static int
open_node(struct host_port *port, struct device *device)
{
    device->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device->fd >= 0)
        return 0;
    if (errno == ENOENT || errno == ENODEV)
        return host_port_fail(port, -ENODEV,
            "/dev/net/tun is absent: modprobe tun, or give the container that device");
    if (errno == EACCES || errno == EPERM)
        return host_port_fail(port, -EPERM,
            "/dev/net/tun: not permitted; the device must be readable and writable for you");
    return host_port_fail(port, -errno, "/dev/net/tun: %m");
}

/* Address and MTU; an interface of our own making is set up too. */
static int
configure(struct host_port *port, struct device *device, bool create, uint64_t mtu)
{
    struct ifreq request = {0};
    int result = 0, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return host_port_fail(port, -errno, "%s: socket: %m", device->name);
    strcpy(request.ifr_name, device->name);
    request.ifr_mtu = (int)mtu;
    if (create && mtu && ioctl(fd, SIOCSIFMTU, &request))
        result = host_port_fail(port, -errno, "%s: mtu %d: %m", device->name, (int)mtu);
    if (create && !result && !ioctl(fd, SIOCGIFFLAGS, &request)) {
        request.ifr_flags |= IFF_UP;
        if (ioctl(fd, SIOCSIFFLAGS, &request))
            result = host_port_fail(port, -errno, "%s: cannot be set up: %m", device->name);
    }
    if (!result && !ioctl(fd, SIOCGIFMTU, &request))
        port->info.mtu = mtu ? (uint32_t)mtu : (uint32_t)request.ifr_mtu;
    if (!result && port->info.ethernet && !ioctl(fd, SIOCGIFHWADDR, &request)) {
        memcpy(port->info.address, request.ifr_hwaddr.sa_data, 6);
        port->info.has_address = true;
    }
    close(fd);
    return result;
}

static int
read_spec(
    struct host_port *port, struct device *device, const struct port_spec *spec, uint64_t *mtu)
{
    int result = port_spec_check(spec, "mtu create", port->error, sizeof(port->error));

    if (!result)
        result = port_spec_number(spec, "mtu", 68, 65521, mtu, port->error, sizeof(port->error));
    if (result)
        return result;
    if (!spec->name || strlen(spec->name) >= sizeof(device->name))
        return host_port_fail(port, -EINVAL,
            "port %s: the name of an interface must follow (1 to "
            "%d characters), as in %s:lan0",
            spec->kind, (int)sizeof(device->name) - 1, spec->kind);
    strcpy(device->name, spec->name);
    if (!port_spec_get(spec, "create") && !if_nametoindex(spec->name))
        return host_port_fail(port, -ENODEV,
            "%s: no such interface; make it with: ip tuntap add dev %s mode %s user $USER - or "
            "say %s:%s,create",
            spec->name, spec->name, spec->kind, spec->kind, spec->name);
    return 0;
}

int
device_open(struct host_port *port, const struct port_spec *spec, short flags)
{
    struct device *device = calloc(1, sizeof(*device));
    uint64_t mtu = 0;
    int result;

    if (!device)
        return host_port_fail(port, -ENOMEM, "port %s: out of memory", spec->kind);
    port->state = device;
    device->fd = device->event = -1;
    result = read_spec(port, device, spec, &mtu);
    if (!result)
        result = open_node(port, device);
    if (!result)
        result = attach(port, device, flags);
    if (!result)
        result = configure(port, device, port_spec_get(spec, "create") != NULL, mtu);
    if (!result) {
        device->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (device->event < 0)
            result = host_port_fail(port, -errno, "%s: eventfd: %m", device->name);
    }
    if (result) {
        device_close(port);
        return result;
    }
    port->info.readable = port->info.writable = true;
    return 0;
}

void
device_close(struct host_port *port)
{
    struct device *device = port->state;

    if (device->event >= 0)
        close(device->event);
    if (device->fd >= 0)
        close(device->fd);
    free(device);
}

/* Frames that are there now: their number, 0 when there are none. */
static int
drain(struct host_port *port, struct device *device, struct host_frame *frames, unsigned max)
{
    unsigned count = 0;

    while (count < max) {
        ssize_t n = read(device->fd, device->frames[count], FRAME_MAX);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN && !count)
            return errno == EBADFD
                       ? host_port_fail(port, -ENODEV, "%s: the interface is gone", device->name)
                       : host_port_fail(port, -errno, "%s: %m", device->name);
        if (n <= 0)
            break;
        frames[count].data = device->frames[count];
        frames[count].length = (uint32_t)n;
        frames[count++].time = 0;
    }
    return (int)count;
}

/* 1 when a write may be tried again, -EINTR when interrupted, 0: look again. */
static int
wait_for_news(struct device *device)
{
    bool full = __atomic_load_n(&device->full, __ATOMIC_ACQUIRE);
    struct pollfd files[2] = {{.fd = device->fd, .events = (short)(POLLIN | (full ? POLLOUT : 0))},
        {.fd = device->event, .events = POLLIN}};
    uint64_t value;

    if (__atomic_exchange_n(&device->ending, false, __ATOMIC_ACQ_REL))
        return -EINTR;
    if (poll(files, 2, -1) < 0)
        return 0;
    if (files[1].revents && read(device->event, &value, sizeof(value)) < 0)
        return 0;
    if (full && files[0].revents & POLLOUT) {
        __atomic_store_n(&device->full, false, __ATOMIC_RELEASE);
        return 1;
    }
    return 0;
}

int
device_read(struct host_port *port, struct host_frame *frames, unsigned max)
{
    struct device *device = port->state;

    for (;;) {
        int result;

        if (__atomic_exchange_n(&device->ending, false, __ATOMIC_ACQ_REL))
            return -EINTR;
        result = drain(port, device, frames, max);
        if (result)
            return result;
        result = wait_for_news(device);
        if (result)
            return result < 0 ? result : 0;
    }
}

static void
announce(struct device *device)
{
    uint64_t one = 1;

    /* Full means that the reader has news already. */
    if (write(device->event, &one, sizeof(one)) < 0)
        return;
}

int
device_write(struct host_port *port, const struct host_frame *parts, unsigned count)
{
    struct device *device = port->state;
    struct iovec vectors[PARTS_MAX];
    uint32_t length = 0, limit = port->info.mtu + (port->info.ethernet ? 18 : 0);

    if (count > PARTS_MAX)
        return -EMSGSIZE;
    for (unsigned i = 0; i < count; i++) {
        vectors[i].iov_base = (void *)parts[i].data;
        vectors[i].iov_len = parts[i].length;
        length += parts[i].length;
    }
    if (length > limit)
        return -EMSGSIZE;
    while (writev(device->fd, vectors, (int)count) < 0) {
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN && errno != ENOBUFS)
            return host_port_fail(
                port, -errno, "%s: a frame of %u bytes was not taken: %m", device->name, length);
        __atomic_store_n(&device->full, true, __ATOMIC_RELEASE);
        announce(device);
        return -EAGAIN;
    }
    return 0;
}

void
device_interrupt(struct host_port *port)
{
    struct device *device = port->state;

    __atomic_store_n(&device->ending, true, __ATOMIC_RELEASE);
    announce(device);
}

int
device_flush(struct host_port *port)
{
    (void)port;
    return 0;
}
