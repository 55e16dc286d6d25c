/* SPDX-License-Identifier: MIT */
/* What the headers define as macros or in line: of pools, MDLs, lists, addresses, flags, assertions,
 * and control codes. Those of packets and ports stand with packets and ports.
 */
#define DBG 1
#include "packet.h"

#define TAG 0x74736554u

struct place {
    ULONG before;
    LIST_ENTRY list;
};

/* Nothing is placed by them here, and they may stand wherever a driver has them. */
static void paged(void);
NDIS_PAGEABLE_FUNCTION(paged)
NDIS_DECLARE_FILTER_MODULE_CONTEXT(struct place)
NDIS_DECLARE_PROTOCOL_OPEN_CONTEXT(struct place)

static void
paged(void)
{
    UCHAR from[6] = {2, 4, 6, 8, 10, 12}, to[6] = {0};
    UCHAR all[6] = {255, 255, 255, 255, 255, 255}, group[6] = {1, 0, 0x5e, 0, 0, 1};

    ETH_COPY_NETWORK_ADDRESS(to, from);
    CHECK(memcmp(to, from, sizeof(to)) == 0);
    CHECK(ETH_IS_BROADCAST(all) && !ETH_IS_BROADCAST(group) && !ETH_IS_BROADCAST(from));
    CHECK(ETH_IS_MULTICAST(all) && ETH_IS_MULTICAST(group) && !ETH_IS_MULTICAST(from));
    NdisMoveMappedMemory(to, group, 3);
    CHECK(memcmp(to, group, 3) == 0 && to[3] == 8);
    CHECK(RtlUlongByteSwap(0x11223344) == 0x44332211);
}

static void
memory_is_zeroed(void)
{
    PUCHAR bytes = ExAllocatePoolZero(NonPagedPoolNx, 200, TAG);
    UINT length = 0;
    PVOID address = NULL;
    PMDL mdl;

    CHECK(bytes != NULL);
    for (unsigned i = 0; i < 200; i++)
        CHECK(bytes[i] == 0);
    mdl = NdisAllocateMdl(NULL, bytes + 7, 100);
    CHECK(mdl != NULL);
    CHECK(MmGetSystemAddressForMdl(mdl) == bytes + 7);
    NdisQueryMdl(mdl, &address, &length, NormalPagePriority);
    CHECK(address == bytes + 7 && length == 100);
    NdisFreeMdl(mdl);
    ExFreePool(bytes);
}

static void
lists_and_flags(void)
{
    struct place place = {.before = 5};
    ULONG flags = 0;

    NdisInitializeListHead(&place.list);
    CHECK(IsListEmpty(&place.list) && place.list.Blink == &place.list && place.before == 5);
    CHECK(FIELD_OFFSET(struct place, list) == 8);
    NDIS_SET_RETURN_FLAG(flags, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
    CHECK(NDIS_TEST_RETURN_AT_DISPATCH_LEVEL(flags));
    CHECK(_NDIS_CONTROL_CODE(3, METHOD_OUT_DIRECT) == 0x17000e);
    KeMemoryBarrier();
}

/* With DBG what is asserted is looked at. */
static void
assertions(void)
{
    unsigned looked = 0;

    ASSERT(++looked == 1);
    NT_ASSERT(++looked == 2);
    CHECK(NT_VERIFY(++looked == 3));
    CHECK(looked == 3);
}

static void
stalls(void)
{
    ULONGLONG begin = KeQueryInterruptTime();

    for (unsigned i = 0; i < 40; i++)
        NdisStallExecution(50);
    CHECK(KeQueryInterruptTime() - begin >= 20000 / 2); /* 100 ns; the clock may tick coarsely */
}

static void
test(void *machine)
{
    (void)machine;
    paged();
    memory_is_zeroed();
    lists_and_flags();
    assertions();
    stalls();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
