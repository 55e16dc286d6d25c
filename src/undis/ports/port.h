/* SPDX-License-Identifier: MIT */
/* A port: a device \Device\UndisPortN that lends a driver an UNDIS_PORT_INTERFACE.
 *
 *     driver --Transmit--> kind->transmit --> wire, host, program
 *     driver <--gate-- the port's task <-- kind->receive
 *
 * Who: undis_port_open makes it, undis_port_close ends it; in between one driver at a time opens
 * it. Every callback of a port comes from its one task, which lives from Open to Close, so the
 * callbacks need no lock. Locks: `transmit_lock` (a word, never held across a call or a wait)
 * keeps a driver that transmits twice at a time from harming us.
 */
#pragma once

#include "host/ports/spec.h"
#include "nt/call_port.h"
#include <undis.h>
#include <wdm.h>

#define PORT_HELD_BY_DRIVER 1u
#define PORT_HELD_BY_STACK  2u
#define PORT_HELD_BY_HOST   4u

#define PORT_NEWS_READY 1u
#define PORT_NEWS_LINK  2u

/* What a port's task waits on. A wire keeps its ends' bells, so that one end can ring the other
 * without knowing whether that port still exists. */
struct port_bell {
    uint32_t word;     /* [A] a wait word: changes with every ring */
    uint32_t sleeping; /* [A] the task may be waiting on it */
    uint32_t news;     /* [A] PORT_NEWS_* */
};

struct port_kind {
    const char *name;
    /* Reads the specification, makes port->state. 0, or -errno by way of undis_fail. */
    int (*create)(struct undis_port *port, const struct port_spec *spec);
    void (*destroy)(struct undis_port *port);
    /* A driver opened it: before its task starts. A driver closed it: after the task ended. */
    void (*opened)(struct undis_port *port);
    void (*closed)(struct undis_port *port);
    /* Makes a receive that blocks come back; NULL when none does. Any thread. */
    void (*interrupt)(struct undis_port *port);
    ULONG (*transmit)(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count);
    /* Fills in up to UNDIS_PORT_BATCH frames; 0 when none is due, then *@deadline says when to
     * ask again if nobody rings before. */
    ULONG (*receive)(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline);
    /* The frames of the last receive are not needed any more; NULL when nobody wants to know. */
    void (*received)(struct undis_port *port);
    bool (*link_up)(struct undis_port *port); /* NULL: always */
    int (*flush)(struct undis_port *port);    /* NULL: nothing to flush */
    /* Its device object is there. NULL: nobody wants to know. */
    void (*device_made)(struct undis_port *port);
    /* Answers IRP_MN_QUERY_INTERFACE instead of the port's own interface; NULL: it does not. */
    NTSTATUS (*query_interface)(struct undis_port *port, PIRP irp);
};

struct undis_port {
    struct undis_port *next;          /* the machine's list; its ports_lock */
    struct undis *machine;            /* [I] */
    const struct port_kind *kind;     /* [I] */
    void *state;                      /* [I] of the kind */
    uint32_t number;                  /* [I] the N of \Device\UndisPortN */
    WCHAR device_name[32];            /* [I] zero-terminated */
    PDEVICE_OBJECT device;            /* [I] */
    UNDIS_PORT_ATTRIBUTES attributes; /* [I] but LinkUp, which is asked for */
    bool finite;                      /* [I] ends by itself */
    struct undis_port *wire;          /* [I] of hardware: what it is plugged into; else NULL */
    bool own_wire;                    /* [I] opened by this port, closed with it */

    LONG references;           /* [A] of interfaces lent */
    uint32_t opened;           /* [A] 1: a driver has it open */
    struct port_client client; /* [P] valid while opened */
    struct port_bell own_bell;
    struct port_bell *bell;                      /* [I] own_bell, or the wire's */
    bool stopping;                               /* [A] the task shall end */
    uint32_t stopped;                            /* [A] a wait word: 1 when it has */
    uint32_t held;                               /* [A] PORT_HELD_*; 0: frames flow */
    UNDIS_PORT_RECEIVE frames[UNDIS_PORT_BATCH]; /* the task's: received, not yet handed over */
    ULONG frame_count;
    uint32_t transmit_lock; /* host_lock */

    struct undis_port_stats stats; /* [A] relaxed */
    uint32_t failed_lock;          /* host_lock: who fails first */
    int failed;                    /* [A] -errno of that */
    char sentence[512];            /* goes with it */
};

/* Rings @bell with PORT_NEWS_* (or 0: look again). @ex: an executive of the caller's world. */
void port_ring(struct executive *ex, struct port_bell *bell, uint32_t news);
/* Lets frames wait in the port, or go on; each of PORT_HELD_* for itself. */
void port_hold_for(struct undis_port *port, uint32_t who, bool held);
/* Reading ended: at the end (@error 0) or because of @error. Only from receive. */
void port_ended(struct undis_port *port, int error, const char *sentence);

/* Something of the outside failed: what undis_port_stats will answer. The first one counts. */
void port_failed(struct undis_port *port, int error, const char *sentence);

static inline void
port_count(uint64_t *counter, uint64_t by)
{
    __atomic_fetch_add(counter, by, __ATOMIC_RELAXED);
}

/* Copies a frame out of its MDL chain; @room >= frame->Length. False when the chain is shorter. */
bool port_gather(const UNDIS_PORT_TRANSMIT *frame, void *to);

/* For the stack: what a PDO answers IRP_MN_QUERY_INTERFACE with. Does not complete @Irp; answers
 * STATUS_NOT_SUPPORTED, with @Irp as it was, when another interface is asked for. */
NTSTATUS port_query_interface(struct undis_port *port, PIRP Irp);
/* The interface of @port, with a reference. */
void port_interface(struct undis_port *port, UNDIS_PORT_INTERFACE *answer);
/* Makes @port, whose kind is port_hardware, a NIC over @wire. 0 or -errno by way of undis_fail. */
int hardware_over(struct undis_port *port, const char *model, struct undis_port *wire);
/* For undis_destroy: closes every port that is left, opened or not, and unloads the internal driver. */
void port_close_all(struct undis *machine);
/* For crashes and undis_run: writes out what is buffered. Takes no lock. */
void port_flush_all(struct undis *machine);
/* False while a finite port is still reading. */
bool port_all_ended(struct undis *machine);
/* True when a port of the host (tap, tun, files) is open: its state is outside the arena, so such
 * a machine cannot be saved. */
bool port_any_hosted(struct undis *machine);

extern const struct port_kind port_null, port_wire, port_program, port_hosted, port_hardware;
