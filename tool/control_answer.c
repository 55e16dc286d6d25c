/* SPDX-License-Identifier: MIT */
/* What clients of the control socket may ask for: a handler per message of client/protocol.h. */
#include "control.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Both sides of a message while it is handled. */
struct ask {
    struct control_client *client;
    const struct protocol_message *message;
    char *payload;
    struct protocol_message answer;
    void *out; /* to be freed; answer.length bytes */
    int fd;    /* goes along, or -1 */
    bool later;
};

static int
refuse(struct ask *ask, int error, const char *sentence)
{
    ask->out = strdup(sentence);
    ask->answer.length = ask->out ? (uint32_t)strlen(sentence) : 0;
    return error;
}

/* An undis_* call failed: what it says goes to the client. */
static int
passed(struct ask *ask, int error)
{
    return error ? refuse(ask, error, undis_error()) : 0;
}

static int
hello(struct ask *ask)
{
    ask->answer.value = (uint64_t)getpid();
    return 0;
}

static int
open_device(struct ask *ask)
{
    struct control_client *client = ask->client;
    unsigned i = 0;

    while (i < CONTROL_FILES && client->files[i])
        i++;
    if (i == CONTROL_FILES)
        return refuse(ask, -EMFILE, "a client has at most 64 devices open");
    ask->answer.handle = i;
    return passed(ask, undis_device_open(control_state(client->control)->machine, ask->payload,
                           &client->files[i]));
}

static int
close_device(struct ask *ask)
{
    uint32_t handle = ask->message->handle;
    struct undis_file *file;

    if (handle >= CONTROL_FILES || !ask->client->files[handle])
        return refuse(ask, -EBADF, "no open device has this handle");
    file = ask->client->files[handle];
    ask->client->files[handle] = NULL;
    return passed(ask, undis_device_close(file));
}

static int
begin(struct ask *ask)
{
    static const enum undis_transfer transfers[] = {[PROTOCOL_READ] = UNDIS_READ,
        [PROTOCOL_WRITE] = UNDIS_WRITE,
        [PROTOCOL_IOCTL] = UNDIS_IOCTL};
    const struct protocol_message *m = ask->message;
    struct control_client *client = ask->client;
    struct control_request *request = client->requests;

    if (m->handle >= CONTROL_FILES || !client->files[m->handle])
        return refuse(ask, -EBADF, "no open device has this handle");
    while (request < client->requests + CONTROL_REQUESTS && request->request)
        request++;
    if (request == client->requests + CONTROL_REQUESTS)
        return refuse(ask, -EAGAIN, "a client has at most 256 requests under way");
    *request = (struct control_request){.id = m->id, .out_size = m->out_size};
    ask->later = true;
    return passed(ask, undis_request_begin(client->files[m->handle], transfers[m->type], m->code,
                           ask->payload, m->length, m->out_size, &request->request));
}

static int
cancel(struct ask *ask)
{
    struct control_client *client = ask->client;

    ask->later = true;
    for (unsigned i = 0; i < CONTROL_REQUESTS; i++)
        if (client->requests[i].request && client->requests[i].id == ask->message->value)
            undis_request_cancel(client->requests[i].request);
    return 0;
}

static int
open_event(struct ask *ask)
{
    struct control_client *client = ask->client;
    struct undis_event *event;
    unsigned i = 0;
    int error;

    while (i < CONTROL_EVENTS && client->events[i])
        i++;
    if (i == CONTROL_EVENTS)
        return refuse(ask, -EMFILE, "a client has at most 64 events open");
    error = undis_event_open(control_state(client->control)->machine,
        ask->message->length ? ask->payload : NULL, ask->message->code != 0, &event);
    if (error)
        return passed(ask, error);
    client->events[i] = event;
    ask->answer.handle = i;
    ask->answer.value = undis_event_handle(event);
    ask->answer.code = undis_event_is_notification(event);
    ask->fd = undis_event_fd(event);
    return 0;
}

static struct undis_event **
event_of(struct ask *ask)
{
    uint32_t handle = ask->message->handle;

    return handle < CONTROL_EVENTS && ask->client->events[handle] ? &ask->client->events[handle]
                                                                  : NULL;
}

static int
set_event(struct ask *ask)
{
    struct undis_event **event = event_of(ask);

    if (!event)
        return refuse(ask, -EBADF, "no open event has this handle");
    return passed(ask, undis_event_set(*event, ask->message->code != 0));
}

static int
close_event(struct ask *ask)
{
    struct undis_event **event = event_of(ask), *closed;

    if (!event)
        return refuse(ask, -EBADF, "no open event has this handle");
    closed = *event;
    *event = NULL;
    return passed(ask, undis_event_close(closed));
}

static int
describe(struct ask *ask)
{
    char *text = run_describe(control_state(ask->client->control));

    if (!text)
        return refuse(ask, -ENOMEM, "no memory for a description");
    ask->out = text;
    ask->answer.length = (uint32_t)strlen(text);
    return 0;
}

static struct undis_stack *
stack_of(const struct run_state *state, const char *name)
{
    for (unsigned i = 0; i < state->line_count; i++)
        if (strcmp(state->lines[i].name, name) == 0)
            return state->lines[i].stack;
    return NULL;
}

static int
oid(struct ask *ask)
{
    const struct protocol_message *m = ask->message;
    struct undis_stack *stack = stack_of(control_state(ask->client->control), ask->payload);
    size_t name = strlen(ask->payload) + 1;
    bool set = m->handle != 0;
    uint32_t length = m->out_size;
    void *buffer;
    int error;

    if (!stack || name > m->length)
        return refuse(ask, -ENOENT, "no adapter has this name; undis adapters lists them");
    if (set)
        length = m->length - (uint32_t)name;
    buffer = calloc(1, length + 1);
    if (!buffer)
        return refuse(ask, -ENOMEM, "no memory for an OID request");
    if (set)
        memcpy(buffer, ask->payload + name, length);
    error = undis_stack_oid(stack, set, m->code, buffer, &length, &ask->answer.status);
    if (error) {
        free(buffer);
        return passed(ask, error);
    }
    ask->answer.value = length;
    ask->answer.length = set || ask->answer.status || length > m->out_size ? 0 : length;
    ask->out = buffer;
    return 0;
}

static int (*const handlers[PROTOCOL_TYPES])(struct ask *ask) = {
    [PROTOCOL_HELLO] = hello,
    [PROTOCOL_OPEN] = open_device,
    [PROTOCOL_CLOSE] = close_device,
    [PROTOCOL_READ] = begin,
    [PROTOCOL_WRITE] = begin,
    [PROTOCOL_IOCTL] = begin,
    [PROTOCOL_CANCEL] = cancel,
    [PROTOCOL_EVENT_OPEN] = open_event,
    [PROTOCOL_EVENT_SET] = set_event,
    [PROTOCOL_EVENT_CLOSE] = close_event,
    [PROTOCOL_DESCRIBE] = describe,
    [PROTOCOL_OID] = oid,
};

bool
control_answer(struct control_client *client, const struct protocol_message *message, char *payload)
{
    struct ask ask = {.client = client,
        .message = message,
        .payload = payload,
        .answer = {.type = message->type, .id = message->id},
        .fd = -1};
    bool sent = true;

    control_enter(client->control, true);
    ask.answer.error = handlers[message->type](&ask);
    control_leave(client->control);
    if (!ask.later || ask.answer.error)
        sent = control_send(client, &ask.answer, ask.out ? ask.out : "", ask.fd);
    free(ask.out);
    return sent;
}
