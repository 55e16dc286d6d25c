/* SPDX-License-Identifier: MIT */
/* Pool memory is charged to the driver that runs, zeroed when asked, and page-aligned from a page on;
 * lookaside lists keep freed entries. */
#include "nt.h"
#include <string.h>

static UCHAR *block;

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    (void)object;
    (void)path;
    block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 100, 0x31676154u);
    return block != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static void
test(void *context)
{
    struct driver *driver;
    LOOKASIDE_LIST_EX list;
    PVOID first;

    CHECK(driver_add(context, "pool", entry, &driver) == 0);
    CHECK(driver_start(driver) == STATUS_SUCCESS);
    CHECK(driver->pool_bytes == 100 && driver->pool_blocks == 1);
    for (int k = 0; k < 100; k++)
        CHECK(block[k] == 0);
    ExFreePoolWithTag(block, 0x31676154u);
    CHECK(driver->pool_bytes == 0 && driver->pool_blocks == 0);
    CHECK(ExAllocatePool2(POOL_FLAG_NON_PAGED, 0, 1) == NULL);
    CHECK(ExInitializeLookasideListEx(&list, NULL, NULL, NonPagedPoolNx, 0, 40, 1, 0) == 0);
    first = ExAllocateFromLookasideListEx(&list);
    ExFreeToLookasideListEx(&list, first);
    CHECK(ExAllocateFromLookasideListEx(&list) == first);
    ExFreeToLookasideListEx(&list, first);
    ExDeleteLookasideListEx(&list);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
