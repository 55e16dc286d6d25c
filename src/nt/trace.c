/* SPDX-License-Identifier: MIT */
/* The trace ring and its hash. See trace.h. */
#include "nt/trace.h"
#include "host/lock.h"
#include "nt/driver.h"
#include "nt/object.h"

struct trace {
    uint32_t lock; /* host_lock */
    unsigned size;
    uint64_t count; /* events so far */
    uint64_t hash;
    struct trace_event events[];
};

struct trace *
trace_create(struct undis *machine, unsigned events)
{
    struct trace *trace =
        machine_alloc(machine, sizeof(*trace) + events * sizeof(struct trace_event));

    if (trace) {
        trace->size = events;
        trace->hash = 0xcbf29ce484222325u;
    }
    return trace;
}

void
trace_destroy(struct undis *machine, struct trace *trace)
{
    machine_free(machine, trace);
}

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

static uint64_t
event_hash(uint64_t hash, const struct trace_event *event)
{
    hash = mix(hash, event->time);
    hash = mix(hash, (uint64_t)event->task << 32 | event->kind);
    hash = mix(hash, (uint64_t)event->irql << 8 | event->processor);
    hash = mix(hash, (uint64_t)event->driver << 32 | event->what);
    hash = mix(hash, (uint64_t)event->object_kind << 32 | event->object);
    return mix(hash, event->detail);
}

void
trace_emit(
    struct undis *machine, enum trace_kind kind, uint32_t what, const void *body, uint64_t detail)
{
    struct trace *trace = machine->trace;
    const struct block *self = block_self;
    const struct driver *driver = self ? self->driver : NULL;
    const struct object *object = body ? object_prefix(body) : NULL;
    struct trace_event event = {.kind = (uint16_t)kind, .what = what, .detail = detail};

    if (!trace)
        return;
    event.time = executive_now(machine->executive);
    if (self) {
        event.task = self->id;
        event.irql = self->irql;
        event.processor = (uint8_t)self->processor;
    }
    event.driver = driver ? driver->id : 0;
    event.object_kind = object ? object->kind : 0;
    event.object = object ? object->id : 0;
    host_lock(&trace->lock);
    trace->hash = event_hash(trace->hash, &event);
    if (trace->size)
        trace->events[trace->count % trace->size] = event;
    trace->count++;
    host_unlock(&trace->lock);
}

uint64_t
trace_hash(const struct trace *trace)
{
    return trace ? trace->hash : 0;
}

unsigned
trace_read(const struct trace *trace, struct trace_event *events, unsigned max)
{
    uint64_t first = trace->count > trace->size ? trace->count - trace->size : 0;
    unsigned copied = 0;

    for (uint64_t k = first; k < trace->count && copied < max; k++)
        events[copied++] = trace->events[k % trace->size];
    return copied;
}
