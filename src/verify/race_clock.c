/* SPDX-License-Identifier: MIT */
/* Clocks: of activities, and of what orders them. See race.h. */
#include "verify/race.h"

#define SCRATCH_ACTIVITY 0

static struct order **
bucket(struct races *races, uintptr_t key)
{
    return &races->orders[key * 0x9E3779B97F4A7C15ull >> (64 - ORDER_SHIFT)];
}

static struct order *
find(const struct verify *verify, uintptr_t key)
{
    struct order *order = *bucket(verify->races, key);

    while (order && order->key != key)
        order = order->next;
    return order;
}

bool
order_known(const struct verify *verify, uintptr_t key)
{
    return find(verify, key) != NULL;
}

/* What is before @from is before @to. */
static void
join(struct clock *to, const struct clock *from)
{
    for (unsigned k = 0; k < SLOTS; k++)
        if (from->at[k] > to->at[k])
            to->at[k] = from->at[k];
}

static void
tick(struct races *races, struct activity *activity)
{
    activity->clock.at[activity->slot] = ++races->slot_time[activity->slot];
}

void
order_give(struct verify *verify, uintptr_t key)
{
    struct activity *self = race_activity(verify);
    struct order *order = self ? find(verify, key) : NULL;

    if (!self)
        return;
    if (!order) {
        struct order **in = bucket(verify->races, key);

        order = ledger_alloc(verify, sizeof(*order));
        if (!order)
            return;
        order->key = key;
        order->next = *in;
        *in = order;
    }
    join(&order->clock, &self->clock);
    tick(verify->races, self);
}

void
order_take(struct verify *verify, uintptr_t key)
{
    struct activity *self = race_activity(verify);
    const struct order *order = self ? find(verify, key) : NULL;

    if (order)
        join(&self->clock, &order->clock);
}

uintptr_t
order_key_of(const struct verify *verify, const void *object, enum order_space space)
{
    return (uintptr_t)arena_home(verify->machine->arena, object) << 3 | space;
}

/* Slots are used again; what their last activity did counts as before what the next one does. */
static uint32_t
slot_get(struct races *races)
{
    uint32_t slot;

    if (races->slots_free == 0)
        return SLOTS - 1;
    slot = races->slot_ring[races->slot_begin];
    races->slot_begin = (races->slot_begin + 1) % SLOTS;
    races->slots_free--;
    return slot;
}

static void
slot_put(struct races *races, uint32_t slot)
{
    if (slot == SLOTS - 1)
        return;
    races->slot_ring[(races->slot_begin + races->slots_free) % SLOTS] = (uint8_t)slot;
    races->slots_free++;
}

static struct activity *
begin(struct verify *verify)
{
    struct races *races = verify->races;
    struct activity *made = races->free_activities;

    if (made)
        races->free_activities = made->outer;
    else
        made = ledger_alloc(verify, sizeof(*made));
    if (!made)
        return NULL;
    *made =
        (struct activity){.outer = block_self->scratch[SCRATCH_ACTIVITY], .slot = slot_get(races)};
    tick(races, made);
    block_self->scratch[SCRATCH_ACTIVITY] = made;
    return made;
}

struct activity *
race_activity_now(void)
{
    return block_self->scratch[SCRATCH_ACTIVITY];
}

struct activity *
race_activity(struct verify *verify)
{
    struct activity *self = race_activity_now();

    return self ? self : begin(verify);
}

void
order_settle(struct verify *verify)
{
    struct activity *self = race_activity(verify);

    if (!self)
        return;
    if (block_self->irql != DISPATCH_LEVEL)
        self->settled = false;
    if (block_self->irql != DISPATCH_LEVEL || self->settled)
        return;
    order_take(verify, ORDER_PROCESSOR + block_self->processor);
    self->settled = true;
}

static void
end(struct verify *verify)
{
    struct activity *self = block_self->scratch[SCRATCH_ACTIVITY];

    if (!self)
        return;
    block_self->scratch[SCRATCH_ACTIVITY] = self->outer;
    slot_put(verify->races, self->slot);
    self->outer = verify->races->free_activities;
    verify->races->free_activities = self;
}

/* A DPC comes after what its processor did at DISPATCH_LEVEL. */
static void
give_processor(struct verify *verify)
{
    struct activity *self = block_self->scratch[SCRATCH_ACTIVITY];

    if (!self || block_self->irql != DISPATCH_LEVEL)
        return;
    order_give(verify, ORDER_PROCESSOR + block_self->processor);
    self->settled = false;
}

void
order_activity(struct verify *verify, enum gate_activity kind, bool begins)
{
    if (!verify->races)
        return;
    if (begins) {
        if (kind == ACTIVITY_DPC)
            give_processor(verify);
        if (!begin(verify))
            return;
        if (kind == ACTIVITY_CALL)
            order_take(verify, ORDER_HOST);
        if (kind == ACTIVITY_TASK)
            order_take(verify, ORDER_PLANNED);
        return;
    }
    if (kind == ACTIVITY_CALL)
        order_give(verify, ORDER_HOST);
    if (kind == ACTIVITY_TASK) {
        order_give(verify, ORDER_ENDED);
        order_give(verify, ORDER_TASKS);
    }
    if (kind == ACTIVITY_DPC)
        give_processor(verify);
    end(verify);
}
