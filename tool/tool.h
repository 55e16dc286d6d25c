/* SPDX-License-Identifier: MIT */
/* The commands of the tool, and what they share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <undis.h>

int run_main(int argc, char **argv);
int build_main(int argc, char **argv);
int rules_main(int argc, char **argv);
int adapters_main(int argc, char **argv);
int stats_main(int argc, char **argv);
int oid_main(int argc, char **argv);
int device_main(int argc, char **argv);
int api_main(int argc, char **argv);

/* "undis COMMAND: ..." on standard error; answers @status. */
int complain(const char *command, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The path of a driver: as given when it has a '/' or ends in ".so", else a driver that comes with
 * undis. False when there is none; @path then holds where it was looked for. */
bool find_driver(const char *name, char *path, size_t size);
/* Starts the build of undis that @path was instrumented for, if this one is not. Comes back
 * with 0 when this one is right, else with an exit status. */
int match_sanitizer(const char *command, const char *path, char **argv);
