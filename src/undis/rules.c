/* SPDX-License-Identifier: MIT */
/* The table of rules, for undis.h. */
#include "undis/machine.h"
#include "verify/verify.h"

#include <errno.h>

int
undis_rule(struct undis *machine, unsigned index, struct undis_rule *rule)
{
    static const char *const states[] = {[RULE_CHECKED] = "checked",
        [RULE_NOT_YET] = "not yet",
        [RULE_OUT_OF_SCOPE] = "out of scope"};
    const struct verify *verify = machine ? machine_host(machine)->verify : NULL;
    const struct rule *row = &rules[index];

    if (index >= rule_count)
        return -ENOENT;
    *rule = (struct undis_rule){.id = row->id,
        .statement = row->statement,
        .source = row->source,
        .severity = row->severity,
        .state = states[verify_rule_state(row)],
        .checks = verify ? verify_checks(verify, row) : 0};
    return 0;
}
