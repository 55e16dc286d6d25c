/* SPDX-License-Identifier: MIT */
/* Frames on their way through one module: what it was given is noted, and found again by its bytes
 * where it goes on.
 *
 *     MiniportSendNetBufferLists --> out | note | note | ... --> its device takes a frame
 *     NdisMIndicateReceive...    <-- in  | note | note | ... <-- its device gives a frame
 *
 * What a driver's device is nobody needs to know: gate_hooks.passes tells of the frames, by the PDO.
 * Whose device tells of nothing (a tunnel, a loop in memory) has no notes, and nothing is checked. A
 * frame that cannot be found (offloads, copies with other bytes) is left alone, and so are frames that
 * are equal.
 */
#pragma once

#include "verify/check.h"

#define FRAME_HEAD  256u
#define ETHERNET    14u  /* bytes of the header */
#define SHORTEST    60u  /* bytes of a frame, without FCS */
#define NOTES       256u /* a power of two */
#define NOTE_SLOTS  1024u
#define PASSED      64u
#define WISHED_MOST 64u
/* Groups that come without being wanted before that is told: hardware may look at a hash alone, the
 * more inexactly the more are wanted. */
#define STRANGERS(wanted) (4 * (wanted) + 4)

/* A frame as far as checks look at it. */
struct frame {
    uint8_t head[FRAME_HEAD];
    uint32_t have; /* bytes of head */
    uint32_t length;
    uint64_t key;  /* of equal frames the same */
    uint64_t flow; /* of frames that must keep their order the same; 0: of none */
};

/* False: not all of it can be read. */
bool frame_of_mdls(
    const struct verify *verify, struct frame *frame, const MDL *mdl, size_t offset, size_t length);
bool frame_of_nb(const struct verify *verify, struct frame *frame, const NET_BUFFER *nb);
bool frame_of_packet(const struct verify *verify, struct frame *frame, const NDIS_PACKET *packet);
/* Of a header and the @shown bytes that are there of @size behind it. */
void frame_of_two(struct frame *frame, const void *header, size_t header_size, const void *data,
    size_t shown, size_t size);
void frame_of_bytes(struct frame *frame, const void *data, size_t length);
/* The key of its first @length bytes as a frame; <= FRAME_HEAD. */
uint64_t frame_key(const struct frame *frame, uint32_t length);
/* In how many MDLs its data lie. */
unsigned frame_pieces(const NET_BUFFER *nb);

enum overtaken { NOT_OVERTAKEN, OVERTAKEN_IN_FLOW, OVERTAKEN_IN_LIST };

/* What @record is about was given to a module. */
struct note {
    uint64_t key, flow;
    struct record *record; /* NBLs, or NULL */
    uint32_t serial;       /* of the record then */
    uint32_t length, pieces;
    uint64_t group;       /* not 0: NBs of the same NBL */
    uint32_t call, quiet; /* which, and how often the module had been left by all before it */
    bool pending;         /* it has not gone on */
    bool done;            /* its NBL was completed well */
    uint8_t overtaken;    /* enum overtaken: by one that came later */
};

/* Notes first .. last - 1; those before `oldest` are not pending. */
struct stream {
    uint32_t first, oldest, last;
    uint32_t inside, quiet, calls;
    uint16_t pending[NOTE_SLOTS], noted[NOTE_SLOTS]; /* by key */
    struct note notes[NOTES];
};

/* A new note; the oldest one makes room for it. */
struct note *stream_add(
    struct stream *stream, const struct frame *frame, const struct record *record, uint64_t group);
/* The oldest note of @key that is pending, or NULL. */
struct note *stream_find(struct stream *stream, uint64_t key);
/* It goes on; whether it goes on later than one of its flow, or of its NBL, that came after it. */
enum overtaken stream_goes(struct stream *stream, struct note *note);
/* What is pending although PASSED that came later than it are not; or NULL. @note has gone on. */
struct note *stream_left_behind(struct stream *stream, const struct note *note);
/* It will not go on. */
void stream_drop(struct stream *stream, struct note *note);
/* Whether a frame of @key was noted lately. */
bool stream_has(const struct stream *stream, uint64_t key);
/* A handler that brings some is called, and returns. */
void stream_enter(struct stream *stream);
void stream_leave(struct stream *stream);

/* Which frames are wanted: the packet filter and multicast addresses as accepted last, and for a
 * while after a change all that were. */
struct wishes {
    bool known, asking;
    bool others;  /* filters of other kinds have been set: nobody knows what is wanted */
    NDIS_OID oid; /* asked for */
    uint32_t filter, asked, may;
    uint64_t changed; /* ns */
    uint8_t groups[WISHED_MOST][6];
    unsigned count;
    bool any_group;          /* the list is not known, or has changed lately */
    uint64_t groups_changed; /* ns */
    uint64_t strange[4];     /* groups that came and are not on the list, a bit each */
    unsigned strangers;
};

/* It is asked to set @oid. */
void wishes_ask(struct wishes *wishes, NDIS_OID oid, const void *buffer, ULONG length);
void wishes_answered(struct verify *verify, struct wishes *wishes, NDIS_STATUS status);
/* Whether @frame is one of them. */
bool wishes_take(struct verify *verify, struct wishes *wishes, const struct adapter *adapter,
    const struct frame *frame);

/* Frames in many pieces that do not get through while others do. */
struct pieces {
    unsigned good, goods; /* most pieces that got through; frames that did since the last loss */
    unsigned least, lost; /* least pieces of those that did not, with others in between */
    bool told;
};

/* Of a miniport or filter. */
struct wire {
    struct wire *next;
    const struct module *module; /* NULL: of nobody now */
    const void *device;          /* miniports: the PDO */
    bool seen;                   /* the device has told of a frame */
    uint64_t groups;             /* counted */
    bool echoes;                 /* something outside sends back what was sent */
    struct stream out, in;
    struct wishes wishes; /* filters: of those above */
    uint32_t below;       /* filters: the packet filter that it asked for */
    struct pieces pieces;
    uint32_t lookahead; /* miniports: as asked for last; 0: never (split.c) */
    /* Miniports: the power state that it is asked for and sleeps in (asleep.c), and when it slept. */
    NDIS_DEVICE_POWER_STATE power_asked, power;
    struct move slept;
    uint64_t indicated; /* when it last indicated, or was asked for what there is, ns */
    struct move worked; /* its last DPC */
    bool told;          /* that its device waits */
};

/* The module is one of Ethernet. */
bool wire_is_ethernet(const struct wire *wire);
/* A miniport indicates a frame that @note says its device gave it, or NULL. */
void check_loopback(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct note *note, const struct frame *frame);
/* A miniport completes a frame of @length bytes as sent. */
void check_oversize(struct verify *verify, const struct gate_call *call, const struct wire *wire,
    const struct record *record, ULONG length);
/* A miniport indicates a frame. */
void check_wanted(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct record *record, const struct frame *frame);

/* Of @module, or NULL. */
struct wire *wire_find(struct verify *verify, const struct module *module);
/* The same of the module whose handle @call has first, if it is one of @kind. */
struct wire *
wire_of_call(struct verify *verify, const struct gate_call *call, enum object_kind kind);
/* A new one for a module that begins. */
struct wire *wire_begin(struct verify *verify, const struct module *module);
