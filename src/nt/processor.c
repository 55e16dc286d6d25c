/* SPDX-License-Identifier: MIT */
/* Virtual processors: who owns one, their idle tasks, and the grace period. See processor.h. */
#include "nt/processor.h"
#include "host/lock.h"
#include "nt/dpc.h"
#include "nt/machine.h"
#include "nt/thread.h"
#include <assert.h>
#include <errno.h>

enum { FREE, OWNED, OWNED_AND_WAITED_FOR };

static bool
try_own(struct processor *processor)
{
    uint32_t owner = FREE;

    return __atomic_compare_exchange_n(
        &processor->owner, &owner, OWNED, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void
own(struct undis *machine, struct processor *processor)
{
    if (try_own(processor))
        return;
    while (__atomic_exchange_n(&processor->owner, OWNED_AND_WAITED_FOR, __ATOMIC_ACQUIRE) != FREE)
        executive_wait(
            machine->executive, &processor->owner, OWNED_AND_WAITED_FOR, EXECUTIVE_FOREVER);
}

static void
disown(struct undis *machine, struct processor *processor)
{
    if (__atomic_exchange_n(&processor->owner, FREE, __ATOMIC_RELEASE) == OWNED_AND_WAITED_FOR)
        executive_wake(machine->executive, &processor->owner, 1);
}

/* A thread that is bound to no processor takes any free one before it waits for its last. */
static struct processor *
own_any(struct undis *machine, struct block *self)
{
    struct kthread *thread = self->thread;
    struct processor *last = &machine->processors[self->processor];

    if (thread && thread->affinity) {
        own(machine, last);
        return last;
    }
    if (machine->simulated) {
        uint32_t step = executive_choose(
            machine->executive, CHOICE_PROCESSOR, machine->processor_count, machine);
        last = &machine->processors[(last->number + step) % machine->processor_count];
    }
    for (uint32_t k = 0; k < machine->processor_count; k++) {
        struct processor *next =
            &machine->processors[(last->number + k) % machine->processor_count];
        if (try_own(next))
            return next;
    }
    own(machine, last);
    return last;
}

KIRQL
irql_raise(KIRQL level)
{
    struct block *self = block_self;
    KIRQL old = self->irql;

    if (level >= DISPATCH_LEVEL && old < DISPATCH_LEVEL) {
        struct undis *machine = self->machine;
        struct kthread *thread = self->thread;
        struct processor *processor = &machine->processors[self->processor];

        if (__builtin_expect(
                machine->simulated || (thread && thread->affinity) || !try_own(processor), 0))
            processor = own_any(machine, self);
        self->processor = processor->number;
    }
    self->irql = level;
    return old;
}

void
irql_lower(KIRQL level)
{
    struct block *self = block_self;

    if (level < DISPATCH_LEVEL && self->irql >= DISPATCH_LEVEL) {
        struct undis *machine = self->machine;
        struct processor *processor = &machine->processors[self->processor];

        self->irql = DISPATCH_LEVEL;
        if (__atomic_load_n(&processor->dpcs.Next, __ATOMIC_RELAXED))
            dpc_drain(machine, processor);
        self->irql = level;
        disown(machine, processor);
    } else {
        self->irql = level;
    }
}

struct processor *
processor_self(void)
{
    return &machine_self()->processors[block_self->processor];
}

KIRQL
processor_claim(struct undis *machine, unsigned number)
{
    struct block *self = block_self;
    KIRQL old = self->irql;

    assert(old < DISPATCH_LEVEL && number < machine->processor_count);
    own(machine, &machine->processors[number]);
    self->processor = number;
    self->irql = DISPATCH_LEVEL;
    return old;
}

void
processor_stay_begin(struct processor_stay *stay)
{
    struct undis *machine = machine_self();

    stay->task = block_self;
    host_lock(&machine->stay_lock);
    stay->number = machine->next_stay++;
    InsertTailList(&machine->stays, &stay->link);
    host_unlock(&machine->stay_lock);
    irql_lower(PASSIVE_LEVEL);
}

void
processor_stay_end(struct processor_stay *stay)
{
    struct undis *machine = machine_self();

    irql_raise(DISPATCH_LEVEL);
    host_lock(&machine->stay_lock);
    RemoveEntryList(&stay->link);
    host_unlock(&machine->stay_lock);
    __atomic_fetch_add(&machine->stays_ended, 1, __ATOMIC_RELEASE);
    executive_wake(machine->executive, &machine->stays_ended, UINT32_MAX);
}

/* A stay of another task that had begun before @number. */
static bool
any_stays(struct undis *machine, uint64_t number)
{
    bool found = false;

    host_lock(&machine->stay_lock);
    for (LIST_ENTRY *e = machine->stays.Flink; e != &machine->stays && !found; e = e->Flink) {
        const struct processor_stay *stay = CONTAINING_RECORD(e, struct processor_stay, link);

        found = stay->number < number && stay->task != block_self;
    }
    host_unlock(&machine->stay_lock);
    return found;
}

void
processor_grace(struct undis *machine)
{
    uint32_t home = block_self->processor, ended;
    uint64_t number;

    for (uint32_t k = 0; k < machine->processor_count; k++)
        irql_lower(processor_claim(machine, k));
    block_self->processor = home;
    host_lock(&machine->stay_lock);
    number = machine->next_stay;
    host_unlock(&machine->stay_lock);
    while (ended = __atomic_load_n(&machine->stays_ended, __ATOMIC_ACQUIRE),
        any_stays(machine, number))
        executive_wait(machine->executive, &machine->stays_ended, ended, EXECUTIVE_FOREVER);
}

void
processor_signal(struct undis *machine, struct processor *processor)
{
    __atomic_fetch_add(&processor->dpc_signal, 1, __ATOMIC_RELEASE);
    executive_wake(machine->executive, &processor->dpc_signal, 1);
}

static void
idle(void *context)
{
    struct processor *processor = context;
    struct undis *machine = machine_self();

    block_self->processor = processor->number;
    for (;;) {
        uint32_t signal = __atomic_load_n(&processor->dpc_signal, __ATOMIC_ACQUIRE);

        if (__atomic_load_n(&processor->dpcs.Next, __ATOMIC_RELAXED))
            irql_lower(processor_claim(machine, processor->number));
        else if (__atomic_load_n(&processor->ending, __ATOMIC_ACQUIRE))
            return;
        else
            executive_wait(machine->executive, &processor->dpc_signal, signal, EXECUTIVE_FOREVER);
    }
}

int
processor_create(struct undis *machine)
{
    machine->processors =
        arena_zalloc(machine->arena, machine->processor_count * sizeof(struct processor), 64);
    if (!machine->processors)
        return -ENOMEM;
    for (uint32_t k = 0; k < machine->processor_count; k++) {
        struct processor *processor = &machine->processors[k];
        processor->number = k;
        processor->dpcs_last = &processor->dpcs;
    }
    for (uint32_t k = 0; k < machine->processor_count; k++) {
        int error = nt_spawn(machine, "idle", idle, &machine->processors[k]);
        if (error)
            return error;
    }
    return 0;
}

void
processor_end(struct undis *machine)
{
    for (uint32_t k = 0; machine->processors && k < machine->processor_count; k++) {
        __atomic_store_n(&machine->processors[k].ending, true, __ATOMIC_RELEASE);
        processor_signal(machine, &machine->processors[k]);
    }
}

void
yield_point(enum yield_kind kind, const volatile void *object)
{
    struct undis *machine = machine_self();

    if (machine->simulated)
        executive_yield(machine->executive, kind, object);
}
