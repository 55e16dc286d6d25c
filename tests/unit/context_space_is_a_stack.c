/* SPDX-License-Identifier: MIT */
/* Context space comes from the unused part first, then from new blocks, and goes in reverse. */
#include "packet.h"

static void
check_growth(NDIS_HANDLE pool, USHORT size, USHORT backfill)
{
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, size, backfill);
    PNET_BUFFER_LIST_CONTEXT first = nbl->Context;
    PUCHAR own;

    CHECK(!size || (first && first->Size - first->Offset >= size));
    CHECK(NdisAllocateNetBufferListContext(nbl, 32, 64, 0x74736554) == NDIS_STATUS_SUCCESS);
    own = NET_BUFFER_LIST_CONTEXT_DATA_START(nbl);
    memset(own, 0x11, 32);
    CHECK(NdisAllocateNetBufferListContext(nbl, 64, 0, 0x74736554) == NDIS_STATUS_SUCCESS);
    memset(NET_BUFFER_LIST_CONTEXT_DATA_START(nbl), 0x22, 64);
    CHECK(NdisAllocateNetBufferListContext(nbl, 8, 0, 0x74736554) == NDIS_STATUS_SUCCESS);
    NdisFreeNetBufferListContext(nbl, 8);
    NdisFreeNetBufferListContext(nbl, 64);
    CHECK(NET_BUFFER_LIST_CONTEXT_DATA_START(nbl) == own && own[0] == 0x11 && own[31] == 0x11);
    NdisFreeNetBufferListContext(nbl, 32);
    CHECK(nbl->Context == first);
    NdisFreeNetBufferList(nbl);
}

static void
test(void *machine)
{
    NDIS_HANDLE with = nbl_pool(FALSE, 64, 0), without = nbl_pool(TRUE, 0, 0);

    (void)machine;
    for (USHORT size = 0; size <= 128; size += 32) {
        for (USHORT backfill = 0; backfill <= 64; backfill += 32) {
            check_growth(with, size, backfill);
            check_growth(without, size, backfill);
        }
    }
    NdisFreeNetBufferListPool(with);
    NdisFreeNetBufferListPool(without);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
