/* SPDX-License-Identifier: MIT */
/* Capture files for tests: frames of frame.h in classic pcap, written and read without libpcap. */
#pragma once

#include "check.h"
#include "frame.h"
#include <stdio.h>
#include <string.h>

/* Lengths from the smallest to the largest. */
static inline uint32_t
capture_length(unsigned number)
{
    return FRAME_MIN + number * 37u % (FRAME_MAX - FRAME_MIN + 1);
}

/* @count frames, a microsecond apart. */
static inline void
capture_write(const char *path, unsigned count)
{
    const uint32_t head[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1};
    FILE *file = fopen(path, "wb");

    CHECK(file && fwrite(head, sizeof(head), 1, file) == 1);
    for (unsigned i = 0; i < count; i++) {
        uint8_t frame[FRAME_MAX];
        uint32_t length = capture_length(i);
        uint32_t record[4] = {1700000000 + i / 1000000, i % 1000000, length, length};

        frame_fill(frame, length, 1, i);
        CHECK(fwrite(record, sizeof(record), 1, file) == 1);
        CHECK(fwrite(frame, length, 1, file) == 1);
    }
    CHECK(fclose(file) == 0);
}

/* What a file of these frames holds: how many, and how many are not whole or not in their turn. */
static inline struct frames
capture_read(const char *path)
{
    struct frames frames = {0};
    uint32_t head[6], record[4];
    FILE *file = fopen(path, "rb");

    CHECK(file && fread(head, sizeof(head), 1, file) == 1);
    CHECK(head[0] == 0xa1b2c3d4 || head[0] == 0xa1b23c4d);
    while (fread(record, sizeof(record), 1, file) == 1) {
        uint8_t frame[FRAME_MAX];

        CHECK(record[2] <= FRAME_MAX && record[2] == record[3]);
        CHECK(record[2] == capture_length((unsigned)frames.count));
        CHECK(fread(frame, record[2], 1, file) == 1);
        frames_see(&frames, frame, record[2]);
    }
    CHECK(feof(file) && fclose(file) == 0);
    return frames;
}
