/* SPDX-License-Identifier: MIT */
/* The ring of frames: writers copy in, the reader hands out where they lie. */
#include "undis/ports/ring.h"
#include "host/lock.h"
#include <string.h>

static size_t
stride(uint32_t size)
{
    return (sizeof(struct ring_slot) + size + 63) & ~(size_t)63;
}

size_t
ring_bytes(uint32_t count, uint32_t size)
{
    return sizeof(struct ring) + count * stride(size);
}

void
ring_init(struct ring *ring, uint32_t count, uint32_t size)
{
    memset(ring, 0, sizeof(*ring));
    ring->count = count;
    ring->size = size;
    ring->stride = stride(size);
}

/* A free slot, NULL when there is none: then the reader is asked to tell. Under the lock. */
static struct ring_slot *
take(struct ring *ring)
{
    uint32_t tail = ring->tail;

    if (tail - __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE) < ring->count)
        return ring_slot(ring, tail);
    __atomic_store_n(&ring->blocked, 1, __ATOMIC_SEQ_CST);
    /* The reader may have made room before it could see that. */
    if (tail - __atomic_load_n(&ring->head, __ATOMIC_SEQ_CST) >= ring->count)
        return NULL;
    __atomic_store_n(&ring->blocked, 0, __ATOMIC_SEQ_CST);
    return ring_slot(ring, tail);
}

static void
publish(struct ring *ring, struct ring_slot *slot, uint32_t length, uint64_t due)
{
    slot->length = length;
    slot->due = due;
    slot->fate = 0;
    __atomic_store_n(&ring->tail, ring->tail + 1, __ATOMIC_SEQ_CST);
}

ULONG
ring_write(struct ring *ring, const UNDIS_PORT_TRANSMIT *frames, ULONG count, uint64_t due,
    uint64_t *bytes, ULONG *errors)
{
    ULONG taken;

    *bytes = 0;
    *errors = 0;
    host_lock(&ring->lock);
    for (taken = 0; taken < count; taken++) {
        struct ring_slot *slot = take(ring);

        if (!slot)
            break;
        if (frames[taken].Length > ring->size || !port_gather(&frames[taken], slot->data)) {
            ++*errors;
            continue;
        }
        publish(ring, slot, frames[taken].Length, due);
        *bytes += frames[taken].Length;
    }
    host_unlock(&ring->lock);
    return taken;
}

bool
ring_write_one(struct ring *ring, const void *data, uint32_t length, uint64_t due)
{
    struct ring_slot *slot;

    host_lock(&ring->lock);
    slot = take(ring);
    if (slot) {
        memcpy(slot->data, data, length);
        publish(ring, slot, length, due);
    }
    host_unlock(&ring->lock);
    return slot != NULL;
}

bool
ring_release(struct ring *ring, uint32_t head)
{
    __atomic_store_n(&ring->head, head, __ATOMIC_SEQ_CST);
    return __atomic_load_n(&ring->blocked, __ATOMIC_SEQ_CST) &&
           __atomic_exchange_n(&ring->blocked, 0, __ATOMIC_SEQ_CST);
}
