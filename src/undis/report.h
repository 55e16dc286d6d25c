/* SPDX-License-Identifier: MIT */
/* Reports on their way to the host program: broken rules, bug checks, crashes, hangs, DbgPrint.
 * Symbolises stacks; the default sink writes to standard error for people.
 */
#pragma once

#include "undis/machine.h"
#include "verify/verify.h"

/* DbgPrint and crash reports of the machine go to its sink from now on, and to its report file,
 * but not what its suppressions hold back. 0 or -errno. */
int report_attach(struct machine *machine);
/* The end of that, with the machine. */
void report_detach(struct machine *machine);
/* Broken rules so far. */
unsigned report_count(const struct machine *machine);
/* Reports that suppressions held back. */
uint64_t report_suppressed(const struct machine *machine);
/* Nothing in the machine can run any more: who owes what, once. The machine stays. */
void report_standstill(struct machine *machine);
/* For verify_create. @context: struct machine. */
void report_rule(void *context, const struct verify_report *from);
