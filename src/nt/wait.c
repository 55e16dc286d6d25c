/* SPDX-License-Identifier: MIT */
/* Waiting for dispatcher objects, and letting waiters go. See wait.h.
 *
 * APCs do not exist here: Alertable and WaitMode change nothing.
 */
#include "nt/wait.h"
#include "nt/gate.h"
#include "nt/thread.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* So often a driver's patience: who waits in a handler may be waiting for who has all of it. */
#define HANG_PATIENCE 2

struct wait;

/* One object of a wait; in the object's WaitListHead. */
struct wait_entry {
    LIST_ENTRY link;
    DISPATCHER_HEADER *object;
    struct wait *wait;
};

/* One wait under way, on the stack of who waits. */
struct wait {
    uint32_t done; /* word: 0 waiting, 1 satisfied */
    NTSTATUS status;
    WAIT_TYPE type;
    unsigned count;
    struct kthread *thread; /* NULL unless a mutex is among the objects */
    struct wait_entry *entries;
};

void
dispatcher_lock(struct undis *machine)
{
    executive_lock(machine->executive, &machine->dispatcher);
}

void
dispatcher_unlock(struct undis *machine)
{
    executive_unlock(machine->executive, &machine->dispatcher);
}

void
dispatcher_initialize(DISPATCHER_HEADER *header, enum dispatcher_type type, size_t size, LONG state)
{
    header->Lock = 0;
    header->Type = (UCHAR)type;
    header->Size = (UCHAR)(size / sizeof(LONG));
    header->SignalState = state;
    InitializeListHead(&header->WaitListHead);
}

void
wakes_send(struct undis *machine, struct wakes *wakes)
{
    for (unsigned k = 0; k < wakes->count; k++)
        executive_wake(machine->executive, wakes->words[k], 1);
    wakes->count = 0;
}

static bool
signalled(const DISPATCHER_HEADER *header, const struct kthread *thread)
{
    if (header->SignalState > 0)
        return true;
    return header->Type == DISPATCHER_MUTANT && thread &&
           ((const KMUTANT *)header)->OwnerThread == (PKTHREAD)thread;
}

/* What a satisfied wait takes from the object. */
static void
consume(DISPATCHER_HEADER *header, struct kthread *thread)
{
    switch (header->Type) {
    case DISPATCHER_SYNCHRONIZATION_EVENT:
    case DISPATCHER_SYNCHRONIZATION_TIMER: dispatcher_state(header, 0); break;
    case DISPATCHER_SEMAPHORE: dispatcher_state(header, header->SignalState - 1); break;
    case DISPATCHER_MUTANT:
        dispatcher_state(header, header->SignalState - 1);
        ((KMUTANT *)header)->OwnerThread = (PKTHREAD)thread;
        break;
    default: break;
    }
}

/* Takes what @wait waits for, when it is there; answers whether it was. */
static bool
satisfy(struct wait *wait)
{
    if (wait->type == WaitAny) {
        for (unsigned k = 0; k < wait->count; k++) {
            if (!signalled(wait->entries[k].object, wait->thread))
                continue;
            consume(wait->entries[k].object, wait->thread);
            wait->status = STATUS_WAIT_0 + (NTSTATUS)k;
            return true;
        }
        return false;
    }
    for (unsigned k = 0; k < wait->count; k++)
        if (!signalled(wait->entries[k].object, wait->thread))
            return false;
    for (unsigned k = 0; k < wait->count; k++)
        consume(wait->entries[k].object, wait->thread);
    wait->status = STATUS_WAIT_0;
    return true;
}

static void
unlink_entries(struct wait *wait)
{
    for (unsigned k = 0; k < wait->count; k++)
        RemoveEntryList(&wait->entries[k].link);
}

void
dispatcher_satisfy(struct undis *machine, DISPATCHER_HEADER *header, struct wakes *wakes)
{
    LIST_ENTRY *link = header->WaitListHead.Flink;

    while (link != &header->WaitListHead && header->SignalState > 0) {
        struct wait *wait = CONTAINING_RECORD(link, struct wait_entry, link)->wait;

        if (!satisfy(wait)) {
            link = link->Flink;
            continue;
        }
        unlink_entries(wait);
        wakes->words[wakes->count++] = &wait->done;
        /* The waiter goes on when it has had the lock: until then the object is there. */
        __atomic_store_n(&wait->done, 1, __ATOMIC_RELEASE);
        link = header->WaitListHead.Flink;
        if (wakes->count == WAKES_MAX)
            wakes_send(machine, wakes);
    }
}

uint64_t
timeout_deadline(struct undis *machine, const LARGE_INTEGER *timeout)
{
    uint64_t units;

    if (!timeout)
        return EXECUTIVE_FOREVER;
    if (timeout->QuadPart >= 0) {
        units = (uint64_t)timeout->QuadPart;
        return units <= machine->boot_time ? 0 : (units - machine->boot_time) * 100;
    }
    units = -(uint64_t)timeout->QuadPart;
    if (units >= (UINT64_MAX >> 1) / 100)
        return EXECUTIVE_FOREVER;
    return executive_now(machine->executive) + units * 100;
}

/* The handler that NDIS waits for and that waits itself now; NULL: some other code. */
static const char *
awaited_handler(void)
{
    static const char *const kinds[] = {"Miniport", "Filter", "Protocol"};
    const struct gate_frame *frame = block_self->frames;

    for (size_t k = 0; frame && k < sizeof(kinds) / sizeof(kinds[0]); k++)
        if (strncmp(frame->handler->name, kinds[k], strlen(kinds[k])) == 0)
            return frame->handler->name;
    return NULL;
}

/* With real processors nobody sees that everything stands still: such a handler may wait for ever
 * only as long as NDIS waits for it. */
static uint64_t
hangs_at(struct undis *machine, uint64_t deadline, uint64_t since)
{
    if (deadline != EXECUTIVE_FOREVER || executive_kind(machine->executive) != EXECUTIVE_THREADS ||
        !awaited_handler())
        return EXECUTIVE_FOREVER;
    return since + HANG_PATIENCE * machine->patience;
}

_Noreturn static void
hang(const struct undis *machine)
{
    const struct driver *driver = block_self->driver;
    char text[160];

    snprintf(text, sizeof(text), "%s of %s has waited for %llu ms and has not come back",
        awaited_handler(), driver->name,
        (unsigned long long)(HANG_PATIENCE * machine->patience / 1000000));
    gate_hang(NULL, text);
}

void
wait_on_word(struct undis *machine, uint32_t *word, uint32_t seen, uint64_t since)
{
    uint64_t late = hangs_at(machine, EXECUTIVE_FOREVER, since);

    if (executive_wait(machine->executive, word, seen, late) == -ETIMEDOUT &&
        __atomic_load_n(word, __ATOMIC_ACQUIRE) == seen)
        hang(machine);
}

static void
sleep_until_done(struct undis *machine, struct wait *wait, uint64_t deadline)
{
    uint64_t late = hangs_at(machine, deadline, executive_now(machine->executive));

    while (!__atomic_load_n(&wait->done, __ATOMIC_ACQUIRE)) {
        if (executive_wait(machine->executive, &wait->done, 0, deadline < late ? deadline : late) !=
            -ETIMEDOUT)
            continue;
        if (late != EXECUTIVE_FOREVER) {
            if (!__atomic_load_n(&wait->done, __ATOMIC_ACQUIRE))
                hang(machine);
            continue;
        }
        dispatcher_lock(machine);
        if (!wait->done) {
            unlink_entries(wait);
            wait->status = STATUS_TIMEOUT;
            wait->done = 1;
        }
        dispatcher_unlock(machine);
    }
    /* Who satisfied the wait may still look at the object, which the caller may free. */
    dispatcher_lock(machine);
    dispatcher_unlock(machine);
}

static NTSTATUS
wait_for(struct wait *wait, const LARGE_INTEGER *timeout, const char *caller)
{
    struct undis *machine = machine_self();
    bool poll = timeout && timeout->QuadPart == 0;
    bool ready;

    gate_require_irql(poll ? DISPATCH_LEVEL : APC_LEVEL, caller);
    yield_point(YIELD_LOCK, wait->entries[0].object);
    for (unsigned k = 0; k < wait->count; k++) {
        wait->entries[k].wait = wait;
        if (wait->entries[k].object->Type == DISPATCHER_MUTANT && !wait->thread)
            wait->thread = thread_self();
    }
    dispatcher_lock(machine);
    ready = satisfy(wait);
    if (!ready && !poll)
        for (unsigned k = 0; k < wait->count; k++)
            InsertTailList(&wait->entries[k].object->WaitListHead, &wait->entries[k].link);
    dispatcher_unlock(machine);
    if (ready)
        return wait->status;
    if (poll)
        return STATUS_TIMEOUT;
    sleep_until_done(machine, wait, timeout_deadline(machine, timeout));
    return wait->status;
}

/*
 * KeWaitForSingleObject - waits until an object is signalled
 *
 * @Object: initialised dispatcher object, resident.
 * @WaitReason: for debuggers, not used.
 * @WaitMode: KernelMode or UserMode, makes no difference.
 * @Alertable: there are no APCs that could end the wait.
 * @Timeout: 100 ns; negative: from now, positive: since 1601, 0: no wait, NULL: for ever.
 *
 * IRQL:      <= DISPATCH_LEVEL (<= APC_LEVEL unless Timeout is 0)
 * Ownership: what the wait takes from the object (an event's signal, a mutex) is the caller's.
 * Errors:    STATUS_TIMEOUT: not signalled in time.
 * Source:    NF:wdm.KeWaitForSingleObject
 */
NTSTATUS
KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode,
    BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    struct wait_entry entry = {.object = Object};
    struct wait wait = {.type = WaitAny, .count = 1, .entries = &entry};

    (void)WaitReason;
    (void)WaitMode;
    (void)Alertable;
    return wait_for(&wait, Timeout, "KeWaitForSingleObject");
}

/*
 * KeWaitForMultipleObjects - waits until one or all of several objects are signalled
 *
 * @Count: how many, at least 1.
 * @Object: initialised dispatcher object, resident.
 * @WaitType: WaitAll or WaitAny.
 * @WaitReason: for debuggers, not used.
 * @WaitMode: KernelMode or UserMode, makes no difference.
 * @Alertable: there are no APCs that could end the wait.
 * @Timeout: 100 ns; negative: from now, positive: since 1601, 0: no wait, NULL: for ever.
 * @WaitBlockArray: room for Count blocks when there are more than 3; not used.
 *
 * IRQL:      <= DISPATCH_LEVEL (<= APC_LEVEL unless Timeout is 0)
 * Ownership: what the wait takes from the objects is the caller's.
 * Errors:    STATUS_TIMEOUT: not signalled in time. STATUS_INVALID_PARAMETER_1: no object, or more
 *            than MAXIMUM_WAIT_OBJECTS.
 * Source:    NF:wdm.KeWaitForMultipleObjects
 */
NTSTATUS
KeWaitForMultipleObjects(ULONG Count, PVOID Object[], WAIT_TYPE WaitType, KWAIT_REASON WaitReason,
    KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
    PKWAIT_BLOCK WaitBlockArray)
{
    struct wait_entry entries[MAXIMUM_WAIT_OBJECTS];
    struct wait wait = {.type = WaitType, .count = Count, .entries = entries};

    (void)WaitReason;
    (void)WaitMode;
    (void)Alertable;
    if (Count == 0 || Count > MAXIMUM_WAIT_OBJECTS)
        return STATUS_INVALID_PARAMETER_1;
    if (Count > THREAD_WAIT_OBJECTS && !WaitBlockArray)
        gate_bug_check(
            NULL, "KeWaitForMultipleObjects for %u objects without a WaitBlockArray", Count);
    for (ULONG k = 0; k < Count; k++)
        entries[k] = (struct wait_entry){.object = Object[k]};
    return wait_for(&wait, Timeout, "KeWaitForMultipleObjects");
}

/*
 * KeDelayExecutionThread - sleeps
 *
 * @WaitMode: KernelMode or UserMode, makes no difference.
 * @Alertable: there are no APCs that could end the wait.
 * @Interval: 100 ns; negative: from now, positive: since 1601.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; STATUS_SUCCESS when the time is over.
 * Source:    NF:wdm.KeDelayExecutionThread
 */
NTSTATUS
KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Interval)
{
    struct undis *machine = machine_self();
    uint64_t deadline = timeout_deadline(machine, Interval);
    uint32_t word = 0;

    (void)WaitMode;
    (void)Alertable;
    gate_require_irql(APC_LEVEL, "KeDelayExecutionThread");
    if (Interval->QuadPart == 0)
        executive_yield(machine->executive, YIELD_CALL, NULL);
    else
        while (executive_wait(machine->executive, &word, 0, deadline) != -ETIMEDOUT)
            continue;
    return STATUS_SUCCESS;
}
