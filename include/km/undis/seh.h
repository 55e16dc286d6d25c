/* SPDX-License-Identifier: MIT */
/*
 * Structured exception handling in plain C: __try, __except, __finally, __leave.
 *
 *     __try { body }  __except (filter) { handler }      a record per entered body,
 *     __try { body }  __finally { block }                kept per thread, not in frames
 *
 * undis_seh_push makes a record on the thread's list and returns its context; undis_seh_set saves
 * the registers there and returns 0, and again 1 when an exception ended the body. The word after
 * the body (undis_seh_done) takes the record off and says whether an exception came. There is no
 * loop and no closing word, so break, continue, goto and return leave a body as they do on Windows;
 * records of frames that are gone are found dead by unwinding.
 *
 * A unit that uses __try is compiled at -O0: what the body assigned to a local must be in memory.
 */
#pragma once

#include "../ntdef.h"

#define EXCEPTION_EXECUTE_HANDLER    1
#define EXCEPTION_CONTINUE_SEARCH    0
#define EXCEPTION_CONTINUE_EXECUTION (-1)
#define EXCEPTION_NONCONTINUABLE     0x1
#define EXCEPTION_MAXIMUM_PARAMETERS 15

typedef struct _CONTEXT CONTEXT, *PCONTEXT;

typedef struct _EXCEPTION_RECORD {
    NTSTATUS ExceptionCode;
    ULONG ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    ULONG NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;

typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS;

typedef enum _EXCEPTION_DISPOSITION {
    ExceptionContinueExecution,
    ExceptionContinueSearch,
    ExceptionNestedException,
    ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;

EXTERN_C_START

/*
 * A new record for the frame Frame; Leave is where __leave goes, and tells this __try from others
 * of the same function. Returns the record's context.
 */
NTKERNELAPI PVOID undis_seh_push(PVOID Leave, PVOID Frame);

/* Saves the caller's registers in Context. Returns 0 now, 1 when an exception ended the body. */
UNDIS_EXPORT_BARE UNDIS_TWICE int undis_seh_set(PVOID Context);

/* The body of Frame's innermost record is over: the record goes. TRUE if by an exception. */
NTKERNELAPI int undis_seh_done(PVOID Frame);

/* The value of a filter: TRUE to enter the handler; raises again for CONTINUE_SEARCH. */
NTKERNELAPI int undis_seh_filter(int Disposition);

/* Where the innermost record of Frame is left to. */
NTKERNELAPI PVOID undis_seh_leave(PVOID Frame);

/* Before a __finally block: takes the record off; 1 after an exception, 0 otherwise. */
NTKERNELAPI int undis_seh_finally(PVOID Frame);

/* After a __finally block: raises the exception again if Abnormal is 1; returns -1. */
NTKERNELAPI int undis_seh_finally_end(int Abnormal);

/* The exception that a filter or handler is about. */
NTKERNELAPI NTSTATUS undis_seh_code(VOID);
NTKERNELAPI PEXCEPTION_POINTERS undis_seh_information(VOID);

EXTERN_C_END

#ifdef __ELF__ /* no Windows target */

#undef __try
#undef __except
#undef __finally
#undef __leave

/* Always 0, but the compiler does not know: a label that nothing reaches would lose its address. */
NT_INLINE int
undis_seh_never(VOID)
{
    int never = 0;

    __asm__ __volatile__("" : "+r"(never));
    return never;
}

#define UNDIS_SEH_TRY(label)                                                                       \
    if (undis_seh_never()) {                                                                       \
    label:;                                                                                        \
    } else if (undis_seh_set(undis_seh_push(&&label, __builtin_frame_address(0))) == 0)

#define __try UNDIS_SEH_TRY(UNDIS_PASTE(undis_seh_label_, __COUNTER__))
#define __except(e)                                                                                \
    if (undis_seh_done(__builtin_frame_address(0)) && undis_seh_filter(e))
#define __finally                                                                                  \
    for (int undis_seh_state = undis_seh_finally(__builtin_frame_address(0)); undis_seh_state >= 0; \
         undis_seh_state = undis_seh_finally_end(undis_seh_state))
#define __leave goto *undis_seh_leave(__builtin_frame_address(0))

#define GetExceptionCode()         undis_seh_code()
#define GetExceptionInformation()  undis_seh_information()
#define exception_code             undis_seh_code
#define exception_info             undis_seh_information
#define _exception_code            undis_seh_code
#define _exception_info            undis_seh_information
#define AbnormalTermination()      (undis_seh_state)
#define _abnormal_termination()    (undis_seh_state)

#endif
