/* SPDX-License-Identifier: MIT */
/* Fragments are cut at MaximumLength with room for a header, and reassembled they are the whole
 * again. */
#include "packet.h"

static void
check_fragments(PNET_BUFFER_LIST nbl)
{
    static const ULONG lengths[] = {1000, 1000, 970};
    PNET_BUFFER_LIST parts =
                         NdisAllocateFragmentNetBufferList(nbl, NULL, NULL, 30, 1000, 20, 44, 0),
                     whole;
    PNET_BUFFER nb;
    ULONG at = 50;
    unsigned n = 0;

    CHECK(parts);
    for (nb = parts->FirstNetBuffer; nb; nb = nb->Next, n++) {
        CHECK(n < 3 && nb->DataLength == lengths[n] + 20);
        CHECK(nb->DataOffset == 44);
        CHECK(nb_byte(nb, 20) == (UCHAR)at &&
              nb_byte(nb, 1019 - (n == 2) * 30) == (UCHAR)(at + lengths[n] - 1));
        at += lengths[n];
    }
    CHECK(n == 3);
    whole = NdisAllocateReassembledNetBufferList(parts, NULL, 20, 8, 0, 0);
    CHECK(whole && !whole->FirstNetBuffer->Next);
    CHECK(whole->FirstNetBuffer->DataLength == 2970 + 8);
    for (ULONG i = 0; i < 2970; i += 11)
        CHECK(nb_byte(whole->FirstNetBuffer, 8 + i) == (UCHAR)(50 + i));
    NdisFreeReassembledNetBufferList(whole, 8, 0);
    NdisFreeFragmentNetBufferList(parts, 20, 0);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 4000, 0x74736554);
    PMDL chain = mdl_chain(bytes, (unsigned[]){10, 1500, 1, 2489, 0});
    NDIS_HANDLE lists = nbl_pool(TRUE, 0, 0);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferAndNetBufferList(lists, 0, 0, chain, 20, 3000);

    (void)machine;
    check_fragments(nbl);
    check_fragments(nbl);
    CHECK(!NdisAllocateFragmentNetBufferList(nbl, NULL, NULL, 0, 0, 0, 0, 0));
    NdisFreeNetBufferList(nbl);
    NdisFreeNetBufferListPool(lists);
    mdl_chain_free(chain);
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
