/* SPDX-License-Identifier: MIT */
/* Looking at memory that may be destroyed: what faults, or does not come back, is left.
 *
 *     guard_run --> fn --> fault --> signal handler: guard_catches --> guard_run answers false
 *                     \--> time is over --------------------------------^
 *
 * For those who report at the end of a process. What was left stays as it was, its locks too, so
 * whoever is guarded takes none that others need later. Guards nest; each belongs to its thread.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* False when @fn did not come to its end. */
bool guard_run(void (*fn)(void *context), void *context);
/* The same, and it has @ms milliseconds; 0: as long as it likes. */
bool guard_run_for(void (*fn)(void *context), void *context, unsigned ms);
/* The same without a limit on the stack below @top, from which a walk finds back to the caller's. */
bool guard_run_on(void *top, void (*fn)(void *context), void *context);
/* For handlers of faults: true when the thread is guarded. The handler returns then, and the thread
 * goes on where its guard ends. @ucontext: of the signal. */
bool guard_catches(void *ucontext);
/* Whether the running thread is guarded. */
bool guard_active(void);
/* As a fault does: goes to the end of the guard. The thread must be guarded. */
_Noreturn void guard_abandon(void);
/* @handler gets @signal on its alternate stack, from the kernel itself: no sanitizer comes between. */
void guard_handle(int signal, void (*handler)(int, siginfo_t *, void *));
/* The signals of faults are let through on the running thread. */
void guard_open_signals(void);

/* Copies @size bytes from where there may be none; false: there are none. */
bool guard_copy(void *to, const void *from, size_t size);
/* The text at @from, as far as it can be read and shown, into @to; "?" when there is none. */
void guard_text(char *to, size_t size, const char *from);
