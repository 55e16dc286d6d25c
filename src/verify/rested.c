/* SPDX-License-Identifier: MIT */
/* Pool memory is watched from both ends: a pattern behind each block while it lives, and one in it
 * while it rests after it was freed. Under AddressSanitizer this is left to it.
 */
#include "verify/check.h"

#include <string.h>

#define BEHIND 0xFD
#define FREED  0xDD

void
memory_made(struct object *prefix)
{
    if (arena_guarded())
        memset((char *)(prefix + 1) + prefix->size, BEHIND, ARENA_GUARD);
}

static bool
is_filled(const unsigned char *memory, size_t size, unsigned char with)
{
    for (size_t k = 0; k < size; k++)
        if (memory[k] != with)
            return false;
    return true;
}

static void
check_end(struct verify *verify, const struct object *prefix, const struct record *record)
{
    const unsigned char *end = (const unsigned char *)(prefix + 1) + prefix->size;
    const struct driver *maker = prefix->maker;

    if (fails(verify, RULE_OVERRUN, !is_filled(end, ARENA_GUARD, BEHIND)))
        broken(verify, RULE_OVERRUN, NULL, prefix->maker, record, "allocated here",
            "somebody wrote behind a block of %zu bytes that %s allocated", prefix->size,
            maker ? maker->name : "undis");
}

/* Whether the block is as it was when it was freed; true too when nobody can tell any more. */
static bool
rests_well(struct verify *verify, const struct rested *rested)
{
    const struct object *prefix = object_prefix(rested->body);

    return !arena_rests(verify->machine->arena, prefix) || prefix->magic != OBJECT_DEAD ||
           prefix->id != rested->id || is_filled(rested->body, rested->size, FREED);
}

static void
check_rested(struct verify *verify, struct rested *rested)
{
    void *body = rested->body;

    if (!body)
        return;
    rested->body = NULL;
    if (fails(verify, RULE_AFTER_FREE,
            !rests_well(verify, &(struct rested){body, rested->size, rested->id, rested->driver})))
        broken(verify, RULE_AFTER_FREE, NULL, rested->driver,
            record_grave(verify, body, OBJECT_POOL_MEMORY), "freed here",
            "somebody wrote into a block that %s had freed", rested->driver->name);
}

void
memory_freed(struct verify *verify, struct object *prefix)
{
    struct rested *rested = &verify->rested[verify->rests++ % RESTED];

    if (!arena_guarded())
        return;
    check_end(verify, prefix, prefix->record);
    check_rested(verify, rested);
    if (!prefix->maker)
        return;
    *rested = (struct rested){.body = prefix + 1,
        .size = prefix->size < RESTED_SIZE ? prefix->size : RESTED_SIZE,
        .id = prefix->id,
        .driver = prefix->maker};
    memset(rested->body, FREED, rested->size);
}

void
memory_check_rested(struct verify *verify, const struct driver *driver)
{
    for (unsigned k = 0; k < RESTED; k++)
        if (verify->rested[k].driver == driver)
            check_rested(verify, &verify->rested[k]);
}
