/* SPDX-License-Identifier: MIT */
/* Small calls, each by what it answers or changes: time, versions, memory, mappings, locks that are
 * tried, the spin lock of cancel routines, and texts for the debugger.
 */
#include "packet.h"

static void
time_goes_on(void)
{
    LARGE_INTEGER frequency, counter = KeQueryPerformanceCounter(&frequency), later, system;
    LARGE_INTEGER precise, ticks;
    ULONGLONG interrupt = KeQueryInterruptTime();
    KTIMER timer;

    CHECK(frequency.QuadPart > 0);
    KeQuerySystemTime(&system);
    KeQueryTickCount(&ticks);
    KeInitializeTimer(&timer);
    KeSetTimer(&timer, milliseconds(40), NULL);
    KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, NULL);
    later = KeQueryPerformanceCounter(NULL);
    CHECK(later.QuadPart - counter.QuadPart >= frequency.QuadPart * 39 / 1000);
    KeQuerySystemTimePrecise(&precise);
    CHECK(precise.QuadPart - system.QuadPart >= 390000);
    CHECK(KeQueryInterruptTime() - interrupt >= 390000);
    KeQueryTickCount(&later);
    CHECK((later.QuadPart - ticks.QuadPart + 1) * KeQueryTimeIncrement() >= 390000);
    CHECK(ExSetTimerResolution(10000, TRUE) == 10000);
    CHECK(ExSetTimerResolution(10 * KeQueryTimeIncrement(), TRUE) == KeQueryTimeIncrement());
    CHECK(ExSetTimerResolution(0, FALSE) == KeQueryTimeIncrement());
}

static void
versions(void)
{
    RTL_OSVERSIONINFOW info = {.dwOSVersionInfoSize = sizeof(info)};
    ULONG major = 0, minor = 99, build = 0;

    PsGetVersion(&major, &minor, &build, NULL);
    CHECK(major >= 10 && build > 0);
    CHECK(RtlGetVersion(&info) == STATUS_SUCCESS);
    CHECK(info.dwMajorVersion == major && info.dwMinorVersion == minor);
    CHECK(info.dwBuildNumber == build);
    CHECK(NdisGetVersion() >= 0x60000 && NdisGetVersion() < 0x70000);
    CHECK(!IoIs32bitProcess(NULL));
    CHECK(*InitSafeBootMode == 0);
}

static void
memory(void)
{
    ULONG alignment = NdisGetSharedDataAlignment();
    NDIS_PHYSICAL_ADDRESS highest = {.QuadPart = -1};
    PVOID block = NULL, mapped;
    PMDL mdl;

    CHECK(alignment && !(alignment & (alignment - 1)));
    block = ExAllocatePool(NonPagedPool, 100);
    CHECK(block && !((ULONG_PTR)block & 15));
    mdl = NdisAllocateMdl(NULL, block, 100);
    CHECK(mdl && MmSizeOfMdl(block, 100) >= sizeof(MDL) + sizeof(PFN_NUMBER));
    mapped = MmMapLockedPagesSpecifyCache(mdl, KernelMode, MmCached, NULL, FALSE, 0);
    CHECK(mapped);
    memset(mapped, 0x5A, 100);
    CHECK(((UCHAR *)block)[99] == 0x5A);
    MmUnmapLockedPages(mapped, mdl);
    NdisFreeMdl(mdl);
    ExFreePool(block);
    CHECK(NdisAllocateMemory(&block, 64, 0, highest) == NDIS_STATUS_SUCCESS && block);
    NdisFreeMemory(block, 64, 0);
}

static void
mutexes_are_tried(void)
{
    static KGUARDED_MUTEX guarded;
    static FAST_MUTEX fast;

    KeInitializeGuardedMutex(&guarded);
    CHECK(KeTryToAcquireGuardedMutex(&guarded) && !KeTryToAcquireGuardedMutex(&guarded));
    KeReleaseGuardedMutex(&guarded);
    KeAcquireGuardedMutex(&guarded);
    CHECK(!KeTryToAcquireGuardedMutex(&guarded));
    KeReleaseGuardedMutex(&guarded);
    ExInitializeFastMutex(&fast);
    CHECK(ExTryToAcquireFastMutex(&fast) && KeGetCurrentIrql() == APC_LEVEL);
    CHECK(!ExTryToAcquireFastMutex(&fast));
    ExReleaseFastMutex(&fast);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

static void
spin_locks(void)
{
    KLOCK_QUEUE_HANDLE queued;
    KSPIN_LOCK lock;
    KIRQL irql;

    KeInitializeSpinLock(&lock);
    IoAcquireCancelSpinLock(&irql);
    CHECK(irql == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    CHECK(KeTestSpinLock(&lock) && KeTryToAcquireSpinLockAtDpcLevel(&lock));
    CHECK(!KeTestSpinLock(&lock) && !KeTryToAcquireSpinLockAtDpcLevel(&lock));
    KeReleaseSpinLockFromDpcLevel(&lock);
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &queued);
    CHECK(!KeTestSpinLock(&lock));
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&queued);
    CHECK(KeTestSpinLock(&lock));
    IoReleaseCancelSpinLock(irql);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

static void
events(void)
{
    KEVENT event;
    KSEMAPHORE semaphore;

    KeInitializeEvent(&event, NotificationEvent, TRUE);
    CHECK(KeResetEvent(&event) != 0 && KeReadStateEvent(&event) == 0);
    CHECK(KeResetEvent(&event) == 0);
    KeInitializeSemaphore(&semaphore, 1, 5);
    CHECK(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE) == 1);
    CHECK(KeReadStateSemaphore(&semaphore) == 3);
}

static void
packet_pools(void)
{
    NDIS_HANDLE pool = NULL;
    PNDIS_PACKET packets[4];
    NDIS_STATUS status;

    NdisAllocatePacketPoolEx(&status, &pool, 1, 2, 16);
    CHECK(status == NDIS_STATUS_SUCCESS && pool);
    for (unsigned i = 0; i < 3; i++) {
        NdisAllocatePacket(&status, &packets[i], pool);
        CHECK(status == NDIS_STATUS_SUCCESS);
    }
    NdisAllocatePacket(&status, &packets[3], pool);
    CHECK(status == NDIS_STATUS_RESOURCES);
    for (unsigned i = 0; i < 3; i++)
        NdisFreePacket(packets[i]);
    NdisFreePacketPool(pool);
}

static char printed[64];

static void
hear(void *context, const char *text)
{
    CHECK(context == printed);
    snprintf(printed, sizeof(printed), "%s", text);
}

static void
expect(const char *text)
{
    CHECK(strcmp(printed, text) == 0);
    printed[0] = 0;
}

static void
print(PCCH prefix, ULONG level, PCCH format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    CHECK((prefix ? vDbgPrintExWithPrefix(prefix, DPFLTR_IHVNETWORK_ID, level, format, arguments)
                  : vDbgPrintEx(DPFLTR_IHVNETWORK_ID, level, format, arguments)) == 0);
    va_end(arguments);
}

/* A level that is closed says nothing; the others of its component do. */
static void
texts(struct undis *machine)
{
    machine->report = hear;
    machine->report_context = printed;
    machine->debug_print = true;
    DbgPrint("%d\n", 7);
    expect("7\n");
    print(NULL, DPFLTR_INFO_LEVEL, "%s-%u", "a", 2);
    expect("a-2");
    print("driver: ", DPFLTR_INFO_LEVEL, "%x", 255);
    expect("driver: ff");
    CHECK(DbgSetDebugFilterState(DPFLTR_IHVNETWORK_ID, DPFLTR_INFO_LEVEL, FALSE) == STATUS_SUCCESS);
    print(NULL, DPFLTR_INFO_LEVEL, "closed");
    print("closed", DPFLTR_INFO_LEVEL, "too");
    expect("");
    print("at ", DPFLTR_ERROR_LEVEL, "once");
    expect("at once");
    machine->debug_print = false;
    print(NULL, DPFLTR_ERROR_LEVEL, "unheard");
    expect("");
}

static void
test(void *machine)
{
    texts(machine);
    time_goes_on();
    versions();
    memory();
    mutexes_are_tried();
    spin_locks();
    events();
    packet_pools();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
