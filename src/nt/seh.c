/* SPDX-License-Identifier: MIT */
/* Structured exceptions: what include/km/undis/seh.h declares. See seh.h.
 *
 *     ExRaiseStatus, SIGSEGV ... --> innermost live record --> undis_seh_set returns 1 once more
 *
 * Records of bodies that were left by return or goto stay behind. They are recognised: by a later
 * record of the same frame, and by unwinding the stack when an exception looks for its handler.
 */
#include "nt/seh.h"
#include "nt/crash.h"
#include "nt/gate.h"
#include "nt/thread.h"
#include <string.h>
#include <unwind.h>

/* An ASan build forgets the redzones of the frames that are jumped over. (Its own call for that,
 * __asan_handle_no_return, needs more stack than a signal handler has.) */
extern void
__asan_unpoison_memory_region(const volatile void *start, size_t size) __attribute__((weak));

/* Saves the registers that a call preserves, with the caller's stack and return address. */
__asm__(".text\n"
        ".globl undis_seh_set\n"
        ".type undis_seh_set, @function\n"
        "undis_seh_set:\n"
        "    movq %rbx, 0(%rdi)\n"
        "    movq %rbp, 8(%rdi)\n"
        "    movq %r12, 16(%rdi)\n"
        "    movq %r13, 24(%rdi)\n"
        "    movq %r14, 32(%rdi)\n"
        "    movq %r15, 40(%rdi)\n"
        "    leaq 8(%rsp), %rdx\n"
        "    movq %rdx, 48(%rdi)\n"
        "    movq (%rsp), %rdx\n"
        "    movq %rdx, 56(%rdi)\n"
        "    xorl %eax, %eax\n"
        "    ret\n"
        ".size undis_seh_set, .-undis_seh_set\n");

__attribute__((noreturn)) static void
seh_jump(const uintptr_t *context)
{
    __asm__ __volatile__("movq 0(%0), %%rbx\n"
                         "movq 8(%0), %%rbp\n"
                         "movq 16(%0), %%r12\n"
                         "movq 24(%0), %%r13\n"
                         "movq 32(%0), %%r14\n"
                         "movq 40(%0), %%r15\n"
                         "movq 48(%0), %%rsp\n"
                         "movl $1, %%eax\n"
                         "jmpq *56(%0)\n"
                         :
                         : "d"(context)
                         : "memory");
    __builtin_unreachable();
}

static struct seh_stack *
stack_self(void)
{
    struct kthread *thread = thread_self();

    block_self->seh = &thread->seh;
    return &thread->seh;
}

/* Records of deeper frames are dead: their functions have returned. So is one of the same frame
 * that another function left, or that the same __try left behind. */
static void
drop_dead(struct seh_stack *stack, const void *leave, const void *frame)
{
    void *function = _Unwind_FindEnclosingFunction((void *)leave);

    while (stack->depth) {
        const struct seh_record *last = &stack->records[stack->depth - 1];

        if (last->gate != block_self->frames || (uintptr_t)last->frame > (uintptr_t)frame)
            return;
        if (last->frame == frame && last->leave != leave &&
            _Unwind_FindEnclosingFunction(last->leave) == function)
            return;
        stack->depth--;
    }
}

/*
 * undis_seh_push - a record for a __try that is entered
 *
 * @Leave: where __leave goes.
 * @Frame: frame address of the function with the __try.
 *
 * IRQL:      Any level
 * Ownership: the record is the thread's until undis_seh_done.
 * Errors:    none; more than 32 nested is a bug check.
 * Source:    include/km/undis/seh.h
 */
PVOID
undis_seh_push(PVOID Leave, PVOID Frame)
{
    struct seh_stack *stack = stack_self();
    struct seh_record *record;

    drop_dead(stack, Leave, Frame);
    if (stack->depth == SEH_DEPTH)
        gate_bug_check(NULL, "more than %d __try nested", SEH_DEPTH);
    record = &stack->records[stack->depth++];
    record->leave = Leave;
    record->frame = Frame;
    record->gate = block_self->frames;
    record->raised = false;
    return record->context;
}

/* The innermost record of @frame, with what is above it (left behind) dropped. */
static struct seh_record *
innermost(struct seh_stack *stack, const void *frame)
{
    while (stack->depth && stack->records[stack->depth - 1].frame != frame)
        stack->depth--;
    if (!stack->depth)
        gate_bug_check(NULL, "__except without its __try");
    return &stack->records[stack->depth - 1];
}

/*
 * undis_seh_done - a body is over, by itself or by an exception
 *
 * @Frame: frame address of the function with the __try.
 *
 * IRQL:      Any level
 * Ownership: the record is gone.
 * Errors:    none; 1: by an exception.
 * Source:    include/km/undis/seh.h
 */
int
undis_seh_done(PVOID Frame)
{
    struct seh_stack *stack = stack_self();
    struct seh_record *record = innermost(stack, Frame);

    stack->depth--;
    if (record->raised) {
        stack->current = record->exception;
        stack->pointers.ExceptionRecord = &stack->current;
        stack->pointers.ContextRecord = NULL;
    }
    return record->raised;
}

/* Raises @exception again or for the first time; without a handler it is a crash. */
__attribute__((noreturn)) static void
raise_exception(const EXCEPTION_RECORD *exception)
{
    struct crash crash = {.text = "an exception was raised and nobody handles it",
        .address = (void *)(uintptr_t)(ULONG)exception->ExceptionCode,
        .code = exception->ExceptionAddress};
    struct seh_record *record = seh_find(NULL, NULL);

    if (record)
        seh_resume(record, exception, __builtin_frame_address(0));
    crash.signal = "exception";
    crash_end(&crash);
}

/*
 * undis_seh_filter - decides on the value of a filter expression
 *
 * @Disposition: value of the filter expression.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 1: the handler runs. CONTINUE_EXECUTION is a bug check.
 * Source:    include/km/undis/seh.h
 */
int
undis_seh_filter(int Disposition)
{
    EXCEPTION_RECORD copy;

    if (Disposition > 0)
        return 1;
    if (Disposition < 0)
        gate_bug_check(NULL, "EXCEPTION_CONTINUE_EXECUTION");
    copy = stack_self()->current;
    raise_exception(&copy);
}

/*
 * undis_seh_leave - where __leave goes
 *
 * @Frame: frame address of the function with the __try.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    include/km/undis/seh.h
 */
PVOID
undis_seh_leave(PVOID Frame)
{
    return innermost(stack_self(), Frame)->leave;
}

/*
 * undis_seh_finally - a body is over and its __finally block begins
 *
 * @Frame: frame address of the function with the __try.
 *
 * IRQL:      Any level
 * Ownership: the record is gone.
 * Errors:    none; 1: by an exception.
 * Source:    include/km/undis/seh.h
 */
int
undis_seh_finally(PVOID Frame)
{
    return undis_seh_done(Frame);
}

/*
 * undis_seh_finally_end - a __finally block is over
 *
 * @Abnormal: what undis_seh_finally answered.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; raises again after an exception, else -1.
 * Source:    include/km/undis/seh.h
 */
int
undis_seh_finally_end(int Abnormal)
{
    if (Abnormal) {
        EXCEPTION_RECORD copy = stack_self()->current;
        raise_exception(&copy);
    }
    return -1;
}

/*
 * undis_seh_code - the code of the exception
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none
 * Source:    include/km/undis/seh.h
 */
NTSTATUS
undis_seh_code(VOID)
{
    return stack_self()->current.ExceptionCode;
}

/*
 * undis_seh_information - all about the exception
 *
 * IRQL:      Any level
 * Ownership: valid until the next one.
 * Errors:    none; there is no ContextRecord.
 * Source:    include/km/undis/seh.h
 */
PEXCEPTION_POINTERS
undis_seh_information(VOID)
{
    return &stack_self()->pointers;
}

/* What the unwinder looks for: the newest record whose frame it comes across. */
struct search {
    struct seh_stack *stack;
    const struct gate_frame *gate;
    unsigned found; /* index + 1 */
    unsigned frames;
    uintptr_t top; /* of the last frame seen */
};

static _Unwind_Reason_Code
look(struct _Unwind_Context *context, void *argument)
{
    struct search *search = argument;
    uintptr_t cfa = _Unwind_GetCFA(context);
    uintptr_t start = _Unwind_GetRegionStart(context);

    if (++search->frames > 256)
        return _URC_END_OF_STACK;
    search->top = cfa;
    for (unsigned k = search->stack->depth; k > 0; k--) {
        const struct seh_record *record = &search->stack->records[k - 1];

        if (record->gate != search->gate)
            break;
        /* _Unwind_GetCFA gives the stack pointer inside the function: the frame lies above it. */
        if (start && start == (uintptr_t)_Unwind_FindEnclosingFunction(record->leave) &&
            (uintptr_t)record->frame >= cfa && (uintptr_t)record->frame - cfa < 65536) {
            search->found = k;
            return _URC_END_OF_STACK;
        }
    }
    return _URC_NO_REASON;
}

struct seh_record *
seh_find(const void *pc, const void *sp)
{
    struct block *self = block_self;
    struct seh_stack *stack = self ? self->seh : NULL;
    struct search search = {.stack = stack, .gate = self ? self->frames : NULL};
    struct seh_record *record;

    if (!stack || !stack->depth)
        return NULL;
    _Unwind_Backtrace(look, &search);
    /* A call through a wild pointer cannot be unwound: the newest record above it is taken. */
    if (!search.found && pc && !_Unwind_FindEnclosingFunction((void *)pc)) {
        record = &stack->records[stack->depth - 1];
        if (record->gate == search.gate && (uintptr_t)record->frame > (uintptr_t)sp)
            search.found = stack->depth;
    }
    record = search.found ? &stack->records[search.found - 1] : NULL;
    /* Whoever was sent there and did not arrive would never do. */
    return record && !record->raised ? record : NULL;
}

void
seh_resume(struct seh_record *record, const EXCEPTION_RECORD *exception, const void *sp)
{
    struct seh_stack *stack = block_self->seh;

    stack->depth = (unsigned)(record - stack->records) + 1;
    record->exception = *exception;
    record->raised = true;
    if (__asan_unpoison_memory_region && (uintptr_t)sp < record->context[6])
        __asan_unpoison_memory_region(sp, record->context[6] - (uintptr_t)sp);
    seh_jump(record->context);
}

void
seh_raise(NTSTATUS status)
{
    EXCEPTION_RECORD exception = {.ExceptionCode = status,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .ExceptionAddress = __builtin_return_address(0)};

    raise_exception(&exception);
}

/*
 * ExRaiseStatus - raises an exception
 *
 * @Status: NTSTATUS of the exception or of the break.
 *
 * IRQL:      <=APC_LEVEL
 * Ownership: none moves; does not return.
 * Errors:    none; without a handler the run ends with a crash report.
 * Source:    NF:wdm.ExRaiseStatus
 */
VOID
ExRaiseStatus(NTSTATUS Status)
{
    seh_raise(Status);
}

/*
 * ExRaiseAccessViolation - raises STATUS_ACCESS_VIOLATION
 *
 * IRQL:      PASSIVE_LEVEL (see Remarks section)
 * Ownership: none moves; does not return.
 * Errors:    none; without a handler the run ends with a crash report.
 * Source:    NF:ntddk.ExRaiseAccessViolation
 */
VOID
ExRaiseAccessViolation(VOID)
{
    seh_raise(STATUS_ACCESS_VIOLATION);
}

/*
 * ExRaiseDatatypeMisalignment - raises STATUS_DATATYPE_MISALIGNMENT
 *
 * IRQL:      PASSIVE_LEVEL (see Remarks section)
 * Ownership: none moves; does not return.
 * Errors:    none; without a handler the run ends with a crash report.
 * Source:    NF:ntddk.ExRaiseDatatypeMisalignment
 */
VOID
ExRaiseDatatypeMisalignment(VOID)
{
    seh_raise(STATUS_DATATYPE_MISALIGNMENT);
}

/*
 * RtlRaiseException - raises an exception with all its data
 *
 * @ExceptionRecord: what is raised; copied.
 *
 * IRQL:      Any level
 * Ownership: none moves; does not return.
 * Errors:    none; without a handler the run ends with a crash report.
 * Source:    undocumented for drivers
 */
VOID
RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord)
{
    raise_exception(ExceptionRecord);
}
