/* SPDX-License-Identifier: MIT */
/* Checks of what runs later: timers, DPCs, work items, threads. What is set or queued must not
 * outlive its memory, its module or its driver.
 */
#include "verify/check.h"

#include "host/image.h"

#include <string.h>

static void *
argument(const struct gate_call *call, unsigned k)
{
    return (void *)call->args[k];
}

/* The NDIS timer or work item that @call is about; NULL: the core says so itself. */
static struct record *
object_record(struct verify *verify, const void *body, enum object_kind kind)
{
    struct object *prefix = object_of(verify->machine, body, kind);

    return prefix ? prefix->record : NULL;
}

bool
timer_is_set(const KTIMER *timer)
{
    return __atomic_load_n(&timer->TimerListEntry.Flink, __ATOMIC_RELAXED) != NULL;
}

static bool
dpc_is_queued(const KDPC *dpc)
{
    return __atomic_load_n(&dpc->DpcData, __ATOMIC_RELAXED) != NULL;
}

/* Made again while it is in use. */
static void
check_made_again(
    struct verify *verify, const struct gate_call *call, const struct place *place, bool in_use)
{
    if (fails(verify, RULE_TIMER_OWN, place && in_use))
        broken_at(verify, RULE_TIMER_OWN, call, NULL, &place->made, "it was made here",
            "%s called %s for a %s that is in use", call->driver->name, call->import->name,
            place_kind_name(place->kind));
}

static void
make_timer_at(struct verify *verify, const struct gate_call *call, const KTIMER *timer)
{
    const struct place *place = place_find(verify, timer, PLACE_TIMER);

    check_made_again(verify, call, place, place && timer_is_set(timer));
    place_make(verify, timer, PLACE_TIMER, call->import->name);
}

static void
make_dpc_at(struct verify *verify, const struct gate_call *call, const KDPC *dpc)
{
    const struct place *place = place_find(verify, dpc, PLACE_DPC);

    check_made_again(verify, call, place, place && dpc_is_queued(dpc));
    place_make(verify, dpc, PLACE_DPC, call->import->name);
}

static void
make_timer(struct verify *verify, struct gate_call *call)
{
    make_timer_at(verify, call, argument(call, 0));
}

static void
make_dpc(struct verify *verify, struct gate_call *call)
{
    make_dpc_at(verify, call, argument(call, 0));
}

static void
make_ndis_timer(struct verify *verify, struct gate_call *call)
{
    PNDIS_TIMER timer = argument(call, 0);

    make_timer_at(verify, call, &timer->Timer);
    make_dpc_at(verify, call, &timer->Dpc);
}

static void
check_period(struct verify *verify, const struct gate_call *call, unsigned k)
{
    LONG period = (LONG)call->args[k];

    if (fails(verify, RULE_TIMER_DUE, period < 0))
        broken(verify, RULE_TIMER_DUE, call, NULL, NULL, NULL,
            "%s called %s with 0x%08X milliseconds, which is beyond MAXLONG", call->driver->name,
            call->import->name, (unsigned)period);
}

static void
set_ndis_timer(struct verify *verify, struct gate_call *call)
{
    check_period(verify, call, 1);
}

static void
set_kernel_timer(struct verify *verify, struct gate_call *call)
{
    check_period(verify, call, 2);
}

/* Timer objects of NDIS. */
static void
allocate_timer(struct verify *verify, struct gate_call *call)
{
    const NDIS_TIMER_CHARACTERISTICS *c = argument(call, 1);
    const char *wrong = NULL;

    if (c->Header.Type != NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS ||
        c->Header.Revision < NDIS_TIMER_CHARACTERISTICS_REVISION_1 ||
        c->Header.Size < NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1)
        wrong = "a header that is not that of NDIS_TIMER_CHARACTERISTICS";
    else if (!c->TimerFunction)
        wrong = "no function";
    else if (!c->AllocationTag)
        wrong = "no tag";
    if (fails(verify, RULE_TIMER_HEADER, wrong != NULL))
        broken(verify, RULE_TIMER_HEADER, call, NULL, NULL, NULL, "%s called %s with %s",
            call->driver->name, call->import->name, wrong);
}

static void
has_timer(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, *(void **)argument(call, 2), OBJECT_TIMER);

    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS && record)
        record->now.who = argument(call, 0);
}

/* The module that a timer or work item was made for, NULL when it was a driver. */
static const struct module *
module_of(struct verify *verify, const struct record *record)
{
    static const enum object_kind kinds[] = {OBJECT_ADAPTER, OBJECT_FILTER, OBJECT_BINDING};

    for (unsigned k = 0; k < RTL_NUMBER_OF(kinds); k++)
        if (object_of(verify->machine, record->now.who, kinds[k]))
            return record->now.who;
    return NULL;
}

static void
set_timer(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, argument(call, 0), OBJECT_TIMER);
    const struct module *module = record ? module_of(verify, record) : NULL;
    bool ending = module && (module->state == MODULE_DETACHING || module->state == MODULE_DETACHED);

    check_period(verify, call, 2);
    if (!record)
        return;
    if (fails(verify, RULE_TIMER_REARM, ending))
        broken(verify, RULE_TIMER_REARM, call, NULL, record, "last seen here",
            "%s sets timer %u of a %s that is ending", call->driver->name, record->id,
            module_kind_name(module->kind));
    record->armed = true;
    record_move(verify, record, call->import->name);
}

/* What had expired already is about to run: the function itself takes the mark off then. */
static void
has_cancelled(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, argument(call, 0), OBJECT_TIMER);

    if (!record)
        return;
    record_move(verify, record, call->import->name);
    if ((BOOLEAN)call->result)
        record->armed = false;
}

/* @dpc lies in the timer. */
static void
timer_runs(struct verify *verify, struct gate_call *call)
{
    size_t size;
    char *block = arena_find(verify->machine->arena, argument(call, 0), &size);
    struct record *record =
        block ? object_record(verify, block + sizeof(struct object), OBJECT_TIMER) : NULL;

    if (record)
        record->armed = false;
}

void
check_timers_idle(struct verify *verify, const struct gate_call *call, const struct module *module)
{
    record_for_each(&verify->live, record)
    {
        bool timer = record->kind == OBJECT_TIMER;
        enum rule_name rule = timer ? RULE_TIMER_SET : RULE_WORK_FLUSH;

        if ((!timer && record->kind != OBJECT_WORK_ITEM) || record->now.who != module)
            continue;
        if (!fails(verify, rule, record->armed && !record->overdue))
            continue;
        record->overdue = true;
        broken(verify, rule, call, NULL, record, timer ? "set here" : "queued here",
            "%s of %s returned while %s %u, made for it, is %s", call->handler->name,
            call->driver->name, object_kind_name(record->kind), record->id,
            timer ? "set" : "queued");
    }
}

/* Work items. */
static void
allocate_work(struct verify *verify, struct gate_call *call)
{
    const void *handle = argument(call, 0);
    bool protocol = object_of(verify->machine, handle, OBJECT_BINDING) ||
                    object_of(verify->machine, handle, OBJECT_PROTOCOL_DRIVER);

    if (fails(verify, RULE_WORK_PROTOCOL, protocol))
        broken(verify, RULE_WORK_PROTOCOL, call, NULL, NULL, NULL,
            "%s called %s with the handle of a protocol", call->driver->name, call->import->name);
}

static void
has_work(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, (void *)call->result, OBJECT_WORK_ITEM);

    if (record)
        record->now.who = argument(call, 0);
}

static void
queue_work(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, argument(call, 0), OBJECT_WORK_ITEM);

    if (!record)
        return;
    record->armed = true;
    record_move(verify, record, call->import->name);
}

static void
work_runs(struct verify *verify, struct gate_call *call)
{
    struct record *record = object_record(verify, argument(call, 1), OBJECT_WORK_ITEM);

    if (record)
        record->armed = false;
}

static void
schedule_work(struct verify *verify, struct gate_call *call)
{
    struct place *place =
        place_make(verify, argument(call, 0), PLACE_WORK_ITEM, call->import->name);

    check_no_lock(verify, call, RULE_WORK_LOCK);
    if (place)
        place->busy = true;
}

static void
scheduled_runs(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, argument(call, 0), PLACE_WORK_ITEM);

    if (place)
        place->busy = false;
}

/* Memory goes away with what is in it. */
static void
leaves(struct verify *verify, struct place *place)
{
    bool timer = place->kind == PLACE_TIMER && timer_is_set(place->address);
    bool work = place->kind == PLACE_WORK_ITEM && place->busy;
    bool dpc = place->kind == PLACE_DPC && dpc_is_queued(place->address);
    bool list = place->kind == PLACE_LOOKASIDE || place->kind == PLACE_RESOURCE;

    if (fails(verify, RULE_TIMER_MEMORY, timer || work))
        broken_at(verify, RULE_TIMER_MEMORY, NULL, NULL, &place->made, "it was made here",
            "memory of %s is freed with a %s in it that is %s", place->driver->name,
            place_kind_name(place->kind), timer ? "set" : "queued");
    if (fails(verify, RULE_CLOSE_CONTEXT, place->kind == PLACE_CONTEXT && place->busy))
        broken_late(verify, RULE_CLOSE_CONTEXT, NULL, place->driver, &place->made, "opened here",
            "%s frees the context of a binding that is open", place->driver->name);
    if (fails(verify, RULE_DPC_MEMORY, dpc))
        broken_at(verify, RULE_DPC_MEMORY, NULL, NULL, &place->made, "it was made here",
            "memory of %s is freed with a DPC in it that is queued", place->driver->name);
    if (fails(verify, RULE_MEMORY_LIST, list && !place->ended))
        broken_at(verify, RULE_MEMORY_LIST, NULL, NULL, &place->made, "it was made here",
            "memory of %s is freed with a %s in it that is not deleted", place->driver->name,
            place_kind_name(place->kind));
}

void
check_places(struct verify *verify, const void *memory, size_t size)
{
    places_forget(verify, memory, size, leaves);
}

/* What lies in the driver itself goes with it. */
static void
goes(struct verify *verify, struct place *place, void *driver)
{
    const struct driver *left = driver;
    bool list = place->kind == PLACE_LOOKASIDE || place->kind == PLACE_RESOURCE;

    if (place->driver != left || !list || !left->image ||
        !image_contains(left->image, place->address))
        return;
    if (fails(verify, RULE_MEMORY_LIST, !place->ended))
        broken_late(verify, RULE_MEMORY_LIST, NULL, place->driver, &place->made, "it was made here",
            "%s was unloaded with a %s in it that is not deleted", left->name,
            place_kind_name(place->kind));
}

void
check_places_of(struct verify *verify, struct driver *driver)
{
    places_visit(verify, goes, driver);
}

/* Threads: counted per driver, because the one that ends may be gone before it is waited for. */
static struct watched_driver *
watched(struct verify *verify, const struct driver *driver)
{
    struct watched_driver *free = NULL;

    for (unsigned k = 0; k < DRIVERS_WATCHED; k++) {
        if (verify->drivers[k].driver == driver)
            return &verify->drivers[k];
        if (!verify->drivers[k].driver && !free)
            free = &verify->drivers[k];
    }
    if (free)
        *free = (struct watched_driver){.driver = driver};
    return free;
}

static void
count_thread(struct verify *verify, const struct driver *driver, int change)
{
    struct watched_driver *of = watched(verify, driver);

    if (of)
        of->threads += change;
}

static void
start_thread(struct verify *verify, struct gate_call *call)
{
    count_thread(verify, call->driver, 1);
}

static void
has_thread(struct verify *verify, struct gate_call *call)
{
    if ((NTSTATUS)call->result != STATUS_SUCCESS)
        count_thread(verify, call->driver, -1);
}

static void
thread_ends(struct verify *verify, struct gate_call *call)
{
    count_thread(verify, call->driver, -1);
}

static void
check_threads(struct verify *verify, struct gate_call *call)
{
    struct watched_driver *of = watched(verify, call->driver);

    if (fails(verify, RULE_THREAD_LEFT, of && of->threads > 0))
        broken(verify, RULE_THREAD_LEFT, call, NULL, NULL, NULL,
            "%s of %s returned while %d of its threads run", call->handler->name,
            call->driver->name, of->threads);
    if (of)
        of->driver = NULL;
}

const struct check timer_imports[] = {
    {"KeInitializeTimer", make_timer, NULL},
    {"KeInitializeTimerEx", make_timer, NULL},
    {"KeInitializeDpc", make_dpc, NULL},
    {"KeSetTimerEx", set_kernel_timer, NULL},
    {"KeSetCoalescableTimer", set_kernel_timer, NULL},
    {"NdisInitializeTimer", make_ndis_timer, NULL},
    {"NdisSetTimer", set_ndis_timer, NULL},
    {"NdisSetTimerEx", set_ndis_timer, NULL},
    {"NdisAllocateTimerObject", allocate_timer, has_timer},
    {"NdisSetTimerObject", set_timer, NULL},
    {"NdisSetCoalescableTimerObject", set_timer, NULL},
    {"NdisCancelTimerObject", NULL, has_cancelled},
    {"NdisAllocateIoWorkItem", allocate_work, has_work},
    {"NdisQueueIoWorkItem", queue_work, NULL},
    {"NdisScheduleWorkItem", schedule_work, NULL},
    {"PsCreateSystemThread", start_thread, has_thread},
    {"PsTerminateSystemThread", thread_ends, NULL},
    {NULL, NULL, NULL},
};

const struct check timer_handlers[] = {
    {"NetTimerCallback", timer_runs, NULL},
    {"NDIS_IO_WORKITEM_FUNCTION", work_runs, NULL},
    {"NDIS_PROC_CALLBACK", scheduled_runs, NULL},
    {"KSTART_ROUTINE", NULL, thread_ends},
    {"DriverUnload", NULL, check_threads},
    {NULL, NULL, NULL},
};
