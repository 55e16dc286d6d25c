/* SPDX-License-Identifier: MIT */
/* Where undis looks at what drivers hand in: by an address that no driver has closed. Links are kept as
 * they are, for layers tell objects apart by them; what they lead to is looked at here.
 */
#pragma once

#include "nt/gate.h"

#include <ndis.h>

/* What lies at @address. */
static inline void *
at_undis(const void *address)
{
    return arena_unclosed(machine_self()->arena, (void *)(uintptr_t)address);
}

static inline PNET_BUFFER_LIST
nbl_next(const NET_BUFFER_LIST *nbl)
{
    return at_undis(nbl->Next);
}

static inline PNET_BUFFER
nbl_first(const NET_BUFFER_LIST *nbl)
{
    return at_undis(nbl->FirstNetBuffer);
}

static inline PNET_BUFFER
nb_next(const NET_BUFFER *nb)
{
    return at_undis(nb->Next);
}

/* Without a chain it says nothing. */
static inline PMDL
nb_current(const NET_BUFFER *nb)
{
    return nb->MdlChain ? at_undis(nb->CurrentMdl) : NULL;
}

static inline PMDL
mdl_next(const MDL *mdl)
{
    return at_undis(mdl->Next);
}

static inline bool
mdl_is_mapped(const MDL *mdl)
{
    return mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL);
}

/* Of one that is mapped. */
static inline unsigned char *
mdl_mapped(const MDL *mdl)
{
    return at_undis(mdl->MappedSystemVa);
}
