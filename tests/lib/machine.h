/* SPDX-License-Identifier: MIT */
/* Machines for tests: under the executive that UNDIS_EXECUTIVE names, watched, and looked at
 * again when they end. In a test that forks, make them after the fork.
 */
#pragma once

#include "check.h"
#include <stdint.h>
#include <undis.h>

/* True under UNDIS_EXECUTIVE=simulated. */
bool test_simulated(void);
/* Verified, with a sink that fails the test when a rule is broken. */
struct undis_config test_config(void);
struct undis *test_machine(void);
struct undis *test_machine_with(const struct undis_config *config);
/* From now on it should not grow: its end will look whether every block of memory is back. For
 * machines that are not verified (the ledger keeps what it once had) and have had what they are to
 * have again (settings stay). */
void test_machine_mark(struct undis *machine);
/* Of an unloaded driver one block stays: its name, for late calls. */
void test_unload(struct undis *machine, struct undis_driver *driver);
/* Nothing of the machine is left: no rule broken, no task, no memory beyond the mark. Its stacks
 * and drivers must be gone already. */
void test_machine_end(struct undis *machine);

/* Runs @machine until @done answers true; fails the test after 10 seconds of its time. */
void test_wait(struct undis *machine, bool (*done)(void *context), void *context, const char *what);
/* Until a counter that drivers write holds @value. */
void test_wait_count(struct undis *machine, const test_counter *counter, uint64_t value);
uint64_t test_read(const test_counter *counter);

/* A driver of the build by name, "portnic": one that is shipped, or one of the tests. */
struct undis_driver *test_driver(struct undis *machine, const char *name);
struct undis_driver *test_driver_as(struct undis *machine, const char *file, const char *service);
/* Its path, in a buffer that the next call overwrites. */
const char *test_driver_path(const char *name);

/* Seeds worth a run each: 0 is the tame one. Machines with an odd one are not verified and have
 * their memory counted instead. */
unsigned test_seeds(void);
