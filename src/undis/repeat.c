/* SPDX-License-Identifier: MIT */
/* A driver that breaks a rule in a loop breaks it in one place. That is told REPEATS times, each
 * with its lines, which cost milliseconds; the rest is counted, and its number told at the end.
 */
#include "undis/repeat.h"

#include <inttypes.h>
#include <stdio.h>

#define REPEATS 10u

static uint64_t
hash_of(void *const *stack, unsigned depth)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (unsigned k = 0; k < depth; k++)
        hash = (hash ^ (uint64_t)(uintptr_t)stack[k]) * 1099511628211u;
    return hash;
}

struct repeat *
repeat_of(struct repeats *all, const struct verify_report *report)
{
    uint64_t place = hash_of(report->stack, report->depth);

    for (unsigned k = 0; k < REPEAT_PLACES; k++) {
        struct repeat *at = &all->places[(place + k) % REPEAT_PLACES];

        if (!at->rule)
            *at = (struct repeat){report->rule, place, 0, 0, false};
        if (at->rule == report->rule && at->place == place)
            return at;
    }
    return NULL;
}

bool
repeat_enough(struct repeat *repeat)
{
    if (repeat->told < REPEATS) {
        repeat->told++;
        return false;
    }
    repeat->untold++;
    return true;
}

void
repeats_tell(
    const struct repeats *all, void (*tell)(void *context, const char *text), void *context)
{
    for (unsigned k = 0; k < REPEAT_PLACES; k++) {
        const struct repeat *at = &all->places[k];
        char text[200];

        if (!at->untold || at->suppressed)
            continue;
        snprintf(text, sizeof(text),
            "undis: %s: %" PRIu64 " more from one place, like those that were told\n", at->rule->id,
            at->untold);
        tell(context, text);
    }
}
