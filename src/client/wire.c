/* SPDX-License-Identifier: MIT */
/* Messages of a client on their way, see inner.h. */
#include "client/inner.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static _Thread_local char sentence[512];

int
client_fail(int error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    return error;
}

const char *
undis_client_error(void)
{
    return sentence;
}

static int
send_all(int to, struct iovec *parts, int count)
{
    while (count) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
        ssize_t n = sendmsg(to, &message, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        while (count && (size_t)n >= parts->iov_len) {
            n -= (ssize_t)parts->iov_len;
            parts++, count--;
        }
        if (count) {
            parts->iov_base = (char *)parts->iov_base + n;
            parts->iov_len -= (size_t)n;
        }
    }
    return 0;
}

int
client_send(struct undis_client *client, struct protocol_message *message,
    const struct client_part parts[2])
{
    struct iovec all[3] = {{message, sizeof(*message)}};
    size_t length = 0;
    int error;

    for (int i = 0; i < 2; i++) {
        all[i + 1] = (struct iovec){(void *)(uintptr_t)parts[i].bytes, parts[i].length};
        if (parts[i].length > PROTOCOL_PAYLOAD - length)
            return client_fail(-E2BIG, "a request has at most %u bytes", PROTOCOL_PAYLOAD);
        length += parts[i].length;
    }
    message->magic = PROTOCOL_MAGIC;
    message->version = PROTOCOL_VERSION;
    message->length = (uint32_t)length;
    pthread_mutex_lock(&client->lock);
    message->id = ++client->next_id;
    pthread_mutex_unlock(&client->lock);
    pthread_mutex_lock(&client->sending);
    error = send_all(client->socket, all, 3);
    pthread_mutex_unlock(&client->sending);
    return error ? client_fail(error, "the machine has gone: %s", strerror(-error)) : 0;
}

/* @fd: gets a descriptor that comes along with the first bytes. */
static int
receive_all(int from, void *to, size_t size, int *fd)
{
    char *at = to;

    while (size) {
        char control[CMSG_SPACE(sizeof(int))];
        struct iovec part = {at, size};
        struct msghdr message = {.msg_iov = &part,
            .msg_iovlen = 1,
            .msg_control = control,
            .msg_controllen = sizeof(control)};
        ssize_t n = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
        const struct cmsghdr *c;

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n ? -errno : -ECONNRESET;
        c = CMSG_FIRSTHDR(&message);
        if (c && c->cmsg_type == SCM_RIGHTS && *fd < 0)
            memcpy(fd, CMSG_DATA(c), sizeof(*fd));
        at += n;
        size -= (size_t)n;
    }
    return 0;
}

static int
receive(int from, struct answer **received)
{
    struct protocol_message head;
    struct answer *answer;
    int fd = -1, error = receive_all(from, &head, sizeof(head), &fd);

    if (error)
        return error;
    if (head.magic != PROTOCOL_MAGIC || head.version != PROTOCOL_VERSION ||
        head.length > PROTOCOL_PAYLOAD)
        return -EPROTO;
    answer = malloc(sizeof(*answer) + head.length + 1);
    if (!answer)
        return -ENOMEM;
    *answer = (struct answer){.message = head, .fd = fd};
    error = receive_all(from, answer->payload, head.length, &answer->fd);
    answer->payload[head.length] = 0;
    if (error)
        free(answer);
    else
        *received = answer;
    return error;
}

static struct answer *
take(struct undis_client *client, uint64_t id)
{
    for (struct answer **at = &client->answers; *at; at = &(*at)->next)
        if ((*at)->message.id == id) {
            struct answer *answer = *at;

            *at = answer->next;
            return answer;
        }
    return NULL;
}

static struct timespec
deadline_in(int ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000L;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* ms, at least 0; -1 without a deadline. */
static int
left_until(const struct timespec *deadline)
{
    struct timespec now;
    int64_t ms;

    if (!deadline)
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (deadline->tv_sec - now.tv_sec) * 1000LL + (deadline->tv_nsec - now.tv_nsec) / 1000000;
    return ms > 0 ? (int)ms : 0;
}

/* With the lock, which is not held while the socket is read. */
static int
read_one(struct undis_client *client, const struct timespec *deadline)
{
    struct pollfd ready = {client->socket, POLLIN, 0};
    struct answer *answer = NULL;
    int error = 0, n;

    client->reading = true;
    pthread_mutex_unlock(&client->lock);
    n = poll(&ready, 1, left_until(deadline));
    if (n > 0)
        error = receive(client->socket, &answer);
    pthread_mutex_lock(&client->lock);
    client->reading = false;
    if (answer) {
        answer->next = client->answers;
        client->answers = answer;
    }
    if (error)
        client->broken = error;
    pthread_cond_broadcast(&client->came);
    return n == 0 ? -ETIMEDOUT : 0;
}

struct answer *
client_wait(struct undis_client *client, uint64_t id, int timeout_ms, int *error)
{
    struct timespec until = deadline_in(timeout_ms > 0 ? timeout_ms : 0);
    const struct timespec *deadline = timeout_ms < 0 ? NULL : &until;
    struct answer *answer;

    *error = 0;
    pthread_mutex_lock(&client->lock);
    while (!(answer = take(client, id)) && !*error) {
        if (client->broken)
            *error = client->broken;
        else if (!client->reading)
            *error = read_one(client, deadline);
        else if (!deadline)
            pthread_cond_wait(&client->came, &client->lock);
        else if (pthread_cond_timedwait(&client->came, &client->lock, deadline))
            *error = -ETIMEDOUT;
        if (*error == -ETIMEDOUT && (answer = take(client, id)))
            break;
    }
    pthread_mutex_unlock(&client->lock);
    if (answer)
        *error = 0;
    else if (*error == -ETIMEDOUT)
        client_fail(*error, "the request has not ended yet");
    else
        client_fail(*error, "the machine has gone: %s", strerror(-*error));
    return answer;
}

int
client_ask(struct undis_client *client, struct protocol_message *message,
    const struct client_part parts[2], struct answer **got)
{
    int error = client_send(client, message, parts);
    struct answer *answer;

    if (error)
        return error;
    answer = client_wait(client, message->id, -1, &error);
    if (!answer)
        return error;
    error = answer->message.error;
    if (error) {
        client_fail(error, "%s", (const char *)answer->payload);
        free(answer);
        return error;
    }
    *got = answer;
    return 0;
}
