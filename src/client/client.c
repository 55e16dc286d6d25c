/* SPDX-License-Identifier: MIT */
/* The calls of undis_client.h. */
#include "client/inner.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const struct client_part nothing[2];

static int
connect_to(const char *path, int *made)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path))
        return client_fail(-ENAMETOOLONG, "%s: longer than a socket's path can be", path);
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return client_fail(-errno, "no socket: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
        int error = -errno;

        close(fd);
        return client_fail(error, "%s: no machine runs there: %s", path, strerror(-error));
    }
    *made = fd;
    return 0;
}

/* The socket in the default folder that answers, when it is the only one. */
static int
connect_to_any(int *made)
{
    const char *base = getenv("XDG_RUNTIME_DIR");
    char folder[256], path[600];
    const struct dirent *entry;
    DIR *all;
    int found = 0, fd = -1;

    snprintf(folder, sizeof(folder), "%s/undis", base ? base : "");
    all = base ? opendir(folder) : NULL;
    while (all && (entry = readdir(all))) {
        int one = -1;

        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || connect_to(path, &one))
            continue;
        if (found++)
            close(fd);
        fd = one;
    }
    if (all)
        closedir(all);
    if (found == 1) {
        *made = fd;
        return 0;
    }
    if (fd >= 0)
        close(fd);
    return found ? client_fail(-EMLINK, "%d machines run; choose a socket of %s", found, folder)
                 : client_fail(-ENOENT, "no machine runs; undis run starts one");
}

static struct undis_client *
client_make(int fd)
{
    struct undis_client *client = calloc(1, sizeof(*client));
    pthread_condattr_t clock;

    if (!client)
        return NULL;
    client->socket = fd;
    pthread_mutex_init(&client->lock, NULL);
    pthread_mutex_init(&client->sending, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&client->came, &clock);
    pthread_condattr_destroy(&clock);
    return client;
}

/* Asks, and forgets an answer that says nothing. */
static int
ask(struct undis_client *client, struct protocol_message *message, const struct client_part *parts)
{
    struct answer *answer;
    int error = client_ask(client, message, parts, &answer);

    if (!error)
        free(answer);
    return error;
}

int
undis_client_connect(const char *path, struct undis_client **made)
{
    struct protocol_message hello = {.type = PROTOCOL_HELLO};
    struct undis_client *client;
    int fd = -1, error = path ? connect_to(path, &fd) : connect_to_any(&fd);

    if (error)
        return error;
    client = client_make(fd);
    if (!client) {
        close(fd);
        return client_fail(-ENOMEM, "no memory for a client");
    }
    error = ask(client, &hello, nothing);
    if (error)
        undis_client_close(client);
    else
        *made = client;
    return error;
}

void
undis_client_close(struct undis_client *client)
{
    close(client->socket);
    while (client->answers) {
        struct answer *answer = client->answers;

        client->answers = answer->next;
        if (answer->fd >= 0)
            close(answer->fd);
        free(answer);
    }
    pthread_cond_destroy(&client->came);
    pthread_mutex_destroy(&client->lock);
    pthread_mutex_destroy(&client->sending);
    free(client);
}

int
undis_client_fd(const struct undis_client *client)
{
    return client->socket;
}

int
undis_client_open(struct undis_client *client, const char *name, struct undis_client_device *device)
{
    struct protocol_message message = {.type = PROTOCOL_OPEN};
    const struct client_part parts[2] = {{name, strlen(name)}};
    struct answer *answer;
    int error = client_ask(client, &message, parts, &answer);

    if (error)
        return error;
    *device = (struct undis_client_device){client, answer->message.handle};
    free(answer);
    return 0;
}

int
undis_client_close_device(const struct undis_client_device *device)
{
    struct protocol_message message = {.type = PROTOCOL_CLOSE, .handle = device->handle};

    return ask(device->client, &message, nothing);
}

int
undis_client_begin(const struct undis_client_device *device, enum undis_client_transfer transfer,
    uint32_t code, const void *in, size_t in_size, size_t out_size, undis_client_request *request)
{
    static const uint16_t types[] = {PROTOCOL_READ, PROTOCOL_WRITE, PROTOCOL_IOCTL};
    struct protocol_message message = {.handle = device->handle, .code = code};
    const struct client_part parts[2] = {{in, in_size}};
    int error;

    *request = 0;
    if ((unsigned)transfer >= sizeof(types) / sizeof(types[0]))
        return client_fail(-EINVAL, "%d: neither read nor write nor ioctl", transfer);
    if (in_size && !in)
        return client_fail(-EFAULT, "a request with %zu bytes in needs a buffer", in_size);
    if (out_size > PROTOCOL_PAYLOAD)
        return client_fail(-E2BIG, "a request has at most %u bytes", PROTOCOL_PAYLOAD);
    message.type = types[transfer];
    message.out_size = (uint32_t)out_size;
    error = client_send(device->client, &message, parts);
    *request = message.id;
    return error;
}

int
undis_client_cancel(struct undis_client *client, undis_client_request request)
{
    struct protocol_message message = {.type = PROTOCOL_CANCEL, .value = request};

    return client_send(client, &message, nothing);
}

int
undis_client_end(struct undis_client *client, undis_client_request request, int timeout_ms,
    void *out, size_t out_size, struct undis_client_result *result)
{
    int error;
    struct answer *answer = client_wait(client, request, timeout_ms, &error);

    if (!answer)
        return error;
    error = answer->message.error;
    if (error)
        client_fail(error, "%s", (const char *)answer->payload);
    else if (out)
        memcpy(out, answer->payload,
            answer->message.length < out_size ? answer->message.length : out_size);
    *result = (struct undis_client_result){(size_t)answer->message.value, answer->message.status};
    free(answer);
    return error;
}

int
undis_client_read(const struct undis_client_device *device, void *buffer, size_t size,
    struct undis_client_result *result)
{
    undis_client_request request = 0;
    int error = size && !buffer
                    ? client_fail(-EFAULT, "a read of %zu bytes needs a buffer", size)
                    : undis_client_begin(device, UNDIS_CLIENT_READ, 0, NULL, 0, size, &request);

    return error ? error : undis_client_end(device->client, request, -1, buffer, size, result);
}

int
undis_client_write(const struct undis_client_device *device, const void *buffer, size_t size,
    struct undis_client_result *result)
{
    undis_client_request request = 0;
    int error = undis_client_begin(device, UNDIS_CLIENT_WRITE, 0, buffer, size, 0, &request);

    return error ? error : undis_client_end(device->client, request, -1, NULL, 0, result);
}

int
undis_client_ioctl(const struct undis_client_device *device, uint32_t code, const void *in,
    size_t in_size, void *out, size_t out_size, struct undis_client_result *result)
{
    undis_client_request request = 0;
    int error =
        out_size && !out
            ? client_fail(-EFAULT, "a request with %zu bytes out needs a buffer", out_size)
            : undis_client_begin(device, UNDIS_CLIENT_IOCTL, code, in, in_size, out_size, &request);

    return error ? error : undis_client_end(device->client, request, -1, out, out_size, result);
}

int
undis_client_event_open(struct undis_client *client, const char *name, bool notification,
    struct undis_client_event *event)
{
    struct protocol_message message = {.type = PROTOCOL_EVENT_OPEN, .code = notification};
    const struct client_part parts[2] = {{name, name ? strlen(name) : 0}};
    struct answer *answer;
    int error = client_ask(client, &message, parts, &answer);

    if (error)
        return error;
    *event = (struct undis_client_event){.id = answer->message.handle,
        .notification = answer->message.code != 0,
        .fd = answer->fd,
        .handle = answer->message.value};
    free(answer);
    return 0;
}

int
undis_client_event_set(
    struct undis_client *client, const struct undis_client_event *event, bool signalled)
{
    struct protocol_message message = {
        .type = PROTOCOL_EVENT_SET, .handle = event->id, .code = signalled};

    return ask(client, &message, nothing);
}

int
undis_client_event_wait(const struct undis_client_event *event, int timeout_ms)
{
    struct pollfd ready = {event->fd, POLLIN, 0};
    uint64_t taken;

    for (;;) {
        int n = poll(&ready, 1, timeout_ms);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return client_fail(-errno, "an event cannot be waited for: %s", strerror(errno));
        if (n == 0)
            return client_fail(-ETIMEDOUT, "the event is not signalled");
        /* Another waiter may have been first. */
        if (event->notification || read(event->fd, &taken, sizeof(taken)) == sizeof(taken))
            return 0;
    }
}

int
undis_client_event_close(struct undis_client *client, struct undis_client_event *event)
{
    struct protocol_message message = {.type = PROTOCOL_EVENT_CLOSE, .handle = event->id};

    close(event->fd);
    event->fd = -1;
    return ask(client, &message, nothing);
}

int
undis_client_describe(struct undis_client *client, char **json)
{
    struct protocol_message message = {.type = PROTOCOL_DESCRIBE};
    struct answer *answer;
    int error = client_ask(client, &message, nothing, &answer);

    if (error)
        return error;
    *json = strdup((const char *)answer->payload);
    free(answer);
    return *json ? 0 : client_fail(-ENOMEM, "no memory for a description");
}

int
undis_client_oid(struct undis_client *client, const char *adapter, bool set, uint32_t oid,
    void *buffer, uint32_t *length, uint32_t *status)
{
    struct protocol_message message = {
        .type = PROTOCOL_OID, .handle = set, .code = oid, .out_size = set ? 0 : *length};
    const struct client_part parts[2] = {
        {adapter, strlen(adapter) + 1}, {buffer, set ? *length : 0}};
    struct answer *answer;
    int error = client_ask(client, &message, parts, &answer);

    if (error)
        return error;
    if (!set)
        memcpy(buffer, answer->payload,
            answer->message.length < *length ? answer->message.length : *length);
    *length = (uint32_t)answer->message.value;
    *status = answer->message.status;
    free(answer);
    return 0;
}
