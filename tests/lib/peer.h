/* SPDX-License-Identifier: MIT */
/* The other side of a test: a miniport, a filter and a protocol that do what the test says.
 *
 * They are linked into the test and registered with undis_driver_add, each under a name of its
 * own, for one adapter at a time. The structs lie in the machine's memory and belong to the
 * driver until it is unloaded; a test writes the settings while nothing moves and reads the
 * counts. Functions that act run on a thread of the driver and return when it has acted.
 */
#pragma once

#include "check.h"
#include "frame.h"
#include <stdbool.h>
#include <stdint.h>

struct undis;
struct undis_driver;

/* How work that was taken is given back. */
enum peer_giving {
    PEER_INLINE,          /* inside the call that brought it */
    PEER_DPC,             /* from a DPC, whole */
    PEER_TIMER,           /* 50 us later, whole */
    PEER_REVERSED,        /* from a DPC, last one first */
    PEER_SPLIT,           /* from a DPC, one by one */
    PEER_OTHER_PROCESSOR, /* from a DPC of the next processor */
    PEER_HOLD,            /* when told to, or when it must be */
    PEER_GIVINGS
};
extern const char *const peer_giving_names[PEER_GIVINGS];

/* What a test does in a peer's place, of NDIS 6. @module: its NdisBindingHandle, NdisFilterHandle or
 * MiniportAdapterHandle; requests are PNDIS_OID_REQUESTs, indications PNDIS_STATUS_INDICATIONs,
 * answers NDIS_STATUSes. NULL members: the peer does what it would do without. */
struct peer_hooks {
    uint32_t (*oid)(void *module, void *request); /* miniports; PEER_GOES_ON: the peer answers */
    uint32_t (*direct)(void *module, void *request);
    void (*direct_done)(void *module, void *request, uint32_t status);
    void (*direct_cancel)(void *module, void *id);
    uint32_t (*issue)(void *module, void *request, void **slot);
    void (*issued)(void *module, void *request, uint32_t *status, void *slot);
    void (*status)(void *module, void *indication);      /* protocols */
    uint32_t (*restart)(void *module, void *parameters); /* filters: the answer counts */
    void (*bind)(const void *parameters);                /* protocols: PNDIS_BIND_PARAMETERS */
    void (*event)(void *module, void *event); /* protocols: PNET_PNP_EVENT_NOTIFICATION */
    void (*attributes)(void *module);         /* miniports, while they are initialized */
    /* miniports: instead of passing receives up and sends back; the latter count in sends_out until
     * the hook has taken them out */
    void (*indicate)(void *module, void *chain, unsigned count);
    void (*complete)(void *module, void *chain);
};

#define PEER_GOES_ON 0xFFFFFFFDu

/* The first member of each. */
struct peer {
    struct undis *machine;
    struct undis_driver *driver;
    char name[32];
    unsigned origin;                /* of the frames it makes */
    uint64_t number;                /* of its next frame */
    uint8_t to[6];                  /* where its frames go; all 0: to everybody */
    unsigned pieces;                /* NDIS 6: MDLs that its frames lie in; 0: two */
    uint32_t port;                  /* NDIS 6: of all that it sends, indicates, asks and gets */
    void *inner;                    /* what only the peer itself sees */
    const struct peer_hooks *hooks; /* or NULL */
    void *module;                   /* of NDIS 6, while it is open, attached or initialized */
    void *script;                   /* its thread */
};

/* What the miniport registers as. */
enum peer_kind { PEER_NDIS6, PEER_SERIALIZED, PEER_DESERIALIZED, PEER_KINDS };
extern const char *const peer_kind_names[PEER_KINDS];

/* Of the kinds of NDIS 5, to be added to the kind when it is made. */
#define PEER_ARRAYS     16u /* has MiniportSendPackets instead of MiniportSend */
#define PEER_NO_RETURNS 32u /* has no MiniportReturnPacket */

/* For answers: MiniportSend completes the packet, and then answers success. */
#define PEER_COMPLETES_AND_ANSWERS 0xFFFFFFFEu

struct peer_miniport;
struct peer_miniport_acts {
    void (*indicate)(struct peer_miniport *, unsigned, unsigned, bool);
    void (*release)(struct peer_miniport *);
    void (*release_oids)(struct peer_miniport *);
    void (*status)(struct peer_miniport *, uint32_t);
    void (*traffic)(struct peer_miniport *, bool);
};

struct peer_miniport {
    struct peer peer;
    enum peer_kind kind;
    const struct peer_miniport_acts *acts; /* NULL: NDIS 6 */
    enum peer_giving completes;
    bool pend_oids, hold_oids, pend_pause, pend_restart, never_pause;
    uint32_t fail_initialize; /* NDIS_STATUS to answer, 0: succeed */
    bool knows_power;         /* NDIS 6: says so, and answers OID_PNP_SET_POWER */
    bool controls_port;       /* NDIS 6: the default port is its to activate */
    bool hears_of_crashes;    /* NDIS 6: of a bug check, too */
    bool no_pause;            /* NDIS 6: it may sleep without a pause before */
    uint32_t mtu;             /* NDIS 6: bytes that it says it takes; 0: 1500 */
    uint32_t fail_power;      /* for OID_PNP_SET_POWER to sleep */
    uint32_t slept;           /* as last set: 1 D0 ... 4 D3 */

    struct frames sent;                   /* from above */
    test_counter in_pieces;               /* NBLs that came whose first frame has several MDLs */
    test_counter sends_in, sends_out;     /* NBLs that came; of them, not completed */
    test_counter indicated, receives_out; /* NBLs that it passed up; of them, not returned */
    test_counter returned, bad_returns;
    test_counter resources_lost; /* indicated with RESOURCES and not as before afterwards */
    test_counter cancels, cancelled;
    test_counter oids, oids_at_once; /* requests; the most that it had at one time */
    test_counter initialized, halted, paused, restarted;
    test_counter loopback_sends; /* NBLs that came with CHECK_FOR_LOOPBACK */
    test_counter passive; /* NDIS 6: calls of its send and return handlers at PASSIVE_LEVEL */
    test_counter asked_for_hang, resets, shutdowns, crashes, powers, surprises;
    uint32_t halt_action;           /* NDIS 6: as last halted */
    test_counter wrong;             /* called in a state or at an IRQL that it must not be */
    uint32_t value;                 /* of PEER_OID */
    uint32_t filter, set_lookahead; /* as last set */
    uint8_t multicast[4][6];        /* the same */
    unsigned multicast_count;       /* of them */
    bool refuses_filter;            /* OID_GEN_CURRENT_PACKET_FILTER fails */

    /* NDIS 5 */
    uint32_t answers;   /* NDIS_STATUS of MiniportSend and in the OOB data; 0xFFFFFFFF: pends */
    unsigned room;      /* packets that it takes at one time, then NDIS_STATUS_RESOURCES; 0: all */
    bool tells_room;    /* NdisMSendResourcesAvailable when there is room again */
    bool wireless;      /* is one, in the dress of Ethernet */
    bool by_lookahead;  /* indicates that way, else by packets */
    unsigned lookahead; /* bytes behind the header that it shows; 0: all */
    bool pend_transfer, pend_reset, addressing_reset, hangs;
    test_counter refused;     /* packets answered NDIS_STATUS_RESOURCES */
    test_counter calls;       /* of its functions */
    test_counter overlapped;  /* of them, while another one ran */
    test_counter transfers;   /* MiniportTransferData */
    test_counter filters_set; /* OID_GEN_CURRENT_PACKET_FILTER */
};

/* An OID that only the peer miniport knows: a 32-bit number, query and set. */
#define PEER_OID 0xFF554E01u

/* Between peers of NDIS 5: the time to send, and that of receives; a packet was sent one later. */
#define PEER_TIME 0x0102030405060708ull

/* Multicast addresses that the peer miniport takes. */
#define PEER_MULTICAST 4u

#define PEER_WITHOUT_SENDS    1u
#define PEER_WITHOUT_RECEIVES 2u
#define PEER_WITHOUT_OIDS     4u
#define PEER_WITHOUT_STATUS   8u
#define PEER_WITHOUT_CANCEL   16u
#define PEER_WITHOUT_DIRECT   64u  /* of PEER_WITHOUT_OIDS a part */
#define PEER_WITHOUT_ISSUE    128u /* FilterSynchronousOidRequest alone */
#define PEER_WITHOUT_EVENTS   256u
#define PEER_WITHOUT_RETURNS  512u /* of PEER_WITHOUT_RECEIVES a part */

struct peer_filter {
    struct peer peer;
    enum peer_giving sends, receives; /* INLINE: passed on at once; else kept for a while first */
    bool clones;                      /* sends go down as clones */
    bool pend_pause, pend_restart;
    uint32_t fail_attach;

    struct frames down, up;
    test_counter own_sent, own_completed; /* NBLs */
    test_counter own_indicated, own_returned;
    test_counter others_completed, others_returned;
    test_counter passive; /* calls of its handlers of the data path at PASSIVE_LEVEL */
    test_counter oids, directs, oid_clones_out, statuses, cancels, events;
    test_counter attached, detached, paused, restarted;
    test_counter wrong;
};

/* A protocol of NDIS 5 without ProtocolReceivePacket. */
#define PEER_WITHOUT_PACKETS 32u

struct peer_protocol;
struct peer_protocol_acts {
    void (*send)(struct peer_protocol *, unsigned, unsigned, unsigned, bool);
    void (*cancel)(struct peer_protocol *, uint64_t);
    void (*release)(struct peer_protocol *);
    uint32_t (*oid)(struct peer_protocol *, bool, uint32_t, uint32_t *);
    void (*oids)(struct peer_protocol *, unsigned);
    void (*traffic)(struct peer_protocol *, bool);
};

struct peer_protocol {
    struct peer peer;
    const struct peer_protocol_acts *acts; /* NULL: NDIS 6 */
    enum peer_giving returns;
    bool pend_bind, pend_unbind, never_unbind, pend_pause, pend_restart;
    bool no_wait;    /* NDIS 6: a pause ends at once, whatever is out */
    bool pend_event; /* NDIS 6: network events but pause and restart */
    uint32_t
        fail_event; /* NDIS 6: for NetEventQueryPower; NOT_SUPPORTED: for NetEventSetPower too */
    uint32_t fail_bind;
    uint64_t cancel_id;  /* of the sends from now on */
    bool check_loopback; /* they ask for loopback */

    struct frames received;
    struct frames completed;   /* in the order of completion */
    test_counter sent, back;   /* NBLs */
    test_counter failed;       /* of them, with a status that was no success */
    test_counter paused_sends; /* of them, with NDIS_STATUS_PAUSED */
    test_counter aborted;      /* of them, with NDIS_STATUS_REQUEST_ABORTED or SEND_ABORTED */
    test_counter twice;        /* came back and was not out */
    test_counter inside;       /* came back before the send call had returned */
    test_counter received_nbls, resources, returned, kept; /* NBLs; kept: now */
    test_counter received_while_paused;
    test_counter passive;  /* NDIS 6: calls of its handlers of the data path at PASSIVE_LEVEL */
    test_counter statuses; /* but those that NDIS makes itself */
    uint32_t last_status;
    test_counter oids_done, oids_failed;
    /* NDIS 5 only: NdisSend answered with a final status; frames that came by look-ahead; calls of
     * ProtocolReceiveComplete and ProtocolStatusComplete; NdisReset. */
    test_counter at_once, lookaheads, batches, status_ends, resets_done;
    test_counter closed_later; /* calls of ProtocolCloseAdapterComplete */
    /* Packets that came with all that a peer of NDIS 5 says out of band; sent, that came back with
     * its time. */
    test_counter told_all, told_when;
    uint32_t reset_status;
    test_counter bound, unbound, paused, restarted;
    test_counter events; /* others than those */
    uint32_t last_event; /* of them, NET_PNP_EVENT_CODE */
    test_counter wrong;
    test_counter running; /* between restart and pause */
};

/* @act(@peer->module, @context) on the peer's thread, for peers of NDIS 6. */
void peer_run(void *peer, void (*act)(void *module, void *context), void *context);

struct peer_miniport *peer_miniport_add(struct undis *machine, const char *name);
/* The same, of NDIS 6.0. */
struct peer_miniport *peer_miniport_add_first(struct undis *machine, const char *name);
/* The same, of NDIS 6.@minor. */
struct peer_miniport *
peer_miniport_add_minor(struct undis *machine, const char *name, unsigned minor);
/* A miniport of NDIS 5.1 with the same face. @kind: PEER_SERIALIZED, PEER_DESERIALIZED, with
 * PEER_ARRAYS and PEER_NO_RETURNS. */
struct peer_miniport *peer_legacy_add(struct undis *machine, const char *name, unsigned kind);
/* @without: PEER_WITHOUT_* */
struct peer_filter *peer_filter_add(struct undis *machine, const char *name, unsigned without);
struct peer_protocol *peer_protocol_add(struct undis *machine, const char *name);
/* A protocol of NDIS 5.1 with the same face; it counts packets where that one counts NBLs, and is
 * never paused. @without: 0 or PEER_WITHOUT_PACKETS. */
struct peer_protocol *peer_protocol5_add(struct undis *machine, const char *name, unsigned without);
void peer_protocol5_reset(struct peer_protocol *protocol);
/* NdisQueryPendingIOCount, which must succeed, and NdisGetDriverHandle. */
uint32_t peer_protocol5_pending(struct peer_protocol *protocol);
void *peer_protocol5_driver(struct peer_protocol *protocol);
/* The memory is gone afterwards. */
void peer_remove(struct peer *peer);

/* @nbls NBLs of @nbs NBs of @size bytes each, in one call. */
void peer_protocol_send(struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size);
void peer_protocol_send_at_dispatch(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size);
void peer_protocol_cancel(struct peer_protocol *protocol, uint64_t cancel_id);
/* Returns what it keeps. */
void peer_protocol_release(struct peer_protocol *protocol);
/* From now on what peers would do later they never do: for tests of who owes it then. */
extern bool peer_never;
/* Waits for the answer, an NDIS_STATUS. */
uint32_t peer_protocol_oid(struct peer_protocol *protocol, bool set, uint32_t oid, uint32_t *value);
/* The same with up to 64 bytes; *@length: bytes of @value, after a query those written. */
uint32_t peer_protocol_ask(
    struct peer_protocol *protocol, bool set, uint32_t oid, void *value, uint32_t *length);
/* NdisRequestMethod with *@value in and out; *@written: bytes that came out. NDIS 6. */
uint32_t peer_protocol_method(
    struct peer_protocol *protocol, uint32_t oid, uint32_t *value, uint32_t *written);
/* @count queries of PEER_OID without waiting; oids_done counts the answers. */
void peer_protocol_oids(struct peer_protocol *protocol, unsigned count);
/* NdisUnbindAdapter; NdisReEnumerateProtocolBindings. NDIS 6. */
void peer_protocol_leave(struct peer_protocol *protocol);
void peer_protocol_reenumerate(struct peer_protocol *protocol);
void peer_protocol_cancel_oids(struct peer_protocol *protocol);
/* A thread that sends as long as it may. */
void peer_protocol_traffic(struct peer_protocol *protocol, bool on);

void peer_miniport_indicate(
    struct peer_miniport *miniport, unsigned nbls, unsigned size, bool resources);
void peer_miniport_release(struct peer_miniport *miniport);
/* NDIS 5: @act on a thread of the miniport, with its handle and the first send that it holds. */
void peer_legacy_run(struct peer_miniport *miniport, void (*act)(void *adapter, void *packet));
/* NDIS 5: MiniportReset has done its work, when it was pended. */
void peer_legacy_reset_done(struct peer_miniport *miniport);
/* NDIS 6: the same; and NdisMResetMiniport. */
void peer_miniport_reset_done(struct peer_miniport *miniport);
void peer_miniport_reset(struct peer_miniport *miniport);
/* NDIS 6: NdisMRemoveMiniport. */
void peer_miniport_remove(struct peer_miniport *miniport);
void peer_miniport_release_oids(struct peer_miniport *miniport);
/* NDIS_STATUS_LINK_STATE up or down, or any other code without a buffer. */
void peer_miniport_link(struct peer_miniport *miniport, bool up);
void peer_miniport_status(struct peer_miniport *miniport, uint32_t code);
void peer_miniport_traffic(struct peer_miniport *miniport, bool on);

void peer_filter_send(struct peer_filter *filter, unsigned nbls, unsigned size);
void peer_filter_indicate(struct peer_filter *filter, unsigned nbls, unsigned size);
void peer_filter_release(struct peer_filter *filter);
/* NdisFRestartFilter. */
void peer_filter_restart(struct peer_filter *filter);

/* What happened to the peers since the log was cleared: "miniport initialize, filter0 attach". */
const char *peer_log(void);
void peer_log_clear(void);
