/* SPDX-License-Identifier: MIT */
/* Calls a driver's port callbacks: raises to DISPATCH_LEVEL, goes through the gate, comes back. */
#include "nt/call_port.h"

static const struct gate_handler received = {"UndisPortReceived", DISPATCH_LEVEL, DISPATCH_LEVEL};
static const struct gate_handler ready = {"UndisPortReady", DISPATCH_LEVEL, DISPATCH_LEVEL};
static const struct gate_handler linked = {"UndisPortLink", DISPATCH_LEVEL, DISPATCH_LEVEL};

/* One call under way: the frame and, when hooks are on, what they are told. */
struct passage {
    struct gate_frame frame;
    struct gate_call call;
    KIRQL irql;
    bool gated;
};

/* A client without a driver is hardware of the machine (src/hardware): no gate. */
static void
pass_in(struct passage *passage, const struct port_client *client,
    const struct gate_handler *handler, void *function)
{
    passage->irql = irql_raise(DISPATCH_LEVEL);
    passage->gated = client->driver != NULL;
    if (!passage->gated)
        return;
    gate_out_enter(&passage->frame, client->driver, client->module, handler);
    if (__builtin_expect(gate_hooks() == NULL, 1))
        return;
    passage->call.import = NULL;
    passage->call.handler = handler;
    passage->call.caller = function;
    passage->call.driver = client->driver;
    passage->call.module = client->module;
    passage->call.result = 0;
    passage->call.irql = DISPATCH_LEVEL;
    gate_out_before(&passage->call);
}

static void
pass_out(struct passage *passage)
{
    if (passage->gated) {
        if (__builtin_expect(gate_hooks() != NULL, 0))
            gate_out_after(&passage->call);
        gate_out_leave(&passage->frame);
    }
    irql_lower(passage->irql);
}

void
call_port_received(const struct port_client *client, const UNDIS_PORT_RECEIVE *frames, ULONG count)
{
    struct passage passage;

    passage.call.count = 3;
    GATE_ARG(passage.call, 0, client->context);
    GATE_ARG(passage.call, 1, frames);
    GATE_ARG(passage.call, 2, count);
    pass_in(&passage, client, &received, (void *)client->received);
    client->received(client->context, frames, count);
    pass_out(&passage);
}

void
call_port_ready(const struct port_client *client)
{
    struct passage passage;

    passage.call.count = 1;
    GATE_ARG(passage.call, 0, client->context);
    pass_in(&passage, client, &ready, (void *)client->ready);
    client->ready(client->context);
    pass_out(&passage);
}

void
call_port_link(const struct port_client *client, BOOLEAN up, ULONGLONG speed)
{
    struct passage passage;

    passage.call.count = 3;
    GATE_ARG(passage.call, 0, client->context);
    GATE_ARG(passage.call, 1, up);
    GATE_ARG(passage.call, 2, speed);
    pass_in(&passage, client, &linked, (void *)client->link);
    client->link(client->context, up, speed);
    pass_out(&passage);
}
