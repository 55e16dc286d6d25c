/* SPDX-License-Identifier: MIT */
/* Making and unmaking the kernel of a machine. See machine.h. */
#include "nt/crash.h"
#include "nt/handle.h"
#include "nt/io.h"
#include "nt/registry.h"
#include "nt/thread.h"
#include "nt/timer.h"
#include "nt/trace.h"
#include "nt/work.h"
#include <assert.h>
#include <errno.h>
#include <time.h>

/* 1601 to 1970, in 100 ns. */
#define EPOCH 116444736000000000ull
/* Boot time of a simulated machine: 2024-01-01. */
#define FIXED_BOOT (EPOCH + 1704067200ull * 10000000)

#define PROCESSORS_DEFAULT 4

void *
machine_alloc(struct undis *machine, size_t size)
{
    return arena_zalloc(machine->arena, size, 16);
}

void
machine_free(struct undis *machine, void *memory)
{
    arena_free(machine->arena, memory);
}

static uint64_t
host_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return EPOCH + (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100;
}

/* What has no task of its own, first; registry and devices last, for they use the rest. */
static int
create_parts(struct undis *machine)
{
    static int (*const parts[])(struct undis *) = {
        processor_create, handles_create, timers_create, work_create, registry_create, io_create};

    for (unsigned k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
        int error = parts[k](machine);
        if (error)
            return error;
    }
    return 0;
}

struct creation {
    struct undis *machine;
    int error;
};

static void
create_inside(void *context)
{
    struct creation *creation = context;

    creation->error = create_parts(creation->machine);
}

int
nt_create(struct undis *machine)
{
    struct creation creation = {machine, 0};
    int error;

    crash_install();
    machine->simulated = executive_kind(machine->executive) == EXECUTIVE_SIMULATED;
    if (!machine->processor_count)
        machine->processor_count = PROCESSORS_DEFAULT;
    if (machine->processor_count > PROCESSORS_MAX)
        return -EINVAL;
    InitializeListHead(&machine->drivers);
    InitializeListHead(&machine->stays);
    InitializeListHead(&machine->threads);
    InitializeListHead(&machine->shared);
    InitializeListHead(&machine->callbacks);
    if (!machine->boot_time)
        machine->boot_time =
            machine->simulated ? FIXED_BOOT : host_time() - executive_now(machine->executive) / 100;
    error = nt_call(machine, create_inside, &creation);
    if (!error)
        error = creation.error;
    if (error)
        nt_destroy(machine);
    return error;
}

/* Inside the machine: its own tasks end, and are waited for. */
static void
end_tasks(void *context)
{
    struct undis *machine = context;
    uint32_t left;

    __atomic_store_n(&machine->ended, true, __ATOMIC_RELEASE);
    processor_end(machine);
    timers_end(machine);
    work_end(machine);
    while ((left = __atomic_load_n(&machine->system_tasks, __ATOMIC_ACQUIRE)) != 0)
        executive_wait(machine->executive, &machine->system_tasks, left, EXECUTIVE_FOREVER);
    if (machine->handles)
        handles_destroy(machine);
    if (machine->io)
        io_destroy(machine);
    thread_forget();
    threads_destroy(machine);
}

void
nt_destroy(struct undis *machine)
{
    if (executive_enter(machine->executive, machine, end_tasks, machine))
        return;
    /* The last of them have counted themselves out and still have to return. */
    if (!block_self)
        executive_run(machine->executive, executive_now(machine->executive));
    if (machine->registry)
        registry_destroy(machine);
    work_destroy(machine);
    timers_destroy(machine);
    machine_free(machine, machine->processors);
    machine->processors = NULL;
}
