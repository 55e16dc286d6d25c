/* SPDX-License-Identifier: MIT */
/* The verifier watches undis too: a serialized miniport of NDIS 5 that is called while another
 * function of it runs, a request before the answer to the one before, and a DPC before
 * MiniportInitialize has returned are told. What it sees is made here: undis does none of it.
 */
#include "nt.h"

#include "ndis/stack/legacy.h"
#include "verify/verify.h"

#include <string.h>

static char told[64];

static void
report(void *context, const struct verify_report *report)
{
    (void)context;
    snprintf(told, sizeof(told), "%s", report->rule->id);
}

static struct driver *driver;
static struct module *module;
static ULONG done, needed;

/* The miniport's function @name is called, or returns. */
static void
shows(struct undis *machine, const struct gate_handler *handler, bool before)
{
    struct gate_call call = {.handler = handler,
        .caller = (void *)shows,
        .driver = driver,
        .module = module,
        .count = 6,
        .result = NDIS_STATUS_PENDING,
        .args = {0, 0, 0, 0, (uintptr_t)&done, (uintptr_t)&needed}};

    if (before)
        machine->hooks->before_out(machine->hook_context, &call);
    else
        machine->hooks->after_out(machine->hook_context, &call);
}

static const struct gate_handler timer = {"MiniportTimer", 0, DISPATCH_LEVEL};
static const struct gate_handler query = {"MiniportQueryInformation", 0, DISPATCH_LEVEL};
static const struct gate_handler dpc = {"MiniportHandleInterrupt", 0, DISPATCH_LEVEL};

static void
one_at_a_time(struct undis *machine)
{
    shows(machine, &timer, true);
    shows(machine, &query, true); /* the same task: it called NDIS */
    shows(machine, &query, false);
    CHECK(!told[0]);
    block_self->id++;
    shows(machine, &dpc, true);
    CHECK(!strcmp(told, "s5-serialized-one-at-a-time"));
    shows(machine, &dpc, false);
    block_self->id--;
    shows(machine, &timer, false);
    told[0] = 0;
    shows(machine, &query, true);
    CHECK(!strcmp(told, "oid5-serialized"));
    shows(machine, &query, false);
    told[0] = 0;
    module->state = MODULE_ATTACHING;
    shows(machine, &dpc, true);
    CHECK(!strcmp(told, "hw-no-dpc-in-init"));
    shows(machine, &dpc, false);
    told[0] = 0;
}

static void
test(void *context)
{
    static struct legacy legacy;
    struct undis *machine = context;
    struct verify *verify;

    CHECK(verify_create(machine, report, NULL, &verify) == 0);
    driver = machine_alloc(machine, sizeof(*driver));
    driver->machine = machine;
    driver->name = "miniport";
    driver->image = (void *)driver; /* not linked in */
    module = object_create(machine, OBJECT_ADAPTER, sizeof(*module));
    module->machine = machine;
    module->driver = driver;
    module->legacy = &legacy;
    module->state = MODULE_RUNNING;
    one_at_a_time(machine);
    object_destroy(module);
    machine_free(machine, driver);
    verify_destroy(verify);
}

int
main(void)
{
    nt_run_in(EXECUTIVE_THREADS, 0, 1, test);
    nt_run_in(EXECUTIVE_SIMULATED, 1, 1, test);
    return 0;
}
