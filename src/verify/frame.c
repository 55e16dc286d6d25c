/* SPDX-License-Identifier: MIT */
/* What is looked at of a frame: its first bytes, and which frames must keep their order with it. */
#include "verify/wire.h"

#include <string.h>

#define PIECES_MOST 65536u

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ull;
    return hash ^ hash >> 29;
}

static uint64_t
bytes(uint64_t hash, const uint8_t *data, size_t size)
{
    uint64_t word;

    for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        hash = mix(hash, word);
    }
    word = size;
    memcpy(&word, data, size);
    return mix(hash, word + size);
}

uint64_t
frame_key(const struct frame *frame, uint32_t length)
{
    return bytes(length, frame->head, length < frame->have ? length : frame->have);
}

static unsigned
word_at(const struct frame *frame, unsigned at)
{
    return (unsigned)frame->head[at] << 8 | frame->head[at + 1];
}

static bool
has_ports(unsigned protocol)
{
    return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* The packet begins at @at. Fragments have no ports: those of a packet are a flow. */
static uint64_t
flow_of_ip4(const struct frame *frame, unsigned at, uint64_t flow)
{
    unsigned header = (frame->head[at] & 0x0Fu) * 4;
    bool fragment = (word_at(frame, at + 6) & 0x3FFF) != 0;
    unsigned protocol = frame->head[at + 9];

    flow = mix(bytes(flow, frame->head + at + 12, 8), frame->head[at + 1]);
    flow = mix(flow, protocol);
    if (fragment)
        return mix(flow, 0x10000u + word_at(frame, at + 4));
    if (has_ports(protocol) && frame->have >= at + header + 4)
        flow = bytes(flow, frame->head + at + header, 4);
    return flow;
}

static uint64_t
flow_of_ip6(const struct frame *frame, unsigned at, uint64_t flow)
{
    unsigned next = frame->head[at + 6];

    flow = mix(bytes(flow, frame->head + at + 8, 32), word_at(frame, at) & 0x0FF0);
    flow = mix(flow, next);
    if (has_ports(next) && frame->have >= at + 44)
        flow = bytes(flow, frame->head + at + 40, 4);
    return flow;
}

/* Addresses, EtherType, tags with their priority; of IP its addresses, class, protocol and ports. */
static uint64_t
flow_of(const struct frame *frame)
{
    unsigned at = 12, type;
    uint64_t flow;

    if (frame->have < ETHERNET)
        return 0;
    flow = bytes(1, frame->head, at);
    for (; frame->have >= at + 6; at += 4) {
        type = word_at(frame, at);
        if (type != 0x8100 && type != 0x88A8)
            break;
        flow = mix(flow, word_at(frame, at + 2) + 1);
    }
    type = word_at(frame, at);
    at += 2;
    flow = mix(flow, type);
    if (type == 0x0800 && frame->have >= at + 20)
        flow = flow_of_ip4(frame, at, flow);
    else if (type == 0x86DD && frame->have >= at + 40)
        flow = flow_of_ip6(frame, at, flow);
    return flow ? flow : 1;
}

static void
finish(struct frame *frame)
{
    frame->key = frame_key(frame, frame->length);
    frame->flow = flow_of(frame);
}

bool
frame_of_mdls(
    const struct verify *verify, struct frame *frame, const MDL *mdl, size_t offset, size_t length)
{
    const struct arena *arena = verify->machine->arena;
    size_t want = length < FRAME_HEAD ? length : FRAME_HEAD;

    frame->have = 0;
    frame->length = (uint32_t)length;
    for (; mdl && frame->have < want; mdl = mdl_next(mdl)) {
        const unsigned char *data;
        size_t here;

        mdl = arena_unclosed(arena, (void *)(uintptr_t)mdl);
        data = mdl_data(mdl);
        here = mdl->ByteCount > offset ? mdl->ByteCount - offset : 0;
        if (!here) {
            offset -= mdl->ByteCount;
            continue;
        }
        if (!data)
            return false;
        data = arena_unclosed(arena, (void *)(uintptr_t)data);
        here = here < want - frame->have ? here : want - frame->have;
        memcpy(frame->head + frame->have, data + offset, here);
        frame->have += (uint32_t)here;
        offset = 0;
    }
    finish(frame);
    return frame->have == want;
}

bool
frame_of_nb(const struct verify *verify, struct frame *frame, const NET_BUFFER *nb)
{
    return frame_of_mdls(verify, frame, nb_current(nb), nb->CurrentMdlOffset, nb->DataLength);
}

bool
frame_of_packet(const struct verify *verify, struct frame *frame, const NDIS_PACKET *packet)
{
    size_t length = 0;
    unsigned n = 0;

    packet = arena_unclosed(verify->machine->arena, (void *)(uintptr_t)packet);
    for (const MDL *mdl = at_undis(packet->Private.Head); mdl && n < PIECES_MOST;
         mdl = mdl_next(mdl), n++) {
        mdl = arena_unclosed(verify->machine->arena, (void *)(uintptr_t)mdl);
        length += mdl->ByteCount;
    }
    return frame_of_mdls(verify, frame, at_undis(packet->Private.Head), 0, length);
}

void
frame_of_two(struct frame *frame, const void *header, size_t header_size, const void *data,
    size_t shown, size_t size)
{
    size_t room = FRAME_HEAD - header_size;

    memcpy(frame->head, header, header_size);
    shown = shown < room ? shown : room;
    memcpy(frame->head + header_size, data, shown);
    frame->have = (uint32_t)(header_size + shown);
    frame->length = (uint32_t)(header_size + size);
    finish(frame);
}

void
frame_of_bytes(struct frame *frame, const void *data, size_t length)
{
    frame->have = (uint32_t)(length < FRAME_HEAD ? length : FRAME_HEAD);
    frame->length = (uint32_t)length;
    memcpy(frame->head, data, frame->have);
    finish(frame);
}

unsigned
frame_pieces(const NET_BUFFER *nb)
{
    size_t offset = nb->CurrentMdlOffset, left = nb->DataLength;
    unsigned count = 0;

    for (const MDL *mdl = nb_current(nb); mdl && left; mdl = mdl_next(mdl), offset = 0) {
        size_t here = mdl->ByteCount > offset ? mdl->ByteCount - offset : 0;

        here = here < left ? here : left;
        left -= here;
        count += here != 0;
    }
    return count;
}
