/* SPDX-License-Identifier: MIT */
/* The switch: callee-saved registers onto the old stack, the stack pointer, and the same back from
 * the new one.
 *
 * It leaves through a jump, not a return: the processor's return stack would mispredict. Signal
 * mask and floating-point control words are not switched.
 */
#include "executive/fibre.h"
#include "host/shadow.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

#ifndef __x86_64__
#error "fibres are written for x86-64"
#endif

void fibre_swap(void **from, void *const *to);
extern const char fibre_entry[];

__asm__(".text\n"
        ".p2align 4\n"
        ".hidden fibre_swap\n"
        ".globl fibre_swap\n"
        ".type fibre_swap,@function\n"
        "fibre_swap:\n"
        ".cfi_startproc\n"
        " pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq %r15\n"
        " .cfi_adjust_cfa_offset 48\n"
        " movq %rsp,(%rdi)\n"
        " movq (%rsi),%rsp\n"
        " popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n"
        " .cfi_adjust_cfa_offset -48\n"
        " popq %rax\n"
        " jmp *%rax\n"
        ".cfi_endproc\n"
        ".size fibre_swap,.-fibre_swap\n"
        ".hidden fibre_entry\n"
        ".globl fibre_entry\n"
        ".type fibre_entry,@function\n"
        "fibre_entry:\n"
        ".cfi_startproc\n"
        ".cfi_undefined rip\n" /* stacks end here */
        " movq %r12,%rdi\n"
        " xorl %ebp,%ebp\n"
        " call *%rbx\n"
        " ud2\n"
        ".cfi_endproc\n"
        ".size fibre_entry,.-fibre_entry\n");

/* Who switched to the fibre that runs. Of the thread: executives may nest. */
static __thread struct fibre *fibre_before __attribute__((tls_model("initial-exec")));

#ifdef __SANITIZE_ADDRESS__
static inline __attribute__((always_inline)) void
announce(struct fibre *from, struct fibre *to, bool last)
{
    fibre_before = from;
    __sanitizer_start_switch_fiber(last ? NULL : &from->fake, to->bottom, to->size);
}

static void
arrived(void *fake)
{
    const void *bottom;
    size_t size;

    __sanitizer_finish_switch_fiber(fake, &bottom, &size);
    fibre_before->bottom = (void *)bottom;
    fibre_before->size = size;
}

#elif defined(__SANITIZE_THREAD__)
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);

/* Inlined: its return would be noted for the fibre switched to. */
static inline __attribute__((always_inline)) void
announce(struct fibre *from, struct fibre *to, bool last)
{
    (void)last;
    fibre_before = from;
    __tsan_switch_to_fiber(to->shade, 0);
}

static void
arrived(void *fake)
{
    (void)fake;
}

#else
static inline __attribute__((always_inline)) void
announce(struct fibre *from, struct fibre *to, bool last)
{
    (void)to;
    (void)last;
    fibre_before = from;
}

static void
arrived(void *fake)
{
    (void)fake;
}
#endif

void
fibre_make(struct fibre *fibre, void *bottom, size_t size, void (*fn)(void *), void *context)
{
    uintptr_t *sp = (uintptr_t *)(((uintptr_t)bottom + size) & ~(uintptr_t)15);

    *--sp = 0; /* two words, so that fibre_entry calls with an aligned stack */
    *--sp = 0;
    *--sp = (uintptr_t)fibre_entry;
    *--sp = 0;                  /* rbp */
    *--sp = (uintptr_t)fn;      /* rbx */
    *--sp = (uintptr_t)context; /* r12 */
    *--sp = 0;                  /* r13 */
    *--sp = 0;                  /* r14 */
    *--sp = 0;                  /* r15 */
    *fibre = (struct fibre){.sp = sp, .bottom = bottom, .size = size};
#ifdef __SANITIZE_THREAD__
    fibre->shade = __tsan_create_fiber(0);
#endif
}

void
fibre_end(struct fibre *fibre)
{
#ifdef __SANITIZE_THREAD__
    __tsan_destroy_fiber(fibre->shade);
#endif
    fibre->sp = NULL;
}

void
fibre_adopt(struct fibre *host)
{
#ifdef __SANITIZE_THREAD__
    host->shade = __tsan_get_current_fiber();
#endif
    host->fake = NULL;
}

void
fibre_switch(struct fibre *from, struct fibre *to)
{
    announce(from, to, false);
    fibre_swap(&from->sp, &to->sp);
    arrived(from->fake);
}

void
fibre_switch_last(struct fibre *from, struct fibre *to)
{
    announce(from, to, true);
    fibre_swap(&from->sp, &to->sp);
    __builtin_unreachable();
}

void
fibre_begin(void)
{
    arrived(NULL);
}
