/* SPDX-License-Identifier: MIT */
/* Checks of where a received frame is split over MDLs: not within a header of Ethernet, IP or what is
 * above, unless the first MDL has as much as NDIS has asked for by OID_GEN_CURRENT_LOOKAHEAD.
 */
#include "verify/wire.h"

#include "ndis/stack/adapter.h"

#include <string.h>

#define CHAIN_MAX 65536u
#define HEADERS   12u /* looked at; IPv6 has many */

/* Where the headers of a frame end, each the beginning of the next one. */
struct headers {
    unsigned count, ends[HEADERS];
};

static void
add(struct headers *headers, unsigned end)
{
    if (headers->count < HEADERS)
        headers->ends[headers->count++] = end;
}

static unsigned
last(const struct headers *headers)
{
    return headers->ends[headers->count - 1];
}

static void
add_upper(struct headers *headers, const struct frame *frame, unsigned protocol)
{
    unsigned at = last(headers);

    if (protocol == IPPROTO_UDP)
        add(headers, at + 8);
    else if (protocol == IPPROTO_TCP && frame->have > at + 12)
        add(headers, at + (frame->head[at + 12] >> 4) * 4u);
}

static void
add_ip4(struct headers *headers, const struct frame *frame)
{
    unsigned at = last(headers);
    bool first = ((frame->head[at + 6] & 0x1Fu) | frame->head[at + 7]) == 0;

    add(headers, at + (frame->head[at] & 0x0Fu) * 4);
    if (first)
        add_upper(headers, frame, frame->head[at + 9]);
}

/* Up to the first extension header that is not there, or that hides what follows. */
static void
add_ip6(struct headers *headers, const struct frame *frame)
{
    unsigned at = last(headers), next = frame->head[at + 6];

    add(headers, at + 40);
    while (headers->count < HEADERS && frame->have >= last(headers) + 8) {
        at = last(headers);
        if (next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS)
            add(headers, at + (frame->head[at + 1] + 1u) * 8);
        else
            break;
        next = frame->head[at];
    }
    add_upper(headers, frame, next);
}

static struct headers
headers_of(const struct frame *frame)
{
    struct headers headers = {0};
    unsigned at = 12, type;

    for (; frame->have >= at + 6; at += 4) {
        type = (unsigned)frame->head[at] << 8 | frame->head[at + 1];
        if (type != 0x8100 && type != 0x88A8)
            break;
    }
    if (frame->have < at + 2)
        return headers;
    type = (unsigned)frame->head[at] << 8 | frame->head[at + 1];
    add(&headers, at + 2);
    if (type == 0x0800 && frame->have >= at + 22)
        add_ip4(&headers, frame);
    else if (type == 0x86DD && frame->have >= at + 42)
        add_ip6(&headers, frame);
    return headers;
}

static bool
within(const struct headers *headers, size_t at)
{
    unsigned begin = 0;

    for (unsigned k = 0; k < headers->count; begin = headers->ends[k++])
        if (at > begin && at < headers->ends[k])
            return true;
    return false;
}

/* The offset at which a header of @nb is split; 0: at none. */
static size_t
split_at(const NET_BUFFER *nb, const struct headers *headers, ULONG lookahead)
{
    size_t at = 0, offset = nb->CurrentMdlOffset;

    for (const MDL *mdl = nb_current(nb); mdl && at < FRAME_HEAD; mdl = mdl_next(mdl), offset = 0) {
        bool first = at == 0;

        at += mdl->ByteCount > offset ? mdl->ByteCount - offset : 0;
        if (at >= nb->DataLength || (first && at >= lookahead))
            break;
        if (within(headers, at))
            return at;
    }
    return 0;
}

static void
check_split(struct verify *verify, const struct gate_call *call, const struct record *record,
    const NET_BUFFER *nb, ULONG lookahead)
{
    struct headers headers;
    struct frame frame;
    size_t at;

    if (!frame_of_nb(verify, &frame, nb))
        return;
    headers = headers_of(&frame);
    at = split_at(nb, &headers, lookahead);
    if (fails(verify, RULE_HEADER_SPLIT, at != 0))
        broken(verify, RULE_HEADER_SPLIT, call, NULL, record, "last seen here",
            "%s indicated NBL %u with a header that is split over two MDLs, at byte %u",
            call->driver->name, record->id, (unsigned)at);
}

/* What a driver indicates of its own, in more than one MDL. */
static void
indicate(struct verify *verify, const struct gate_call *call, enum object_kind kind)
{
    const struct module *from = (const void *)call->args[0];
    const struct wire *wire =
        object_of(verify->machine, from, kind) ? wire_find(verify, from->adapter->miniport) : NULL;
    unsigned n = 0;

    if (!wire || !wire->lookahead || !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl && n < CHAIN_MAX;
         nbl = nbl_next(nbl), n++) {
        const struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        const struct record *record = prefix ? prefix->record : NULL;
        const NET_BUFFER *nb = nbl_first(nbl);

        if (!record)
            return;
        if (record->now.state == SEAT_HELD && nb && nb_current(nb) && nb_current(nb)->Next)
            check_split(verify, call, record, nb, wire->lookahead);
    }
}

static void
miniport_indicates(struct verify *verify, struct gate_call *call)
{
    indicate(verify, call, OBJECT_ADAPTER);
}

static void
filter_indicates(struct verify *verify, struct gate_call *call)
{
    indicate(verify, call, OBJECT_FILTER);
}

/* What NDIS asks for counts from the request on. */
static void
asked(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct wire *wire = wire_find(verify, call->module);
    ULONG lookahead;

    if (!wire || request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_CURRENT_LOOKAHEAD || set->InformationBufferLength < sizeof(lookahead))
        return;
    memcpy(&lookahead, set->InformationBuffer, sizeof(lookahead));
    wire->lookahead = lookahead;
}

const struct check split_imports[] = {
    {"NdisMIndicateReceiveNetBufferLists", miniport_indicates, NULL},
    {"NdisFIndicateReceiveNetBufferLists", filter_indicates, NULL},
    {NULL, NULL, NULL},
};

const struct check split_handlers[] = {
    {"MiniportOidRequest", asked, NULL},
    {NULL, NULL, NULL},
};
