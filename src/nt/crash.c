/* SPDX-License-Identifier: MIT */
/* Hardware exceptions of drivers: to their __except, or to a report and the end. See crash.h.
 *
 * Signal handlers belong to the process, so what is here is the only state outside machines: the
 * actions that were there before, and whether an end is under way.
 */
#include "nt/crash.h"
#include "host/shadow.h"
#include "nt/gate.h"
#include "nt/seh.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#define STACK_SIZE ((size_t)64 * 1024)

static const struct {
    int number;
    const char *name;
    NTSTATUS code;
} signals[] = {
    {SIGSEGV, "SIGSEGV", STATUS_ACCESS_VIOLATION},
    {SIGBUS, "SIGBUS", STATUS_IN_PAGE_ERROR},
    {SIGFPE, "SIGFPE", STATUS_INTEGER_DIVIDE_BY_ZERO},
    {SIGILL, "SIGILL", STATUS_ILLEGAL_INSTRUCTION},
    {SIGTRAP, "SIGTRAP", STATUS_BREAKPOINT},
};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static struct sigaction before[SIGNALS];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t stack_key;
static uint32_t ending; /* block id of the task that ends the process */
static __thread bool in_end;

static unsigned
index_of(int number)
{
    unsigned k = 0;

    while (signals[k].number != number)
        k++;
    return k;
}

struct trace_walk {
    struct crash *crash;
    const void *from; /* skip frames until this address, NULL: none */
};

static _Unwind_Reason_Code
walk(struct _Unwind_Context *context, void *argument)
{
    struct trace_walk *trace = argument;
    int exact = 0;
    char *pc = (char *)_Unwind_GetIPInfo(context, &exact);

    if (trace->from && pc == trace->from) {
        trace->crash->depth = 0;
        trace->from = NULL;
    }
    if (trace->crash->depth == CRASH_DEPTH)
        return trace->from ? _URC_NO_REASON : _URC_END_OF_STACK;
    /* Whoever names the lines takes 1 off, since these are return addresses; a signal's is not. */
    trace->crash->stack[trace->crash->depth++] = pc + exact;
    return _URC_NO_REASON;
}

/* Nobody listens: the bare facts to standard error. */
static void
say(const struct crash *crash)
{
    char line[512];
    int length = snprintf(line, sizeof(line), "undis: %s%s%s: %s\n",
        crash->driver ? crash->driver->name : "core", crash->rule || crash->signal ? ": " : "",
        crash->rule     ? crash->rule
        : crash->signal ? crash->signal
                        : "",
        crash->text);

    if (length > 0 && write(STDERR_FILENO, line,
                          (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1) < 0)
        return;
}

void
crash_end(struct crash *crash)
{
    struct block *self = block_self;
    struct undis *machine = self ? self->machine : NULL;
    struct trace_walk trace = {crash, crash->code};

    if (in_end)
        _exit(CRASH_STATUS);
    in_end = true;
    /* A second task that ends the process at the same moment waits for the first. */
    if (__atomic_exchange_n(&ending, 1, __ATOMIC_ACQ_REL))
        for (;;)
            pause();
    if (self)
        self->quiet = true;
    if (!crash->driver && self)
        crash->driver = self->driver;
    _Unwind_Backtrace(walk, &trace);
    if (machine && machine->crash && machine->crash->report)
        machine->crash->report(machine, crash);
    else
        say(crash);
    if (machine && machine->crash && machine->crash->flush)
        machine->crash->flush(machine);
    _exit(crash->status ? crash->status : CRASH_STATUS);
}

/* No machine on this thread: not our crash. */
static void
pass_on(unsigned k, siginfo_t *info, void *context)
{
    if (before[k].sa_flags & SA_SIGINFO) {
        before[k].sa_sigaction(signals[k].number, info, context);
    } else if (before[k].sa_handler != SIG_DFL && before[k].sa_handler != SIG_IGN) {
        before[k].sa_handler(signals[k].number);
    } else {
        signal(signals[k].number, SIG_DFL);
        raise(signals[k].number);
    }
}

/* The instruction at @code touched what was closed; the hooks may know whose it was, and tell. */
static bool
was_told(const void *address, const void *code)
{
    struct block *self = block_self;
    struct crash crash = {.code = NULL};
    struct trace_walk trace = {&crash, code};
    const struct undis *machine = self ? self->machine : NULL;
    const struct gate_hooks *hooks = machine ? machine->hooks : NULL;
    bool told;

    if (!hooks || !hooks->touched || self->quiet || !self->driver)
        return false;
    self->quiet = true;
    _Unwind_Backtrace(walk, &trace);
    told = hooks->touched(machine->hook_context, address, crash.stack, crash.depth);
    self->quiet = false;
    return told;
}

/* AddressSanitizer has said what it knows, and ends the process when this returns. */
static void
on_poison(const char *text)
{
    const void *code, *address = shadow_touched(&code);

    (void)text;
    was_told(address, code);
}

/* A protected page: told once, then it is open to whoever touches it, so that the run can go on. */
static bool
on_closed_page(void *address, const void *code)
{
    struct undis *machine = block_self->machine;

    /* What lies elsewhere may be an address that the hooks have left for who should not look. */
    if (!arena_owns(machine->arena, address)) {
        was_told(address, code);
        return false;
    }
    if (!arena_is_closed(machine->arena, address) || !was_told(address, code))
        return false;
    arena_open_view(machine->arena, address, 1);
    return true;
}

static void
on_signal(int number, siginfo_t *info, void *context)
{
    unsigned k = index_of(number);
    const ucontext_t *user = context;
    void *pc = (void *)(uintptr_t)user->uc_mcontext.gregs[REG_RIP];
    void *sp = (void *)(uintptr_t)user->uc_mcontext.gregs[REG_RSP];
    struct block *self = block_self;
    EXCEPTION_RECORD exception = {.ExceptionCode = signals[k].code, .ExceptionAddress = pc};
    struct crash crash = {.text = "the driver crashed",
        .signal = signals[k].name,
        .address = info->si_addr,
        .code = pc};

    if (in_end)
        _exit(CRASH_STATUS);
    if (!self || !self->machine) {
        pass_on(k, info, context);
        return;
    }
    if (number == SIGSEGV && on_closed_page(info->si_addr, pc))
        return;
    if (number == SIGSEGV || number == SIGBUS) {
        exception.NumberParameters = 2;
        /* Bit 1 of the page fault's error code: a write. */
        exception.ExceptionInformation[0] = (user->uc_mcontext.gregs[REG_ERR] >> 1) & 1;
        exception.ExceptionInformation[1] = (ULONG_PTR)info->si_addr;
    }
    /* A handler that goes on in the driver does not return from here. */
    pthread_sigmask(SIG_SETMASK, &user->uc_sigmask, NULL);
    seh_deliver(&exception, pc, sp);
    if (!self->driver)
        crash.text = "undis itself crashed";
    crash_end(&crash);
}

static void
free_stack(void *stack)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    sigaltstack(&none, NULL);
    munmap(stack, STACK_SIZE);
}

static void
install(void)
{
    struct sigaction action = {
        .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

    shadow_tell(on_poison);
    pthread_key_create(&stack_key, free_stack);
    for (unsigned k = 0; k < SIGNALS; k++)
        sigaction(signals[k].number, &action, &before[k]);
}

void
crash_install(void)
{
    pthread_once(&once, install);
}

void
crash_arm(void)
{
    stack_t stack;

    if (pthread_getspecific(stack_key))
        return;
    /* A sanitizer may have given the thread one already. */
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE))
        return;
    stack = (stack_t){.ss_size = STACK_SIZE};
    stack.ss_sp =
        mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack.ss_sp == MAP_FAILED)
        return;
    if (sigaltstack(&stack, NULL) || pthread_setspecific(stack_key, stack.ss_sp))
        munmap(stack.ss_sp, STACK_SIZE);
}
