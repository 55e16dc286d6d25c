/* SPDX-License-Identifier: MIT */
/* Checks of frames that are sent against those that a device takes; and which modules have a wire. See
 * wire.h.
 */
#include "verify/wire.h"

#include "ndis/stack/adapter.h"

#include <string.h>

#define CHAIN_MAX 65536u
#define VLAN_TAG  4u
#define LOST_MOST 4u /* frames in many pieces that are lost before that is told */

struct wire *
wire_find(struct verify *verify, const struct module *module)
{
    struct wire *wire = verify->wires;

    while (wire && wire->module != module)
        wire = wire->next;
    return module ? wire : NULL;
}

struct wire *
wire_begin(struct verify *verify, const struct module *module)
{
    struct wire *wire = wire_find(verify, module), *next;

    for (struct wire *old = verify->wires; !wire && old; old = old->next)
        if (!old->module)
            wire = old;
    if (!wire) {
        wire = ledger_alloc(verify, sizeof(*wire));
        if (!wire)
            return NULL;
        wire->next = verify->wires;
        verify->wires = wire;
    }
    next = wire->next;
    memset(wire, 0, sizeof(*wire));
    wire->next = next;
    wire->module = module;
    return wire;
}

bool
wire_is_ethernet(const struct wire *wire)
{
    const struct adapter *adapter = wire->module->adapter;

    return adapter->has_general && adapter->general.MediaType == NdisMedium802_3;
}

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

static struct record *
record_of(struct verify *verify, const NET_BUFFER_LIST *nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    return prefix ? prefix->record : NULL;
}

struct wire *
wire_of_call(struct verify *verify, const struct gate_call *call, enum object_kind kind)
{
    const void *handle = (const void *)call->args[0];

    return object_of(verify->machine, handle, kind) ? wire_find(verify, handle) : NULL;
}

/* The note's NBL, if it is still that. */
static const struct record *
record_noted(const struct note *note)
{
    return note->record && note->record->serial == note->serial ? note->record : NULL;
}

/* What a miniport is sent. What its hardware is to change is not looked at. */
static bool
changed_by_hardware(const NET_BUFFER_LIST *nbl)
{
    static const NDIS_NET_BUFFER_LIST_INFO slots[] = {TcpIpChecksumNetBufferListInfo,
        IPsecOffloadV1NetBufferListInfo, TcpLargeSendNetBufferListInfo, Ieee8021QNetBufferListInfo,
        UdpSegmentationOffloadInfo};

    for (unsigned k = 0; k < RTL_NUMBER_OF(slots); k++)
        if (NET_BUFFER_LIST_INFO(nbl, slots[k]))
            return true;
    return false;
}

static bool
is_segmented(const NET_BUFFER_LIST *nbl)
{
    return NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo) ||
           NET_BUFFER_LIST_INFO(nbl, UdpSegmentationOffloadInfo);
}

static unsigned
pieces_of(const NET_BUFFER_LIST *nbl)
{
    unsigned most = 0;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb)) {
        unsigned pieces = frame_pieces(nb);

        most = pieces > most ? pieces : most;
    }
    return most;
}

static void
piece_passed(struct wire *wire, unsigned pieces)
{
    struct pieces *p = &wire->pieces;

    p->goods++;
    p->good = pieces > p->good ? pieces : p->good;
    if (p->lost && pieces >= p->least)
        p->lost = 0;
}

/* Of frames with more pieces than any that got through several are lost, and others between them are
 * not. */
static void
piece_lost(struct verify *verify, const struct gate_call *call, struct wire *wire, unsigned pieces,
    const struct record *record)
{
    struct pieces *p = &wire->pieces;

    if (pieces <= 1 || pieces <= p->good || !p->goods || p->told)
        return;
    p->least = p->lost && p->least < pieces ? p->least : pieces;
    p->lost++;
    p->goods = 0;
    p->told = p->lost == LOST_MOST;
    if (fails(verify, RULE_WIRE_PIECES, p->told))
        broken(verify, RULE_WIRE_PIECES, call, wire->module->driver, record, "received here",
            "%s drops frames that lie in %u or more pieces; others of up to %u get through",
            wire->module->driver->name, p->least, p->good);
}

static void
note_sent(struct verify *verify, struct wire *wire, const NET_BUFFER_LIST *nbl)
{
    const struct record *record = record_of(verify, nbl);
    uint64_t group = nbl->FirstNetBuffer && nbl_first(nbl)->Next ? ++wire->groups : 0;
    struct frame frame;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb)) {
        if (frame_of_nb(verify, &frame, nb))
            stream_add(&wire->out, &frame, record, group)->pieces = frame_pieces(nb);
    }
}

static void
sends_come(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = call->driver->image ? wire_find(verify, call->module) : NULL;
    unsigned n = 0;

    if (!wire)
        return;
    stream_enter(&wire->out);
    if (!wire->seen || !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++)
        if (!changed_by_hardware(nbl))
            note_sent(verify, wire, nbl);
}

static void
sends_came(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = call->driver->image ? wire_find(verify, call->module) : NULL;

    if (wire)
        stream_leave(&wire->out);
}

/* The notes of @record: done well, or not to be sent any more. */
static void
settle(struct wire *wire, const struct record *record, bool well)
{
    for (uint32_t k = wire->out.oldest; k != wire->out.last; k++) {
        struct note *note = &wire->out.notes[k & (NOTES - 1)];

        if (!note->pending || note->record != record || note->serial != record->serial)
            continue;
        note->done = well;
        if (!well)
            stream_drop(&wire->out, note);
    }
}

void
check_oversize(struct verify *verify, const struct gate_call *call, const struct wire *wire,
    const struct record *record, ULONG length)
{
    ULONG most = wire->module->adapter->general.MtuSize + ETHERNET + VLAN_TAG;

    if (fails(verify, RULE_WIRE_OVERSIZE, length > most))
        broken(verify, RULE_WIRE_OVERSIZE, call, NULL, record, "received here",
            "%s completed a frame of %u bytes as sent; its frames have %u at most",
            call->driver->name, length, most);
}

static ULONG
longest_of(const NET_BUFFER_LIST *nbl)
{
    ULONG length = 0;

    for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb))
        length = nb->DataLength > length ? nb->DataLength : length;
    return length;
}

/* What says that the driver, or its device, did not want the frame. */
static bool
is_refusal(NDIS_STATUS status)
{
    static const NDIS_STATUS known[] = {NDIS_STATUS_FAILURE, NDIS_STATUS_RESOURCES,
        NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_INVALID_PACKET, NDIS_STATUS_INVALID_DATA,
        NDIS_STATUS_BUFFER_OVERFLOW, NDIS_STATUS_BUFFER_TOO_SHORT, NDIS_STATUS_NOT_SUPPORTED};

    for (unsigned k = 0; k < RTL_NUMBER_OF(known); k++)
        if (known[k] == status)
            return true;
    return false;
}

static void
complete_one(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct record *record, const NET_BUFFER_LIST *nbl)
{
    NDIS_STATUS status = NET_BUFFER_LIST_STATUS(nbl);
    bool well = status == NDIS_STATUS_SUCCESS;
    unsigned pieces = pieces_of(nbl);

    if (well && !is_segmented(nbl))
        check_oversize(verify, call, wire, record, longest_of(nbl));
    if (!well || pieces > 1)
        settle(wire, record, well);
    /* Where the device tells what it takes, that says whether the frame got through. */
    if (well && !wire->seen)
        piece_passed(wire, pieces);
    else if (is_refusal(status) && wire->module->state == MODULE_RUNNING && !verify->faults &&
             !is_segmented(nbl))
        piece_lost(verify, call, wire, pieces, record);
}

static void
sends_complete(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);
    unsigned n = 0;

    if (!wire || !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++) {
        const struct record *record = record_of(verify, nbl);

        if (!record || record->now.state != SEAT_SEND || record->now.who != wire->module)
            return;
        if (nbl_list_hash(nbl) == record->now.list)
            complete_one(verify, call, wire, record, nbl);
    }
}

/* The note of a short frame that @frame is, with something behind it. */
static struct note *
find_padded(struct stream *out, const struct frame *frame)
{
    if (frame->length > SHORTEST + VLAN_TAG)
        return NULL;
    for (uint32_t k = out->oldest; k != out->last; k++) {
        struct note *note = &out->notes[k & (NOTES - 1)];

        if (note->pending && note->length < frame->length && note->length >= ETHERNET &&
            note->length < SHORTEST && frame_key(frame, note->length) == note->key)
            return note;
    }
    return NULL;
}

static void
check_padding(struct verify *verify, const struct wire *wire, const struct note *note,
    const struct frame *frame)
{
    uint32_t end = frame->length < SHORTEST ? frame->length : SHORTEST;
    bool zero = true;

    for (uint32_t k = note->length; k < end; k++)
        zero = zero && !frame->head[k];
    if (fails(verify, RULE_WIRE_PADDING, !zero))
        broken(verify, RULE_WIRE_PADDING, NULL, wire->module->driver, record_noted(note),
            "it was sent here",
            "%s made a frame of %u bytes %u bytes long; what is behind its data is not zero",
            wire->module->driver->name, note->length, frame->length);
}

/* One that was completed well and does not come. */
static void
check_left_behind(struct verify *verify, struct wire *wire, const struct note *note)
{
    struct note *behind = stream_left_behind(&wire->out, note);

    if (behind && behind->done)
        piece_lost(verify, NULL, wire, behind->pieces, record_noted(behind));
}

static void
leaves(struct verify *verify, struct wire *wire, const struct frame *frame)
{
    struct note *note = stream_find(&wire->out, frame->key);
    struct driver *driver = wire->module->driver;
    const struct record *record;
    enum overtaken late;
    enum rule_name rule;

    if (!note) {
        note = find_padded(&wire->out, frame);
        if (note)
            check_padding(verify, wire, note, frame);
    }
    if (!note)
        return;
    late = stream_goes(&wire->out, note);
    piece_passed(wire, note->pieces);
    check_left_behind(verify, wire, note);
    record = record_noted(note);
    rule = late == OVERTAKEN_IN_LIST || (!late && note->group) ? RULE_WIRE_NB_ORDER
                                                               : RULE_WIRE_FLOW_ORDER;
    if (note->flow && fails(verify, rule, late != NOT_OVERTAKEN))
        broken(verify, rule, NULL, driver, record, "it was sent here",
            "%s gave its device a frame of %u bytes after one of the same %s that it was sent "
            "later",
            driver->name, note->length, late == OVERTAKEN_IN_LIST ? "NET_BUFFER_LIST" : "flow");
}

void
wire_passes(struct verify *verify, const struct gate_wire *passing)
{
    struct wire *wire = verify->wires;
    struct frame frame;

    while (wire && !(wire->module && wire->device && wire->device == passing->device))
        wire = wire->next;
    if (!wire || !wire->module->driver->image || !wire_is_ethernet(wire))
        return;
    wire->seen = true;
    if (!passing->mdl)
        frame_of_bytes(&frame, passing->data, passing->length);
    else if (!frame_of_mdls(verify, &frame, passing->mdl, passing->offset, passing->length))
        return;
    if (passing->leaves) {
        leaves(verify, wire, &frame);
        return;
    }
    wire->echoes = wire->echoes || stream_has(&wire->out, frame.key);
    stream_add(&wire->in, &frame, NULL, 0);
}

static void
begins(struct verify *verify, struct gate_call *call)
{
    const struct module *module = call->module;
    struct wire *wire = module ? wire_begin(verify, module) : NULL;

    if (wire && module->kind == MODULE_MINIPORT)
        wire->device = module->adapter->pdo;
}

/* One that has failed to begin is not told that it ends. */
static void
began(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire && (NDIS_STATUS)call->result != NDIS_STATUS_SUCCESS)
        wire->module = NULL;
}

static void
ends(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        wire->module = NULL;
}

const struct check wire_imports[] = {
    {"NdisMSendNetBufferListsComplete", sends_complete, NULL},
    {NULL, NULL, NULL},
};

const struct check wire_handlers[] = {
    {"MiniportInitializeEx", begins, began},
    {"MiniportHaltEx", NULL, ends},
    {"MiniportInitialize", begins, began},
    {"MiniportHalt", NULL, ends},
    {"FilterAttach", begins, began},
    {"FilterDetach", NULL, ends},
    {"MiniportSendNetBufferLists", sends_come, sends_came},
    {NULL, NULL, NULL},
};
