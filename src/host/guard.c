/* SPDX-License-Identifier: MIT */
/* Guards: a call that notes where it began, and a way back there. x86-64, System V.
 *
 * The limit is a timer of the kernel whose signal goes to the thread. It is set up by system calls:
 * the C library would allocate for it, and ThreadSanitizer keeps such signals until the thread
 * calls it, which one that waits for a lost lock never does.
 */
#include "host/guard.h"
#include "host/shadow.h"

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define LATE_SIGNAL    (SIGRTMAX - 4)
#define KERNEL_SIGSET  8
#define RESTORER       0x04000000u
#define DIRECTION_FLAG 0x400
#define FRAMES_MAX     (16u << 20) /* of a guarded call */

struct guard {
    struct guard *outer;
    void *sp; /* of guard_call */
};

static __thread struct guard *innermost __attribute__((tls_model("initial-exec")));

bool guard_call(void **sp, void (*fn)(void *), void *context, void *top);
extern const char guard_end[];
_Noreturn void guard_go(void *sp);
void guard_return(void);

__asm__(".text\n"
        ".p2align 4\n"
        ".hidden guard_call\n"
        ".globl guard_call\n"
        ".type guard_call,@function\n"
        "guard_call:\n"
        ".cfi_startproc\n"
        " pushq %rbp\n"
        " .cfi_def_cfa_offset 16\n .cfi_offset rbp,-16\n"
        " movq %rsp,%rbp\n"
        " .cfi_def_cfa_register rbp\n"
        " pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n pushq %rdi\n"
        " .cfi_offset rbx,-24\n .cfi_offset r12,-32\n .cfi_offset r13,-40\n"
        " .cfi_offset r14,-48\n .cfi_offset r15,-56\n"
        " movq %rsp,(%rdi)\n"
        " movq %rdi,%rbx\n"
        " testq %rcx,%rcx\n"
        " cmovnzq %rcx,%rsp\n"
        " movq %rdx,%rdi\n"
        " call *%rsi\n"
        " movq (%rbx),%rsp\n"
        " movl $1,%eax\n"
        "1: leaq 48(%rsp),%rbp\n" /* after a fault it is anything */
        " popq %rdi\n popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n"
        " .cfi_def_cfa rsp,8\n"
        " ret\n"
        ".cfi_endproc\n"
        ".size guard_call,.-guard_call\n"
        ".hidden guard_go\n"
        ".globl guard_go\n"
        ".type guard_go,@function\n"
        "guard_go:\n"
        " movq %rdi,%rsp\n"
        ".hidden guard_end\n"
        ".globl guard_end\n"
        "guard_end:\n"
        " xorl %eax,%eax\n"
        " jmp 1b\n"
        ".size guard_go,.-guard_go\n"
        ".hidden guard_return\n"
        ".globl guard_return\n"
        ".type guard_return,@function\n"
        "guard_return:\n"
        " movq $15,%rax\n" /* what unwinders know the end of a handler by */
        " syscall\n"
        ".size guard_return,.-guard_return\n");

/* What AddressSanitizer remembers of the frames that were left would be false alarms later. */
UNWATCHED static void
forget_frames(const struct guard *guard, uintptr_t sp)
{
    uintptr_t end = (uintptr_t)guard->sp;

    if (sp < end && end - sp < FRAMES_MAX)
        shadow_open((void *)(sp & ~(uintptr_t)7), (end - sp) & ~(uintptr_t)7);
}

/* A bit for each that a guard is there for. */
UNWATCHED static uint64_t
guard_signals(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    uint64_t all = UINT64_C(1) << (LATE_SIGNAL - 1);

    for (size_t k = 0; k < sizeof(faults) / sizeof(faults[0]); k++)
        all |= UINT64_C(1) << (faults[k] - 1);
    return all;
}

UNWATCHED static void
go_on_at_end(const struct guard *guard, ucontext_t *user)
{
    greg_t *registers = user->uc_mcontext.gregs;

    forget_frames(guard, (uintptr_t)registers[REG_RSP]);
    registers[REG_RIP] = (greg_t)(uintptr_t)guard_end;
    registers[REG_RSP] = (greg_t)(uintptr_t)guard->sp;
    registers[REG_EFL] &= ~(greg_t)DIRECTION_FLAG;
    /* Whoever was left had perhaps blocked them. */
    *(uint64_t *)&user->uc_sigmask &= ~guard_signals();
}

UNWATCHED bool
guard_catches(void *ucontext)
{
    if (!innermost)
        return false;
    go_on_at_end(innermost, ucontext);
    return true;
}

UNWATCHED bool
guard_active(void)
{
    return innermost != NULL;
}

UNWATCHED void
guard_abandon(void)
{
    forget_frames(innermost, (uintptr_t)__builtin_frame_address(0));
    guard_go(innermost->sp);
}

UNWATCHED static bool
run(void *top, void (*fn)(void *), void *context, struct guard *guard)
{
    bool whole;

    guard->outer = innermost;
    innermost = guard;
    whole = guard_call(&guard->sp, fn, context, top);
    innermost = guard->outer;
    return whole;
}

UNWATCHED bool
guard_run(void (*fn)(void *), void *context)
{
    struct guard guard;

    return run(NULL, fn, context, &guard);
}

UNWATCHED bool
guard_run_on(void *top, void (*fn)(void *), void *context)
{
    struct guard guard;

    return run((void *)((uintptr_t)top & ~(uintptr_t)15), fn, context, &guard);
}

/* The kernel calls it, no sanitizer does. A timer may be late itself: then its guard is over. */
UNWATCHED __attribute__((no_sanitize("address"))) static void
on_late(int signal, siginfo_t *info, void *ucontext)
{
    const struct guard *guard = innermost;

    (void)signal;
    while (guard && guard != info->si_value.sival_ptr)
        guard = guard->outer;
    if (guard)
        go_on_at_end(guard, ucontext);
}

void
guard_handle(int signal, void (*handler)(int, siginfo_t *, void *))
{
    /* As the kernel has it. */
    const struct {
        void (*handler)(int, siginfo_t *, void *);
        unsigned long flags;
        void (*restorer)(void);
        unsigned long mask;
    } action = {handler, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | RESTORER, guard_return, 0};

    syscall(SYS_rt_sigaction, signal, &action, NULL, KERNEL_SIGSET);
}

UNWATCHED bool
guard_run_for(void (*fn)(void *), void *context, unsigned ms)
{
    struct guard guard;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID,
        .sigev_signo = LATE_SIGNAL,
        .sigev_value.sival_ptr = &guard};
    struct itimerspec limit = {.it_value = {ms / 1000, ms % 1000 * 1000000L}};
    int timer;
    bool whole, timed;

    if (ms)
        guard_handle(LATE_SIGNAL, on_late);
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    timed = ms && syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) == 0;
    if (timed)
        syscall(SYS_timer_settime, timer, 0, &limit, NULL);
    whole = run(NULL, fn, context, &guard);
    if (timed)
        syscall(SYS_timer_delete, timer);
    return whole;
}

UNWATCHED void
guard_open_signals(void)
{
    uint64_t open = guard_signals();

    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &open, NULL, KERNEL_SIGSET);
}

struct copy {
    char *to;
    const char *from;
    size_t size;
};

static void
copy(void *context)
{
    const struct copy *all = context;

    raw_copy(all->to, all->from, all->size);
}

bool
guard_copy(void *to, const void *from, size_t size)
{
    struct copy all = {to, from, size};

    return from && guard_run(copy, &all);
}

void
guard_text(char *to, size_t size, const char *from)
{
    size_t n = 0;
    char c = 0;

    while (n + 1 < size && guard_copy(&c, from + n, 1) && c >= ' ' && c <= '~')
        to[n++] = c;
    if (!n && size > 1)
        to[n++] = '?';
    to[n] = 0;
}
