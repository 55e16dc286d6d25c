/* SPDX-License-Identifier: MIT */
/* NdisGetDataBuffer points into an MDL when it can and copies into the storage when it must;
 * NdisCopyFromNetBufferToNetBuffer stops where data or memory ends. */
#include "packet.h"

static void
check_reading(PNET_BUFFER nb, const UCHAR *bytes)
{
    UCHAR storage[300];

    CHECK(NdisGetDataBuffer(nb, 20, storage, 1, 0) == bytes + 10);
    CHECK(!NdisGetDataBuffer(nb, 21, NULL, 1, 0));
    CHECK(NdisGetDataBuffer(nb, 21, storage, 1, 0) == storage);
    for (unsigned i = 0; i < 21; i++)
        CHECK(storage[i] == 10 + i);
    CHECK(NdisGetDataBuffer(nb, 100, storage, 1, 0) == storage && storage[99] == 109);
    CHECK(!NdisGetDataBuffer(nb, 101, storage, 1, 0));
    CHECK(NdisGetDataBuffer(nb, 4, storage, 4, (ULONG)(((uintptr_t)bytes + 11) & 3)) == storage);
    CHECK(NdisGetDataBuffer(nb, 4, NULL, 4, (ULONG)(((uintptr_t)bytes + 10) & 3)) == bytes + 10);
}

static void
check_copy(PNET_BUFFER from, PNET_BUFFER to, UCHAR *target)
{
    ULONG copied;

    memset(target, 0, 120);
    CHECK(NdisCopyFromNetBufferToNetBuffer(to, 5, 1000, from, 30, &copied) == 0);
    CHECK(copied == 70 && target[4] == 0 && target[5] == 40 && target[74] == 109);
    CHECK(target[75] == 0);
    CHECK(NdisCopyFromNetBufferToNetBuffer(to, 100, 1000, from, 0, &copied) == 0);
    CHECK(copied == 20 && target[100] == 10 && target[119] == 29);
    CHECK(NdisCopyFromNetBufferToNetBuffer(to, 0, 3, from, 0, &copied) == 0 && copied == 3);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 200, 0x74736554);
    UCHAR *target = ExAllocatePoolWithTag(NonPagedPool, 120, 0x74736554);
    PMDL chain = mdl_chain(bytes, (unsigned[]){30, 1, 60, 100, 0});
    PMDL other = mdl_chain(target, (unsigned[]){50, 70, 0});
    NDIS_HANDLE pool = nb_pool(0);
    PNET_BUFFER nb = NdisAllocateNetBuffer(pool, chain, 10, 100);
    PNET_BUFFER to = NdisAllocateNetBuffer(pool, other, 0, 0);

    (void)machine;
    check_reading(nb, bytes);
    check_copy(nb, to, target);
    CHECK(NdisQueryNetBufferPhysicalCount(nb) >= 4);
    CHECK(NdisQueryNetBufferPhysicalCount(to) == 0);
    NdisFreeNetBuffer(nb);
    NdisFreeNetBuffer(to);
    NdisFreeNetBufferPool(pool);
    mdl_chain_free(chain);
    mdl_chain_free(other);
    ExFreePool(bytes);
    ExFreePool(target);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
