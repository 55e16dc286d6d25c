/* SPDX-License-Identifier: MIT */
/* A libundis without the verifier: what src/verify answers when nothing of it is there.
 * scripts/check-instructions compares bench/path with it and without. */
#include "verify/verify.h"

#include <errno.h>

const struct rule *
rule_find(const char *id)
{
    UNREFERENCED_PARAMETER(id);
    return NULL;
}

enum rule_state
verify_rule_state(const struct rule *rule)
{
    UNREFERENCED_PARAMETER(rule);
    return RULE_OUT_OF_SCOPE;
}

void
verify_history(const struct verify_report *report, char *text, size_t size)
{
    UNREFERENCED_PARAMETER(report);
    if (size)
        text[0] = '\0';
}

int
verify_create(
    struct undis *machine, verify_report_fn *report, void *context, struct verify **created_one)
{
    UNREFERENCED_PARAMETER(machine);
    UNREFERENCED_PARAMETER(report);
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(created_one);
    return -ENOTSUP;
}

void
verify_destroy(struct verify *verify)
{
    UNREFERENCED_PARAMETER(verify);
}

int
verify_hand_over(struct verify *verify)
{
    UNREFERENCED_PARAMETER(verify);
    return -ENOTSUP;
}

void
verify_scribble(struct verify *verify)
{
    UNREFERENCED_PARAMETER(verify);
}

void
verify_uncount(const struct verify *verify, size_t *bytes, size_t *blocks)
{
    UNREFERENCED_PARAMETER(verify);
    UNREFERENCED_PARAMETER(bytes);
    UNREFERENCED_PARAMETER(blocks);
}

int
verify_inject(struct verify *verify, const struct verify_faults *faults)
{
    UNREFERENCED_PARAMETER(verify);
    UNREFERENCED_PARAMETER(faults);
    return -1;
}

void
verify_injected(const struct verify *verify, struct verify_fault_counts *counts)
{
    UNREFERENCED_PARAMETER(verify);
    *counts = (struct verify_fault_counts){0};
}

uint64_t
verify_checks(const struct verify *verify, const struct rule *rule)
{
    UNREFERENCED_PARAMETER(verify);
    UNREFERENCED_PARAMETER(rule);
    return 0;
}

unsigned
verify_owned(
    const struct verify *verify, const struct driver *driver, unsigned counts[OBJECT_KINDS])
{
    UNREFERENCED_PARAMETER(verify);
    UNREFERENCED_PARAMETER(driver);
    UNREFERENCED_PARAMETER(counts);
    return 0;
}

unsigned
verify_obligations(struct verify *verify, struct verify_obligation *rows, unsigned room)
{
    UNREFERENCED_PARAMETER(verify);
    UNREFERENCED_PARAMETER(rows);
    UNREFERENCED_PARAMETER(room);
    return 0;
}

const char *
verify_hang_rule(const char *handler)
{
    UNREFERENCED_PARAMETER(handler);
    return NULL;
}
