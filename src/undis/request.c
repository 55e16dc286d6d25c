/* SPDX-License-Identifier: MIT */
/* Requests of the host program that it does not wait for, over nt/overlapped.h. */
#include "undis/device.h"

#include "nt/overlapped.h"
#include "undis/error.h"

#include <errno.h>
#include <string.h>

struct undis_request {
    struct undis *machine;
    struct overlapped overlapped;
};

static void
request_free(struct undis_request *request)
{
    machine_free(request->machine, request->overlapped.in);
    machine_free(request->machine, request->overlapped.out);
    machine_free(request->machine, request);
}

static int
begin_inside(void *arguments)
{
    struct undis_request *request = arguments;
    int error = overlapped_begin(request->machine, &request->overlapped);

    return error ? undis_fail(error, "a request cannot be made: %s", strerror(-error)) : 0;
}

static int
buffers(struct undis_request *request, const void *in, size_t in_size, size_t out_size)
{
    struct overlapped *o = &request->overlapped;

    o->in_size = (ULONG)in_size;
    o->out_size = (ULONG)out_size;
    if (in_size)
        o->in = machine_alloc(request->machine, in_size);
    if (out_size)
        o->out = machine_alloc(request->machine, out_size);
    if ((in_size && !o->in) || (out_size && !o->out))
        return undis_fail(-ENOMEM, "no memory for a request of %zu bytes", in_size + out_size);
    if (in_size)
        memcpy(o->in, in, in_size);
    return 0;
}

int
undis_request_begin(struct undis_file *file, enum undis_transfer transfer, uint32_t code,
    const void *in, size_t in_size, size_t out_size, struct undis_request **made)
{
    static const UCHAR majors[] = {IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_DEVICE_CONTROL};
    struct undis_request *request;
    int error;

    if ((unsigned)transfer >= sizeof(majors))
        return undis_fail(-EINVAL, "%d: not UNDIS_READ, UNDIS_WRITE or UNDIS_IOCTL", transfer);
    if (in_size > UINT32_MAX || out_size > UINT32_MAX)
        return undis_fail(-EINVAL, "a request's buffers have at most 4 GiB");
    if (in_size && !in)
        return undis_fail(-EFAULT, "a request with %zu bytes in needs a buffer", in_size);
    request = machine_alloc(file->machine, sizeof(*request));
    if (!request)
        return undis_fail(-ENOMEM, "no memory for a request");
    request->machine = file->machine;
    request->overlapped =
        (struct overlapped){.file = file->file, .major = majors[transfer], .code = code};
    error = buffers(request, in, in_size, out_size);
    if (!error)
        error = machine_inside(file->machine, begin_inside, request);
    if (error)
        request_free(request);
    else
        *made = request;
    return error;
}

int
undis_request_fd(const struct undis_request *request)
{
    return request->overlapped.shared.fd;
}

static int
cancel_inside(void *arguments)
{
    struct undis_request *request = arguments;

    overlapped_cancel(&request->overlapped);
    return 0;
}

int
undis_request_cancel(struct undis_request *request)
{
    return machine_inside(request->machine, cancel_inside, request);
}

static int
end_inside(void *arguments)
{
    struct undis_request *request = arguments;

    overlapped_end(request->machine, &request->overlapped);
    return 0;
}

int
undis_request_end(
    struct undis_request *request, void *out, size_t out_size, size_t *done, uint32_t *status)
{
    struct overlapped *o = &request->overlapped;
    int error = machine_inside(request->machine, end_inside, request);
    size_t size;

    if (error)
        return error;
    size = o->result.Information < o->out_size ? o->result.Information : o->out_size;
    if (out && size)
        memcpy(out, o->out, size < out_size ? size : out_size);
    *done = o->result.Information;
    *status = (uint32_t)o->result.Status;
    request_free(request);
    return 0;
}
