/* SPDX-License-Identifier: MIT */
/* Every pcapng block says its length twice; interfaces, directions and comments are inside. */
#include "host/pcapng.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned char bytes[4096];

static int
write_file(const char *name)
{
    struct pcapng_part parts[2] = {{"0123456789", 10}, {"abc", 3}};
    struct pcapng_packet packet = {.interface = 1,
        .time = 0x0123456789abcdef,
        .direction = PCAPNG_OUT,
        .comment = "layer: miniport",
        .parts = parts,
        .part_count = 2};
    struct pcapng *file;

    if (pcapng_create(&file, name, "undis test") ||
        pcapng_interface(file, "net0", "above", PCAPNG_ETHERNET, 1000000000) != 0 ||
        pcapng_interface(file, "net0", NULL, PCAPNG_ETHERNET, 0) != 1)
        return 1;
    if (pcapng_packet(file, &packet))
        return 1;
    packet.interface = 2;
    return pcapng_packet(file, &packet) == 0 || pcapng_close(file);
}

static uint32_t
word(size_t at)
{
    uint32_t value;

    memcpy(&value, bytes + at, sizeof(value));
    return value;
}

int
main(void)
{
    char name[] = "/tmp/undis-test-XXXXXX";
    uint32_t types[8] = {0};
    size_t size, at, count = 0;
    int wrong = close(mkstemp(name)) || write_file(name);
    FILE *file = fopen(name, "rb");

    size = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
    for (at = 0; at + 12 <= size && count < 8; at += word(at + 4)) {
        types[count++] = word(at);
        if (word(at + 4) < 12 || word(at + 4) % 4 || at + word(at + 4) > size ||
            word(at + word(at + 4) - 4) != word(at + 4))
            return 1;
    }
    wrong |= at != size || count != 4;
    wrong |= types[0] != 0x0a0d0d0a || types[1] != 1 || types[2] != 1 || types[3] != 6;
    wrong |= !memmem(bytes, size, "0123456789abc\0\0\0", 16);
    wrong |= !memmem(bytes, size, "\1\0\17\0layer: miniport\0", 20);
    wrong |= !memmem(bytes, size, "\2\0\4\0\2\0\0\0", 8); /* outbound */
    wrong |= !memmem(bytes, size, "\x67\x45\x23\x01\xef\xcd\xab\x89", 8);
    unlink(name);
    return wrong || fclose(file);
}
