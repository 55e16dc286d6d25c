/* SPDX-License-Identifier: MIT */
/* Stacks: walking frame pointers, and addresses as "function (file:line)" by libdwfl.
 *
 * Addresses never appear in the text: what has no symbol is told as "NAME.so+0x12", so that equal
 * runs give equal reports.
 */
#pragma once

#include <stddef.h>

/* Return addresses from @frame (a frame address of the caller's thread) on, innermost first, after
 * leaving out @skip. Stops where the stack ends. Answers how many. */
unsigned stack_walk(const void *frame, unsigned skip, void **stack, unsigned max);

/* The calling thread's stack ends at @frame, its outermost one, and has @size bytes: asking the C
 * library for it would allocate, and a C library keeps an arena of malloc per thread that does. */
void stack_is(const void *frame, size_t size);

/* Describes @depth return addresses, a line each, in @text. Works on a stack and in a thread of
 * its own, so that fibres and signal handlers can ask; after some seconds without an answer it
 * writes modules and offsets. */
void symbol_describe(void *const *stack, unsigned depth, char *text, size_t size);

/* The process ends with what is described from now on: nothing is waited for for long. */
void symbol_end(void);
