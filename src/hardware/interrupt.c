/* SPDX-License-Identifier: MIT */
/* Interrupts: lines, messages, and the tasks that run service routines.
 *
 *     model: bus_line, bus_message --> vector.word --> the vector's task --> routines, at BUS_DIRQL
 *
 * The task holds no processor while it is at BUS_DIRQL: on Windows an ISR interrupts whatever its
 * processor does, so a DPC may wait for what its ISR will do. Two routines of one vector never run
 * at the same time; a routine runs with the interrupt's spin lock, which KeSynchronizeExecution
 * takes too. (That lock is the driver's own, as documented; no lock of undis is held.)
 */
#include "hardware/interrupt.h"
#include "host/lock.h"
#include "nt/call_hardware.h"
#include "nt/dpc.h"
#include "nt/spin.h"
#include "nt/thread.h"

#define STORM 100000u /* claimed in a row without the line going down: nothing else gets done */

void
vector_initialize(struct bus_vector *vector, struct undis *machine, uint32_t number, bool message)
{
    vector->machine = machine;
    vector->number = number;
    vector->message = message;
    InitializeListHead(&vector->chain);
}

void
vector_ring(struct bus_vector *vector)
{
    __atomic_fetch_add(&vector->word, 1, __ATOMIC_SEQ_CST);
    executive_wake(vector->machine->executive, &vector->word, 1);
}

void
bus_line(struct bus_device *device, bool asserted)
{
    struct bus_vector *line = device->line;
    uint32_t before;

    if (!line)
        return;
    if (__atomic_load_n(&device->gone, __ATOMIC_SEQ_CST))
        asserted = false;
    before = __atomic_exchange_n(&device->asserted, asserted, __ATOMIC_SEQ_CST);
    if (before == (uint32_t)asserted)
        return;
    __atomic_fetch_add(&line->level, asserted ? 1u : -1u, __ATOMIC_SEQ_CST);
    vector_ring(line);
}

/* What was sent while masked, or to nobody, waits for its turn. */
void
bus_message(struct bus_device *device, unsigned entry)
{
    struct bus_vector *vector;

    if (entry >= device->messages || __atomic_load_n(&device->gone, __ATOMIC_SEQ_CST))
        return;
    if (__atomic_load_n(&device->masked[entry], __ATOMIC_SEQ_CST)) {
        __atomic_store_n(&device->waiting[entry], 1, __ATOMIC_SEQ_CST);
        return;
    }
    vector = &device->message[__atomic_load_n(&device->entry[entry], __ATOMIC_SEQ_CST)].vector;
    __atomic_store_n(&vector->level, 1, __ATOMIC_SEQ_CST);
    vector_ring(vector);
}

NTSTATUS
bus_entry_set(struct bus_device *device, unsigned entry, unsigned message)
{
    if (entry >= device->messages || message >= device->messages)
        return STATUS_INVALID_PARAMETER;
    __atomic_store_n(&device->entry[entry], message, __ATOMIC_SEQ_CST);
    return STATUS_SUCCESS;
}

NTSTATUS
bus_entry_mask(struct bus_device *device, unsigned entry, bool masked)
{
    if (entry >= device->messages)
        return STATUS_INVALID_PARAMETER;
    __atomic_store_n(&device->masked[entry], masked, __ATOMIC_SEQ_CST);
    if (!masked && __atomic_exchange_n(&device->waiting[entry], 0, __ATOMIC_SEQ_CST))
        bus_message(device, entry);
    return STATUS_SUCCESS;
}

struct driver *
interrupt_driver(PKINTERRUPT interrupt)
{
    return interrupt->as.driver;
}

static BOOLEAN
call(PKINTERRUPT interrupt)
{
    const struct bus_connection *as = &interrupt->as;

    if (as->message_routine && as->driver)
        return call_message_isr(
            as->driver, as->message_routine, interrupt, as->context, as->message);
    if (as->message_routine)
        return as->message_routine(interrupt, as->context, as->message);
    return as->driver ? call_isr(as->driver, as->routine, interrupt, as->context)
                      : as->routine(interrupt, as->context);
}

/* At the interrupt's level without a processor; the one named only says where DPCs go. */
static BOOLEAN
run_routine(PKINTERRUPT interrupt)
{
    struct block *self = block_self;
    struct undis *machine = self->machine;
    BOOLEAN mine;

    self->irql = interrupt->as.synchronize;
    spin_lock(interrupt->as.lock);
    mine = call(interrupt);
    spin_unlock(interrupt->as.lock);
    self->irql = PASSIVE_LEVEL;
    processor_signal(machine, &machine->processors[self->processor]);
    return mine;
}

static void
choose_processor(const struct bus_vector *vector)
{
    struct undis *machine = vector->machine;
    uint32_t number = vector->affinity ? (uint32_t)__builtin_ctzll(vector->affinity)
                                       : executive_choose(machine->executive, CHOICE_PROCESSOR,
                                             machine->processor_count, vector);

    block_self->processor = number % machine->processor_count;
}

/* The @index-th of the chain, marked as running; NULL at its end. */
static PKINTERRUPT
pick(struct bus_vector *vector, unsigned index)
{
    PKINTERRUPT found = NULL;

    host_lock(&vector->lock);
    for (LIST_ENTRY *e = vector->chain.Flink; e != &vector->chain && !found; e = e->Flink)
        if (index-- == 0)
            found = CONTAINING_RECORD(e, struct _KINTERRUPT, link);
    vector->running = found;
    host_unlock(&vector->lock);
    return found;
}

static void
let_go(struct bus_vector *vector)
{
    host_lock(&vector->lock);
    vector->running = NULL;
    host_unlock(&vector->lock);
    __atomic_fetch_add(&vector->left, 1, __ATOMIC_SEQ_CST);
    executive_wake(vector->machine->executive, &vector->left, 64);
}

/* Asks the chain, until one says it was its device. @whose: its driver. */
static bool
serve(struct bus_vector *vector, struct driver **whose)
{
    bool claimed = false;
    PKINTERRUPT interrupt;

    choose_processor(vector);
    for (unsigned i = 0; !claimed && (interrupt = pick(vector, i)) != NULL; i++) {
        *whose = interrupt->as.driver ? interrupt->as.driver : interrupt->as.owner;
        claimed = run_routine(interrupt);
        let_go(vector);
    }
    return claimed;
}

static bool
is_connected(struct bus_vector *vector)
{
    bool connected;

    host_lock(&vector->lock);
    connected = !IsListEmpty(&vector->chain);
    host_unlock(&vector->lock);
    return connected;
}

/* True when the task shall look again at once. */
static bool
look(struct bus_vector *vector)
{
    struct driver *whose = NULL;

    if (vector->message) {
        if (!is_connected(vector) || !__atomic_exchange_n(&vector->level, 0, __ATOMIC_SEQ_CST))
            return false;
        serve(vector, &whose);
        return true;
    }
    if (!__atomic_load_n(&vector->level, __ATOMIC_SEQ_CST)) {
        vector->storm = 0;
        return false;
    }
    /* Nobody's: quiet until something changes. Whoever claims it makes its device let go. */
    if (!serve(vector, &whose))
        return false;
    if (++vector->storm == STORM)
        gate_bug_check_of(whose, "hw-isr-recognise",
            "interrupt %u was claimed %u times while its line stayed asserted", vector->number,
            STORM);
    return true;
}

static void
run(void *context)
{
    struct bus_vector *vector = context;
    struct executive *ex = vector->machine->executive;

    while (!__atomic_load_n(&vector->ending, __ATOMIC_SEQ_CST)) {
        uint32_t seen = __atomic_load_n(&vector->word, __ATOMIC_SEQ_CST);

        if (!look(vector))
            executive_wait(ex, &vector->word, seen, EXECUTIVE_FOREVER);
    }
    __atomic_store_n(&vector->alive, 0, __ATOMIC_SEQ_CST);
    executive_wake(ex, &vector->alive, 1);
}

/* The first connection starts the task. */
static NTSTATUS
start(struct bus_vector *vector)
{
    uint32_t alive = 0;

    if (!__atomic_compare_exchange_n(
            &vector->alive, &alive, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return STATUS_SUCCESS;
    vector->ending = false;
    if (!nt_spawn(vector->machine, vector->message ? "message" : "interrupt", run, vector))
        return STATUS_SUCCESS;
    vector->alive = 0;
    return STATUS_INSUFFICIENT_RESOURCES;
}

/* Under vector.lock: those that are there share, and so does the new one. */
static bool
may_join(struct bus_vector *vector, bool shared)
{
    const LIST_ENTRY *first = vector->chain.Flink;

    return first == &vector->chain ||
           (shared && CONTAINING_RECORD(first, struct _KINTERRUPT, link)->as.shared);
}

NTSTATUS
interrupt_connect(const struct bus_connection *connection, PKINTERRUPT *connected)
{
    struct bus_vector *vector = connection->vector;
    PKINTERRUPT interrupt = object_fails(vector->machine, OBJECT_NONE, 0)
                                ? NULL
                                : machine_alloc(vector->machine, sizeof(*interrupt));
    NTSTATUS status = STATUS_SUCCESS;

    if (!interrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    interrupt->as = *connection;
    if (!interrupt->as.lock)
        interrupt->as.lock = &interrupt->own;
    if (!interrupt->as.synchronize)
        interrupt->as.synchronize = BUS_DIRQL;
    /* Before it can come. */
    *connected = interrupt;
    host_lock(&vector->lock);
    if (may_join(vector, connection->shared))
        InsertTailList(&vector->chain, &interrupt->link);
    else
        status = STATUS_INVALID_PARAMETER;
    host_unlock(&vector->lock);
    if (NT_SUCCESS(status)) {
        status = start(vector);
        vector_ring(vector);
    }
    if (NT_SUCCESS(status))
        return status;
    if (status == STATUS_INSUFFICIENT_RESOURCES) {
        host_lock(&vector->lock);
        RemoveEntryList(&interrupt->link);
        host_unlock(&vector->lock);
    }
    *connected = NULL;
    machine_free(vector->machine, interrupt);
    return status;
}

static bool
is_running(struct bus_vector *vector, PKINTERRUPT interrupt)
{
    bool running;

    host_lock(&vector->lock);
    running = vector->running == interrupt;
    host_unlock(&vector->lock);
    return running;
}

void
interrupt_disconnect(PKINTERRUPT interrupt)
{
    struct bus_vector *vector = interrupt->as.vector;
    struct executive *ex = vector->machine->executive;
    bool last;

    host_lock(&vector->lock);
    RemoveEntryList(&interrupt->link);
    last = IsListEmpty(&vector->chain);
    host_unlock(&vector->lock);
    for (;;) {
        uint32_t left = __atomic_load_n(&vector->left, __ATOMIC_SEQ_CST);

        if (!is_running(vector, interrupt))
            break;
        executive_wait(ex, &vector->left, left, EXECUTIVE_FOREVER);
    }
    if (last) {
        __atomic_store_n(&vector->ending, true, __ATOMIC_SEQ_CST);
        vector_ring(vector);
        while (__atomic_load_n(&vector->alive, __ATOMIC_SEQ_CST))
            executive_wait(ex, &vector->alive, 1, EXECUTIVE_FOREVER);
    }
    machine_free(vector->machine, interrupt);
}

BOOLEAN
interrupt_synchronize(PKINTERRUPT interrupt, BOOLEAN (*routine)(void *context), void *context)
{
    KIRQL old = KeAcquireInterruptSpinLock(interrupt);
    BOOLEAN result = routine(context);

    KeReleaseInterruptSpinLock(interrupt, old);
    return result;
}
