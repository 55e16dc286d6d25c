/* SPDX-License-Identifier: MIT */
/* The hang report: who owes what to whom, since when. */
#pragma once

#include "ndis/stack/adapter.h"

/* @module has not completed @operation in time. Reports and ends the process (exit status 4). */
_Noreturn void hang_report(
    struct undis *machine, const struct module *module, const struct module_operation *operation);
