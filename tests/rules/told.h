/* SPDX-License-Identifier: MIT */
/* Every rule stops the driver that breaks it, and says nothing else; the right drivers run in
 * silence. KIND.so, made from tests/rules/wrong/KIND.c, is wrong when its service is called KIND.RULE;
 * each rule has a child process, between the right drivers of the other kinds.
 *
 * With an argument, KIND.RULE@TRY, the program runs that one driver in this process.
 */
#pragma once

#include "lib/child.h"
#include "lib/machine.h"
#include "lib/peer.h"
#include "rules/calls.h"
#include "rules/ways.h"
#include "rules/wired.h"

#include <ntddndis.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_NS      14700000ull
#define STEP_NS     1300000ull
#define LONG_NS     3000000000ull /* longer than patience_ms */
#define SECONDS     40
#define WARNED      9 /* exit status of a child that came to its end with reports */
#define DRIVERS_MAX 256
#define TRIES       8
#define WORKERS     4
#define PROCESSORS  4
#define CHECKS_MIN  300 /* a run that came to its end made more */

static const char *const kinds[] = {"miniport", "filter", "protocol"};
static unsigned reports;

/* Who touches what he gave away is told with the stack of that too. */
static int
has_stacks(const struct undis_report *r)
{
    return r->stack && strchr(r->stack, ':') &&
           (!getenv("UNDIS_BOTH_STACKS") || (r->other && strchr(r->other, ':')));
}

/* One line per report, and the object's history, for the parent. */
static void
report(void *context, const struct undis_report *r)
{
    static char line[8192];
    int n;

    (void)context;
    if (!r->rule && !r->stack)
        return;
    reports++;
    n = snprintf(line, sizeof(line), "rule=%s driver=%s stack=%d: %s\n%s", r->rule ? r->rule : "-",
        r->driver ? r->driver : "-", has_stacks(r), r->text, r->history ? r->history : "");
    if (write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
}

/* Loads KIND.so as the service @name, which is KIND.RULE. */
static int
load_as(struct undis *machine, const char *name, struct undis_driver **driver)
{
    char file[96];

    snprintf(file, sizeof(file), "%.*s", (int)strcspn(name, "."), name);
    return undis_driver_load(machine, test_driver_path(file), name, driver);
}

/* The driver of @kind: the wrong one when its name begins so; "protocol5" stands for a protocol. */
static struct undis_driver *
load(struct undis *machine, const char *kind, const char *wrong)
{
    char right[96];
    struct undis_driver *driver = NULL;

    if (strcmp(kind, "miniport") == 0 &&
        (strncmp(wrong, "nic.", 4) == 0 || completes_inside(wrong)))
        kind = "nic";
    if (strcmp(kind, "miniport") == 0 && strncmp(wrong, "shared.", 7) == 0)
        kind = "shared";
    else if (strcmp(kind, "miniport") == 0 && is_wired(wrong) && !has_hardware(wrong))
        kind = strncmp(wrong, "wired5.", 7) == 0 ? "wired5" : "wired";
    if (strcmp(kind, "miniport") == 0 && strncmp(wrong, "serial5.", 8) == 0)
        kind = "serial5";
    if (strcmp(kind, "miniport") == 0 && has_states(wrong))
        kind = "state";
    snprintf(right, sizeof(right), "%s.right", kind);
    if (strcmp(kind, "miniport") == 0 && (is_intermediate(wrong) || meets_its_miniport(wrong)))
        snprintf(right, sizeof(right), "miniport5.right");
    if (strcmp(kind, "miniport") == 0 && needs_slow_reset(wrong))
        snprintf(right, sizeof(right), "slow5.right");
    if (strcmp(kind, "protocol") == 0 && (is_miniport5(wrong) || is_intermediate(wrong)))
        snprintf(right, sizeof(right), "protocol5.right");
    if (strcmp(kind, "protocol") == 0 && is_wired(wrong))
        return wired_protocol(machine);
    if (strcmp(kind, "protocol") == 0 && nobody_waits(wrong)) {
        struct peer_protocol *peer = peer_protocol_add(machine, "protocol");

        peer->no_wait = true;
        peer_protocol_traffic(peer, true);
        return peer->peer.driver;
    }
    if (strncmp(wrong, kind, strlen(kind)) == 0)
        snprintf(right, sizeof(right), "%s", wrong);
    if (load_as(machine, right, &driver))
        printf("%s: %s\n", right, undis_error());
    return driver;
}

/* Says which receives go to which processor: none of them. Each time on another processor. */
static void
set_rss(struct undis *machine, struct undis_stack *stack)
{
    NDIS_RECEIVE_SCALE_PARAMETERS parameters = {
        .Header = {NDIS_OBJECT_TYPE_RSS_PARAMETERS, NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1},
        .Flags = NDIS_RSS_PARAM_FLAG_DISABLE_RSS};
    uint32_t size, status;

    for (unsigned k = 0; k < PROCESSORS; k++) {
        size = sizeof(parameters);
        undis_stack_oid(stack, true, OID_GEN_RECEIVE_SCALE_PARAMETERS, &parameters, &size, &status);
        undis_run(machine, STEP_NS);
    }
}

/* Asks for what others may ask for, too. */
static void
ask(struct undis_stack *stack)
{
    static const struct {
        bool set;
        uint32_t oid, size;
    } requests[] = {{true, OID_GEN_CURRENT_PACKET_FILTER, 4}, {false, OID_GEN_VENDOR_ID, 4},
        {false, OID_GEN_XMIT_OK, 4}, {false, OID_GEN_XMIT_OK, 8}, {false, 0xFF00BEEF, 4}};

    for (unsigned k = 0; k < sizeof(requests) / sizeof(requests[0]); k++) {
        uint32_t buffer[2] = {NDIS_PACKET_TYPE_DIRECTED}, size = requests[k].size, status;

        undis_stack_oid(stack, requests[k].set, requests[k].oid, buffer, &size, &status);
    }
}

/* NDIS may do so, or not. */
static bool
is_by_choice(const char *wrong)
{
    return strstr(wrong, "open_values") != NULL;
}

/* For so many bytes that the wrong miniport knows who asks. */
static void
ask_short(struct undis_stack *stack)
{
    uint8_t buffer[20];
    uint32_t length = sizeof(buffer), status;

    undis_stack_oid(stack, false, 0xFF554E10, buffer, &length, &status);
}

/* A machine with one stack: drivers are a miniport, a filter and a protocol. */
static int
run_stack(struct undis *machine, struct undis_driver *drivers[3], struct undis_port *bottom,
    const char *wrong, uint64_t ns)
{
    struct undis_driver *filters[2] = {meets_its_miniport(wrong) ? NULL : drivers[1]},
                        *protocols[2] = {drivers[2]};
    struct undis_stack_config config = {.size = sizeof(config),
        .bottom = bottom,
        .miniport = drivers[0],
        .filters = filters,
        .protocols = protocols};
    struct undis_stack *stack;

    if (undis_stack_create(machine, &config, &stack) || undis_stack_start(stack))
        return 1;
    undis_run(machine, takes_long(wrong) ? LONG_NS : ns);
    if (!nobody_waits(wrong)) {
        undis_stack_unbind(stack, protocols[0]);
        undis_stack_bind(stack, protocols[0]);
    }
    if (strncmp(wrong, "shared.", 7) == 0)
        set_rss(machine, stack);
    if (strstr(wrong, "no_overrun"))
        ask_short(stack);
    undis_run(machine, ns);
    if (sleeps(wrong)) {
        undis_stack_power(stack, 3);
        undis_run(machine, ns);
        undis_stack_power(stack, 0);
    }
    undis_stack_pause(stack);
    if (has_states(wrong))
        ask(stack);
    undis_stack_restart(stack);
    if (filters[0])
        undis_stack_detach(stack, filters[0]);
    undis_run(machine, ns);
    undis_stack_pause(stack);
    if (strstr(wrong, "surprise"))
        undis_stack_surprise(stack);
    if (all_events(wrong) || strstr(wrong, "shutdown"))
        undis_shutdown(machine);
    if (has_states(wrong))
        undis_crash(machine);
    undis_stack_remove(stack);
    return 0;
}

/* The same twice, one beside the other. */
static int
run_two(struct undis *machine, struct undis_driver *drivers[3], const char *wrong, uint64_t ns)
{
    struct undis_driver *above[2] = {drivers[2]};
    struct undis_stack_config config = {
        .size = sizeof(config), .name = "beside", .miniport = drivers[0], .protocols = above};
    struct undis_stack *beside;
    int status;

    if (undis_stack_create(machine, &config, &beside) || undis_stack_start(beside))
        return 1;
    status = run_stack(machine, drivers, NULL, wrong, ns);
    undis_stack_remove(beside);
    return status;
}

/* One with an intermediate driver over a miniport and under a protocol. */
static int
run_layers(struct undis *machine, struct undis_driver *drivers[3], const char *wrong, uint64_t ns)
{
    struct undis_driver *above[2] = {drivers[2]}, *below[2] = {drivers[1]};
    struct undis_stack_config upper = {
        .size = sizeof(upper), .name = "upper", .miniport = drivers[1], .protocols = above};
    struct undis_stack_config lower = {
        .size = sizeof(lower), .name = "lower", .miniport = drivers[0], .protocols = below};
    struct undis_stack *stacks[2];

    if (undis_stack_create(machine, &upper, &stacks[0]) ||
        undis_stack_create(machine, &lower, &stacks[1]) || undis_stack_start(stacks[0]) ||
        undis_stack_start(stacks[1]))
        return 1;
    undis_run(machine, takes_long(wrong) ? LONG_NS : needs_slow_reset(wrong) ? 15 * ns : 5 * ns);
    undis_stack_remove(stacks[1]);
    undis_stack_remove(stacks[0]);
    return 0;
}

/* What is wrong may happen not to show: each try runs a little longer. */
static int
run(const char *name)
{
    const char *at = strchr(name, '@');
    uint64_t ns = RUN_NS + (at ? strtoul(at + 1, NULL, 10) : 0) * STEP_NS;
    char wrong[96];
    struct undis_config config = test_config();
    struct undis_driver *drivers[3];
    struct undis_port *bottom = NULL;
    struct undis *machine;
    struct undis_usage usage;

    snprintf(wrong, sizeof(wrong), "%.*s", at ? (int)(at - name) : 95, name);
    config.report = report;
    config.profile = is_for_ce(wrong) ? UNDIS_CE : UNDIS_DESKTOP;
    config.go_on = false;
    if (is_by_choice(wrong))
        config.seed = 1 + ns;
    config.scribble = is_scribbled(wrong);
    /* What a wrong driver keeps waiting in real time is late by no other rule. */
    config.patience_ms =
        test_simulated() || lingers(wrong) || needs_slow_reset(wrong) ? 2000 : 8000;
    if (has_calls(wrong)) {
        run_calls(wrong, &config, takes_long(wrong) ? LONG_NS : ns);
        return reports ? WARNED : 0;
    }
    if (undis_create(&config, &machine))
        return 1;
    if (has_hardware(wrong) && !is_wired(wrong) &&
        undis_port_open(machine, "ringnic:null", &bottom)) {
        printf("ringnic: %s\n", undis_error());
        return 1;
    }
    for (unsigned k = 0; k < 3; k++)
        drivers[k] = load(machine, k == 1 && is_intermediate(wrong) ? "im5" : kinds[k], wrong);
    if (!drivers[0] || !drivers[1] || !drivers[2])
        return 1;
    if (is_wired(wrong) ? wired_run(machine, drivers, wrong, takes_long(wrong) ? LONG_NS : ns)
        : is_intermediate(wrong)         ? run_layers(machine, drivers, wrong, ns)
        : strstr(wrong, "right_binding") ? run_two(machine, drivers, wrong, ns)
                                         : run_stack(machine, drivers, bottom, wrong, ns))
        return 1;
    for (unsigned k = 3; k-- > 0;)
        if (undis_driver_unload(drivers[k]))
            printf("%s: %s\n", kinds[k], undis_error());
    if (undis_usage(machine, &usage) || usage.checks < CHECKS_MIN)
        return 1;
    undis_destroy(machine);
    return reports ? WARNED : 0;
}

/* Machines that hand over tell some sooner: as they touch what they have given away. */
static const char *
sooner(const char *wrong)
{
    static const char *const rules[][2] = {
        {"miniport.recv_reuse_in_flight", "recv-no-touch-while-indicated"},
        {"miniport.nbl_next_cleared", "send-no-touch-after-complete"},
        {"protocol5.s5_status_volatile", "s5-ownership-release"},
        {"protocol5.s5_complete_before_return", "s5-ownership-release"},
        {"protocol5.r5_receivepacket_refcount", "r5-no-touch-after-return"},
        {"miniport5.r5_in_use_descriptor", "r5-no-touch-until-return"},
        {"miniport5.r5_deser_no_status_check", "r5-no-touch-until-return"},
        {"serial5.r5_serialized_status_check", "r5-no-touch-until-return"},
    };

    for (unsigned k = 0; getenv("UNDIS_HAND_OVER") && k < sizeof(rules) / sizeof(rules[0]); k++)
        if (strcmp(rules[k][0], wrong) == 0)
            return rules[k][1];
    return NULL;
}

/* "filter.send_never_lost" is to break "send-never-lost", and so is "filter.send_never_lost__way". */
static void
rule_of(const char *wrong, char *rule, size_t size)
{
    const char *name = strchr(wrong, '.') + 1, *way = strstr(name, "__");

    if (sooner(wrong)) {
        snprintf(rule, size, "%s", sooner(wrong));
        return;
    }
    snprintf(rule, size, "%.*s", way ? (int)(way - name) : (int)strlen(name), name);
    for (char *c = rule; *c; c++)
        if (*c == '_')
            *c = '-';
}

static bool
is_warning(const char *id)
{
    struct undis_rule rule;

    for (unsigned k = 0; undis_rule(NULL, k, &rule) == 0; k++)
        if (strcmp(rule.id, id) == 0)
            return strcmp(rule.severity, "warning") == 0 || strcmp(rule.severity, "info") == 0;
    return false;
}

/* What @line and those below tell is told of @wrong: a report has its name, or no name and speaks of it. */
static bool
is_of(const char *line, const char *wrong)
{
    const char *driver = strstr(line, " driver=");
    size_t length = strlen(wrong);

    if (!driver)
        return false;
    driver += strlen(" driver=");
    if (strncmp(driver, wrong, length) == 0 && driver[length] == ' ')
        return true;
    return strncmp(driver, "- ", 2) == 0 && strstr(driver, wrong);
}

/* What never comes back ends as a hang; what is late does not. */
static bool
hangs(const char *rule, const char *wrong)
{
    static const char *const names[] = {"wd-miniport-pause", "wd-filter-pause",
        "wd-protocol-unbind", "wd-protocol-pause", "wd-dpc-time", "pp-power-fail-resume"};

    for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
        if (strcmp(names[k], rule) == 0)
            return true;
    return strstr(wrong, "__polls") != NULL;
}

/* Every line that @text reports must name @rule, the first one the driver @wrong; NULL: there must
 * be none. */
static bool
tells_only(char *text, const char *rule, const char *wrong)
{
    char wanted[128];
    unsigned lines = 0;

    snprintf(wanted, sizeof(wanted), "rule=%s ", rule ? rule : "");
    for (char *at = text; (at = strstr(at, "rule=")); at += 5, lines++)
        if (!rule || strncmp(at, wanted, strlen(wanted)) != 0 || (!lines && !is_of(at, wrong)) ||
            !(strstr(at, "stack=1") || strncmp(wanted, "rule=wd-", 8) == 0 || hangs(rule, wrong)))
            return false;
    return rule ? lines > 0 : lines == 0;
}

/* Two calls at a time: on fibres no task is interrupted in such a call. Or nothing can run any more
 * there, which does not end the run. */
static bool
needs_threads(const char *wrong)
{
    return strstr(wrong, "cf_serial") || strstr(wrong, "__rundown");
}

/* Rules of time are the same where machines hand over, and take longer there. */
static bool
is_tried(const char *wrong)
{
    return !getenv("UNDIS_HAND_OVER") || !takes_long(wrong);
}

/* Answers whether the driver did as it should. */
static bool
expect(const char *wrong)
{
    static struct child child;
    char rule[96], argument[112];
    bool right, good = false;
    int status;

    if ((test_simulated() ? needs_threads(wrong) : is_by_choice(wrong)) || !is_tried(wrong))
        return true;
    rule_of(wrong, rule, sizeof(rule));
    right = strcmp(rule, "right") == 0;
    status = right                ? 0
             : is_warning(rule)   ? WARNED
             : hangs(rule, wrong) ? UNDIS_EXIT_HANG
                                  : UNDIS_EXIT_BUG_CHECK;
    for (unsigned k = 0; !good && k < (right ? 1 : TRIES); k++) {
        snprintf(argument, sizeof(argument), "%.95s@%u", wrong, k);
        child_run(&child, argument, SECONDS);
        good = child.status == status && tells_only(child.text, right ? NULL : rule, wrong);
    }
    if (!good)
        fprintf(
            stderr, "%s: status %d, expected %d\n%s\n", wrong, child.status, status, child.text);
    return good;
}

/* The names that stand in KIND.WHAT beside the drivers. */
static unsigned
list(const char *kind, const char *what, char names[][96])
{
    const char *folder = getenv("UNDIS_TEST_DRIVERS");
    char path[512];
    unsigned n = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.%s", folder ? folder : ".", kind, what);
    file = fopen(path, "re");
    CHECK(file != NULL);
    while (n < DRIVERS_MAX && fscanf(file, "%95s", names[n]) == 1)
        n++;
    fclose(file);
    return n;
}

/* Every WORKERS-th driver, from @first: most of the time a machine only waits. */
static int
work(char names[][96], unsigned n, unsigned first)
{
    unsigned failed = 0;

    for (unsigned k = first; k < n; k += WORKERS)
        failed += !expect(names[k]);
    return failed < 255 ? (int)failed : 255;
}

/* The test: every driver of @kind that KIND.WHAT names, at least @least of them. */
static int
told_of(const char *kind, const char *what, unsigned least, int argc, char **argv)
{
    static char names[DRIVERS_MAX][96];
    pid_t workers[WORKERS];
    unsigned failed = 0, n;

    if (argc > 1)
        return run(argv[1]);
    n = list(kind, what, names);
    for (unsigned w = 0; w < WORKERS; w++) {
        workers[w] = fork();
        CHECK(workers[w] >= 0);
        if (workers[w] == 0)
            _exit(work(names, n, w));
    }
    for (unsigned w = 0; w < WORKERS; w++) {
        int status;

        CHECK_EQ(waitpid(workers[w], &status, 0), workers[w]);
        failed += WIFEXITED(status) ? (unsigned)WEXITSTATUS(status) : n;
    }
    printf("%u drivers, %u not as they should be\n", n, failed);
    CHECK(n >= least);
    CHECK_EQ(failed, 0);
    return 0;
}

static inline int
told(const char *kind, unsigned least, int argc, char **argv)
{
    return told_of(kind, "breaks", least, argc, argv);
}
