/* SPDX-License-Identifier: MIT */
/* The verifier's look at the data of an NBL sees the same in a locked buffer before and after somebody
 * maps it, and sees a change of it either way: a miniport that maps what it sends is not told
 * (send-data-unmodified).
 */
#include "nt.h"

#include "verify/check.h"

#define TAG 0x70616d44u

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, TAG);
    PMDL whole = IoAllocateMdl(bytes, 100, FALSE, FALSE, NULL);
    PMDL part = IoAllocateMdl(bytes, 100, FALSE, FALSE, NULL);
    NET_BUFFER nb = {.MdlChain = part, .CurrentMdl = part, .DataLength = 40};
    NET_BUFFER_LIST nbl = {.FirstNetBuffer = &nb};
    uint64_t before;

    (void)machine;
    MmProbeAndLockPages(whole, KernelMode, IoReadAccess);
    IoBuildPartialMdl(whole, part, bytes + 10, 40);
    for (unsigned k = 0; k < 2; k++) {
        nb.CurrentMdl = nb.MdlChain = k ? whole : part;
        CHECK(!(nb.CurrentMdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA));
        before = nbl_data_hash(&nbl);
        bytes[20]++;
        CHECK(nbl_data_hash(&nbl) != before);
        bytes[20]--;
        CHECK(MmGetSystemAddressForMdlSafe(nb.CurrentMdl, NormalPagePriority) != NULL);
        CHECK(nbl_data_hash(&nbl) == before);
        bytes[20]++;
        CHECK(nbl_data_hash(&nbl) != before);
    }
    IoFreeMdl(part);
    MmUnlockPages(whole);
    IoFreeMdl(whole);
    ExFreePoolWithTag(bytes, TAG);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
