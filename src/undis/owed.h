/* SPDX-License-Identifier: MIT */
/* The table of obligations in the report of a hang: gathered from the verifier, and for people. */
#pragma once

#include "undis/machine.h"

/* Fills in obligations, obligation_count and obligations_left of @report. No heap; what it fills in
 * is good until the next call. Nothing without a verifier. */
void owed_gather(struct machine *machine, struct undis_report *report);
/* The table as people read it. */
void owed_print(const struct undis_report *report, char *text, size_t size);
