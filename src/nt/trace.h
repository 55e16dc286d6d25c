/* SPDX-License-Identifier: MIT */
/* What happened, in order: fixed-size events with object ids (never addresses), and a running
 * 64-bit hash over them. Under the simulated executive equal seeds give equal hashes.
 * A ring per machine; oldest events are overwritten; the hash covers all.
 */
#pragma once

#include "nt/gate.h"

enum trace_kind {
    TRACE_CALL_IN,
    TRACE_CALL_OUT,
    TRACE_RETURN,
    TRACE_CREATED,
    TRACE_DESTROYED,
    TRACE_MOVED,
    TRACE_IRQL,
    TRACE_EVENT,
    TRACE_CHOICE
};

struct trace_event {
    uint64_t time; /* ns of executive_now */
    uint32_t task; /* block.id */
    uint16_t kind; /* enum trace_kind */
    uint8_t irql;
    uint8_t processor;
    uint32_t driver; /* driver.id, 0 for the core */
    uint32_t what;   /* index in import_table, or hash of the handler's name */
    uint32_t object_kind;
    uint32_t object; /* object.id, 0 none */
    uint64_t detail; /* count, status, ... never an address */
};

struct trace *trace_create(struct undis *machine, unsigned events);
void trace_destroy(struct undis *machine, struct trace *trace);
/* Nothing when the machine has no trace. Fills in time, task, irql, processor, driver. */
void trace_emit(
    struct undis *machine, enum trace_kind kind, uint32_t what, const void *body, uint64_t detail);
uint64_t trace_hash(const struct trace *trace);
/* Oldest first; returns how many were copied. */
unsigned trace_read(const struct trace *trace, struct trace_event *events, unsigned max);

/* The hooks of a machine that has a trace and no verifier: empty, so that both gates are watched. */
extern const struct gate_hooks trace_only_hooks;
