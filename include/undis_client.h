/* SPDX-License-Identifier: MIT */
/* libundis-client: devices of drivers in a running machine, for programs in other processes.
 *
 *     your service --- Unix socket --- undis run --- the driver's device
 *
 * Functions answer 0 or a negative errno; undis_client_error() has the sentence that goes with it.
 * Any thread may call them. What a client that ends leaves behind is taken down: its requests are
 * cancelled, its devices and events closed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef UNDIS_CLIENT_EXPORT
#define UNDIS_CLIENT_EXPORT __attribute__((visibility("default")))
#endif

struct undis_client;
typedef uint64_t undis_client_request;

/* The last error sentence of the calling thread; never NULL. */
UNDIS_CLIENT_EXPORT const char *undis_client_error(void);

/* @path: the socket that undis run --control PATH made; NULL: that of the one machine which runs,
 * in $XDG_RUNTIME_DIR/undis. -ENOENT: there is none; -EMLINK: there are several. */
UNDIS_CLIENT_EXPORT int undis_client_connect(const char *path, struct undis_client **client);
/* Requests that are under way are cancelled. No other thread may be in a call. */
UNDIS_CLIENT_EXPORT void undis_client_close(struct undis_client *client);

/* An open device; the caller's. */
struct undis_client_device {
    struct undis_client *client;
    uint32_t handle;
};

/* @name as Win32 programs spell it, "\\\\.\\NDISPROT". */
UNDIS_CLIENT_EXPORT int undis_client_open(
    struct undis_client *client, const char *name, struct undis_client_device *device);
UNDIS_CLIENT_EXPORT int undis_client_close_device(const struct undis_client_device *device);

/* How a request has ended. */
struct undis_client_result {
    size_t done;     /* bytes moved, IoStatus.Information */
    uint32_t status; /* NTSTATUS */
};

/* They wait. */
UNDIS_CLIENT_EXPORT int undis_client_read(const struct undis_client_device *device, void *buffer,
    size_t size, struct undis_client_result *result);
UNDIS_CLIENT_EXPORT int undis_client_write(const struct undis_client_device *device,
    const void *buffer, size_t size, struct undis_client_result *result);
UNDIS_CLIENT_EXPORT int undis_client_ioctl(const struct undis_client_device *device, uint32_t code,
    const void *in, size_t in_size, void *out, size_t out_size, struct undis_client_result *result);

/* The same without waiting, any number at a time (up to 256). */
enum undis_client_transfer { UNDIS_CLIENT_READ, UNDIS_CLIENT_WRITE, UNDIS_CLIENT_IOCTL };
UNDIS_CLIENT_EXPORT int
undis_client_begin(const struct undis_client_device *device, enum undis_client_transfer transfer,
    uint32_t code, const void *in, size_t in_size, size_t out_size, undis_client_request *request);
/* The driver is asked to end the request, which undis_client_end still waits for. */
UNDIS_CLIENT_EXPORT int
undis_client_cancel(struct undis_client *client, undis_client_request request);
/* Waits at most @timeout_ms (negative: for ever), -ETIMEDOUT: the request goes on. */
UNDIS_CLIENT_EXPORT int undis_client_end(struct undis_client *client, undis_client_request request,
    int timeout_ms, void *out, size_t out_size, struct undis_client_result *result);
/* Readable when an answer has come, unless another thread has read it. To be polled only. */
UNDIS_CLIENT_EXPORT int undis_client_fd(const struct undis_client *client);

/* An event that a driver knows too. */
struct undis_client_event {
    uint32_t id;
    bool notification; /* else a synchronization event: one waiter takes the signal */
    int fd;            /* an eventfd: poll it, then undis_client_event_wait */
    uint64_t handle;   /* what drivers take for a HANDLE in a request's buffer */
};

/* @name: the driver's, "Global\\X"; NULL: a new one, for its handle. */
UNDIS_CLIENT_EXPORT int undis_client_event_open(struct undis_client *client, const char *name,
    bool notification, struct undis_client_event *event);
UNDIS_CLIENT_EXPORT int undis_client_event_set(
    struct undis_client *client, const struct undis_client_event *event, bool signalled);
/* 0 when it is signalled, and taken when it is a synchronization event; -ETIMEDOUT. */
UNDIS_CLIENT_EXPORT int
undis_client_event_wait(const struct undis_client_event *event, int timeout_ms);
UNDIS_CLIENT_EXPORT int
undis_client_event_close(struct undis_client *client, struct undis_client_event *event);

/* What runs: a JSON object, to be freed. */
UNDIS_CLIENT_EXPORT int undis_client_describe(struct undis_client *client, char **json);
/* As undis_stack_oid of undis.h. @adapter: the name of a stack. */
UNDIS_CLIENT_EXPORT int undis_client_oid(struct undis_client *client, const char *adapter, bool set,
    uint32_t oid, void *buffer, uint32_t *length, uint32_t *status);

#ifdef __cplusplus
}
#endif
