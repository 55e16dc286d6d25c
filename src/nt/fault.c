/* SPDX-License-Identifier: MIT */
/* Hardware exceptions of drivers: to their __except, or to a report and the end. See crash.h.
 *
 * Signal handlers belong to the process: the actions that were there before are kept here. Handlers
 * come from the kernel itself, since ThreadSanitizer's own would not be left by a guard.
 */
#include "nt/fault.h"
#include "host/guard.h"
#include "host/shadow.h"
#include "nt/crash_stack.h"
#include "nt/gate.h"
#include "nt/seh.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define STACK_SIZE ((size_t)64 * 1024)
#define PAGE       4096u
#define OVERFLOW   65536u /* a frame may leave out so many bytes below the stack pointer */
#define FREED      0xDDDDDDDDu

static const struct {
    int number;
    const char *name;
    NTSTATUS code; /* 0: no exception of Windows */
} signals[] = {
    {SIGSEGV, "SIGSEGV", STATUS_ACCESS_VIOLATION},
    {SIGBUS, "SIGBUS", STATUS_IN_PAGE_ERROR},
    {SIGFPE, "SIGFPE", STATUS_INTEGER_DIVIDE_BY_ZERO},
    {SIGILL, "SIGILL", STATUS_ILLEGAL_INSTRUCTION},
    {SIGTRAP, "SIGTRAP", STATUS_BREAKPOINT},
    {SIGABRT, "SIGABRT", 0},
};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static struct sigaction before[SIGNALS];
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t stack_key;
static __thread bool exit_allowed __attribute__((tls_model("initial-exec")));
static __thread bool on_spare __attribute__((tls_model("initial-exec")));
static void *spare; /* where ThreadSanitizer goes on */

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
    const struct crash_machine *entry = crash_machine_of(self ? self->machine : NULL);
    const struct undis *machine = entry ? entry->machine : NULL;
    const struct gate_hooks *hooks = machine ? machine->hooks : NULL;
    void *stack[CRASH_DEPTH];
    unsigned depth;
    bool known;

    if (!self || !hooks || !hooks->touched || self->quiet || !self->driver)
        return false;
    self->quiet = true;
    depth = crash_unwind(code, stack);
    known = hooks->touched(machine->hook_context, address, stack, depth);
    self->quiet = false;
    return known;
}

/* AddressSanitizer has said what it knows, and ends the process when this returns: with a status of
 * its own, unless it happened in a machine. */
static void
on_poison(const char *text)
{
    char line[256] = "";
    const void *code, *address = shadow_touched(&code);
    const char *error = strstr(text, "ERROR: ");
    struct crash crash = {.text = line, .signal = "AddressSanitizer", .code = code};

    if (guard_active())
        guard_abandon();
    if (crash_here())
        crash_leave(CRASH_STATUS);
    if (!block_self)
        return;
    if (was_told(address, code)) {
        crash_claim();
        crash_leave(CRASH_STATUS);
    }
    error = error ? error + strlen("ERROR: AddressSanitizer: ") : "it found an error";
    snprintf(line, sizeof(line), "%.*s", (int)strcspn(error, "\n("), error);
    crash.address = address;
    crash_end(&crash);
}

/* A sanitizer ends the process, and has said why: of undis, of the report, or of a driver. */
static void
on_death(void)
{
    struct crash crash = {.text = "a sanitizer ended the process, and has said why",
        .code = __builtin_return_address(0)};

    if (guard_active())
        guard_abandon();
    if (crash_here())
        crash_leave(CRASH_STATUS);
    if (block_self)
        crash_end(&crash);
}

struct closed {
    const void *address, *code;
    bool opened;
};

/* A protected page: told once, then it is open to whoever touches it, so that the run can go on. */
static void
look_at_page(void *context)
{
    struct closed *closed = context;
    const struct crash_machine *entry = crash_machine_of(block_self->machine);
    struct arena *arena = entry ? entry->machine->arena : NULL;
    void *address = (void *)closed->address;

    /* What lies elsewhere may be an address that the hooks have left for who should not look. */
    if (arena && !arena_owns(arena, address)) {
        was_told(address, closed->code);
        return;
    }
    if (!arena || !arena_is_closed(arena, address) || !was_told(address, closed->code))
        return;
    arena_open_view(arena, address, 1);
    closed->opened = true;
}

static bool
on_closed_page(const void *address, const void *code)
{
    struct closed closed = {address, code, false};

    return guard_run(look_at_page, &closed) && closed.opened;
}

struct origin {
    const void *code;
    bool ours;
};

static void
find_origin(void *context)
{
    struct origin *origin = context;
    void *stack[CRASH_DEPTH];
    Dl_info self, other;
    unsigned depth = crash_unwind(origin->code, stack);

    if (!dladdr((void *)(uintptr_t)crash_install, &self))
        return;
    for (unsigned k = 0; k < depth; k++)
        if (dladdr(stack[k], &other) && other.dli_fbase == self.dli_fbase)
            origin->ours = true;
}

/* Whether a thread that is in no machine crashed in code of undis, not of the host program. */
static bool
is_ours(unsigned k, const void *code)
{
    struct origin origin = {code, false};
    bool asked = before[k].sa_flags & SA_SIGINFO || before[k].sa_handler != SIG_DFL;

    return (SHADOW || !asked) && crash_listener(NULL) && guard_run(find_origin, &origin) &&
           origin.ours;
}

struct exception {
    EXCEPTION_RECORD record;
    const struct crash_place *place;
    struct seh_record *handler;
};

static void
find_handler(void *context)
{
    struct exception *exception = context;

    exception->handler = seh_find(exception->place->pc, exception->place->sp);
}

/* To the driver's __except, when it has one for this. */
static void
raise_in_driver(
    unsigned k, const siginfo_t *info, const ucontext_t *user, const struct crash *crash)
{
    struct exception exception = {
        .record = {.ExceptionCode = signals[k].code, .ExceptionAddress = (void *)crash->place.pc},
        .place = &crash->place};

    if (signals[k].number == SIGSEGV || signals[k].number == SIGBUS) {
        exception.record.NumberParameters = 2;
        /* Bit 1 of the page fault's error code: a write. */
        exception.record.ExceptionInformation[0] = (user->uc_mcontext.gregs[REG_ERR] >> 1) & 1;
        exception.record.ExceptionInformation[1] = (ULONG_PTR)info->si_addr;
    }
    /* Unwinding takes locks, of ThreadSanitizer too, which the fault may have left. */
    if (!guard_run_for(find_handler, &exception, RACES ? 1000 : 0) || !exception.handler)
        return;
    /* A handler that goes on in the driver does not return from here. */
    pthread_sigmask(SIG_SETMASK, &user->uc_sigmask, NULL);
    seh_resume(exception.handler, &exception.record, crash->place.sp);
}

/* Below the stack pointer nothing can be touched, above it much. */
static bool
is_overflow(const struct crash *crash)
{
    uintptr_t address = (uintptr_t)crash->address, sp = (uintptr_t)crash->place.sp;
    char byte = 0;

    return address < sp + 2 * sizeof(void *) && address + OVERFLOW > sp &&
           guard_copy(&byte, (const void *)((sp | (PAGE - 1)) + 1), 1);
}

/* What is freed in a verified machine is filled so (verify/rested.c). An address that was read there is
 * none, and the processor does not even say which it was: it is still in a register. */
static bool
follows_freed(const siginfo_t *info, const ucontext_t *user)
{
    if (info->si_signo != SIGSEGV || info->si_code != SI_KERNEL)
        return false;
    for (unsigned k = 0; k < REG_RIP; k++)
        if ((uint64_t)user->uc_mcontext.gregs[k] >> 32 == FREED)
            return true;
    return false;
}

static const char *
what_happened(int number, const struct crash *crash, const struct block *self)
{
    if (number == SIGABRT)
        return self->driver ? "the driver called abort, or the C library found its memory destroyed"
                            : "an assertion of undis does not hold, or its memory is destroyed";
    if (!self->driver)
        return "undis itself crashed";
    if (number == SIGSEGV && is_overflow(crash))
        return "the driver crashed: its stack is full";
    return self->quiet ? "undis crashed when it looked at what the driver does"
                       : "the driver crashed";
}

static struct {
    uintptr_t start, end;
} sanitizer; /* the segment of code that ThreadSanitizer lies in */

static int
find_sanitizer(struct dl_phdr_info *info, size_t size, void *function)
{
    (void)size;
    for (unsigned k = 0; k < info->dlpi_phnum; k++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[k];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;

        if (segment->p_type != PT_LOAD || (uintptr_t)function - start >= segment->p_memsz)
            continue;
        sanitizer.start = start;
        sanitizer.end = start + segment->p_memsz;
        return 1;
    }
    return 0;
}

/* The fault came in the middle of ThreadSanitizer's work: an atomic access of a driver. Of a driver's
 * own address nobody is asked: its image may be what is destroyed. */
static bool
is_inside_sanitizer(const void *pc)
{
    Dl_info info;

    return RACES && (uintptr_t)pc >= sanitizer.start && (uintptr_t)pc < sanitizer.end &&
           dladdr(pc, &info) && info.dli_sname && strncmp(info.dli_sname, "__tsan_", 7) == 0;
}

/* One thread gets so far. */
__attribute__((noinline, no_sanitize("thread"))) static void
go_to_spare(void)
{
    static uint32_t taken;
    uint32_t others = RACES;

    if (on_spare)
        return;
    /* What the compiler knows as atomic it gives to ThreadSanitizer all the same. */
    __asm__ volatile("xchgl %0,%1" : "+r"(others), "+m"(taken) : : "memory");
    while (RACES && others)
        syscall(SYS_pause);
    on_spare = true;
    shadow_go_to_spare(spare);
}

static void
on_signal(int number, siginfo_t *info, void *context)
{
    const ucontext_t *user = context;
    const greg_t *registers = user->uc_mcontext.gregs;
    struct block self = {.machine = NULL};
    struct crash crash = {.address = info->si_addr, .code = (void *)registers[REG_RIP]};
    unsigned k = 0;

    if (guard_catches(context))
        return;
    if (crash_here())
        crash_leave(CRASH_STATUS);
    while (signals[k].number != number)
        k++;
    crash.signal = signals[k].name;
    crash.place = (struct crash_place){
        (void *)registers[REG_RIP], (void *)registers[REG_RSP], (void *)registers[REG_RBP]};
    if (block_self && !crash_read_block(&self))
        self.machine = block_self; /* one there was */
    if (!self.machine && !is_ours(k, crash.code)) {
        pass_on(k, info, context);
        return;
    }
    if (self.machine && number == SIGSEGV && on_closed_page(info->si_addr, crash.code))
        return;
    if (self.machine && signals[k].code && !is_inside_sanitizer(crash.code))
        raise_in_driver(k, info, user, &crash);
    crash.text = what_happened(number, &crash, &self);
    if (self.driver && !self.quiet && follows_freed(info, user)) {
        crash.rule = "mm-use-after-free";
        crash.text = "the driver crashed: it followed an address that it read from freed memory";
    }
    go_to_spare();
    crash_end(&crash);
}

/* __except or not: nothing can be gone on with. */
__attribute__((no_sanitize("thread"))) static void
on_signal_first(int number, siginfo_t *info, void *context)
{
    const ucontext_t *user = context;

    if (!guard_active() && is_inside_sanitizer((void *)user->uc_mcontext.gregs[REG_RIP]))
        go_to_spare();
    on_signal(number, info, context);
}

/* A driver that was built with a sanitizer has the C library's exit. */
static void
exit_called(void)
{
    struct crash crash = {.text = "the driver called exit"};
    struct block self = {.machine = NULL};
    struct driver driver = {.name = NULL};

    if (crash_elsewhere())
        crash_wait();
    if (exit_allowed)
        return;
    if (guard_active())
        guard_abandon();
    if (crash_here() || !crash_read_block(&self) || self.quiet || !crash_machine_of(self.machine) ||
        !guard_copy(&driver, self.driver, sizeof(driver)) || !driver.image)
        return;
    crash_end(&crash);
}

void
crash_allow_exit(bool allowed)
{
    exit_allowed = allowed;
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
    crash_prepare();
    spare = shadow_spare();
    dl_iterate_phdr(find_sanitizer, (void *)(uintptr_t)shadow_function());
    shadow_tell(on_poison);
    shadow_tell_death(on_death);
    atexit(exit_called);
    pthread_key_create(&stack_key, free_stack);
    for (unsigned k = 0; k < SIGNALS; k++)
        sigaction(signals[k].number, NULL, &before[k]);
    for (unsigned k = 0; k < SIGNALS; k++)
        guard_handle(signals[k].number, on_signal_first);
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
