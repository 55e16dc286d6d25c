/* SPDX-License-Identifier: MIT */
/* Physical addresses. See physical.h. */
#include "nt/physical.h"

uint64_t
physical_of(struct undis *machine, const volatile void *address)
{
    struct arena *arena = machine->arena;
    uint64_t offset;

    if (!arena_owns(arena, (const void *)address))
        return (uint64_t)(uintptr_t)address;
    offset = (uint64_t)((char *)arena_home(arena, (const void *)address) - (char *)arena);
    return offset < PHYSICAL_HOLE ? offset : offset + (PHYSICAL_HIGH - PHYSICAL_HOLE);
}

bool
physical_in_arena(uint64_t physical)
{
    return physical < PHYSICAL_HOLE ||
           (physical >= PHYSICAL_HIGH && physical < ARENA_SPAN + (PHYSICAL_HIGH - PHYSICAL_HOLE));
}

void *
physical_memory(struct undis *machine, uint64_t physical, size_t size)
{
    if (size == 0 || physical + size - 1 < physical)
        return NULL;
    if (!physical_in_arena(physical))
        return physical >= ARENA_SPAN + (PHYSICAL_HIGH - PHYSICAL_HOLE)
                   ? (void *)(uintptr_t)physical
                   : NULL;
    if (!physical_in_arena(physical + size - 1) ||
        (physical < PHYSICAL_HOLE && physical + size > PHYSICAL_HOLE))
        return NULL;
    if (physical >= PHYSICAL_HIGH)
        physical -= PHYSICAL_HIGH - PHYSICAL_HOLE;
    return (char *)machine->arena + physical;
}
