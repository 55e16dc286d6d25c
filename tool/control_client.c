/* SPDX-License-Identifier: MIT */
/* A client of the control socket: its messages come in, its requests finish, it goes. */
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long a driver may take over a cancelled request of a client that has gone. */
#define PATIENCE_MS 5000

static bool
receive_all(int from, void *to, size_t size)
{
    char *at = to;

    while (size) {
        ssize_t n = recv(from, at, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

static bool
send_all(int to, const void *bytes, size_t size, int fd)
{
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    const char *at = bytes;

    memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
    while (size) {
        struct iovec part = {(void *)(uintptr_t)at, size};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        ssize_t n;

        if (fd >= 0) {
            message.msg_control = control.space;
            message.msg_controllen = sizeof(control.space);
        }
        n = sendmsg(to, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        fd = -1;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

bool
control_send(
    struct control_client *client, struct protocol_message *message, const void *payload, int fd)
{
    message->magic = PROTOCOL_MAGIC;
    message->version = PROTOCOL_VERSION;
    return send_all(client->socket, message, sizeof(*message), fd) &&
           send_all(client->socket, payload, message->length, -1);
}

bool
control_finish(struct control_client *client, struct control_request *request)
{
    struct protocol_message answer = {.id = request->id};
    char *out = malloc(request->out_size + 1);
    size_t done = 0;
    const char *sentence = "";
    bool sent;

    control_enter(client->control, true);
    answer.error = undis_request_end(
        request->request, out, out ? request->out_size : 0, &done, &answer.status);
    control_leave(client->control);
    request->request = NULL;
    answer.value = done;
    if (answer.error)
        sentence = undis_error();
    else if (out)
        answer.length = (uint32_t)(done < request->out_size ? done : request->out_size);
    if (answer.error)
        answer.length = (uint32_t)strlen(sentence);
    sent = control_send(client, &answer, answer.error ? sentence : out ? out : "", -1);
    free(out);
    return sent;
}

/* True when the request's descriptor is readable within @ms. */
static bool
is_finished(const struct control_request *request, int ms)
{
    struct pollfd ready = {undis_request_fd(request->request), POLLIN, 0};

    return poll(&ready, 1, ms) > 0;
}

static void
end_late(struct control_client *client, struct control_request *request)
{
    struct control *control = client->control;
    size_t done;
    uint32_t status;

    if (control_simulated(control)) {
        control_enter(control, true);
        undis_run(control_state(control)->machine, PATIENCE_MS * 1000000ull);
        control_leave(control);
    }
    if (!is_finished(request, control_simulated(control) ? 0 : PATIENCE_MS)) {
        complain("run", 0,
            "a driver does not complete a cancelled request of a client that has "
            "gone; its memory stays");
        return;
    }
    control_enter(control, true);
    undis_request_end(request->request, NULL, 0, &done, &status);
    control_leave(control);
}

/* Closing a device tells its driver to give up what is under way. */
void
control_clean(struct control_client *client)
{
    control_enter(client->control, true);
    for (unsigned i = 0; i < CONTROL_REQUESTS; i++)
        if (client->requests[i].request)
            undis_request_cancel(client->requests[i].request);
    for (unsigned i = 0; i < CONTROL_FILES; i++)
        if (client->files[i])
            undis_device_close(client->files[i]);
    for (unsigned i = 0; i < CONTROL_EVENTS; i++)
        if (client->events[i])
            undis_event_close(client->events[i]);
    control_leave(client->control);
    for (unsigned i = 0; i < CONTROL_REQUESTS; i++)
        if (client->requests[i].request)
            end_late(client, &client->requests[i]);
}

static bool
take_message(struct control_client *client)
{
    struct protocol_message message;
    char *payload;
    bool goes_on;

    if (!receive_all(client->socket, &message, sizeof(message)) ||
        message.magic != PROTOCOL_MAGIC || message.version != PROTOCOL_VERSION ||
        message.type >= PROTOCOL_TYPES || message.length > PROTOCOL_PAYLOAD ||
        message.out_size > PROTOCOL_PAYLOAD)
        return false;
    payload = malloc(message.length + 1);
    if (!payload)
        return false;
    payload[message.length] = 0;
    goes_on = receive_all(client->socket, payload, message.length) &&
              control_answer(client, &message, payload);
    free(payload);
    return goes_on;
}

/* Answers finished requests, then takes a message if there is one. */
static bool
serve_once(struct control_client *client)
{
    struct pollfd fds[CONTROL_REQUESTS + 1] = {{client->socket, POLLIN, 0}};
    struct control_request *waiting[CONTROL_REQUESTS];
    nfds_t n = 1;

    for (unsigned i = 0; i < CONTROL_REQUESTS; i++)
        if (client->requests[i].request) {
            waiting[n - 1] = &client->requests[i];
            fds[n++] = (struct pollfd){undis_request_fd(client->requests[i].request), POLLIN, 0};
        }
    if (poll(fds, n, -1) < 0)
        return errno == EINTR;
    for (nfds_t i = 1; i < n; i++)
        if (fds[i].revents && !control_finish(client, waiting[i - 1]))
            return false;
    return !fds[0].revents || take_message(client);
}

void
control_serve(struct control_client *client)
{
    while (serve_once(client))
        ;
    shutdown(client->socket, SHUT_RDWR);
    control_clean(client);
}
