/* SPDX-License-Identifier: MIT */
/* Frame pointers to lines. See symbol.h. */
#include "host/symbol.h"
#include "host/guard.h"
#include "host/kept.h"
#include "host/maps.h"
#include "host/shadow.h"

#include <dlfcn.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STACK_MAX    (256u << 10) /* of a fibre; a walk does not leave what follows its start */
#define FRAME_MAX    (128u << 10)
#define DEPTH_MAX    64u
#define TEXT_MAX     (32u << 10)
#define PATIENCE     10 /* seconds for libdwfl */
#define HELPER_STACK (8u << 20)

static __thread uintptr_t thread_low __attribute__((tls_model("initial-exec")));
static __thread uintptr_t thread_high __attribute__((tls_model("initial-exec")));

/* The end of the stack that @at lies on. */
static uintptr_t
stack_end(uintptr_t at)
{
    pthread_attr_t attributes;
    void *low;
    size_t size;

    if (!thread_high && pthread_getattr_np(pthread_self(), &attributes) == 0) {
        if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
            thread_low = (uintptr_t)low;
            thread_high = (uintptr_t)low + size;
        }
        pthread_attr_destroy(&attributes);
    }
    return at >= thread_low && at < thread_high ? thread_high : at + STACK_MAX;
}

void
stack_is(const void *frame, size_t size)
{
    thread_high = (uintptr_t)frame + 2 * sizeof(void *);
    thread_low = thread_high - size;
}

__attribute__((no_sanitize("address", "thread"))) unsigned
stack_walk(const void *frame, unsigned skip, void **stack, unsigned max)
{
    uintptr_t at = (uintptr_t)frame, end = stack_end(at);
    unsigned n = 0;

    while (n < max && at && !(at & 7) && at + 2 * sizeof(void *) <= end) {
        uintptr_t next = ((const uintptr_t *)at)[0];
        void *pc = ((void *const *)at)[1];

        if (!pc)
            break;
        if (skip)
            skip--;
        else
            stack[n++] = pc;
        if (next <= at || next - at > FRAME_MAX)
            break;
        at = next;
    }
    return n;
}

struct job {
    void *const *stack;
    unsigned depth;
    char *text;
    size_t size, used;
};

static __attribute__((format(printf, 2, 3))) void
say(struct job *job, const char *format, ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(job->text + job->used, job->size - job->used, format, arguments);
    va_end(arguments);
    if (n > 0)
        job->used += (size_t)n < job->size - job->used ? (size_t)n : job->size - job->used - 1;
}

static const char *
base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

struct plain {
    struct job *job;
    const void *pc;
};

static void
say_symbol(void *context)
{
    const struct plain *plain = context;
    Dl_info info;

    if (!dladdr(plain->pc, &info) || !info.dli_fname)
        say(plain->job, "?\n");
    else if (info.dli_sname)
        say(plain->job, "%s (%s)\n", info.dli_sname, base_name(info.dli_fname));
    else
        say(plain->job, "%s+0x%zx\n", base_name(info.dli_fname),
            (size_t)((const char *)plain->pc - (const char *)info.dli_fbase));
}

/* An image that a driver has unmapped: whoever looked at its symbols would fault. */
static bool
is_unmapped(const struct kept *kept)
{
    char byte = 0;

    return !guard_copy(&byte, (const void *)kept->start, 1);
}

/* Without debug information. What the dynamic linker knew may be gone, too. */
static void
say_plain(struct job *job, const void *pc)
{
    const struct kept *kept = kept_find(pc);
    struct plain plain = {job, pc};
    size_t used = job->used;
    char name[128];

    if (!(kept && is_unmapped(kept)) && guard_run(say_symbol, &plain) && job->text[used] != '?')
        return;
    job->used = used;
    maps_name(pc, name, sizeof(name));
    say(job, "%s\n", name);
}

/* clang writes no table from addresses to units, so libdwfl finds none: ask each unit. */
static const char *
search_units(Dwfl_Module *module, Dwarf_Addr address, int *number)
{
    Dwarf_Addr bias;

    for (Dwarf_Die *unit = dwfl_module_nextcu(module, NULL, &bias); unit;
         unit = dwfl_module_nextcu(module, unit, &bias)) {
        Dwarf_Line *line =
            dwarf_haspc(unit, address - bias) > 0 ? dwarf_getsrc_die(unit, address - bias) : NULL;

        if (line && dwarf_lineno(line, number) == 0)
            return dwarf_linesrc(line, NULL, NULL);
    }
    return NULL;
}

static void
say_line(struct job *job, Dwfl *dwfl, const void *pc)
{
    Dwarf_Addr address = (Dwarf_Addr)(uintptr_t)pc - 1; /* inside the call instruction */
    Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, address) : NULL;
    const char *name = module ? dwfl_module_addrname(module, address) : NULL;
    Dwfl_Line *line = name ? dwfl_module_getsrc(module, address) : NULL;
    const char *file = NULL;
    int number = 0;

    if (line)
        file = dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
    else if (name)
        file = search_units(module, address, &number);
    if (file)
        say(job, "%s (%s:%d)\n", name, file, number);
    else if (name)
        say(job, "%s\n", name);
    else
        say_plain(job, (const void *)((uintptr_t)pc - 1));
}

/* Not for the C library: its lines, a hundred megabytes unpacked, tell nobody anything. */
static int
/* NOLINTNEXTLINE(readability-function-size): its parameters are those of libdwfl */
find_debuginfo(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
    const char *file, const char *link, GElf_Word checksum, char **found)
{
    Dwarf_Addr libc = (Dwarf_Addr)(uintptr_t)pthread_create, start, end;

    if (dwfl_module_info(module, NULL, &start, &end, NULL, NULL, NULL, NULL) && libc >= start &&
        libc < end)
        return -1;
    return dwfl_standard_find_debuginfo(module, user, name, base, file, link, checksum, found);
}

/* The kernel does not name them any more. */
static void
report_unmapped(Dwfl *dwfl)
{
    const struct kept *kept;

    for (unsigned k = 0; (kept = kept_at(k)) != NULL; k++)
        if (kept->start && is_unmapped(kept))
            dwfl_report_elf(dwfl, kept->path, kept->path, -1, kept->start, false);
}

static Dwfl *
open_process(void)
{
    static char *no_path = NULL;
    static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = find_debuginfo,
        .debuginfo_path = &no_path};
    Dwfl *dwfl = dwfl_begin(&callbacks);

    if (!dwfl)
        return NULL;
    dwfl_report_begin(dwfl);
    if (dwfl_linux_proc_report(dwfl, getpid()) == 0) {
        report_unmapped(dwfl);
        if (dwfl_report_end(dwfl, NULL, NULL) == 0)
            return dwfl;
    }
    dwfl_end(dwfl);
    return NULL;
}

static void
describe_lines(void *context)
{
    struct job *job = context;
    Dwfl *dwfl = open_process();

    for (unsigned k = 0; k < job->depth; k++)
        say_line(job, dwfl, job->stack[k]);
    if (dwfl)
        dwfl_end(dwfl);
}

/* The heap may be broken, and the C library ends who finds that. */
static void *
describe(void *job)
{
    guard_open_signals();
    return guard_run(describe_lines, job) ? job : NULL;
}

/* The helper shall not take signals that are meant for others. */
static int
start(pthread_t *thread, struct job *job)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int error;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, HELPER_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(thread, &attributes, describe, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

/* What the helper works on: not the caller's, who may lose patience. One at a time. */
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;
static bool ending; /* the process ends with this report: the caller has a stack of its own */
static bool stuck;  /* a helper never came back, perhaps from a lock that the crash left behind */
static void *helper_frames[DEPTH_MAX];
static char helper_text[TEXT_MAX];
static struct job helper_job;

static void
soon(struct timespec *until, unsigned seconds)
{
    clock_gettime(CLOCK_REALTIME, until);
    until->tv_sec += seconds;
}

static void
describe_elsewhere(void *done)
{
    struct timespec until;
    pthread_t thread;

    soon(&until, PATIENCE);
    if (start(&thread, &helper_job) == 0)
        stuck = pthread_timedjoin_np(thread, done, &until) != 0;
}

static bool
describe_with_lines(void *const *stack, unsigned depth)
{
    void *done = NULL;

    memcpy(helper_frames, stack, depth * sizeof(*stack));
    helper_text[0] = 0;
    helper_job = (struct job){helper_frames, depth, helper_text, sizeof(helper_text), 0};
    /* TSan starts no thread from a signal handler. */
    if (RACES && ending)
        return guard_run(describe_lines, &helper_job);
    /* Starting a thread takes memory from a heap that may be broken. */
    if (!guard_run(describe_elsewhere, &done))
        stuck = true;
    return done != NULL;
}

/* TSan starts no thread from a signal handler; ours have a stack of their own. */
static bool
may_start(void)
{
    stack_t stack;

    return !RACES || sigaltstack(NULL, &stack) != 0 || !(stack.ss_flags & SS_ONSTACK);
}

/* Whoever ends the process may have been here before. */
static bool
take_turn(void)
{
    struct timespec until;

    soon(&until, PATIENCE / 2);
    return ending ? pthread_mutex_timedlock(&busy, &until) == 0 : pthread_mutex_lock(&busy) == 0;
}

void
symbol_end(void)
{
    ending = true;
}

void
symbol_describe(void *const *stack, unsigned depth, char *text, size_t size)
{
    struct job job = {stack, depth, text, size, 0};
    bool done = false;

    if (depth > DEPTH_MAX)
        depth = job.depth = DEPTH_MAX;
    text[0] = 0;
    if (take_turn()) {
        done = !stuck && may_start() && describe_with_lines(stack, depth);
        if (done)
            say(&job, "%s", helper_text);
        pthread_mutex_unlock(&busy);
    }
    for (unsigned k = 0; !done && k < depth; k++)
        say_plain(&job, (const void *)((uintptr_t)stack[k] - 1));
}
