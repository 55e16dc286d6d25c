/* SPDX-License-Identifier: MIT */
/* A line: two stacks of the shipped drivers, joined by a wire, with the test at both ends.
 *
 *     test == frames - filters - portnic == wire == portnic - filters - frames == test
 *
 * In one machine or in two.
 */
#pragma once

#include "frame.h"
#include "machine.h"

#define LINE_FILTERS 4u

struct line_end {
    struct undis *machine;
    struct undis_driver *miniport, *protocol, *filters[LINE_FILTERS + 1];
    struct undis_port *program, *wire, *nic; /* nic: NULL when the miniport sits on the wire */
    struct undis_stack *stack;
    struct frames got;
    uint64_t number; /* of its next frame */
    unsigned origin;
};

struct line {
    struct line_end ends[2];
};

/* Which drivers. */
struct line_config {
    const char *miniport, *protocol; /* NULL: portnic, frames */
    const char *const *filters;      /* names, NULL-terminated */
    const char *options;             /* of the wire, ",latency=10" or NULL */
    const char *model;               /* of the hardware, or NULL */
    const char *keyword, *value;     /* a parameter of the protocol, or NULL */
    bool two;                        /* the second end has a machine of its own */
    uint64_t seed;                   /* of the first machine */
};

void line_up_with(struct line *line, const struct line_config *config);
/* The same with frames and portnic. */
void line_up(struct line *line, const char *const *filters, const char *options, bool two);
/* The same with a NIC at each end: @model as undis_hardware_open has it, @driver its miniport. */
void line_up_on(struct line *line, const char *const *filters, const char *options, bool two,
    const char *model, const char *driver);
/* The stack of an end that has none. */
void line_stack(struct line_end *end);
/* @count frames of growing length from one end. Waits for room; does not wait for arrival. */
void line_send(struct line *line, unsigned end, unsigned count);
/* Until the end has got @count frames in all. */
void line_wait(struct line *line, unsigned end, uint64_t count);
void line_down(struct line *line);
