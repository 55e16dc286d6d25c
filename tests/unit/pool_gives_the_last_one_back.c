/* SPDX-License-Identifier: MIT */
/* A pool of NBLs gives the one freed last first, fresh, also after many came and went. */
#include "packet.h"

#define MANY 1000

static PNET_BUFFER_LIST all[MANY];

static void
check_fresh(PNET_BUFFER_LIST nbl, NDIS_HANDLE pool)
{
    CHECK(nbl && ((uintptr_t)nbl & 15) == 0);
    CHECK(!nbl->Next && !nbl->ParentNetBufferList && !nbl->ChildRefCount && !nbl->Flags);
    CHECK(!nbl->NblFlags && !nbl->Status && !nbl->SourceHandle);
    CHECK(NdisGetPoolFromNetBufferList(nbl) == pool);
    for (unsigned i = 0; i < MaxNetBufferListInfo; i++)
        CHECK(!nbl->NetBufferListInfo[i]);
}

static void
check_data(void)
{
    NDIS_HANDLE pool = nbl_pool(TRUE, 0, 2000);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, 0, 0);
    PNET_BUFFER nb = nbl->FirstNetBuffer;
    PMDL mdl = nb->MdlChain;

    CHECK(mdl && MmGetMdlByteCount(mdl) == 2000 && nb->DataLength == 0);
    CHECK(NdisRetreatNetBufferDataStart(nb, 1500, 0, NULL) == NDIS_STATUS_SUCCESS);
    CHECK(nb->MdlChain == mdl && nb->DataLength == 1500 && nb->DataOffset == 500);
    memset(NdisGetDataBuffer(nb, 1500, NULL, 1, 0), 0x5a, 1500);
    NdisAdvanceNetBufferDataStart(nb, 1500, TRUE, NULL);
    CHECK(nb->MdlChain == mdl && nb->DataLength == 0 && nb->DataOffset == 2000);
    NdisFreeNetBufferList(nbl);
    NdisFreeNetBufferListPool(pool);
}

static void
test(void *machine)
{
    NDIS_HANDLE pool = nbl_pool(TRUE, 32, 0);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(pool, 16, 0);
    KIRQL old;

    (void)machine;
    check_fresh(nbl, pool);
    CHECK(nbl->FirstNetBuffer && !nbl->FirstNetBuffer->MdlChain);
    CHECK(nbl->Context->Size == 32 && nbl->Context->Offset == 16);
    memset(nbl->NetBufferListInfo, 0xff, sizeof(nbl->NetBufferListInfo));
    nbl->Flags = nbl->NblFlags = 1;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    NdisFreeNetBufferList(nbl);
    CHECK(NdisAllocateNetBufferList(pool, 0, 0) == nbl);
    check_fresh(nbl, pool);
    NdisFreeNetBufferList(nbl);
    KeLowerIrql(old);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < MANY; i++) {
            all[i] = NdisAllocateNetBufferAndNetBufferList(pool, 0, 16, NULL, 0, 0);
            check_fresh(all[i], pool);
            all[i]->Scratch = &all[i];
        }
        for (unsigned i = 0; i < MANY; i++) {
            CHECK(all[i]->Scratch == &all[i]);
            NdisFreeNetBufferList(all[i]);
        }
    }
    NdisFreeNetBufferListPool(pool);
    check_data();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
