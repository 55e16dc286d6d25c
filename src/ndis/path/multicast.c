/* SPDX-License-Identifier: MIT */
/* Lists of multicast addresses. See multicast.h. */
#include "ndis/path/multicast.h"

#include <string.h>

bool
multicast_lists(const struct module_wants *wants, const UCHAR *address)
{
    const struct multicast *list = __atomic_load_n(&wants->multicast, __ATOMIC_ACQUIRE);

    for (unsigned i = 0; list && i < list->count; i++)
        if (memcmp(list->entries[i].address, address, ADDRESS) == 0)
            return true;
    return false;
}

/* Adds @address to @list, which has room. */
static void
list_add(struct multicast *list, const UCHAR *address)
{
    unsigned i = 0;

    while (i < list->count && memcmp(list->entries[i].address, address, ADDRESS) != 0)
        i++;
    if (i == list->count) {
        memcpy(list->entries[i].address, address, ADDRESS);
        list->count++;
    }
    list->entries[i].times++;
}

static bool
list_delete(struct multicast *list, const UCHAR *address)
{
    for (unsigned i = 0; i < list->count; i++) {
        if (memcmp(list->entries[i].address, address, ADDRESS) != 0)
            continue;
        if (--list->entries[i].times == 0)
            list->entries[i] = list->entries[--list->count];
        return true;
    }
    return false;
}

NDIS_STATUS
multicast_next(struct multicast *next, const struct multicast *old, const struct _SET *set)
{
    const UCHAR *addresses = set->InformationBuffer;

    if (old && set->Oid != OID_802_3_MULTICAST_LIST) {
        next->count = old->count;
        memcpy(next->entries, old->entries, old->count * sizeof(old->entries[0]));
    }
    if (set->Oid == OID_802_3_DELETE_MULTICAST_ADDRESS)
        return list_delete(next, addresses) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_MULTICAST_NOT_FOUND;
    for (ULONG at = 0; at < set->InformationBufferLength; at += ADDRESS) {
        if (!(addresses[at] & 1))
            return NDIS_STATUS_MULTICAST_FULL;
        list_add(next, addresses + at);
    }
    return NDIS_STATUS_SUCCESS;
}
