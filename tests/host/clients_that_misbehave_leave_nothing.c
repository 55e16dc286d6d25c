/* SPDX-License-Identifier: MIT */
/* A client that dies in the middle of a read has it cancelled, and what is written afterwards goes
 * to others; garbage on the socket cuts off who sent it, alone; a run that ends takes its clients'
 * requests back. A name that is taken is told.
 */
#include "client/protocol.h"
#include "served.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#define HOLDER "\\\\.\\Holder"

static struct undis_client *client;
static struct undis_client_device device;

static void
counts_are(uint32_t waiting, uint32_t cancelled)
{
    struct undis_client_result result;
    uint32_t counts[2] = {0};

    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(undis_client_ioctl(&device, 0x222000, NULL, 0, counts, 8, &result), 0);
        if (counts[0] == waiting && counts[1] == cancelled)
            return;
        usleep(10000);
    }
    CHECK_EQ(counts[0], waiting);
    CHECK_EQ(counts[1], cancelled);
}

/* The child is killed while its read is in the driver. */
static void
a_client_dies_in_a_read(void)
{
    char text[8] = "";
    struct undis_client_result result;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0) {
        struct undis_client *own;
        struct undis_client_device opened;

        if (undis_client_connect(SERVED_SOCKET, &own) || undis_client_open(own, HOLDER, &opened))
            _exit(1);
        undis_client_read(&opened, text, sizeof(text), &result);
        _exit(2);
    }
    counts_are(1, 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    counts_are(0, 1);
    CHECK_EQ(undis_client_write(&device, "kept", 4, &result), 0);
    CHECK_EQ(undis_client_read(&device, text, sizeof(text), &result), 0);
    CHECK_EQ(result.done, 4);
    CHECK(memcmp(text, "kept", 4) == 0);
}

static int
raw(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SERVED_SOCKET};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

static void
is_cut_off(int fd)
{
    struct pollfd ready = {fd, POLLIN, 0};
    char byte;

    CHECK_EQ(poll(&ready, 1, 10000), 1);
    CHECK(recv(fd, &byte, 1, 0) <= 0);
    close(fd);
}

static void
garbage_is_cut_off(void)
{
    const struct protocol_message good = {
        .magic = PROTOCOL_MAGIC, .version = PROTOCOL_VERSION, .type = PROTOCOL_OPEN};
    struct protocol_message bad[6];
    int fd;

    for (unsigned i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].magic++;
    bad[1].version++;
    bad[2].type = PROTOCOL_TYPES;
    bad[3].length = PROTOCOL_PAYLOAD + 1;
    bad[4].out_size = UINT32_MAX;
    memset(&bad[5], 'x', sizeof(bad[5]));
    for (unsigned i = 0; i < 6; i++) {
        fd = raw();
        CHECK_EQ(send(fd, &bad[i], sizeof(bad[i]), 0), sizeof(bad[i]));
        is_cut_off(fd);
    }
    /* Half a message, and a payload that never comes. */
    fd = raw();
    CHECK_EQ(send(fd, &good, 7, 0), 7);
    close(fd);
    bad[0] = good;
    bad[0].length = 100;
    fd = raw();
    CHECK_EQ(send(fd, &bad[0], sizeof(bad[0]), 0), sizeof(bad[0]));
    close(fd);
    counts_are(0, 1);
}

static void
a_run_ends_under_a_read(void)
{
    undis_client_request read;
    struct undis_client_result result;

    CHECK_EQ(undis_client_begin(&device, UNDIS_CLIENT_READ, 0, NULL, 0, 8, &read), 0);
    counts_are(1, 1);
    served_stop();
    CHECK(undis_client_end(client, read, 10000, NULL, 0, &result) < 0);
    undis_client_close(client);
}

static void
misbehave(bool simulated)
{
    served_start(simulated);
    CHECK_EQ(undis_client_connect(SERVED_SOCKET, &client), 0);
    CHECK_EQ(undis_client_open(client, HOLDER, &device), 0);
    a_client_dies_in_a_read();
    garbage_is_cut_off();
    a_run_ends_under_a_read();
}

static void
names_in_use_are_told(void)
{
    char script[512];

    snprintf(script, sizeof(script),
        "printf 'driver one\\nfile %s/holder.so\\ndriver two\\nfile %s/holder.so\\n"
        "stack a\\nminiport portnic\\n' > in_use.stack; $UNDIS run in_use.stack",
        UNDIS_TEST_DRIVERS, UNDIS_TEST_DRIVERS);
    child_expect(shell(script), 1, "in_use.stack:3:8: two: DriverEntry answered 0xC0000035");
    child_expect(shell("echo > file; $UNDIS run --miniport portnic --control file"), 1,
        "--control: file: a running machine has it, or it is no socket");
    served_start(false);
    child_expect(shell("$UNDIS run --miniport portnic --control socket"), 1,
        "--control: socket: a running machine has it");
    served_stop();
}

int
main(void)
{
    shell_enter();
    misbehave(false);
    misbehave(true);
    names_in_use_are_told();
    return 0;
}
