/* SPDX-License-Identifier: MIT */
/* Status indications as their receivers see them: each a copy, which is the receiver's until its
 * handler returns.
 *
 *     FilterStatus, ProtocolStatusEx   | NDIS_STATUS_INDICATION | what StatusBuffer pointed to |
 *     the handler has returned         0xDD; closed where it can be, and freed when COPIES newer ones are
 *
 * Who looks at one later is told where that stops him: under AddressSanitizer, and where machines
 * hand over.
 */
#include "verify/hand.h"

#include <string.h>

#define FREED 0xDD

struct told_status {
    void *memory; /* the block; the copy begins ARENA_LEAD bytes behind */
    size_t size;  /* of the copy */
    struct driver *driver;
    struct move given;
};

/* Where AddressSanitizer looks, bytes; else pages, if blocks have pages to themselves. */
static bool
can_close(const struct verify *verify)
{
    return arena_can_close() && (verify->hands_over || arena_grain(verify->machine->arena) == 1);
}

static void
let_go(struct verify *verify, struct told_status *told)
{
    if (!told->memory)
        return;
    if (can_close(verify))
        hand_open(verify, (char *)told->memory + ARENA_LEAD, told->size);
    arena_free(verify->machine->arena, told->memory);
    ledger_own(verify, -(ptrdiff_t)(ARENA_LEAD + told->size));
    told->memory = NULL;
}

static size_t
size_of(const NDIS_STATUS_INDICATION *status)
{
    return sizeof(*status) + (status->StatusBuffer ? status->StatusBufferSize : 0);
}

static void
comes(struct verify *verify, struct gate_call *call)
{
    const NDIS_STATUS_INDICATION *status = (const void *)call->args[1];
    NDIS_STATUS_INDICATION *copy;
    char *memory;

    call->scratch[SCRATCH_CHAIN] = (void *)status;
    call->scratch[SCRATCH_HAND] = NULL;
    if (!call->driver->image)
        return;
    memory = arena_alloc(verify->machine->arena, ARENA_LEAD + size_of(status), 16);
    if (!memory)
        return;
    copy = (NDIS_STATUS_INDICATION *)(memory + ARENA_LEAD);
    *copy = *status;
    if (status->StatusBuffer) {
        memcpy(copy + 1, status->StatusBuffer, status->StatusBufferSize);
        copy->StatusBuffer = copy + 1;
    }
    call->scratch[SCRATCH_HAND] = memory;
    call->args[1] = (uintptr_t)copy;
}

static void
goes(struct verify *verify, struct gate_call *call)
{
    char *memory = call->scratch[SCRATCH_HAND];
    struct told_status *told;

    call->args[1] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
    if (!memory)
        return;
    if (!verify->told)
        verify->told = ledger_alloc(verify, COPIES * sizeof(*verify->told));
    if (!verify->told) {
        arena_free(verify->machine->arena, memory);
        return;
    }
    fails(verify, RULE_STATUS_KEPT, false);
    told = &verify->told[verify->telling++ % COPIES];
    let_go(verify, told);
    told->memory = memory;
    told->size = arena_size(verify->machine->arena, memory) - ARENA_LEAD;
    ledger_own(verify, (ptrdiff_t)(ARENA_LEAD + told->size));
    told->driver = call->driver;
    move_now(verify, &told->given, call->handler->name);
    memset(memory + ARENA_LEAD, FREED, told->size);
    if (can_close(verify))
        hand_close(verify, memory + ARENA_LEAD, told->size);
}

bool
told_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    const char *home = arena_home(verify->machine->arena, address);

    for (unsigned k = 0; verify->told && k < COPIES; k++) {
        const struct told_status *told = &verify->told[k];
        struct touch touch = {told->driver, stack, depth, &told->given};

        if (!told->memory || (size_t)(home - (const char *)told->memory - ARENA_LEAD) >= told->size)
            continue;
        broken_there(verify, RULE_STATUS_KEPT, &touch, NULL,
            "%s touched a status indication after its %s had returned", told->driver->name,
            told->given.what);
        return true;
    }
    return false;
}

void
told_forget(struct verify *verify)
{
    for (unsigned k = 0; verify->told && k < COPIES; k++)
        let_go(verify, &verify->told[k]);
}

const struct check told_first_handlers[] = {
    {"FilterStatus", comes, goes},
    {"ProtocolStatusEx", comes, goes},
    {NULL, NULL, NULL},
};
