/* SPDX-License-Identifier: MIT */
/* command.h - the command lines that make a driver: preprocess, compile, link */
#ifndef BUILD_COMMAND_H
#define BUILD_COMMAND_H

#include "build/unit.h"

/* Options that decide the ABI; both the preprocessor and the compiler get them. */
void command_abi(struct words *command, const struct toolchain *toolchain, bool cxx);
/* Headers, what Windows' compiler defines, and what ours defines undone. */
void command_environment(struct words *command, const struct toolchain *toolchain);
void
command_code(struct words *command, const struct toolchain *toolchain, bool cxx, bool exceptions);

void command_preprocess(struct words *command, const struct toolchain *toolchain,
    const struct unit *unit, const char *overlay, const char *output);
void command_compile(struct words *command, const struct toolchain *toolchain, bool cxx,
    bool exceptions, const char *input, const char *output);
/*
 * Makes a library of command_memory_source to be linked before the drivers' C runtime. It leaves
 * memcpy and its like undefined in the driver, which thus calls the ones that sanitizers watch.
 * Not for coverage, whose runtime wants all of libc: there the calls go unwatched.
 */
void command_memory(struct words *command, const struct toolchain *toolchain, const char *input,
    const char *output);
/*
 * map: the version script. Objects are added by the caller between the two. No runtime of a
 * sanitizer is linked: it is the process's, undis-asan or undis-tsan, and gcc's and clang's objects
 * call the same one.
 */
void
command_link_options(struct words *command, const struct toolchain *toolchain, const char *map);
void command_link_libraries(struct words *command, const struct toolchain *toolchain);

extern const char command_version_script[];
extern const char command_memory_source[];

#endif
