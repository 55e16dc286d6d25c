/* SPDX-License-Identifier: MIT */
/* Physical addresses: what devices call memory.
 *
 *     0 ......... 3 GiB          3 GiB .. 4 GiB           4 GiB .........
 *     the arena's first part     registers of devices     the rest of the arena
 *
 * As on a PC, so that a device model of another process can have the arena as its RAM. Memory
 * outside the arena (a driver's own data, a host program's) is far above both and at its virtual
 * address; a device reaches it through a copy only.
 */
#pragma once

#include "nt/machine.h"

#define PHYSICAL_HOLE 0xC0000000ull  /* registers begin here */
#define PHYSICAL_HIGH 0x100000000ull /* and end here */

uint64_t physical_of(struct undis *machine, const volatile void *address);
/* The memory at @physical, NULL when @size bytes from there are not memory. */
void *physical_memory(struct undis *machine, uint64_t physical, size_t size);
/* Whether it lies in the arena, where devices reach it. */
bool physical_in_arena(uint64_t physical);
