/* SPDX-License-Identifier: MIT */
/* The inside of a client: a socket, and answers that nobody has fetched yet.
 *
 * One thread at a time reads the socket, without the lock; what it reads for others it leaves in
 * the list.
 */
#pragma once

#include "client/protocol.h"
#include <pthread.h>
#include <undis_client.h>

struct answer {
    struct answer *next;
    struct protocol_message message;
    int fd; /* that came along, or -1 */
    unsigned char payload[];
};

struct undis_client {
    int socket; /* [I] */
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool reading;           /* [L] */
    int broken;             /* [L] -errno: the connection is no more */
    uint64_t next_id;       /* [L] */
    struct answer *answers; /* [L] */
    pthread_mutex_t sending;
};

/* Keeps the sentence for undis_client_error; answers @error. */
int client_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sends @message with @parts; its id is filled in. */
struct client_part {
    const void *bytes;
    size_t length;
};
int client_send(struct undis_client *client, struct protocol_message *message,
    const struct client_part parts[2]);
/* The answer to @id, the caller's to free, or NULL with *@error. */
struct answer *client_wait(struct undis_client *client, uint64_t id, int timeout_ms, int *error);
/* client_send, client_wait for ever, and an answer that is an error becomes one. */
int client_ask(struct undis_client *client, struct protocol_message *message,
    const struct client_part parts[2], struct answer **got);
