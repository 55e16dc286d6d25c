/* SPDX-License-Identifier: MIT */
/* The verifier watches undis too: a serialized miniport of NDIS 5 that is called while another
 * function of it runs, a request before the answer to the one before, a DPC before MiniportInitialize
 * has returned, a timer or another handler at a level that is not its own and a send that comes back
 * with another's context are told. What it sees is made here: undis does none of it.
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
static KIRQL level;
static void *first, *second; /* arguments */

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
        .irql = level,
        .args = {(uintptr_t)first, (uintptr_t)second, 0, 0, (uintptr_t)&done, (uintptr_t)&needed}};

    block_self->irql = level;
    if (before)
        machine->hooks->before_out(machine->hook_context, &call);
    else
        machine->hooks->after_out(machine->hook_context, &call);
    block_self->irql = PASSIVE_LEVEL;
}

static const struct gate_handler timer = {"MiniportTimer", 0, DISPATCH_LEVEL};
static const struct gate_handler query = {"MiniportQueryInformation", 0, DISPATCH_LEVEL};
static const struct gate_handler dpc = {"MiniportHandleInterrupt", 0, DISPATCH_LEVEL};

static const struct gate_handler hang = {"MiniportCheckForHangEx", 0, PASSIVE_LEVEL};
static const struct gate_handler oid = {"MiniportOidRequest", 0, PASSIVE_LEVEL};
static const struct gate_handler back = {"ProtocolSendNetBufferListsComplete", 0, DISPATCH_LEVEL};

static void
is_told(const char *rule)
{
    CHECK(!strcmp(told, rule));
    told[0] = 0;
}

static void
at_its_level(struct undis *machine)
{
    level = DISPATCH_LEVEL;
    shows(machine, &hang, true);
    is_told("irql-callback-entry");
    shows(machine, &hang, false);
    level = PASSIVE_LEVEL;
    shows(machine, &timer, true);
    is_told("tm-callback-irql");
    shows(machine, &timer, false);
}

static void
sends_and_requests(struct undis *machine)
{
    static NDIS_OID_REQUEST requests[2];

    module->kind = MODULE_BINDING;
    module->context = requests;
    first = requests;
    shows(machine, &back, true);
    CHECK(!told[0]);
    first = NULL;
    shows(machine, &back, true);
    is_told("send-protocol-context");
    module->kind = MODULE_MINIPORT;
    second = &requests[0];
    shows(machine, &oid, true);
    shows(machine, &oid, false);
    CHECK(!told[0]);
    second = &requests[1];
    shows(machine, &oid, true);
    is_told("oid-complete-before-next");
    second = NULL;
}

static void
one_at_a_time(struct undis *machine)
{
    level = DISPATCH_LEVEL;
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

    machine->patience = 30000000000; /* what handlers may take is a part of it */
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
    at_its_level(machine);
    one_at_a_time(machine);
    module->legacy = NULL;
    module->state = MODULE_RUNNING;
    level = PASSIVE_LEVEL;
    sends_and_requests(machine);
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
