/* SPDX-License-Identifier: MIT */
/* The report of a hang is the table of obligations: who owes what to whom since which event, for
 * NBLs both ways, packets, OID requests, IRPs, pauses, unbinds, resets and threads that wait; for
 * people, as JSON lines and as SARIF. A machine in which nothing can run any more has it too.
 */
#include "lib/child.h"
#include "lib/machine.h"
#include "lib/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 600
#define RUN_NS      3000000

static const unsigned char frame[60] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1};

static void
received(void *context, const void *data, size_t length)
{
    (void)context;
    (void)data;
    (void)length;
}

static struct undis *
machine_for(const char *file)
{
    struct undis_config config = test_config();

    config.report = NULL;
    config.patience_ms = PATIENCE_MS;
    config.report_file = file;
    return test_machine_with(&config);
}

static bool
something_is_out(void *stack)
{
    struct undis_layer layers[8];
    int n = undis_stack_layers(stack, layers, 8);

    for (int k = 0; k < n; k++)
        if (layers[k].sends_out > 0 || layers[k].receives_out > 0)
            return true;
    return false;
}

/* The filter keeps a receive, a request and a read, and then does not pause; or it keeps a send,
 * and the protocol waits for that in its handler.
 */
static void
hang_in_a_filter(const char *file, bool send)
{
    struct undis *machine = machine_for(file);
    struct peer_protocol *asker = peer_protocol_add(machine, "asker");
    struct undis_driver *filters[2] = {test_driver(machine, "owes")};
    struct undis_driver *protocols[3] = {test_driver(machine, "frames"), asker->peer.driver};
    struct undis_stack_config shape = {.size = sizeof(shape),
        .miniport = test_driver(machine, "portnic"),
        .filters = filters,
        .protocols = protocols};
    struct undis_request *read;
    struct undis_stack *stack;
    struct undis_file *device;

    CHECK_OK(undis_port_program(machine, received, NULL, &shape.top));
    CHECK_OK(undis_port_program(machine, received, NULL, &shape.bottom));
    CHECK_OK(undis_stack_create(machine, &shape, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(undis_port_inject(send ? shape.top : shape.bottom, frame, sizeof(frame)));
    peer_protocol_oids(asker, 1);
    CHECK_OK(undis_device_open(machine, "\\Device\\Owes", &device));
    CHECK_OK(undis_request_begin(device, UNDIS_READ, 0, NULL, 0, 16, &read));
    test_wait(machine, something_is_out, stack, "the filter to keep the frame");
    undis_run(machine, RUN_NS);
    undis_stack_pause(stack);
}

/* The miniport keeps a packet ('p'), or a request ('q'), or does not end a reset ('r'), and then
 * somebody does not unbind. */
static void
hang_in_a_miniport5(const char *file, char keeps)
{
    struct undis *machine = machine_for(file);
    struct peer_protocol *stays = peer_protocol5_add(machine, "stays", 0);
    struct undis_driver *protocols[3] = {test_driver(machine, "frames5"), stays->peer.driver};
    struct undis_stack_config shape = {
        .size = sizeof(shape), .miniport = test_driver(machine, "owes5"), .protocols = protocols};
    struct undis_stack *stack;

    stays->never_unbind = true;
    CHECK_OK(undis_port_program(machine, received, NULL, &shape.top));
    CHECK_OK(undis_stack_create(machine, &shape, &stack));
    CHECK_OK(undis_stack_start(stack));
    if (keeps == 'r') {
        peer_protocol5_reset(stays);
    } else if (keeps == 'q') {
        peer_protocol_oids(stays, 1);
    } else {
        CHECK_OK(undis_port_inject(shape.top, frame, sizeof(frame)));
        test_wait(machine, something_is_out, stack, "the miniport to keep the packet");
    }
    undis_run(machine, RUN_NS);
    undis_stack_unbind(stack, stays->peer.driver);
}

/* A miniport keeps what it is to fill of a frame that it has shown; a filter elsewhere does not pause. */
static void
hang_in_a_transfer(const char *file)
{
    struct undis *machine = machine_for(file);
    struct peer_protocol *taker = peer_protocol5_add(machine, "taker", 0);
    struct peer_miniport *shows = peer_legacy_add(machine, "shows", PEER_DESERIALIZED);
    struct undis_driver *protocols[2] = {taker->peer.driver};
    struct undis_driver *filters[2] = {test_driver(machine, "owes")};
    struct undis_stack_config shape = {
        .size = sizeof(shape), .miniport = shows->peer.driver, .protocols = protocols};
    struct undis_stack_config other = {.size = sizeof(other),
        .name = "net1",
        .miniport = test_driver(machine, "portnic"),
        .filters = filters};
    struct undis_stack *stack, *second;

    CHECK_OK(undis_stack_create(machine, &shape, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(undis_stack_create(machine, &other, &second));
    CHECK_OK(undis_stack_start(second));
    peer_never = shows->by_lookahead = shows->pend_transfer = true;
    peer_miniport_indicate(shows, 1, 200, false);
    undis_run(machine, RUN_NS);
    undis_stack_pause(second);
}

/* Simulated only: the machine stands still, the program goes on. */
static void
stand_still(const char *file)
{
    struct undis *machine = machine_for(file);
    struct undis_file *device;
    uint32_t status;
    size_t done;
    char byte;

    test_driver(machine, "owes");
    CHECK_OK(undis_device_open(machine, "\\Device\\Owes", &device));
    CHECK(undis_device_read(device, &byte, 1, &done, &status) < 0);
    _exit(0);
}

/* Simulated only: a dispatch routine comes to no end, and has a lock. */
static void
compute_for_ever(void)
{
    struct undis *machine = machine_for(NULL);
    struct undis_request *write;
    struct undis_file *device;

    test_driver(machine, "owes");
    CHECK_OK(undis_device_open(machine, "\\Device\\Owes", &device));
    CHECK_OK(undis_request_begin(device, UNDIS_WRITE, 0, "x", 1, 0, &write));
    undis_run(machine, RUN_NS);
}

static int
run(const char *what)
{
    const char *file = strchr(what, ':');

    file = file ? file + 1 : NULL;
    if (what[0] == 'f' || what[0] == 'n')
        hang_in_a_filter(file, what[0] == 'n');
    else if (what[0] >= 'p' && what[0] <= 'r')
        hang_in_a_miniport5(file, what[0]);
    else if (what[0] == 't')
        hang_in_a_transfer(file);
    else if (what[0] == 'l')
        compute_for_ever();
    else
        stand_still(file);
    return 0;
}

/* A line of the table has all of these, in this order. */
static void
expect_row(const struct child *child, const char *owes, const char *to, const char *what,
    const char *since)
{
    char line[1024];

    for (const char *at = child->text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        const char *found;

        snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
        found = strstr(line, owes);
        found = found ? strstr(found, to) : NULL;
        found = found ? strstr(found, what) : NULL;
        if (found && strstr(found, since))
            return;
    }
    fprintf(stderr, "no row: %s | %s | %s | %s\n%s\n", owes, to, what, since, child->text);
    exit(1);
}

static struct child child;

static void
people_see_rows(void)
{
    /* The run before wrote a file, too. */
    child_expect(&child, UNDIS_EXIT_HANG, "FilterPause of filter owes");
    expect_row(&child, "filter owes", "miniport portnic", "NBL to return", "FilterReceive");
    expect_row(
        &child, "filter owes", "protocol asker", "answer to OID 0xFF554E01", "FilterOidRequest");
    expect_row(&child, "driver owes", "who sent it", "IRP to complete", "Read (");
    expect_row(&child, "filter owes", "NDIS", "the completion of FilterPause", "Pause (");
    expect_row(
        &child, "who is waited for", "owes, task", "end of a wait for an event", "WaitsForEver (");
}

static void
others_have_rows(void)
{
    child_run(&child, "n", 40);
    if (test_simulated())
        child_expect(&child, 0, "nothing in the machine can run any more");
    else
        child_expect(&child, UNDIS_EXIT_HANG, "ProtocolNetPnPEvent of frames has waited for");
    expect_row(&child, "filter owes (net0)", "protocol frames (net0)", "NBL to complete",
        "FilterSendNetBufferLists");
    expect_row(
        &child, "protocol frames", "NDIS", "to return from ProtocolNetPnPEvent", "frames.c:");
    child_run(&child, "p", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "ProtocolUnbindAdapterEx on net0 has been pending");
    expect_row(&child, "miniport owes5", "frames5", "packet to complete", "send.c:");
    expect_row(&child, "driver stays", "NDIS", "the completion of ProtocolUnbindAdapter", "ms, ");
    child_run(&child, "q", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "the pause of a protocol of NDIS 5 of protocol stays");
    expect_row(&child, "miniport owes5", "NDIS", "answer to OID 0xFF554E01",
        "MiniportQueryInformation, Query (");
    child_run(&child, "t", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "FilterPause of filter owes");
    expect_row(
        &child, "miniport shows", "NDIS", "the completion of a transfer", "MiniportTransferData");
    child_run(&child, "r", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "of protocol stays on net0 has been pending");
    expect_row(&child, "miniport owes5", "NDIS", "the completion of MiniportReset", "Reset (");
}

static void
locks_have_rows(void)
{
    child_run(&child, "l", 40);
    child_expect(&child, UNDIS_EXIT_HANG, "owes computes at IRQL 2");
    expect_row(&child, "owes, task", "who wants it", "to release a lock", "Write (");
    expect_row(&child, "driver owes", "who sent it", "IRP to complete", "Write (");
}

/* Brackets and braces outside strings come in pairs. */
static bool
is_balanced(const char *text)
{
    bool inside = false;
    int depth = 0;

    for (; *text && depth >= 0; text++) {
        if (inside && *text == '\\' && text[1])
            text++;
        else if (*text == '"')
            inside = !inside;
        else if (!inside)
            depth += (*text == '[' || *text == '{') - (*text == ']' || *text == '}');
    }
    return depth == 0 && !inside;
}

static const char *
file_of(const char *path, const char *how)
{
    static char text[65536];
    char what[64];
    FILE *file;

    snprintf(what, sizeof(what), "%s:%s", how, path);
    child_run(&child, what, 40);
    CHECK_EQ(child.status, how[0] == 's' ? 0 : UNDIS_EXIT_HANG);
    file = fopen(path, "re");
    CHECK(file != NULL);
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);
    unlink(path);
    CHECK(is_balanced(text));
    return text;
}

static void
expect_members(const char *text)
{
    CHECK(strstr(text, "\"event\":\"DispatchRoutine\",\"place\":\"Read (") != NULL);
    CHECK(strstr(text, "\"obligations\":[{\"count\":1,\"since_ns\":") != NULL);
    CHECK(strstr(text, "\"owes\":\"driver owes\",\"to\":\"who sent it\",\"what\":\"IRP to "
                       "complete\",") != NULL);
}

static void
machines_see_rows(void)
{
    char folder[] = "/tmp/undis-hang-XXXXXX", path[64];
    const char *text, *rest;

    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/r.jsonl", folder);
    text = file_of(path, "f");
    people_see_rows();
    expect_members(text);
    CHECK(strstr(text, "\"what\":\"the completion of FilterPause\"") != NULL);
    if (test_simulated()) {
        text = file_of(path, "s");
        CHECK(strstr(text, "nothing in the machine can run") != NULL);
        expect_members(text);
    }
    snprintf(path, sizeof(path), "%s/r.sarif", folder);
    text = file_of(path, "f");
    rest = strstr(text, "\"relatedLocations\":[{\"physicalLocation\"");
    CHECK(rest && strstr(rest, "driver owes owes IRP to complete to who sent it since here"));
    expect_members(text);
    rmdir(folder);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        return run(argv[1]);
    machines_see_rows();
    others_have_rows();
    /* ThreadSanitizer holds the watchdog's signal back. */
    if (test_simulated() && strcmp(undis_build_kind(), "tsan") != 0)
        locks_have_rows();
    return 0;
}
