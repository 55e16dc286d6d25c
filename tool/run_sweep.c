/* SPDX-License-Identifier: MIT */
/* undis run --fault each: a run per call stack that asks for something, in which it does not get it.
 *
 * Each is a child process, because a driver that does not bear it may end its process. What a child
 * says is shown when it broke a rule, crashed or hung; that it refuses to start is no fault of it.
 */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACKS   2000u
#define SECONDS  1.0
#define PART_MAX 4096

struct sweep {
    const struct run_options *options;
    int (*once)(const struct run_options *options, struct run_faults *faults);
    char part[PART_MAX]; /* the reports of one run; "" without --report */
    unsigned runs, bad;
    int worst;
};

_Noreturn static void
child(const struct sweep *sweep, unsigned which, int out, int answer)
{
    struct run_options options = *sweep->options;
    struct run_faults faults = {0, 0};
    int status;

    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    options.fault = UNDIS_FAULT_STACK;
    options.fault_which = which;
    options.no_control = options.quiet = true;
    if (options.duration == 0)
        options.duration = SECONDS;
    if (options.report)
        options.report = sweep->part;
    status = sweep->once(&options, &faults);
    fflush(NULL);
    if (write(answer, &faults, sizeof(faults)) != sizeof(faults))
        status = UNDIS_EXIT_FAILED;
    _exit(status);
}

static bool
copy(FILE *from, FILE *to)
{
    char buffer[4096];
    size_t n;

    rewind(from);
    while ((n = fread(buffer, 1, sizeof(buffer), from)) > 0)
        if (fwrite(buffer, 1, n, to) != n)
            return false;
    return true;
}

/* The reports of one run behind those of the others. */
static int
gather(const struct sweep *sweep)
{
    FILE *from, *to;
    bool whole = true;

    if (!sweep->options->report)
        return 0;
    from = fopen(sweep->part, "re");
    to = fopen(sweep->options->report, sweep->runs == 1 ? "we" : "ae");
    if (to && from)
        whole = copy(from, to);
    if (from)
        (void)fclose(from);
    unlink(sweep->part);
    if (!to || fclose(to) || !whole)
        return complain(
            "run", UNDIS_EXIT_FAILED, "--report %s: %s", sweep->options->report, strerror(errno));
    return 0;
}

/* Of the child @pid. The worst is a crash, then a hang, then a rule that is not fatal. */
static void
judge(struct sweep *sweep, unsigned which, int status, FILE *out)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : UNDIS_EXIT_BUG_CHECK;
    bool bad = code == UNDIS_EXIT_BUG_CHECK || code == UNDIS_EXIT_HANG || code == UNDIS_EXIT_RULES;

    if (!bad)
        return;
    sweep->bad++;
    if (sweep->worst == UNDIS_EXIT_OK || code < sweep->worst)
        sweep->worst = code;
    fprintf(stderr, "undis run: --fault stack:%u\n", which);
    (void)copy(out, stderr);
}

/* True: there are no more stacks, or this went wrong. */
static bool
one(struct sweep *sweep, unsigned which)
{
    struct run_faults faults = {1, which}; /* of one that does not come to its end */
    FILE *out = tmpfile();
    int ends[2], status = 0;
    pid_t pid;

    if (!out || pipe(ends)) {
        sweep->worst = complain("run", UNDIS_EXIT_FAILED, "--fault each: %s", strerror(errno));
        return true;
    }
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        child(sweep, which, fileno(out), ends[1]);
    close(ends[1]);
    if (pid > 0) {
        if (read(ends[0], &faults, sizeof(faults)) < 0)
            faults.injected = 1;
        waitpid(pid, &status, 0);
        sweep->runs++;
        if (faults.injected)
            judge(sweep, which, status, out);
        if (gather(sweep))
            sweep->worst = UNDIS_EXIT_FAILED;
    }
    close(ends[0]);
    (void)fclose(out);
    return pid < 0 || faults.injected == 0 || sweep->worst == UNDIS_EXIT_FAILED;
}

int
run_sweep(const struct run_options *options,
    int (*once)(const struct run_options *options, struct run_faults *faults))
{
    struct sweep sweep = {.options = options, .once = once};
    bool shown = !options->quiet && isatty(STDERR_FILENO);
    unsigned which = 1;

    if (options->report)
        snprintf(sweep.part, sizeof(sweep.part), "%s.part.jsonl", options->report);
    while (which <= STACKS && !one(&sweep, which)) {
        if (shown)
            fprintf(stderr, "\rstack %u ", which);
        which++;
    }
    if (shown)
        fputs("\r", stderr);
    printf("%u call stacks did not get what they asked for, one in each run; rules were broken in "
           "%u\n",
        which - 1, sweep.bad);
    return sweep.worst;
}
