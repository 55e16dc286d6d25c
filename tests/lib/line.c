/* SPDX-License-Identifier: MIT */
/* See line.h. */
#include "line.h"

#include <errno.h>
#include <stdio.h>

static unsigned lines; /* wires of this process have different names */

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(&((struct line_end *)context)->got, frame, (uint32_t)length);
}

static void
load(struct line_end *end, const struct line_config *config)
{
    const char *protocol = config->protocol ? config->protocol : "frames";

    if (config->keyword)
        CHECK_OK(undis_set(end->machine, protocol, config->keyword, config->value));
    end->miniport = test_driver(end->machine, config->miniport ? config->miniport : "portnic");
    end->protocol = test_driver(end->machine, protocol);
    for (unsigned i = 0; config->filters[i]; i++) {
        CHECK(i < LINE_FILTERS);
        end->filters[i] = test_driver(end->machine, config->filters[i]);
    }
}

void
line_stack(struct line_end *end)
{
    struct undis_driver *protocols[] = {end->protocol, NULL};
    struct undis_stack_config config = {.size = sizeof(config),
        .miniport = end->miniport,
        .filters = end->filters,
        .protocols = protocols,
        .bottom = end->nic ? end->nic : end->wire,
        .top = end->program};

    CHECK_OK(undis_stack_create(end->machine, &config, &end->stack));
    CHECK_OK(undis_stack_start(end->stack));
}

static void
build(struct line_end *end, const char *wire, const char *model)
{
    CHECK_OK(undis_port_open(end->machine, wire, &end->wire));
    CHECK_OK(undis_port_program(end->machine, receive, end, &end->program));
    if (model)
        CHECK_OK(undis_hardware_open(end->machine, model, end->wire, &end->nic));
    line_stack(end);
}

static struct undis *
second_machine(struct undis *first)
{
    struct undis_config config = test_config();

    config.world = first;
    return test_machine_with(&config);
}

void
line_up_with(struct line *line, const struct line_config *config)
{
    struct line_end *a = &line->ends[0], *b = &line->ends[1];
    struct undis_config machine = test_config();
    char wire[128];

    *line = (struct line){0};
    machine.seed = config->seed;
    snprintf(wire, sizeof(wire), "wire:line%u%s", lines++, config->options ? config->options : "");
    a->machine = test_machine_with(&machine);
    load(a, config);
    if (config->two) {
        b->machine = second_machine(a->machine);
        load(b, config);
    } else {
        *b = *a;
    }
    a->origin = 1;
    b->origin = 2;
    build(a, wire, config->model);
    build(b, wire, config->model);
}

void
line_up_on(struct line *line, const char *const *filters, const char *options, bool two,
    const char *model, const char *driver)
{
    struct line_config config = {
        .miniport = driver, .filters = filters, .options = options, .model = model, .two = two};

    line_up_with(line, &config);
}

void
line_up(struct line *line, const char *const *filters, const char *options, bool two)
{
    struct line_config config = {.filters = filters, .options = options, .two = two};

    line_up_with(line, &config);
}

void
line_send(struct line *line, unsigned end, unsigned count)
{
    struct line_end *from = &line->ends[end];
    uint8_t frame[FRAME_MAX];
    int error;

    for (unsigned i = 0; i < count; i++) {
        uint32_t length = FRAME_MIN + (uint32_t)(from->number * 37 % (FRAME_MAX - FRAME_MIN));

        frame_fill(frame, length, from->origin, from->number++);
        while ((error = undis_port_inject(from->program, frame, length)) == -EAGAIN)
            undis_run(from->machine, 100000);
        CHECK_OK(error);
    }
}

void
line_wait(struct line *line, unsigned end, uint64_t count)
{
    test_wait_count(line->ends[end].machine, &line->ends[end].got.count, count);
}

static void
take_down(struct line_end *end)
{
    CHECK_OK(undis_stack_remove(end->stack));
    CHECK_OK(undis_port_close(end->program));
    if (end->nic)
        CHECK_OK(undis_port_close(end->nic));
    CHECK_OK(undis_port_close(end->wire));
}

static void
unload(struct line_end *end)
{
    test_unload(end->machine, end->protocol);
    for (unsigned i = 0; end->filters[i]; i++)
        test_unload(end->machine, end->filters[i]);
    test_unload(end->machine, end->miniport);
}

void
line_down(struct line *line)
{
    struct line_end *a = &line->ends[0], *b = &line->ends[1];
    bool two = a->machine != b->machine;

    take_down(a);
    take_down(b);
    unload(a);
    if (two) {
        unload(b);
        test_machine_end(b->machine);
    }
    test_machine_end(a->machine);
}
