/* SPDX-License-Identifier: MIT */
/* Receives for bindings that do not want everything. */
#pragma once

#include "ndis/path/path.h"

/* True when some binding of @to has to be asked what it wants. */
static inline bool
select_needed(const struct adapter *adapter, const struct receivers *to)
{
    bool needed = __atomic_load_n(&adapter->looped, __ATOMIC_RELAXED);

    for (unsigned i = 0; i < to->count; i++)
        needed |= __atomic_load_n(&to->bindings[i]->wants.checks, __ATOMIC_RELAXED);
    return needed;
}

/* Gives each binding what it wants of @chain, which @from passes up; the rest goes back. */
void select_indicate(struct module *from, const struct receivers *to, PNET_BUFFER_LIST chain,
    NDIS_PORT_NUMBER port, ULONG flags);

/* Of receive.c. A clone for one binding, or NULL; and what nobody has a part of any more. */
PNET_BUFFER_LIST receive_clone(struct adapter *adapter, PNET_BUFFER_LIST nbl);
PNET_BUFFER_LIST receive_settle(struct adapter *adapter, PNET_BUFFER_LIST chain);
