/* SPDX-License-Identifier: MIT */
/* Network interfaces: those of the adapters, and those that drivers register as providers. */
#pragma once

#include "ndis/stack/adapter.h"

/* What interface_object does: a query when @set is false, with *@length bytes of room, and the bytes
 * written or needed there afterwards. */
struct interface_object {
    bool set;
    NDIS_OID oid;
    PVOID buffer;
    ULONG *length;
};

/* Asks the provider of @index; false: no provider has registered it. PASSIVE_LEVEL. */
bool interface_object(struct undis *machine, NET_IFINDEX index,
    const struct interface_object *object, NDIS_STATUS *status);
/* The machine ends: what was not deregistered goes. */
void interfaces_forget(struct undis *machine);
