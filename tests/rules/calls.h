/* SPDX-License-Identifier: MIT */
/* Two machines and a call between them, for the rules of connections:
 *
 *     program        program
 *     dialer         client.RULE, client5.RULE      calls
 *     operator       operator, or none
 *     circuits ----- circuit.RULE, line5.RULE       one of the two is wrong, the other one right
 */
#pragma once

#include "lib/frame.h"
#include "lib/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CALL_FRAMES 40u
#define CALL_TRIES  4000u
#define CALL_STEP   500000u /* all of them: longer than a call waits for an answer, ns */

struct call_end {
    struct undis *machine;
    struct undis_driver *drivers[3]; /* client, call manager, miniport */
    struct undis_port *program, *wire;
    struct undis_stack *stack;
    struct frames got;
};

static bool
has_calls(const char *wrong)
{
    return strncmp(wrong, "circuit.", 8) == 0 || strncmp(wrong, "client.", 7) == 0 ||
           strncmp(wrong, "line5.", 6) == 0 || strncmp(wrong, "client5.", 8) == 0;
}

static void
call_receive(void *context, const void *frame, size_t length)
{
    frames_see(&((struct call_end *)context)->got, frame, (uint32_t)length);
}

/* NAME.so, or KIND.so for a service KIND.RULE. */
static struct undis_driver *
call_load(struct undis *machine, const char *name)
{
    struct undis_driver *driver = NULL;
    char file[96];

    snprintf(file, sizeof(file), "%.*s", (int)strcspn(name, "."), name);
    CHECK_OK(undis_driver_load(machine, test_driver_path(file), name, &driver));
    return driver;
}

static void
call_up(struct call_end *end, const char *const names[3], const char *keyword)
{
    struct undis_driver *protocols[3] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    for (unsigned k = 0; k < 3; k++)
        end->drivers[k] = names[k] ? call_load(end->machine, names[k]) : NULL;
    CHECK_OK(undis_set(end->machine, names[0], keyword, "17"));
    CHECK_OK(undis_port_open(end->machine, "wire:call", &end->wire));
    CHECK_OK(undis_port_program(end->machine, call_receive, end, &end->program));
    protocols[0] = end->drivers[0];
    protocols[1] = end->drivers[1];
    config.miniport = end->drivers[2];
    config.bottom = end->wire;
    config.top = end->program;
    CHECK_OK(undis_stack_create(end->machine, &config, &end->stack));
    CHECK_OK(undis_stack_start(end->stack));
}

static void
call_down(struct call_end *end)
{
    CHECK_OK(undis_stack_remove(end->stack));
    CHECK_OK(undis_port_close(end->program));
    CHECK_OK(undis_port_close(end->wire));
    for (unsigned k = 0; k < 3; k++)
        if (end->drivers[k])
            CHECK_OK(undis_driver_unload(end->drivers[k]));
}

static void
call_talk(struct call_end *from)
{
    uint8_t frame[FRAME_MIN];
    int error = 0;

    for (unsigned k = 0; k < CALL_FRAMES && !error; k++) {
        frame_fill(frame, sizeof(frame), 1, k);
        for (unsigned try = 0; try < CALL_TRIES; try++) {
            error = undis_port_inject(from->program, frame, sizeof(frame));
            undis_run(from->machine, CALL_STEP);
            if (error != -EAGAIN)
                break;
        }
        CHECK_OK(error);
    }
}

/* The frames go through the call, once it is there; what is wrong may keep some. */
static void
call_talk_to(struct call_end *from, const struct call_end *to)
{
    call_talk(from);
    for (unsigned try = 0; try < CALL_TRIES && test_read(&to->got.count) < CALL_FRAMES; try++)
        undis_run(from->machine, CALL_STEP);
}

/* The wrong driver of @wrong between right ones; longer by @ns. */
static int
run_calls(const char *wrong, const struct undis_config *config, uint64_t ns)
{
    static struct call_end here, there;
    static const char *const called[3] = {"dialer", "operator", "circuits"};
    bool five = strstr(wrong, "5.") || strncmp(wrong, "line5.", 6) == 0;
    const char *calls[3] = {five ? "client5.right" : "client.right", five ? NULL : "operator",
        five ? "line5.right" : "circuit.right"};
    struct undis_config second = *config;

    calls[strncmp(wrong, "client", 6) == 0 ? 0 : 2] = wrong;
    CHECK_OK(undis_create(config, &there.machine));
    second.world = there.machine;
    CHECK_OK(undis_create(&second, &here.machine));
    call_up(&there, called, "Listen");
    call_up(&here, calls, "Dial");
    call_talk_to(&here, &there);
    call_talk_to(&there, &here);
    undis_run(here.machine, ns);
    undis_run(there.machine, ns);
    call_talk(&here);
    call_down(&here);
    call_down(&there);
    undis_destroy(here.machine);
    undis_destroy(there.machine);
    return 0;
}
