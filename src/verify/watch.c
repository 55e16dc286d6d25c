/* SPDX-License-Identifier: MIT */
/* Checks of time: what a driver has had for too long. In the machine's time, so that under the
 * simulated executive half a minute costs nothing.
 *
 * The limits are those of the documentation when the machine's patience is 30 s, and grow and
 * shrink with it. They are looked at now and then, on the way of any call.
 */
#include "verify/check.h"

#define SECOND   1000000000ull
#define PATIENCE (30 * SECOND)
#define SENT     (30 * SECOND)
#define PROGRESS (22 * SECOND)
#define ASKED    (12 * SECOND)
#define LOOKS    300 /* during the machine's patience */

uint64_t
limit(const struct verify *verify, uint64_t documented)
{
    return (uint64_t)((double)documented * (double)verify->machine->patience / (double)PATIENCE);
}

static void
late(struct verify *verify, enum rule_name rule, struct record *record, uint64_t age)
{
    const struct module *who = record->now.who;
    char name[48];

    record->overdue = true;
    record_name(record, name, sizeof(name));
    broken(verify, rule, NULL, who->driver, record, "since here", "%s of %s has had %s for %llu ms",
        module_kind_name(who->kind), who->driver->name, name, (unsigned long long)(age / 1000000));
}

static uint64_t
age_of(const struct record *record, uint64_t now)
{
    const struct move *last = record_last(record);

    return last && now > last->time ? now - last->time : 0;
}

static void
watch_nbl(struct verify *verify, struct record *record, uint64_t now)
{
    const struct module *who = record->now.who;
    uint64_t age = age_of(record, now), sent = limit(verify, SENT);
    bool send = record->now.state == SEAT_SEND, receive = record->now.state == SEAT_RECEIVE;
    const struct record *owner;

    if (!who || record->lost || record->overdue || !(send || receive))
        return;
    owner = module_record(who);
    if (!owner)
        return;
    if (who->kind == MODULE_FILTER) {
        enum rule_name rule = send ? RULE_FILTER_SEND_TIMED : RULE_FILTER_RECV_TIMED;

        if (fails(verify, rule, age > sent))
            late(verify, rule, record, age);
    } else if (who->kind == MODULE_MINIPORT && send) {
        uint64_t idle = now - owner->completed, progress = limit(verify, PROGRESS);

        if (fails(verify, RULE_SEND_TIMED, age > sent))
            late(verify, RULE_SEND_TIMED, record, age);
        else if (fails(verify, RULE_SEND_PROGRESS, age > progress && idle > progress))
            late(verify, RULE_SEND_PROGRESS, record, age);
    }
}

static void
watch_request(struct verify *verify, struct record *record, uint64_t now)
{
    const struct module *who = record->now.who;
    uint64_t age = age_of(record, now);

    /* A handler that has not returned has a limit of its own. */
    if (!who || record->ended || record->overdue || record->inside || who->kind != MODULE_MINIPORT)
        return;
    if (fails(verify, RULE_OID_TIMED, age > limit(verify, ASKED)))
        late(verify, RULE_OID_TIMED, record, age);
}

void
watch(struct verify *verify)
{
    uint64_t now = executive_now(verify->machine->executive);

    if (now < verify->next_watch)
        return;
    verify->next_watch = now + verify->machine->patience / LOOKS;
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL)
            watch_nbl(verify, record, now);
    }
    record_for_each(&verify->requests, record) watch_request(verify, record, now);
    watch_devices(verify, now);
    watch_flights(verify, now, limit(verify, SENT));
    watch_ends(verify, now, limit(verify, PROGRESS));
    watch_shows(verify, now, limit(verify, PROGRESS));
    watch_falling(verify, now);
    watch_paused(verify, now);
}
