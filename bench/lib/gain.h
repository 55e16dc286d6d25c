/* SPDX-License-Identifier: MIT */
/* What a deserialized miniport gains over a serialized one: rows, a plot, an SVG. See serialized.c.
 */
#pragma once

struct row {
    unsigned c;      /* ns of the critical section */
    double f, ideal; /* the locked share of the work; what two cores can do with it */
    double scale[2]; /* what they did: serialized, deserialized */
};

void gain_print_head(void);
void gain_print(const struct row *row);
/* To the standard output. */
void gain_plot(const struct row *rows, unsigned count);
/* 0, or 1 after a message. */
int gain_write_svg(const char *path, const struct row *rows, unsigned count);
