/* SPDX-License-Identifier: MIT */
/* Room for a mapping takes one locked buffer at a time, if that fits, and again after it is unmapped;
 * a buffer that is not locked is not mapped. */
#include "nt.h"

#define TAG 0x72736552u

static void
test(void *machine)
{
    UCHAR *pages = ExAllocatePool2(POOL_FLAG_NON_PAGED, (SIZE_T)3 * PAGE_SIZE, TAG);
    PVOID room = MmAllocateMappingAddress((SIZE_T)2 * PAGE_SIZE, TAG);
    PMDL two = IoAllocateMdl(pages + 10, PAGE_SIZE, FALSE, FALSE, NULL);
    PMDL three = IoAllocateMdl(pages, 3 * PAGE_SIZE, FALSE, FALSE, NULL);

    (void)machine;
    CHECK(room != NULL);
    CHECK(MmMapLockedPagesWithReservedMapping(room, TAG, two, MmCached) == NULL);
    MmProbeAndLockPages(two, KernelMode, IoWriteAccess);
    MmProbeAndLockPages(three, KernelMode, IoWriteAccess);
    CHECK(MmMapLockedPagesWithReservedMapping(room, TAG, three, MmCached) == NULL);
    for (unsigned i = 0; i < 2; i++) {
        UCHAR *at = MmMapLockedPagesWithReservedMapping(room, TAG, two, MmCached);

        CHECK(at != NULL && two->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
        at[3] = (UCHAR)(7 + i);
        CHECK(pages[13] == 7 + i);
        CHECK(MmMapLockedPagesWithReservedMapping(room, TAG, two, MmCached) == NULL);
        MmUnmapReservedMapping(at, TAG, two);
        CHECK(!(two->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA));
    }
    MmUnlockPages(three);
    MmUnlockPages(two);
    IoFreeMdl(three);
    IoFreeMdl(two);
    MmFreeMappingAddress(room, TAG);
    ExFreePoolWithTag(pages, TAG);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
