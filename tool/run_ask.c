/* SPDX-License-Identifier: MIT */
/* What undis run asks the drivers of each stack while frames pass: every OID that the miniport lists,
 * with much room, with exactly enough, with a byte less and with none, as management software and
 * other protocols do. What they answer is for the verifier. Structures that say their own size are
 * asked for whole: nobody asks for them without knowing it. And at the end each filter and protocol
 * leaves its stack and comes again, as it does where a user changes what is bound to an adapter.
 */
#include "run.h"

#include <string.h>

#define OID_GEN_SUPPORTED_LIST 0x00010101u
#define OIDS                   512u
#define ROOM                   65536u

static uint8_t buffer[ROOM];

static uint32_t
ask(struct undis_stack *stack, uint32_t oid, uint32_t room, uint32_t *status)
{
    uint32_t length = room;

    memset(buffer, 0, room);
    if (undis_stack_oid(stack, false, oid, buffer, &length, status))
        *status = 1;
    return length;
}

/* What NDIS alone asks: power. */
static bool
is_private(uint32_t oid)
{
    return oid >> 24 == 0xFD;
}

/* What was answered begins with a header: type, revision, size. */
static bool
says_its_size(uint32_t length)
{
    uint16_t size;

    memcpy(&size, buffer + 2, sizeof(size));
    return length >= 4 && (buffer[0] & 0x80) && buffer[1] && size >= 4 && size <= length;
}

static void
ask_one(struct undis_stack *stack, uint32_t oid)
{
    uint32_t status = 0, length = ask(stack, oid, ROOM, &status);
    bool whole = status == 0 && says_its_size(length);

    if (status != 0 || length == 0 || length > ROOM)
        return;
    ask(stack, oid, length, &status);
    if (whole)
        return;
    ask(stack, oid, length - 1, &status);
    ask(stack, oid, 0, &status);
}

void
run_ask(const struct run_state *state)
{
    static uint32_t oids[OIDS];

    for (unsigned i = 0; i < state->line_count; i++) {
        struct undis_stack *stack = state->lines[i].stack;
        uint32_t length = sizeof(oids), status = 0;

        if (undis_stack_oid(stack, false, OID_GEN_SUPPORTED_LIST, oids, &length, &status) || status)
            continue;
        for (unsigned k = 0; k < length / sizeof(oids[0]) && k < OIDS; k++)
            if (!is_private(oids[k]))
                ask_one(stack, oids[k]);
    }
}

/* A driver that does not come with undis, and that is no miniport too: whose stacks go with it. */
static struct undis_driver *
guest(const struct run_options *options, const struct run_state *state, const char *name)
{
    for (unsigned i = 0; i < options->stack_count; i++)
        if (options->stacks[i].miniport.text && strcmp(options->stacks[i].miniport.text, name) == 0)
            return NULL;
    for (unsigned k = 0; k < options->driver_count; k++)
        if (strcmp(options->drivers[k].name, name) == 0)
            return run_driver_comes(&options->drivers[k]) ? NULL : state->loaded[k];
    return NULL;
}

void
run_return(const struct run_options *options, const struct run_state *state)
{
    for (unsigned i = 0; i < state->line_count; i++) {
        const struct run_stack *asked = &options->stacks[i];
        struct undis_stack *stack = state->lines[i].stack;

        for (unsigned k = 0; k < asked->filter_count; k++) {
            struct undis_driver *filter = guest(options, state, asked->filters[k].text);

            if (filter && undis_stack_detach(stack, filter) == 0)
                undis_stack_attach(stack, filter);
        }
        for (unsigned k = 0; k < asked->protocol_count; k++) {
            struct undis_driver *protocol = guest(options, state, asked->protocols[k].text);

            if (protocol && undis_stack_unbind(stack, protocol) == 0)
                undis_stack_bind(stack, protocol);
        }
    }
}
