/* SPDX-License-Identifier: MIT */
/* Frames on their way into a port: slots of one size, one reader, writers behind a lock.
 *
 *     writer --> | slot | slot | slot | ... --> reader
 *                  ^ tail        ^ head
 *
 * head and tail count up for ever; the slot is the count modulo the number of slots.
 */
#pragma once

#include "undis/ports/port.h"

#define RING_LOST  1u
#define RING_TWICE 2u
#define RING_LATE  4u
#define RING_DRAWN 8u

struct ring_slot {
    uint64_t due; /* ns of the writer's executive_now */
    uint32_t length;
    uint32_t fate; /* RING_*: the reader's notes */
    uint8_t data[];
};

struct ring {
    uint32_t lock;        /* host_lock: writers, never the reader */
    uint32_t blocked;     /* [A] a writer found no room and wants to be told */
    uint32_t count, size; /* [I] slots, a power of two; largest frame */
    size_t stride;        /* [I] */
    uint32_t tail __attribute__((aligned(64))); /* [A] */
    uint32_t head __attribute__((aligned(64))); /* [A] */
    uint8_t slots[] __attribute__((aligned(64)));
};

/* Bytes that a ring of @count frames of up to @size bytes takes. */
size_t ring_bytes(uint32_t count, uint32_t size);
void ring_init(struct ring *ring, uint32_t count, uint32_t size);
static inline struct ring_slot *
ring_slot(struct ring *ring, uint32_t at)
{
    return (struct ring_slot *)(ring->slots + (at & (ring->count - 1)) * ring->stride);
}
static inline uint32_t
ring_tail(const struct ring *ring)
{
    return __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
}
/* Writes the first frames, as many as there is room for; answers how many were taken. Those that
 * are too long or broken count as taken, and in *@errors; *@bytes is what was written. */
ULONG ring_write(struct ring *ring, const UNDIS_PORT_TRANSMIT *frames, ULONG count, uint64_t due,
    uint64_t *bytes, ULONG *errors);
/* One contiguous frame; false when there is no room. @length <= size. */
bool ring_write_one(struct ring *ring, const void *data, uint32_t length, uint64_t due);
/* The reader gives the slots before @head back; true when a writer waits for room. */
bool ring_release(struct ring *ring, uint32_t head);
