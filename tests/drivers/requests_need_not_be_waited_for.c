/* SPDX-License-Identifier: MIT */
/* undis_request_*: a read that the driver keeps is finished later, or cancelled, and its descriptor
 * tells; undis_event_*: a driver's events are descriptors. Buffers that are missing are refused.
 */
#include "lib/check.h"
#include "lib/machine.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CANCELLED 0xC0000120u

static struct undis *machine;
static struct undis_file *file;

static bool
is_readable(int fd)
{
    struct pollfd ready = {fd, POLLIN, 0};

    return poll(&ready, 1, 0) == 1;
}

static struct undis_request *
begin(enum undis_transfer transfer, uint32_t code, const void *in, size_t in_size, size_t out_size)
{
    struct undis_request *request;

    CHECK_EQ(undis_request_begin(file, transfer, code, in, in_size, out_size, &request), 0);
    return request;
}

static void
a_read_is_finished_by_a_write(void)
{
    struct undis_request *read = begin(UNDIS_READ, 0, NULL, 0, 16), *write;
    char text[16] = "";
    uint32_t status;
    size_t done;

    CHECK(!is_readable(undis_request_fd(read)));
    write = begin(UNDIS_WRITE, 0, "hello", 5, 0);
    CHECK_EQ(undis_request_end(write, NULL, 0, &done, &status), 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(done, 5);
    CHECK(is_readable(undis_request_fd(read)));
    CHECK_EQ(undis_request_end(read, text, sizeof(text), &done, &status), 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(done, 5);
    CHECK(memcmp(text, "hello", 5) == 0);
}

/* A cancel that comes too late changes nothing. */
static void
a_read_is_cancelled(void)
{
    struct undis_request *read = begin(UNDIS_READ, 0, NULL, 0, 16);
    uint32_t counts[2], status;
    size_t done;

    CHECK_EQ(undis_request_cancel(read), 0);
    CHECK(is_readable(undis_request_fd(read)));
    CHECK_EQ(undis_request_cancel(read), 0);
    CHECK_EQ(undis_request_end(read, NULL, 0, &done, &status), 0);
    CHECK_EQ(status, CANCELLED);
    CHECK_EQ(done, 0);
    CHECK_EQ(undis_device_ioctl(file, 0x222000, NULL, 0, counts, 8, &done, &status), 0);
    CHECK_EQ(counts[0], 0);
    CHECK_EQ(counts[1], 1);
}

static void
bad_buffers_are_refused(void)
{
    struct undis_request *request;
    uint32_t number = 21, status;
    size_t done;

    CHECK_EQ(undis_device_ioctl(file, 0x22200C, NULL, 4, &number, 4, &done, &status), -EFAULT);
    CHECK_EQ(undis_device_ioctl(file, 0x22200C, &number, 4, NULL, 4, &done, &status), -EFAULT);
    CHECK_EQ(undis_request_begin(file, UNDIS_WRITE, 0, NULL, 4, 0, &request), -EFAULT);
    CHECK_EQ(undis_request_begin(file, (enum undis_transfer)3, 0, NULL, 0, 0, &request), -EINVAL);
    CHECK_EQ(undis_device_ioctl(file, 0x22200C, &number, 4, &number, 4, &done, &status), 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(number, 42);
}

static void
signal_handle(const struct undis_event *event)
{
    uint64_t handle = undis_event_handle(event);
    uint32_t status;
    size_t done;

    CHECK_EQ(undis_device_ioctl(file, 0x222004, &handle, 8, NULL, 0, &done, &status), 0);
    CHECK_EQ(status, 0);
}

static void
a_notification_event_is_a_level(void)
{
    struct undis_event *event;

    CHECK_EQ(undis_event_open(machine, NULL, true, &event), 0);
    CHECK(undis_event_is_notification(event));
    CHECK(!is_readable(undis_event_fd(event)));
    signal_handle(event);
    signal_handle(event);
    CHECK(is_readable(undis_event_fd(event)));
    CHECK_EQ(undis_event_set(event, false), 0);
    CHECK(!is_readable(undis_event_fd(event)));
    CHECK_EQ(undis_event_close(event), 0);
}

/* The same event through two descriptors: one of them has the signal. */
static void
a_synchronization_event_is_taken_once(void)
{
    struct undis_event *one, *two;
    uint64_t taken;
    uint32_t status;
    size_t done;

    CHECK_EQ(undis_event_open(machine, "Global\\Holder", true, &one), 0);
    CHECK_EQ(undis_event_open(machine, "\\BaseNamedObjects\\Holder", true, &two), 0);
    CHECK(!undis_event_is_notification(one));
    CHECK(!is_readable(undis_event_fd(one)));
    CHECK_EQ(undis_device_ioctl(file, 0x222008, NULL, 0, NULL, 0, &done, &status), 0);
    CHECK_EQ(is_readable(undis_event_fd(one)) + is_readable(undis_event_fd(two)), 1);
    CHECK_EQ(undis_event_close(one), 0);
    CHECK_EQ(undis_event_set(two, true), 0);
    CHECK_EQ(read(undis_event_fd(two), &taken, sizeof(taken)), sizeof(taken));
    CHECK(!is_readable(undis_event_fd(two)));
    CHECK_EQ(undis_event_close(two), 0);
    CHECK_EQ(undis_event_open(machine, "Global\\Nobody", true, &one), -ENOENT);
}

/* The request keeps its file; the driver cancels nothing by itself here. */
static void
a_file_may_be_closed_before_its_read(void)
{
    struct undis_request *read = begin(UNDIS_READ, 0, NULL, 0, 16);
    uint32_t status;
    size_t done;

    CHECK_EQ(undis_device_close(file), 0);
    CHECK_EQ(undis_request_cancel(read), 0);
    CHECK_EQ(undis_request_end(read, NULL, 0, &done, &status), 0);
    CHECK_EQ(status, CANCELLED);
}

int
main(void)
{
    struct undis_driver *driver;

    machine = test_machine();
    driver = test_driver(machine, "holder");
    CHECK_EQ(undis_device_open(machine, "\\\\.\\Holder", &file), 0);
    a_read_is_finished_by_a_write();
    a_read_is_cancelled();
    bad_buffers_are_refused();
    a_notification_event_is_a_level();
    a_synchronization_event_is_taken_once();
    a_file_may_be_closed_before_its_read();
    test_unload(machine, driver);
    test_machine_end(machine);
    return 0;
}
