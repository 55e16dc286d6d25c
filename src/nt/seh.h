/* SPDX-License-Identifier: MIT */
/* Structured exceptions: the records of a thread, and how the core raises.
 *
 * A record is live while the function that entered the __try is on the stack and no driver call
 * was begun since: an exception never unwinds across a gate.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wdm.h>

#define SEH_DEPTH 32

struct gate_frame;

struct seh_record {
    void *leave;             /* label of __leave; also says which function it is */
    void *frame;             /* frame address of that function */
    struct gate_frame *gate; /* block.frames when the body was entered */
    uintptr_t context[8];    /* rbx rbp r12 r13 r14 r15 rsp rip */
    bool raised;
    EXCEPTION_RECORD exception; /* when raised */
};

struct seh_stack {
    unsigned depth;
    struct seh_record records[SEH_DEPTH];
    EXCEPTION_RECORD current; /* what the running filter or handler is about */
    EXCEPTION_POINTERS pointers;
};

/* The innermost live record, or NULL. @pc, @sp: of the code that failed, NULL for the caller. */
struct seh_record *seh_find(const void *pc, const void *sp);
/* Goes there. @sp: of the code that failed. */
_Noreturn void
seh_resume(struct seh_record *record, const EXCEPTION_RECORD *exception, const void *sp);
/* As ExRaiseStatus: does not come back. */
_Noreturn void seh_raise(NTSTATUS status);
