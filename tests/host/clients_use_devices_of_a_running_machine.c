/* SPDX-License-Identifier: MIT */
/* A program in another process opens devices of drivers in a running machine, reads, writes and
 * controls them, waiting or not, and shares events with them; under both executives.
 */
#include "served.h"

#define HOLDER    "\\\\.\\Holder"
#define CANCELLED 0xC0000120u
#define MANY      200

static struct undis_client *client;
static struct undis_client_device device;

static void
control(
    uint32_t code, const void *in, size_t in_size, void *out, size_t out_size, uint32_t expected)
{
    struct undis_client_result result;

    CHECK_EQ(undis_client_ioctl(&device, code, in, in_size, out, out_size, &result), 0);
    CHECK_EQ(result.status, expected);
}

static void
messages_go_in_and_out(void)
{
    char text[64] = "";
    struct undis_client_result result;

    CHECK_EQ(undis_client_write(&device, "first", 5, &result), 0);
    CHECK_EQ(result.status, 0);
    CHECK_EQ(result.done, 5);
    CHECK_EQ(undis_client_read(&device, text, 3, &result), 0);
    CHECK_EQ(result.done, 3);
    CHECK(memcmp(text, "fir", 3) == 0);
    CHECK_EQ(undis_client_write(&device, text, 0, &result), 0);
    CHECK_EQ(result.status, 0xC0000206u);
}

static void
bad_buffers_are_refused(void)
{
    const struct undis_client_device wrong = {client, device.handle + 1};
    struct undis_client_result result;
    uint32_t number = 21;

    control(0x22200C, &number, 4, &number, 4, 0);
    CHECK_EQ(number, 42);
    control(0x22200C, &number, 3, &number, 4, 0xC000000Du);
    control(0x22200C, &number, 4, NULL, 0, 0xC0000023u);
    control(0x229999, NULL, 0, NULL, 0, 0xC0000010u);
    CHECK_EQ(undis_client_ioctl(&device, 0x22200C, NULL, 4, &number, 4, &result), -EFAULT);
    CHECK_EQ(undis_client_ioctl(&device, 0x22200C, &number, 4, NULL, 4, &result), -EFAULT);
    CHECK_EQ(undis_client_read(&device, &number, (size_t)1 << 30, &result), -E2BIG);
    CHECK_EQ(undis_client_read(&wrong, &number, 4, &result), -EBADF);
}

/* As many as may be at once, finished in the order in which they were begun. */
static void
many_reads_wait_at_once(void)
{
    undis_client_request reads[MANY];
    struct undis_client_result result;
    uint32_t counts[2];

    for (uint32_t i = 0; i < MANY; i++)
        CHECK_EQ(undis_client_begin(&device, UNDIS_CLIENT_READ, 0, NULL, 0, 8, &reads[i]), 0);
    CHECK_EQ(undis_client_end(client, reads[0], 0, NULL, 0, &result), -ETIMEDOUT);
    control(0x222000, NULL, 0, counts, sizeof(counts), 0);
    CHECK_EQ(counts[0], MANY);
    for (uint32_t i = 0; i < MANY; i++)
        CHECK_EQ(undis_client_write(&device, &i, sizeof(i), &result), 0);
    for (uint32_t i = MANY; i-- > 0;) {
        uint32_t value = 0;

        CHECK_EQ(undis_client_end(client, reads[i], -1, &value, 4, &result), 0);
        CHECK_EQ(result.status, 0);
        CHECK_EQ(value, i);
    }
}

static void
a_read_is_cancelled(void)
{
    undis_client_request read;
    struct undis_client_result result;

    CHECK_EQ(undis_client_begin(&device, UNDIS_CLIENT_READ, 0, NULL, 0, 8, &read), 0);
    CHECK_EQ(undis_client_cancel(client, read), 0);
    CHECK_EQ(undis_client_end(client, read, -1, NULL, 0, &result), 0);
    CHECK_EQ(result.status, CANCELLED);
    CHECK_EQ(undis_client_cancel(client, read), 0);
}

static void
events_are_shared(void)
{
    struct undis_client_event named, own;

    CHECK_EQ(undis_client_event_open(client, "Global\\Holder", false, &named), 0);
    CHECK(!named.notification);
    CHECK_EQ(undis_client_event_wait(&named, 0), -ETIMEDOUT);
    control(0x222008, NULL, 0, NULL, 0, 0);
    CHECK_EQ(undis_client_event_wait(&named, 10000), 0);
    CHECK_EQ(undis_client_event_wait(&named, 0), -ETIMEDOUT);
    CHECK_EQ(undis_client_event_open(client, NULL, true, &own), 0);
    control(0x222004, &own.handle, sizeof(own.handle), NULL, 0, 0);
    CHECK_EQ(undis_client_event_wait(&own, 10000), 0);
    CHECK_EQ(undis_client_event_wait(&own, 0), 0);
    CHECK_EQ(undis_client_event_set(client, &own, false), 0);
    CHECK_EQ(undis_client_event_wait(&own, 0), -ETIMEDOUT);
    CHECK_EQ(undis_client_event_close(client, &own), 0);
    control(0x222004, &own.handle, sizeof(own.handle), NULL, 0, 0xC0000008u);
    CHECK_EQ(undis_client_event_close(client, &named), 0);
    CHECK_EQ(undis_client_event_open(client, "Global\\Nobody", false, &named), -ENOENT);
    CHECK(strstr(undis_client_error(), "Nobody") != NULL);
}

static void
use(bool simulated)
{
    struct undis_client_device other;

    served_start(simulated);
    CHECK_EQ(undis_client_connect(SERVED_SOCKET, &client), 0);
    CHECK_EQ(undis_client_open(client, HOLDER, &device), 0);
    messages_go_in_and_out();
    bad_buffers_are_refused();
    many_reads_wait_at_once();
    a_read_is_cancelled();
    events_are_shared();
    CHECK_EQ(undis_client_close_device(&device), 0);
    CHECK_EQ(undis_client_close_device(&device), -EBADF);
    CHECK_EQ(undis_client_open(client, "\\\\.\\Nobody", &other), -ENOENT);
    undis_client_close(client);
    served_stop();
}

int
main(void)
{
    shell_enter();
    CHECK_EQ(undis_client_connect("nowhere", &client), -ENOENT);
    use(false);
    use(true);
    return 0;
}
