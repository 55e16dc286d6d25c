/* SPDX-License-Identifier: MIT */
/* See frame.h. */
#include "frame.h"

#include <string.h>

struct head {
    uint8_t to[6], from[6], type[2];
    uint8_t origin, spare[3];
    uint32_t length;
    uint64_t number;
} __attribute__((packed));

static uint8_t
pattern(unsigned origin, uint64_t number, uint32_t i)
{
    return (uint8_t)(origin * 85ul + number * 31 + i);
}

void
frame_fill(uint8_t *frame, uint32_t length, unsigned origin, uint64_t number)
{
    struct head head = {.to = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
        .from = {2, 0, 0, 0, 0, (uint8_t)origin},
        .type = {0x88, 0xB5},
        .origin = (uint8_t)origin,
        .length = length,
        .number = number};

    memcpy(frame, &head, sizeof(head));
    for (uint32_t i = sizeof(head); i < length; i++)
        frame[i] = pattern(origin, number, i);
}

bool
frame_read(const uint8_t *frame, uint32_t length, unsigned *origin, uint64_t *number)
{
    struct head head;

    if (length < sizeof(head))
        return false;
    memcpy(&head, frame, sizeof(head));
    if (head.type[0] != 0x88 || head.type[1] != 0xB5 || head.length != length ||
        head.origin >= FRAME_ORIGINS)
        return false;
    for (uint32_t i = sizeof(head); i < length; i++)
        if (frame[i] != pattern(head.origin, head.number, i))
            return false;
    *origin = head.origin;
    *number = head.number;
    return true;
}

void
frames_see(struct frames *frames, const uint8_t *frame, uint32_t length)
{
    unsigned origin;
    uint64_t number;

    if (!frame_read(frame, length, &origin, &number)) {
        frames->bad++;
        return;
    }
    if (number != frames->next[origin])
        frames->disorder++;
    frames->next[origin] = number + 1;
    frames->last = number;
    /* Last: who waits for the count finds the rest in place. */
    frames->count++;
}
