/* SPDX-License-Identifier: MIT */
/* The table of rules, for undis.h. */
#include "undis/machine.h"
#include "verify/verify.h"

#include <errno.h>
#include <string.h>

int
undis_rule(struct undis *machine, unsigned index, struct undis_rule *rule)
{
    static const char *const states[] = {[RULE_CHECKED] = "checked",
        [RULE_NOT_YET] = "not yet",
        [RULE_OUT_OF_SCOPE] = "out of scope"};
    const struct verify *verify = machine ? machine_host(machine)->verify : NULL;
    const struct rule *row = &rules[index];
    enum rule_state state;

    if (index >= rule_count)
        return -ENOENT;
    state = verify_rule_state(row);
    *rule = (struct undis_rule){.id = row->id,
        .statement = row->statement,
        .source = row->source,
        .severity = row->severity,
        .state = states[state],
        .reason = state == RULE_CHECKED || !*row->open ? NULL : strchr(row->open, ' ') + 1,
        .checks = verify ? verify_checks(verify, row) : 0};
    return 0;
}
