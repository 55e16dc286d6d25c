/* SPDX-License-Identifier: MIT */
/* Who may come in: resources are had by one or shared, protections end at a rundown and begin again,
 * callbacks are called as long as they are registered, memory that is read has its alignment.
 */
#include "packet.h"

static void
resource(void)
{
    static ERESOURCE r;

    CHECK(ExInitializeResourceLite(&r) == STATUS_SUCCESS);
    CHECK(!ExIsResourceAcquiredSharedLite(&r) && !ExIsResourceAcquiredExclusiveLite(&r));
    KeEnterCriticalRegion();
    CHECK(ExAcquireResourceExclusiveLite(&r, FALSE));
    CHECK(ExAcquireResourceExclusiveLite(&r, FALSE)); /* again, by the same thread */
    CHECK(ExIsResourceAcquiredExclusiveLite(&r));
    ExReleaseResourceLite(&r);
    CHECK(ExIsResourceAcquiredExclusiveLite(&r));
    ExConvertExclusiveToSharedLite(&r);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&r) && ExIsResourceAcquiredSharedLite(&r) == 1);
    CHECK(!ExAcquireResourceExclusiveLite(&r, FALSE));
    CHECK(ExAcquireResourceSharedLite(&r, FALSE));
    CHECK(ExIsResourceAcquiredSharedLite(&r) == 2);
    ExReleaseResourceLite(&r);
    ExReleaseResourceLite(&r);
    CHECK(ExAcquireSharedStarveExclusive(&r, FALSE));
    ExReleaseResourceLite(&r);
    CHECK(ExGetExclusiveWaiterCount(&r) == 0 && ExGetSharedWaiterCount(&r) == 0);
    CHECK(!ExIsResourceAcquiredSharedLite(&r));
    KeLeaveCriticalRegion();
    CHECK(ExReinitializeResourceLite(&r) == STATUS_SUCCESS);
    CHECK(ExDeleteResourceLite(&r) == STATUS_SUCCESS);
}

static void
rundown(void)
{
    EX_RUNDOWN_REF r;

    ExInitializeRundownProtection(&r);
    CHECK(ExAcquireRundownProtection(&r) && ExAcquireRundownProtectionEx(&r, 3));
    ExReleaseRundownProtection(&r);
    ExReleaseRundownProtectionEx(&r, 3);
    ExWaitForRundownProtectionRelease(&r); /* nobody has it */
    CHECK(!ExAcquireRundownProtection(&r) && !ExAcquireRundownProtectionEx(&r, 1));
    ExRundownCompleted(&r);
    CHECK(!ExAcquireRundownProtection(&r));
    ExReInitializeRundownProtection(&r);
    CHECK(ExAcquireRundownProtection(&r));
    ExReleaseRundownProtection(&r);
}

static void
rundown_by_processor(void)
{
    PEX_RUNDOWN_REF_CACHE_AWARE r = ExAllocateCacheAwareRundownProtection(NonPagedPool, 0x74736554);

    CHECK(r);
    CHECK(ExAcquireRundownProtectionCacheAware(r) && ExAcquireRundownProtectionCacheAwareEx(r, 2));
    ExReleaseRundownProtectionCacheAware(r);
    ExReleaseRundownProtectionCacheAwareEx(r, 2);
    ExWaitForRundownProtectionReleaseCacheAware(r);
    CHECK(!ExAcquireRundownProtectionCacheAware(r));
    ExReInitializeRundownProtectionCacheAware(r);
    CHECK(ExAcquireRundownProtectionCacheAware(r));
    ExReleaseRundownProtectionCacheAware(r);
    ExFreeCacheAwareRundownProtection(r);
}

static void
push_lock(void)
{
    EX_PUSH_LOCK p;

    ExInitializePushLock(&p);
    KeEnterCriticalRegion();
    ExAcquirePushLockSharedEx(&p, 0);
    ExAcquirePushLockSharedEx(&p, 0);
    ExReleasePushLockSharedEx(&p, 0);
    ExReleasePushLockSharedEx(&p, 0);
    ExAcquirePushLockExclusiveEx(&p, 0);
    ExReleasePushLockExclusiveEx(&p, 0);
    KeLeaveCriticalRegion();
}

static unsigned called;

static VOID
callback(PVOID context, PVOID one, PVOID two)
{
    CHECK(context == &called && one == (PVOID)1 && two == (PVOID)2);
    called++;
}

static void
callbacks(void)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Callback\\Test");
    OBJECT_ATTRIBUTES attributes;
    PCALLBACK_OBJECT object, same;
    PVOID registered;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    CHECK(!NT_SUCCESS(ExCreateCallback(&object, &attributes, FALSE, TRUE)));
    CHECK(ExCreateCallback(&object, &attributes, TRUE, TRUE) == STATUS_SUCCESS);
    CHECK(ExCreateCallback(&same, &attributes, FALSE, TRUE) == STATUS_SUCCESS && same == object);
    registered = ExRegisterCallback(object, callback, &called);
    CHECK(registered);
    called = 0;
    ExNotifyCallback(object, (PVOID)1, (PVOID)2);
    CHECK(called == 1);
    ExUnregisterCallback(registered);
    ExNotifyCallback(object, (PVOID)1, (PVOID)2);
    CHECK(called == 1);
    ObDereferenceObject(same);
    ObDereferenceObject(object);
}

static void
test(void *machine)
{
    (void)machine;
    resource();
    rundown();
    rundown_by_processor();
    push_lock();
    callbacks();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
