/* SPDX-License-Identifier: MIT */
/* Hang and reset of a miniport of NDIS 6. */
#pragma once

#include "ndis/stack/adapter.h"

/* Before MiniportInitializeEx; nothing for a miniport without MiniportResetEx. */
NDIS_STATUS reset_create(struct module *miniport);
/* It has a context, or is initialized, or awake: from now on it is asked whether it hangs. */
void reset_watch(struct module *miniport);
/* It is not asked any more, and no reset is under way. PASSIVE_LEVEL. */
void reset_end(struct module *miniport);
void reset_destroy(struct module *miniport);
