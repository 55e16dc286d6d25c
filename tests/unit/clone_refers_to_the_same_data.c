/* SPDX-License-Identifier: MIT */
/* A clone shows the data of its parent: with the parent's MDLs or with its own over the same
 * bytes, from the start of the data. */
#include "packet.h"

static void
check_clone(PNET_BUFFER_LIST nbl, NDIS_HANDLE lists, NDIS_HANDLE buffers, ULONG flags)
{
    PNET_BUFFER_LIST clone = NdisAllocateCloneNetBufferList(nbl, lists, buffers, flags);
    PNET_BUFFER nb, source = nbl->FirstNetBuffer;

    CHECK(clone && clone != nbl && clone->ParentNetBufferList == nbl);
    for (nb = clone->FirstNetBuffer; nb; nb = nb->Next, source = source->Next) {
        CHECK(source && nb != source && nb->DataLength == source->DataLength);
        if (flags)
            CHECK(nb->CurrentMdl == source->CurrentMdl);
        else
            CHECK(nb->DataOffset == 0 && nb->MdlChain != source->CurrentMdl);
        for (ULONG i = 0; i < nb->DataLength; i += 7)
            CHECK(nb_byte(nb, i) == nb_byte(source, i));
        *(UCHAR *)NdisGetDataBuffer(nb, 1, NULL, 1, 0) ^= 0xff;
        CHECK(nb_byte(nb, 0) == nb_byte(source, 0));
    }
    CHECK(!source);
    NdisFreeCloneNetBufferList(clone, flags);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 9000, 0x74736554);
    PMDL chain = mdl_chain(bytes, (unsigned[]){100, 4200, 4700, 0});
    NDIS_HANDLE lists = nbl_pool(TRUE, 0, 0), plain = nbl_pool(FALSE, 0, 0), buffers = nb_pool(0);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferAndNetBufferList(lists, 0, 0, chain, 20, 3000);

    (void)machine;
    nbl->FirstNetBuffer->Next = NdisAllocateNetBuffer(buffers, chain, 150, 2000);
    for (ULONG flags = 0; flags <= NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS;
         flags += NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS) {
        check_clone(nbl, NULL, NULL, flags);
        check_clone(nbl, lists, buffers, flags);
        check_clone(nbl, plain, buffers, flags);
        check_clone(nbl, plain, NULL, flags);
    }
    NdisFreeNetBuffer(nbl->FirstNetBuffer->Next);
    nbl->FirstNetBuffer->Next = NULL;
    NdisFreeNetBufferList(nbl);
    NdisFreeNetBufferListPool(lists);
    NdisFreeNetBufferListPool(plain);
    NdisFreeNetBufferPool(buffers);
    mdl_chain_free(chain);
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
