/* SPDX-License-Identifier: MIT */
/* The end of the process: who ends it, what is told, what is left. See crash.h.
 *
 * With fault.c the only state outside machines: which there are, and whether an end is under way.
 */
#include "nt/crash.h"
#include "host/freeze.h"
#include "host/guard.h"
#include "host/kept.h"
#include "host/lock.h"
#include "host/maps.h"
#include "nt/crash_stack.h"
#include "nt/fault.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REPORT_STACK ((size_t)8 << 20)
#define PAGE         4096u
#define MACHINES     120u
#define REPORT_MS    120000u
#define FLUSH_MS     5000u

/* The machines of the process, and the stack of its report: read-only but while they change. */
static union {
    struct {
        char *report_stack;
        struct crash_machine entries[MACHINES];
    };
    char page[PAGE];
} vault __attribute__((aligned(PAGE)));
static uint32_t vault_lock; /* host_lock */

static uint32_t ending; /* a thread ends the process */
/* Where libc's heap, which has the table of the others, may be what was destroyed. */
static __thread bool in_end __attribute__((tls_model("initial-exec")));
static struct crash ours; /* what is reported: of the thread that ends the process */
static bool told;

static void
vault_open(bool open)
{
    mprotect(&vault, sizeof(vault), PROT_READ | (open ? PROT_WRITE : 0));
}

static void
change_entry(struct undis *from, struct crash_machine to)
{
    host_lock(&vault_lock);
    vault_open(true);
    for (unsigned k = 0; k < MACHINES; k++) {
        if (vault.entries[k].machine != from)
            continue;
        vault.entries[k] = to;
        break;
    }
    vault_open(false);
    host_unlock(&vault_lock);
}

void
crash_attach(struct undis *machine, const struct crash_hooks *hooks, void *context)
{
    change_entry(NULL, (struct crash_machine){machine, hooks, context});
}

void
crash_detach(struct undis *machine)
{
    change_entry(machine, (struct crash_machine){NULL, NULL, NULL});
}

const struct crash_machine *
crash_machine_of(const void *machine)
{
    for (unsigned k = 0; machine && k < MACHINES; k++)
        if (vault.entries[k].machine == machine)
            return &vault.entries[k];
    return NULL;
}

void *
crash_context(const struct undis *machine)
{
    const struct crash_machine *entry = crash_machine_of(machine);

    return entry ? entry->context : NULL;
}

/* The block of the thread, as far as there is one. */
bool
crash_read_block(struct block *block)
{
    unsigned char quiet;

    if (!guard_copy(block, block_self, sizeof(*block)))
        return false;
    memcpy(&quiet, &block->quiet, 1);
    block->quiet = quiet == 1;
    return true;
}

/* Nobody listens: the bare facts to standard error. */
static void
say(const struct crash *crash)
{
    char line[512];
    int length = snprintf(line, sizeof(line), "undis: %s%s%s: %s\n",
        crash->name[0] ? crash->name : "core", crash->rule || crash->signal ? ": " : "",
        crash->rule     ? crash->rule
        : crash->signal ? crash->signal
                        : "",
        crash->text);

    if (length > 0 && write(STDERR_FILENO, line,
                          (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1) < 0)
        return;
}

bool
crash_elsewhere(void)
{
    return !in_end && __atomic_load_n(&ending, __ATOMIC_ACQUIRE);
}

void
crash_wait(void)
{
    for (;;)
        pause();
}

void
crash_claim(void)
{
    if (in_end)
        return;
    if (__atomic_exchange_n(&ending, 1, __ATOMIC_ACQ_REL))
        crash_wait();
    in_end = true;
    guard_open_signals();
}

static void
flush(void *entry)
{
    const struct crash_machine *to = entry;

    to->hooks->flush(to->context);
}

static void
clean(void *entry)
{
    const struct crash_machine *to = entry;

    to->hooks->clean(to->context);
}

void
crash_leave(int status)
{
    for (unsigned k = 0; k < MACHINES; k++)
        if (vault.entries[k].machine)
            guard_run_for(flush, &vault.entries[k], FLUSH_MS);
    freeze_others();
    for (unsigned k = 0; k < MACHINES; k++)
        if (vault.entries[k].machine)
            guard_run_for(clean, &vault.entries[k], FLUSH_MS);
    kept_remove_files();
    /* ThreadSanitizer would have a last word at _exit. */
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}

void
crash_driver_name(const struct driver *driver, char *name, size_t size)
{
    struct driver copy = {.name = NULL};

    if (guard_copy(&copy, driver, sizeof(copy)))
        guard_text(name, size, copy.name);
    else
        snprintf(name, size, "?");
}

static void
be_quiet(void *block)
{
    ((struct block *)block)->quiet = true;
}

static void
tell(void *entry)
{
    const struct crash_machine *to = entry;

    told = to->hooks->report(to->context, &ours);
}

/* Any machine rather than none: the block may be what was destroyed. */
const struct crash_machine *
crash_listener(const struct block *self)
{
    const struct crash_machine *entry = crash_machine_of(self ? self->machine : NULL);

    for (unsigned k = 0; !entry && k < MACHINES; k++)
        if (vault.entries[k].machine)
            entry = &vault.entries[k];
    return entry;
}

/* Signals come on this stack from now on: where the crash was told the frames of who waits for the
 * report lie on the other one. */
static void
leave_signal_stack(void)
{
    const stack_t none = {.ss_flags = SS_DISABLE};

    sigaltstack(&none, NULL);
}

static void
report(void *context)
{
    const struct block *self = context;
    const struct crash_machine *entry = crash_listener(self);

    leave_signal_stack();
    maps_read();
    crash_stack(&ours);
    if (entry)
        guard_run_for(tell, (void *)entry, REPORT_MS);
}

void
crash_end(struct crash *crash)
{
    struct block copy = {.machine = NULL}, *self = crash_read_block(&copy) ? &copy : NULL;

    /* What is looked at under a guard failed: it goes on with what comes next. */
    if (guard_active())
        guard_abandon();
    if (in_end)
        crash_leave(CRASH_STATUS);
    crash_claim();
    if (self)
        guard_run(be_quiet, block_self);
    if (!crash->driver && self)
        crash->driver = self->driver;
    if (crash->driver)
        crash_driver_name(crash->driver, crash->name, sizeof(crash->name));
    ours = *crash;
    if (vault.report_stack)
        guard_run_on(vault.report_stack + REPORT_STACK, report, self);
    if (!told)
        say(&ours);
    crash_leave(ours.status ? ours.status : CRASH_STATUS);
}

bool
crash_here(void)
{
    return in_end;
}

void
crash_prepare(void)
{
    char *stack = mmap(NULL, REPORT_STACK, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    host_lock(&vault_lock);
    vault_open(true);
    if (stack != MAP_FAILED && mprotect(stack, PAGE, PROT_NONE) == 0)
        vault.report_stack = stack;
    vault_open(false);
    host_unlock(&vault_lock);
}
