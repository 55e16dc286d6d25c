/* SPDX-License-Identifier: MIT */
/* The control socket of a machine that runs: undis adapters, stats, oid, device and programs with
 * libundis-client come in here.
 *
 *     listener thread --> a thread per client --> undis_* calls
 *                                   |
 *     the thread of undis run ------+ takes turns with them when the machine is simulated
 *
 * A client has files, requests and events; they end with it.
 */
#pragma once

#include "client/protocol.h"
#include "run.h"
#include <pthread.h>

#define CONTROL_FILES    64 /* of a client */
#define CONTROL_EVENTS   64
#define CONTROL_REQUESTS 256

struct control;

/* Starts to listen, at options->control or the default place, if that is to be had. 0 and *@started
 * (or NULL), or an exit status after a complaint. @state stays as it is until control_stop. */
int control_start(
    const struct run_options *options, const struct run_state *state, struct control **started);
/* Ends what clients have, and removes the socket. NULL does nothing. */
void control_stop(struct control *control);
/* For undis_config.ending: its socket is removed. */
void control_crashed(void *unused);

/* Whoever calls into a machine stands between these two; in a simulated one only one does. NULL
 * does nothing. */
void control_enter(struct control *control, bool client);
void control_leave(struct control *control);

const struct run_state *control_state(const struct control *control);
bool control_simulated(const struct control *control);

struct control_client {
    struct control_client *next; /* control's lock */
    struct control *control;
    int socket;
    pthread_t thread;
    bool ended; /* control's lock: to be joined */
    struct undis_file *files[CONTROL_FILES];
    struct undis_event *events[CONTROL_EVENTS];
    struct control_request {
        struct undis_request *request; /* NULL: free */
        uint64_t id;
        uint32_t out_size;
    } requests[CONTROL_REQUESTS];
};

/* Serves until the client goes or errs; then its things are taken down. */
void control_serve(struct control_client *client);
/* One message with its payload, zero-terminated. False when the client is to be cut off. */
bool control_answer(
    struct control_client *client, const struct protocol_message *message, char *payload);
/* Sends an answer; @fd: goes along when >= 0. False when the client has gone. */
bool control_send(
    struct control_client *client, struct protocol_message *message, const void *payload, int fd);
/* A request has finished. */
bool control_finish(struct control_client *client, struct control_request *request);
/* Cancels, closes, waits. */
void control_clean(struct control_client *client);
