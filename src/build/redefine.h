/* SPDX-License-Identifier: MIT */
/*
 * redefine.h - functions and types that are declared twice, not quite alike
 *
 * cl.exe warns and goes on; gcc and clang end with "conflicting types". The prototype of a function
 * whose definition differs in a pointer's type, and what uses it before the definition, gets a name
 * of its own for the compiler and keeps the old one for the linker. A type that a driver defines
 * as the headers do but for its sign or spelling (typedef signed char CHAR) is renamed in the
 * driver's lines. Then the unit is compiled again. Only units that do not compile are changed.
 */
#ifndef BUILD_REDEFINE_H
#define BUILD_REDEFINE_H

#include "build/edit.h"
#include "build/lexeme.h"

/* The functions and types that a compiler's messages call conflicting. */
void redefine_find(const char *messages, struct words *names);
/* Renames the prototypes, or types, of names. strings: holds what the edits put, until they are made. */
void redefine_rewrite(const struct lexemes *lexemes, const struct words *names, struct edits *edits,
    struct words *strings);

/*
 * redefine_compile - runs a compiler, twice when that helps
 *
 * @command: compiles mapped, which pass_file made from plain.
 * @log:     a new file for what the compiler says; the last run's words go to stderr.
 */
int redefine_compile(const struct words *command, const char *plain, const char *mapped,
    const struct words *headers, bool cxx, const char *log);

#endif
