/* SPDX-License-Identifier: MIT */
/* Devices of drivers, opened by the host program as a Win32 program would. */
#include "undis/device.h"

#include "nt/io.h"
#include "undis/error.h"

#include <errno.h>
#include <string.h>

struct open {
    struct undis *machine;
    const char *name;
    struct undis_file *file;
};

static int
open_inside(void *arguments)
{
    struct open *open = arguments;
    WCHAR name[256];
    size_t length = strlen(open->name);
    struct undis_file *file;
    NTSTATUS status;

    if (length >= sizeof(name) / sizeof(name[0]))
        return undis_fail(
            -ENAMETOOLONG, "%s: device names have at most 255 characters", open->name);
    for (size_t i = 0; i <= length; i++)
        name[i] = (unsigned char)open->name[i];
    file = machine_alloc(open->machine, sizeof(*file));
    if (!file)
        return undis_fail(-ENOMEM, "no memory for an open device");
    file->machine = open->machine;
    status = io_open(name, &file->file);
    if (!NT_SUCCESS(status)) {
        machine_free(open->machine, file);
        return undis_fail(machine_errno((uint32_t)status), "%s: cannot be opened: 0x%08X",
            open->name, (unsigned)status);
    }
    open->file = file;
    return 0;
}

int
undis_device_open(struct undis *machine, const char *name, struct undis_file **file)
{
    struct open open = {.machine = machine, .name = name};
    int error = machine_inside(machine, open_inside, &open);

    if (!error)
        *file = open.file;
    return error;
}

static int
close_inside(void *arguments)
{
    struct undis_file *file = arguments;

    io_close(file->file);
    machine_free(file->machine, file);
    return 0;
}

int
undis_device_close(struct undis_file *file)
{
    return machine_inside(file->machine, close_inside, file);
}

struct transfer {
    struct undis_file *file;
    uint32_t code;
    const void *in;
    size_t in_size;
    void *out;
    size_t out_size;
    ULONG_PTR done;
    NTSTATUS status;
};

static int
ioctl_inside(void *arguments)
{
    struct transfer *t = arguments;

    t->status = io_control(
        t->file->file, t->code, t->in, (ULONG)t->in_size, t->out, (ULONG)t->out_size, &t->done);
    return 0;
}

static int
read_inside(void *arguments)
{
    struct transfer *t = arguments;

    t->status = io_read(t->file->file, t->out, (ULONG)t->out_size, &t->done);
    return 0;
}

static int
write_inside(void *arguments)
{
    struct transfer *t = arguments;

    t->status = io_write(t->file->file, t->in, (ULONG)t->in_size, &t->done);
    return 0;
}

/* The request's own status is the caller's to look at; the answer says whether it ran. */
static int
transfer(int (*fn)(void *), struct transfer *t, size_t *done, uint32_t *status)
{
    int error;

    if (t->in_size > UINT32_MAX || t->out_size > UINT32_MAX)
        return undis_fail(-EINVAL, "a request's buffers have at most 4 GiB");
    if ((t->in_size && !t->in) || (t->out_size && !t->out))
        return undis_fail(-EFAULT, "a request with %zu bytes in and %zu out needs buffers",
            t->in_size, t->out_size);
    error = machine_inside(t->file->machine, fn, t);
    if (error)
        return error;
    *done = t->done;
    *status = (uint32_t)t->status;
    return 0;
}

int
undis_device_ioctl(struct undis_file *file, uint32_t code, const void *in, size_t in_size,
    void *out, size_t out_size, size_t *done, uint32_t *status)
{
    struct transfer t = {
        .file = file, .code = code, .in = in, .in_size = in_size, .out = out, .out_size = out_size};

    return transfer(ioctl_inside, &t, done, status);
}

int
undis_device_read(
    struct undis_file *file, void *buffer, size_t size, size_t *done, uint32_t *status)
{
    struct transfer t = {.file = file, .out = buffer, .out_size = size};

    return transfer(read_inside, &t, done, status);
}

int
undis_device_write(
    struct undis_file *file, const void *buffer, size_t size, size_t *done, uint32_t *status)
{
    struct transfer t = {.file = file, .in = buffer, .in_size = size};

    return transfer(write_inside, &t, done, status);
}
