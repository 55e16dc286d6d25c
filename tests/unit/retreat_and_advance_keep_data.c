/* SPDX-License-Identifier: MIT */
/* Retreat uses the space before the data, else hangs an MDL in front; advance undoes it and the
 * bytes are what they were. */
#include "packet.h"

static unsigned given, taken;
static UCHAR header[256];

static PMDL
give(PULONG size)
{
    given++;
    CHECK(*size <= sizeof(header));
    return NdisAllocateMdl(NULL, header, *size);
}

static VOID
take(PMDL mdl)
{
    taken++;
    NdisFreeMdl(mdl);
}

static void
check_headers(PNET_BUFFER nb, BOOLEAN own)
{
    PMDL chain = nb->MdlChain;
    PUCHAR front;

    CHECK(NdisRetreatNetBufferDataStart(nb, 54, 10, own ? give : NULL) == NDIS_STATUS_SUCCESS);
    CHECK(nb->MdlChain != chain && nb->MdlChain->Next == chain);
    CHECK(nb->DataLength == 254 && nb->DataOffset == 10 && nb->CurrentMdlOffset == 10);
    CHECK(MmGetMdlByteCount(nb->MdlChain) == 14 + 10);
    front = NdisGetDataBuffer(nb, 14, NULL, 1, 0);
    CHECK(front);
    memset(front, 0xee, 14);
    CHECK(nb_byte(nb, 14) == 0 && nb_byte(nb, 54) == 40 && nb_byte(nb, 253) == 239);
    CHECK(NdisRetreatNetBufferDataStart(nb, 10, 0, NULL) == NDIS_STATUS_SUCCESS);
    NdisAdvanceNetBufferDataStart(nb, 10, TRUE, own ? take : NULL);
    CHECK(nb->MdlChain->Next == chain);
    NdisAdvanceNetBufferDataStart(nb, 54, TRUE, own ? take : NULL);
    CHECK(nb->MdlChain == chain && nb->DataOffset == 40 && nb->DataLength == 200);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 300, 0x74736554);
    PMDL chain = mdl_chain(bytes, (unsigned[]){30, 60, 210, 0});
    NDIS_HANDLE pool = nb_pool(0);
    PNET_BUFFER nb = NdisAllocateNetBuffer(pool, chain, 40, 200);
    struct driver *driver = machine_alloc(machine, sizeof(*driver));

    block_self->driver = driver;
    CHECK(nb->CurrentMdl == chain->Next && nb->CurrentMdlOffset == 10);
    CHECK(nb_byte(nb, 0) == 40);
    CHECK(NdisRetreatNetBufferDataStart(nb, 40, 0, NULL) == NDIS_STATUS_SUCCESS);
    CHECK(nb->MdlChain == chain && nb->CurrentMdl == chain && nb->DataOffset == 0);
    CHECK(nb->DataLength == 240 && nb_byte(nb, 0) == 0);
    NdisAdvanceNetBufferDataStart(nb, 100, FALSE, NULL);
    CHECK(nb->CurrentMdl == chain->Next->Next && nb->CurrentMdlOffset == 10);
    CHECK(nb_byte(nb, 0) == 100 && nb->DataLength == 140);
    CHECK(NdisRetreatNetBufferDataStart(nb, 60, 0, NULL) == NDIS_STATUS_SUCCESS);
    CHECK(nb->CurrentMdl == chain->Next && nb->CurrentMdlOffset == 10);
    check_headers(nb, FALSE);
    given = taken = 0;
    check_headers(nb, TRUE);
    CHECK(given == 1 && taken == 1);
    NdisFreeNetBuffer(nb);
    NdisFreeNetBufferPool(pool);
    mdl_chain_free(chain);
    block_self->driver = NULL;
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
