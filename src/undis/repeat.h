/* SPDX-License-Identifier: MIT */
/* Which reports say what was said before: the same rule, broken at the same place. See repeat.c. */
#pragma once

#include "undis/machine.h"
#include "verify/verify.h"

#define REPEAT_PLACES 256u

/* One place where a rule is broken. */
struct repeat {
    const struct rule *rule; /* NULL: free */
    uint64_t place;          /* hash of the stack */
    uint64_t told, untold;
    bool suppressed;
};

struct repeats {
    struct repeat places[REPEAT_PLACES];
};

/* The place of @report, or NULL when too many are known. */
struct repeat *repeat_of(struct repeats *all, const struct verify_report *report);
/* Whether what happens at this place has been told often enough; counts it then. */
bool repeat_enough(struct repeat *repeat);
/* A line for each place that was not told each time. */
void repeats_tell(
    const struct repeats *all, void (*tell)(void *context, const char *text), void *context);
