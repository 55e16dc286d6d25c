/* SPDX-License-Identifier: MIT */
/* The report of a hang says who owes the answers to requests on connections: SAPs, calls made, offered
 * and closed, parties, changes, and CO requests.
 */
#include "child.h"
#include "co.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 600
#define RUN_NS      5000000

static struct undis_config
config(void)
{
    struct undis_config config = test_config();

    config.report = NULL;
    config.patience_ms = PATIENCE_MS;
    return config;
}

/* Two clients, a call manager and a miniport, and a call that is up. */
static unsigned
bring_up(struct co_rig *rig)
{
    struct undis_driver *protocols[4];
    struct undis_stack_config shape = {.size = sizeof(shape), .protocols = protocols};
    struct undis_config machine = config();
    unsigned call;

    *rig = (struct co_rig){.machine = test_machine_with(&machine)};
    rig->manager = co_manager_add(rig->machine, "manager");
    rig->miniport = co_miniport_add(rig->machine, "circuits", rig->manager);
    rig->a = co_client_add(rig->machine, "a");
    rig->b = co_client_add(rig->machine, "b");
    protocols[0] = rig->a->peer.driver;
    protocols[1] = rig->manager->peer.driver;
    protocols[2] = rig->b->peer.driver;
    protocols[3] = NULL;
    shape.miniport = ((struct peer *)rig->miniport)->driver;
    CHECK_OK(undis_stack_create(rig->machine, &shape, &rig->stack));
    CHECK_OK(undis_stack_start(rig->stack));
    test_wait_count(rig->machine, &rig->a->opened, 1);
    test_wait_count(rig->machine, &rig->b->opened, 1);
    co_client_listen(rig->b, 7);
    test_wait_count(rig->machine, &rig->b->listening, 1);
    call = co_client_call(rig->a, 7, true);
    test_wait_count(rig->machine, &rig->a->made, 1);
    return call;
}

/* A filter on another stack, which never pauses. */
static struct undis_stack *
bring_up_what_hangs(struct undis *machine)
{
    struct undis_driver *filters[2] = {test_driver(machine, "owes")};
    struct undis_stack_config shape = {.size = sizeof(shape),
        .name = "net1",
        .miniport = test_driver(machine, "portnic"),
        .filters = filters};
    struct undis_stack *stack;

    CHECK_OK(undis_stack_create(machine, &shape, &stack));
    CHECK_OK(undis_stack_start(stack));
    return stack;
}

static int
hang(const char *what)
{
    struct co_rig rig;
    unsigned call = bring_up(&rig);
    struct undis_stack *stack = bring_up_what_hangs(rig.machine);

    peer_never = true;
    switch (what[0]) {
    case 'm': /* the manager */
        rig.manager->pend = true;
        co_client_listen(rig.a, 9);
        co_client_ask(rig.a, CO_ASK_MANAGER, 0);
        co_client_ask(rig.a, CO_ASK_MINIPORT, 0);
        co_client_add_party(rig.a, call, 7);
        co_client_modify(rig.a, call);
        co_client_call(rig.b, 7, false);
        break;
    case 'c': /* the manager, at the end of calls */
        rig.manager->pend = true;
        co_client_unlisten(rig.b);
        co_client_hang_up(rig.a, call);
        break;
    default: /* a client */
        rig.b->pend_incoming = true;
        rig.b->pend_requests = true;
        co_client_call(rig.a, 7, false);
        co_manager_ask(rig.manager);
        break;
    }
    undis_run(rig.machine, RUN_NS);
    undis_stack_pause(stack);
    return 0;
}

static struct child child;

/* A line of the table has all of these, in this order. */
static void
expect_row(const char *owes, const char *to, const char *what, const char *since)
{
    char line[1024];

    for (const char *at = child.text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        const char *found;

        snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
        found = strstr(line, owes);
        found = found ? strstr(found, to) : NULL;
        found = found ? strstr(found, what) : NULL;
        if (found && strstr(found, since))
            return;
    }
    fprintf(stderr, "no row: %s | %s | %s | %s\n%s\n", owes, to, what, since, child.text);
    exit(1);
}

static void
run(const char *what)
{
    child_run(&child, what, 50);
    child_expect(&child, UNDIS_EXIT_HANG, "FilterPause of filter owes");
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        return hang(argv[1]);
    run("m");
    expect_row("protocol manager", "protocol a", "completion of ProtocolCmRegisterSap", "made");
    expect_row("protocol manager", "protocol a", "completion of ProtocolCmAddParty", "made");
    expect_row("protocol manager", "protocol a", "completion of ProtocolCmModifyCallQoS", "made");
    expect_row("protocol manager", "protocol b", "completion of ProtocolCmMakeCall", "made");
    expect_row(
        "protocol manager", "NDIS", "answer to a request on a connection", "ProtocolCoOidRequest");
    expect_row(
        "miniport circuits", "NDIS", "answer to a request on a connection", "MiniportCoOidRequest");
    run("c");
    expect_row("protocol manager", "protocol a", "completion of ProtocolCmCloseCall", "made");
    expect_row("protocol manager", "protocol b", "completion of ProtocolCmDeregisterSap", "made");
    run("i");
    expect_row("protocol b", "protocol manager", "completion of ProtocolClIncomingCall", "made");
    expect_row("protocol b", "NDIS", "answer to a request on a connection", "ProtocolCoOidRequest");
    return 0;
}
