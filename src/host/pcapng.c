/* SPDX-License-Identifier: MIT */
/* pcapng blocks, written in host byte order (the section header says which).
 *
 *     | type | total length | body, padded to 4 | options | total length |
 *
 * Option: code, length, value padded to 4; the list ends with code 0.
 */
#include "host/pcapng.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum block {
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a
};
enum option {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_NAME = 2, /* of an interface; flags of a packet */
    OPTION_FLAGS = 2,
    OPTION_DESCRIPTION = 3, /* of an interface */
    OPTION_APPLICATION = 4, /* of a section */
    OPTION_DROPPED = 5,     /* in statistics: by the interface */
    OPTION_SPEED = 8,
    OPTION_RESOLUTION = 9
};

struct pcapng {
    FILE *out;
    int error;
    uint32_t interfaces;
};

static uint32_t
padded(size_t length)
{
    return (uint32_t)((length + 3) & ~(size_t)3);
}

static void
put(struct pcapng *file, const void *data, size_t length)
{
    if (!file->error && length && fwrite(data, 1, length, file->out) != length)
        file->error = -errno;
}

static void
put_padding(struct pcapng *file, size_t length)
{
    put(file, "\0\0\0", padded(length) - length);
}

static void
put_option(struct pcapng *file, enum option code, const void *value, size_t length)
{
    uint16_t head[2] = {(uint16_t)code, (uint16_t)length};

    put(file, head, sizeof(head));
    put(file, value, length);
    put_padding(file, length);
}

/* Longer texts do not fit a 16-bit length. */
static size_t
text_length(const char *text)
{
    return text ? strnlen(text, 0xfff0) : 0;
}

static uint32_t
option_size(size_t length)
{
    return length ? 4 + padded(length) : 0;
}

static void
put_text(struct pcapng *file, enum option code, const char *text)
{
    if (text_length(text))
        put_option(file, code, text, text_length(text));
}

int
pcapng_create(struct pcapng **out, const char *path, const char *application)
{
    struct pcapng *file = calloc(1, sizeof(*file));
    uint32_t total = 28 + option_size(text_length(application)) + 4;
    struct {
        uint32_t type, total, magic;
        uint16_t major, minor;
        uint32_t length[2];
    } head = {BLOCK_SECTION, total, 0x1a2b3c4d, 1, 0, {0xffffffff, 0xffffffff}};

    if (!file)
        return -ENOMEM;
    file->out = fopen(path, "wbe");
    if (!file->out) {
        int error = -errno;

        free(file);
        return error;
    }
    put(file, &head, sizeof(head));
    put_text(file, OPTION_APPLICATION, application);
    put_option(file, OPTION_END, "", 0);
    put(file, &total, 4);
    *out = file;
    return 0;
}

int
pcapng_interface(struct pcapng *file, const char *name, const char *description,
    enum pcapng_link link, uint64_t speed)
{
    uint32_t total = 20 + option_size(text_length(name)) + option_size(text_length(description)) +
                     option_size(1) + (speed ? option_size(8) : 0) + 4;
    struct {
        uint32_t type, total;
        uint16_t link, reserved;
        uint32_t snap;
    } head = {BLOCK_INTERFACE, total, (uint16_t)link, 0, 0};
    uint8_t resolution = 9;

    put(file, &head, sizeof(head));
    put_text(file, OPTION_NAME, name);
    put_text(file, OPTION_DESCRIPTION, description);
    if (speed)
        put_option(file, OPTION_SPEED, &speed, 8);
    put_option(file, OPTION_RESOLUTION, &resolution, 1);
    put_option(file, OPTION_END, "", 0);
    put(file, &total, 4);
    return file->error ? file->error : (int)file->interfaces++;
}

int
pcapng_packet(struct pcapng *file, const struct pcapng_packet *packet)
{
    uint32_t length = 0, total, flags = packet->direction;
    uint32_t head[7];
    bool options = packet->direction != PCAPNG_NOWHERE || text_length(packet->comment);

    if (packet->interface >= file->interfaces)
        return -EINVAL;
    for (unsigned i = 0; i < packet->part_count; i++)
        length += packet->parts[i].length;
    total = 32 + padded(length) + option_size(text_length(packet->comment)) +
            (flags ? option_size(4) : 0) + (options ? 4 : 0);
    head[0] = BLOCK_PACKET;
    head[1] = total;
    head[2] = packet->interface;
    head[3] = (uint32_t)(packet->time >> 32);
    head[4] = (uint32_t)packet->time;
    head[5] = length;
    head[6] = packet->original ? packet->original : length;
    put(file, head, sizeof(head));
    for (unsigned i = 0; i < packet->part_count; i++)
        put(file, packet->parts[i].data, packet->parts[i].length);
    put_padding(file, length);
    put_text(file, OPTION_COMMENT, packet->comment);
    if (flags)
        put_option(file, OPTION_FLAGS, &flags, 4);
    if (options)
        put_option(file, OPTION_END, "", 0);
    put(file, &total, 4);
    return file->error;
}

int
pcapng_statistics(
    struct pcapng *file, uint32_t number, uint64_t time, uint64_t dropped, const char *comment)
{
    uint32_t total = 20 + option_size(text_length(comment)) + option_size(8) + 4 + 4;
    uint32_t head[5] = {BLOCK_STATISTICS, total, number, (uint32_t)(time >> 32), (uint32_t)time};

    if (number >= file->interfaces)
        return -EINVAL;
    put(file, head, sizeof(head));
    put_text(file, OPTION_COMMENT, comment);
    put_option(file, OPTION_DROPPED, &dropped, 8);
    put_option(file, OPTION_END, "", 0);
    put(file, &total, 4);
    return file->error;
}

int
pcapng_flush(struct pcapng *file)
{
    if (fflush(file->out) && !file->error)
        file->error = -errno;
    return file->error;
}

int
pcapng_close(struct pcapng *file)
{
    int error = pcapng_flush(file);

    if (fclose(file->out) && !error)
        error = -errno;
    free(file);
    return error;
}
