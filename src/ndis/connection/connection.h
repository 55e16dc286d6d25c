/* SPDX-License-Identifier: MIT */
/* Connection-oriented NDIS: who may talk to whom about what.
 *
 *     client (a binding) ---- address family ---- call manager (a binding, or the miniport: MCM)
 *          |                    SAPs, calls, parties          |
 *          +---------- VC: data down and up ------------------+
 *                       |
 *                    miniport
 *
 *     offer   a call manager's readiness, per adapter; clients are told of it
 *     family  one client's opening of an offer          NdisAfHandle
 *     SAP     where a client wants to be called         NdisSapHandle
 *     VC      an end of a connection                    NdisVcHandle
 *     party   one far end of a call with several        NdisPartyHandle
 *
 * Each has a state, a word that moves by the tables of its file (state.c has the mechanism): a
 * request begins by a move, its one answer is another, and a move that the table does not have is
 * a bug check with the rule of the table. The driver is called between moves and no lock is held.
 * Every object counts its references: its life, and one for each request under way on it.
 *
 * Lock key as in stack/module.h; [N] ndis.lock.
 */
#pragma once

#include "ndis/path/path.h"

/* What a registration has said of itself. NDIS 6 structures; what NDIS 5 has instead stands
 * beside them, and the NDIS 6 member is NULL then. */
struct co_client {
    NDIS_CO_CLIENT_OPTIONAL_HANDLERS six;
    CO_REQUEST_HANDLER request5;
    CO_REQUEST_COMPLETE_HANDLER request_complete5;
    CL_OPEN_AF_COMPLETE_HANDLER open_complete5;
};

struct co_manager {
    NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS six;
    CO_REQUEST_HANDLER request5;
    CO_REQUEST_COMPLETE_HANDLER request_complete5;
};

struct co_handlers {
    bool has_miniport, has_protocol, has_client, has_manager;
    NDIS_MINIPORT_CO_CHARACTERISTICS miniport;
    NDIS_PROTOCOL_CO_CHARACTERISTICS protocol;
    struct co_client client;
    struct co_manager manager;
    W_CO_SEND_PACKETS_HANDLER send5;         /* NDIS 5 miniport; MiniportCoRequest: see stack */
    CO_SEND_COMPLETE_HANDLER send_complete5; /* NDIS 5 protocol */
    CO_STATUS_HANDLER status5;
    CO_RECEIVE_PACKET_HANDLER receive5;
};

/* A word of one bit, and the moves that a call makes with it. */
struct co_move {
    const char *call; /* "NdisClMakeCall" */
    uint32_t from;    /* states it may be made in */
    uint32_t to;
    const char *rule; /* that is broken elsewhere */
};

struct co_object {
    uint32_t references; /* [A] */
    uint32_t state;      /* [A] one bit */
};

struct co_offer {
    LIST_ENTRY link; /* [N] in adapter.offers */
    CO_ADDRESS_FAMILY family;
    struct module *manager;      /* [I] binding, or miniport */
    const struct co_manager *to; /* [I] its handlers */
    struct co_manager own;       /* NDIS 5: given with the offer */
};

enum { FAMILY_OPENING = 1, FAMILY_OPEN = 2, FAMILY_CLOSING = 4, FAMILY_CLOSED = 8 };

struct co_family {
    struct co_object object;
    struct module *client, *manager; /* [I] */
    const struct co_client *client_to;
    const struct co_manager *manager_to;
    struct co_client own; /* NDIS 5: given when it was opened */
    NDIS_HANDLE client_context, manager_context;
    uint32_t saps, vcs; /* [A] of the client's making */
    uint32_t notice;    /* [A] bit: the client was asked to close and has not answered */
};

enum { SAP_REGISTERING = 1, SAP_REGISTERED = 2, SAP_DEREGISTERING = 4, SAP_GONE = 8 };

struct co_sap {
    struct co_object object;
    struct co_family *family; /* [I] */
    PCO_SAP sap;              /* [I] the client's */
    NDIS_HANDLE client_context, manager_context;
};

/* The call on a VC, between client and call manager: co_vc.object.state. */
enum {
    CALL_IDLE = 1,
    CALL_MAKING = 2,
    CALL_OFFERED = 4, /* to the client, which has not answered */
    CALL_ACCEPTED = 8,
    CALL_CONNECTED = 16,
    CALL_CLOSING = 32,
    CALL_DELETED = 64
};
/* The connection under it, between call manager and miniport: co_vc.link_state. */
enum { LINK_DOWN = 1, LINK_RISING = 2, LINK_UP = 4, LINK_CHANGING = 8, LINK_FALLING = 16 };

enum { CHANGE_NONE = 1, CHANGE_ASKED = 2 };

/* NBLs of a VC, per processor as in struct module_lane. */
struct co_lane {
    uint64_t sent, send_completed;
} __attribute__((aligned(64)));

struct co_vc {
    struct co_object object;
    uint32_t link_state;                        /* [A] */
    uint32_t change;                            /* [A] NdisClModifyCallQoS: CHANGE_* */
    struct module *client, *manager, *miniport; /* [I] client: NULL on a manager's own VC */
    struct module *user;                        /* [I] whose data it carries */
    struct module *creator;                     /* [I] */
    struct co_family *family;                   /* [I] NULL on a manager's own VC */
    const struct co_client *client_to;
    const struct co_manager *manager_to;
    NDIS_HANDLE client_context, manager_context, miniport_context;
    struct co_lane *lanes;        /* [P] */
    uint32_t parties;             /* [A] */
    struct co_party *first_party; /* of the call that is being made */
    struct co_party *last_party;  /* that goes with the close under way */
    LIST_ENTRY link;              /* [N] in ndis.vcs */
    uint32_t index;               /* [I] */
    UNICODE_STRING name;          /* [N] NdisCoAssignInstanceName */
};

enum { PARTY_ADDING = 1, PARTY_ACTIVE = 2, PARTY_DROPPING = 4, PARTY_GONE = 8 };

struct co_party {
    struct co_object object;
    struct co_vc *vc; /* [I] */
    NDIS_HANDLE client_context, manager_context;
};

/* state.c: objects by handle; another kind is a bug check (rule condis-handle-kind). */
struct co_family *co_family_of(NDIS_HANDLE handle, const char *caller);
struct co_sap *co_sap_of(NDIS_HANDLE handle, const char *caller);
struct co_vc *co_vc_of(NDIS_HANDLE handle, const char *caller);
struct co_party *co_party_of(NDIS_HANDLE handle, const char *caller);
/* The same for the data path: looks at the kind alone. */
struct co_vc *co_vc_quick(NDIS_HANDLE handle, const char *caller);
void *co_create(struct undis *machine, enum object_kind kind, size_t size, uint32_t state);
void co_get(void *object);
/* The last one frees. */
void co_put(void *object);
/* Moves or answers false. */
bool co_try(uint32_t *state, const struct co_move *move, uint32_t *before);
/* Moves or bug checks; answers the state before. */
uint32_t co_must(uint32_t *state, const struct co_move *move);
/* For the module itself, its driver must not call this: rule condis-teardown-order. */
_Noreturn void co_out_of_order(const char *caller, const char *what);
/* A synchronous handler answered NDIS_STATUS_PENDING: rule condis-create-delete-sync. */
void co_require_sync(NDIS_STATUS status, struct module *module, const char *handler);

/* family.c: what the lifecycle tells. */
NDIS_STATUS co_set_handlers(struct ndis_driver *registration, const NDIS_OBJECT_HEADER *handlers);
/* A protocol or a miniport of NDIS 5 has registered, perhaps with handlers for connections. */
NDIS_STATUS co_set_protocol5(struct ndis_driver *registration);
NDIS_STATUS co_set_miniport5(struct ndis_driver *registration);
/* A miniport of NDIS 5 has chosen its attributes: what it must be to carry VCs. */
void co_miniport5(struct module *miniport);
/* The bind of @binding has succeeded: it hears what is on offer, and others hear what it offers. */
void co_bound(struct module *binding);
/* Whether @module has an offer. */
bool co_offers(struct module *module);
/* @module closes its binding or is halted: nothing may be left, its offers end. */
void co_leave(struct module *module, const char *caller);
/* vc.c */
void co_vc_end(struct co_vc *vc);
/* NBLs sent on it and not back; exact when nothing moves. */
uint64_t co_vc_out(const struct co_vc *vc);

/* data.c: a chain of @count NBLs from the user of @vc. At DISPATCH_LEVEL, on this processor. */
void co_send(struct co_vc *vc, PNET_BUFFER_LIST chain, uint64_t count, ULONG flags);
/* Sends of @vc are back, @count of them; what its miniport received; at DISPATCH_LEVEL. */
void co_send_done(struct co_vc *vc, PNET_BUFFER_LIST chain, uint64_t count, ULONG flags);
void co_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags);
/* @vc NULL: of the adapter. */
void co_status(struct module *miniport, struct co_vc *vc, PNDIS_STATUS_INDICATION indication);
/* data5.c: the same to and from users of NDIS 5. */
void co5_send_done(struct co_vc *vc, PNET_BUFFER_LIST chain);
void co5_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags);
void co5_status(struct module *binding, NDIS_HANDLE vc_context, PNDIS_STATUS_INDICATION indication);
/* miniport5.c: sends to a miniport of NDIS 5. */
void co5_send(struct co_vc *vc, PNET_BUFFER_LIST chain);

/* request.c, request5.c */
struct co_side;
/* The other side's answer to a request; NDIS_STATUS_PENDING: co_request_answered follows. */
NDIS_STATUS co_ask(struct module *binding, NDIS_HANDLE family, NDIS_HANDLE vc, NDIS_HANDLE party,
    PNDIS_OID_REQUEST request, const char *caller);
void co_request_answered(
    struct driver *by, PNDIS_OID_REQUEST request, NDIS_STATUS status, const char *caller);
NDIS_STATUS co5_ask(const struct co_side *side, PNDIS_OID_REQUEST request);
NDIS_STATUS
co5_ask_miniport(struct module *miniport, const struct co_vc *vc, PNDIS_OID_REQUEST request);
/* A miniport asks the client of one of its families. */
NDIS_STATUS co_ask_client(NDIS_HANDLE family, NDIS_HANDLE vc, NDIS_HANDLE party,
    PNDIS_OID_REQUEST request, const char *caller);
void co5_answer(const struct co_side *side, PNDIS_OID_REQUEST request, NDIS_STATUS status);

/* family.c: @own NULL: the handlers of the registration. */
NDIS_STATUS
co_offer(struct module *manager, const CO_ADDRESS_FAMILY *family, const struct co_manager *own);
NDIS_STATUS co_open(struct module *client, PCO_ADDRESS_FAMILY address, NDIS_HANDLE context,
    const struct co_client *own, PNDIS_HANDLE handle);
