/* SPDX-License-Identifier: MIT */
/* tapcopy A B - copies frames between two TAP interfaces, and nothing else
 *
 *     A --read--> thread --write--> B        B --read--> thread --write--> A
 *
 * What `make demo` compares undis with: the least that any program between two interfaces does.
 * A frame that the other side does not take is counted and lost. SIGTERM and SIGINT end it; then
 * it prints one JSON object with both counts.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FRAME_MAX 65600

struct way {
    int from, to, end; /* end: readable when all is over */
    unsigned long long copied, lost;
    unsigned char frame[FRAME_MAX];
};

static int
open_tap(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) == 0)
        return fd;
    fprintf(stderr, "tapcopy: %s: %s\n", name, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* As many frames as there are now. */
static void
copy(struct way *way)
{
    ssize_t length;

    while ((length = read(way->from, way->frame, FRAME_MAX)) > 0) {
        if (write(way->to, way->frame, (size_t)length) == length)
            way->copied++;
        else
            way->lost++;
    }
}

static void *
run(void *context)
{
    struct way *way = context;
    struct pollfd files[2] = {
        {.fd = way->from, .events = POLLIN}, {.fd = way->end, .events = POLLIN}};

    /* POLLERR: the interface is gone. */
    while (!files[1].revents && !(files[0].revents & (POLLERR | POLLNVAL))) {
        copy(way);
        if (poll(files, 2, -1) < 0 && errno != EINTR)
            break;
    }
    return NULL;
}

static void
wait_for_signal(const sigset_t *signals)
{
    int number;

    while (sigwait(signals, &number) != 0)
        continue;
}

static int
copy_both(struct way *down, struct way *up, const sigset_t *signals)
{
    pthread_t threads[2];
    int end[2];

    if (pipe(end) != 0)
        return 1;
    down->end = up->end = end[0];
    if (pthread_create(&threads[0], NULL, run, down) != 0)
        return 1;
    if (pthread_create(&threads[1], NULL, run, up) != 0)
        return 1;
    wait_for_signal(signals);
    close(end[1]);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    close(end[0]);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct way down, up;
    sigset_t signals;

    if (argc != 3) {
        puts("usage: tapcopy TAP TAP - a copy loop between two TAP interfaces; make demo runs it");
        return argc > 1;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    down.from = up.to = open_tap(argv[1]);
    down.to = up.from = open_tap(argv[2]);
    if (down.from < 0 || down.to < 0 || copy_both(&down, &up, &signals) != 0)
        return 1;
    printf("{\"down\": %llu, \"up\": %llu, \"lost\": %llu}\n", down.copied, up.copied,
        down.lost + up.lost);
    return 0;
}
