/* SPDX-License-Identifier: MIT */
/* An MDL has a frame number per page it touches, in memory right behind it; building, locking and
 * mapping set the documented flags, a partial MDL names a part of the same pages. */
#include "nt.h"
#include <sys/mman.h>

#define TAG 0x74736554u

/* Where gdb lets a program run, its stack, and the buffers on it, are the last there is. */
static void
the_last_pages_count(void)
{
    void *place = (void *)0x7fffffff8000, *page;
    PMDL mdl;

    page = mmap(place, PAGE_SIZE, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != place)
        return; /* the stack has it, or TSan */
    ProbeForRead(page, PAGE_SIZE, 1);
    ProbeForWrite(page, PAGE_SIZE, 1);
    mdl = IoAllocateMdl(page, PAGE_SIZE, FALSE, FALSE, NULL);
    MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    CHECK(mdl->MdlFlags & MDL_PAGES_LOCKED);
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
    CHECK(munmap(page, PAGE_SIZE) == 0);
}

static void
test(void *machine)
{
    UCHAR *pages = ExAllocatePool2(POOL_FLAG_NON_PAGED, (SIZE_T)3 * PAGE_SIZE, TAG);
    PMDL mdl, part;

    (void)machine;
    CHECK(pages != NULL && ((ULONG_PTR)pages & (PAGE_SIZE - 1)) == 0);
    mdl = IoAllocateMdl(pages + 100, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
    CHECK(mdl != NULL && mdl->StartVa == pages && mdl->ByteOffset == 100);
    CHECK(mdl->Size == sizeof(MDL) + 3 * sizeof(PFN_NUMBER));
    CHECK(MmGetMdlVirtualAddress(mdl) == pages + 100);
    MmBuildMdlForNonPagedPool(mdl);
    CHECK(mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL);
    CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == pages + 100);
    for (SIZE_T k = 0; k < 3; k++)
        CHECK(MmGetMdlPfnArray(mdl)[k] << PAGE_SHIFT ==
              (ULONG_PTR)MmGetPhysicalAddress(pages + k * PAGE_SIZE).QuadPart);

    part = IoAllocateMdl(pages + 100, PAGE_SIZE, FALSE, FALSE, NULL);
    IoBuildPartialMdl(mdl, part, pages + PAGE_SIZE, 200);
    CHECK(part->ByteCount == 200 && part->ByteOffset == 0 && part->MdlFlags & MDL_PARTIAL);
    CHECK(MmGetMdlPfnArray(part)[0] == MmGetMdlPfnArray(mdl)[1]);
    CHECK(MmGetSystemAddressForMdlSafe(part, NormalPagePriority) == pages + PAGE_SIZE);
    IoFreeMdl(part);
    IoFreeMdl(mdl);
    the_last_pages_count();

    mdl = IoAllocateMdl(pages, 10, FALSE, FALSE, NULL);
    MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    CHECK((mdl->MdlFlags & MDL_PAGES_LOCKED) && (mdl->MdlFlags & MDL_WRITE_OPERATION));
    CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == pages);
    CHECK(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
    MmUnlockPages(mdl);
    CHECK(!(mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA)));
    IoFreeMdl(mdl);
    CHECK(MmIsAddressValid(pages) && !MmIsAddressValid((PVOID)16) && MmIsAddressValid(&mdl));
    ExFreePoolWithTag(pages, TAG);
    CHECK(!MmIsAddressValid(pages));
}

int
main(void)
{
    nt_run(test);
    return 0;
}
