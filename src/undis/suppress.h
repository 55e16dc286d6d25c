/* SPDX-License-Identifier: MIT */
/* What is known and shall not be told. See suppress.c. */
#pragma once

#include "undis/machine.h"

struct suppression;

struct suppressions {
    struct suppression *first;
    const char *path;
};

/* 0 or -errno after a sentence that names the line. */
int suppressions_read(struct undis *undis, struct suppressions *all, const char *path);
void suppressions_free(struct undis *undis, struct suppressions *all);
/* Whether @report is one that shall not be told; counts it. */
bool suppressions_hold(struct suppressions *all, const struct undis_report *report);
/* A line for each that never held. */
void suppressions_tell_unused(
    const struct suppressions *all, void (*tell)(void *context, const char *text), void *context);
