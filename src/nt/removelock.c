/* SPDX-License-Identifier: MIT */
/* Remove locks: a count of who uses a device, and a wait for the last of them.
 *
 * The lock is memory of the driver. It starts with one reference, which
 * IoReleaseRemoveLockAndWait gives back together with its caller's own.
 */
#include "nt/gate.h"

/*
 * IoInitializeRemoveLockEx - a remove lock that nobody holds
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the structure stays the driver's.
 * Errors:    none.
 * Source:    NF:wdm.IoInitializeRemoveLock
 */
VOID
IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG AllocateTag, ULONG MaxLockedMinutes,
    ULONG HighWatermark, ULONG RemlockSize)
{
    UNREFERENCED_PARAMETER(AllocateTag);
    UNREFERENCED_PARAMETER(MaxLockedMinutes);
    UNREFERENCED_PARAMETER(HighWatermark);
    UNREFERENCED_PARAMETER(RemlockSize);
    Lock->Common.Removed = FALSE;
    Lock->Common.IoCount = 1;
    KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent, FALSE);
}

/*
 * IoAcquireRemoveLockEx - one user more
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller releases it with IoReleaseRemoveLock.
 * Errors:    STATUS_DELETE_PENDING when the removal has begun: nothing is held then.
 * Source:    NF:wdm.IoAcquireRemoveLock
 */
NTSTATUS
IoAcquireRemoveLockEx(
    PIO_REMOVE_LOCK RemoveLock, PVOID Tag, PCSTR File, ULONG Line, ULONG RemlockSize)
{
    UNREFERENCED_PARAMETER(File);
    UNREFERENCED_PARAMETER(Line);
    InterlockedIncrement(&RemoveLock->Common.IoCount);
    if (!__atomic_load_n(&RemoveLock->Common.Removed, __ATOMIC_SEQ_CST))
        return STATUS_SUCCESS;
    IoReleaseRemoveLockEx(RemoveLock, Tag, RemlockSize);
    return STATUS_DELETE_PENDING;
}

/*
 * IoReleaseRemoveLockEx - one user less; the last one lets the removal go on
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the caller's hold back.
 * Errors:    a release too many is a bug check (rule mm-double-free).
 * Source:    NF:wdm.IoReleaseRemoveLock
 */
VOID
IoReleaseRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
    LONG left = InterlockedDecrement(&RemoveLock->Common.IoCount);

    UNREFERENCED_PARAMETER(Tag);
    UNREFERENCED_PARAMETER(RemlockSize);
    if (left < 0)
        gate_bug_check("mm-double-free", "a remove lock is released more often than acquired");
    if (left == 0)
        KeSetEvent(&RemoveLock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
}

/*
 * IoReleaseRemoveLockAndWaitEx - begins the removal and waits for the other users
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: gives the caller's hold back; nobody can acquire the lock any more.
 * Errors:    none.
 * Source:    NF:wdm.IoReleaseRemoveLockAndWait
 */
VOID
IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
    __atomic_store_n(&RemoveLock->Common.Removed, TRUE, __ATOMIC_SEQ_CST);
    IoReleaseRemoveLockEx(RemoveLock, Tag, RemlockSize);
    if (InterlockedDecrement(&RemoveLock->Common.IoCount) > 0)
        KeWaitForSingleObject(&RemoveLock->Common.RemoveEvent, Executive, KernelMode, FALSE, NULL);
}
