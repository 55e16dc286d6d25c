/* SPDX-License-Identifier: MIT */
/* Packets that are sent and do not come back in time, and what a miniport refused and never asked for. */
#include "verify/check.h"

struct late {
    uint64_t now, limit;
};

static void
look(struct verify *verify, struct place *place, void *context)
{
    const struct late *late = context;
    uint64_t age = late->now > place->made.time ? late->now - place->made.time : 0;
    enum rule_name rule = place->aborted ? RULE_IM_RESUBMIT
                          : place->said  ? RULE_S5_BLOCK
                                         : RULE_S5_PENDING;

    if (place->kind != PLACE_SENT || !place->busy || place->told)
        return;
    if (!fails(verify, rule, age > late->limit))
        return;
    place->told = true;
    broken_late(verify, rule, NULL, place->driver, &place->made, "since here",
        place->aborted ? "%s has neither completed nor sent again a packet that a reset below gave "
                         "back, for %llu ms"
        : place->said  ? "%s, which is deserialized, has set the status of a packet and has not "
                         "completed it for %llu ms"
                       : "%s has not completed a packet for %llu ms",
        place->driver->name, (unsigned long long)(age / 1000000));
}

static void
find_busy(struct verify *verify, struct place *place, void *context)
{
    const void **miniport = context;

    (void)verify;
    if (place->kind == PLACE_SENT && place->busy && place->who == *miniport)
        *miniport = NULL;
}

static void
look_at_refusal(struct verify *verify, struct record *record, const struct late *late)
{
    const struct module *module = record->body;
    const void *left = module;

    if (!record->refused || record->ended || record->overdue)
        return;
    places_visit(verify, find_busy, &left);
    if (!fails(verify, RULE_S5_AGAIN, left && late->now > record->refused + late->limit))
        return;
    record->overdue = true;
    broken(verify, RULE_S5_AGAIN, NULL, module->driver, record, "since here",
        "%s refused packets for want of resources and has said nothing about them since",
        module->driver->name);
}

void
watch_flights(struct verify *verify, uint64_t now, uint64_t limit)
{
    struct late late = {now, limit};

    places_visit(verify, look, &late);
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_ADAPTER)
            look_at_refusal(verify, record, &late);
    }
}
