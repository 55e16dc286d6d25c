/* SPDX-License-Identifier: MIT */
/* Lists and numbers under a spin lock of the caller's: each call of Ex and Ndis does its part, and
 * answers what was there before, as its page says.
 */
#include "packet.h"

static LIST_ENTRY head, entries[4];
static KSPIN_LOCK lock;
static NDIS_SPIN_LOCK ndis_lock;

/* @order: digits, first to last. */
static void
check_order(const char *order)
{
    const LIST_ENTRY *e = head.Flink;

    for (; *order; order++, e = e->Flink)
        CHECK(e == &entries[*order - '0']);
    CHECK(e == &head);
}

static void
lists_of_ex(void)
{
    InitializeListHead(&head);
    CHECK(!ExInterlockedRemoveHeadList(&head, &lock));
    CHECK(!ExInterlockedInsertTailList(&head, &entries[0], &lock));
    CHECK(ExInterlockedInsertTailList(&head, &entries[1], &lock) == &entries[0]);
    CHECK(ExInterlockedInsertHeadList(&head, &entries[2], &lock) == &entries[0]);
    check_order("201");
    CHECK(ExInterlockedRemoveHeadList(&head, &lock) == &entries[2]);
    check_order("01");
}

static void
lists_of_ndis(void)
{
    InitializeListHead(&head);
    CHECK(!NdisInterlockedRemoveHeadList(&head, &ndis_lock));
    CHECK(!NdisInterlockedInsertTailList(&head, &entries[0], &ndis_lock));
    CHECK(NdisInterlockedInsertTailList(&head, &entries[1], &ndis_lock) == &entries[0]);
    CHECK(NdisInterlockedInsertHeadList(&head, &entries[2], &ndis_lock) == &entries[0]);
    check_order("201");
    CHECK(NdisInterlockedRemoveHeadList(&head, &ndis_lock) == &entries[2]);
    check_order("01");
}

static void
single_lists(void)
{
    SINGLE_LIST_ENTRY first = {NULL}, other = {NULL}, top = {NULL};

    CHECK(!ExInterlockedPopEntryList(&top, &lock));
    CHECK(!ExInterlockedPushEntryList(&top, &first, &lock));
    CHECK(ExInterlockedPushEntryList(&top, &other, &lock) == &first);
    CHECK(ExInterlockedPopEntryList(&top, &lock) == &other);
    CHECK(ExInterlockedPopEntryList(&top, &lock) == &first);
    CHECK(!ExInterlockedPopEntryList(&top, &lock));
}

static void
sequenced_lists(void)
{
    static SLIST_HEADER top;
    static SLIST_ENTRY some[3];

    InitializeSListHead(&top);
    CHECK(ExQueryDepthSList(&top) == 0);
    CHECK(!ExpInterlockedPopEntrySList(&top));
    CHECK(!ExpInterlockedPushEntrySList(&top, &some[0]));
    CHECK(ExpInterlockedPushEntrySList(&top, &some[1]) == &some[0]);
    CHECK(ExpInterlockedPushEntrySList(&top, &some[2]) == &some[1]);
    CHECK(ExQueryDepthSList(&top) == 3);
    CHECK(ExpInterlockedPopEntrySList(&top) == &some[2]);
    CHECK(ExpInterlockedFlushSList(&top) == &some[1] && some[1].Next == &some[0]);
    CHECK(ExQueryDepthSList(&top) == 0);
}

static void
numbers(void)
{
    LARGE_INTEGER large = {.QuadPart = 0xFFFFFFFF}, more = {.QuadPart = 0x100000000};
    ULONG number = 0xFFFFFFFF;
    LONG counter = -1;

    CHECK(NdisInterlockedIncrement(&counter) == 0);
    CHECK(NdisInterlockedIncrement(&counter) == 1 && counter == 1);
    CHECK(NdisInterlockedDecrement(&counter) == 0 && counter == 0);
    CHECK(NdisInterlockedAddUlong(&number, 3, &ndis_lock) == 0xFFFFFFFF && number == 2);
    CHECK(ExInterlockedAddUlong(&number, 5, &lock) == 2 && number == 7);
    CHECK(ExInterlockedAddLargeInteger(&large, more, &lock).QuadPart == 0xFFFFFFFF);
    CHECK(large.QuadPart == 0x1FFFFFFFF);
    NdisInterlockedAddLargeInteger(&large, 1, &ndis_lock);
    CHECK(large.QuadPart == 0x200000000);
    ExInterlockedAddLargeStatistic(&large, 0xFFFFFFFF);
    CHECK(large.QuadPart == 0x2FFFFFFFF);
}

static void
test(void *machine)
{
    (void)machine;
    KeInitializeSpinLock(&lock);
    NdisAllocateSpinLock(&ndis_lock);
    lists_of_ex();
    lists_of_ndis();
    single_lists();
    sequenced_lists();
    numbers();
    NdisFreeSpinLock(&ndis_lock);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
