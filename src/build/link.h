/* SPDX-License-Identifier: MIT */
/* link.h - objects to a driver, and what the linker says in the words of a driver's author */
#ifndef BUILD_LINK_H
#define BUILD_LINK_H

#include "build/unit.h"

struct link_job {
    const struct toolchain *toolchain;
    const struct words *objects; /* and other words of the command line */
    const char *workspace;       /* for the version script and the linker's output */
    const char *output;
};

/* Runs the linker, prints what it says; its exit status. */
int link_driver(const struct link_job *job);
/* The symbols that the linker's messages call undefined, each once, in order. */
void link_missing_symbols(const char *messages, struct words *symbols);
void command_print(const struct words *command);

#endif
