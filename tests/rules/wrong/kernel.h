/* SPDX-License-Identifier: MIT */
/* What a driver can do wrong with the kernel's services and needs no packet: the miniport calls
 * these at a level each, and when it halts. See wrong.h.
 */
#pragma once

#include "wrong.h"

typedef struct _KERNEL {
    KSPIN_LOCK First, Second;
    NDIS_SPIN_LOCK Spin;
    NDIS_SPIN_LOCK Zeroed; /* never initialised: zeroed memory is a lock that is free */
    PNDIS_RW_LOCK_EX Rw;
    KTIMER Timer;
    KDPC Dpc;
    NDIS_HANDLE TimerHandle, WorkHandle;
    LOCK_STATE_EX State;
    volatile BOOLEAN Taken;
} KERNEL;

static VOID
KernelCallback(PVOID A, PVOID B, PVOID C, PVOID D)
{
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    UNREFERENCED_PARAMETER(C);
    UNREFERENCED_PARAMETER(D);
}

static inline NDIS_HANDLE
KernelTimer(NDIS_HANDLE Handle)
{
    NDIS_TIMER_CHARACTERISTICS Timer = {
        .Header = {NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, NDIS_TIMER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1},
        .AllocationTag = TAG,
        .TimerFunction = KernelCallback};
    NDIS_HANDLE Object = NULL;

    if (BREAKS(tm_characteristics))
        Timer.AllocationTag = 0;
    NdisAllocateTimerObject(Handle, &Timer, &Object);
    return Object;
}

/* Queued again while it runs: there is always one that has not begun. */
static VOID
Again(PVOID Context, NDIS_HANDLE Item)
{
    NdisQueueIoWorkItem(Item, Again, Context);
    Sleep(200000);
}

static inline VOID
KernelCreate(KERNEL *Kernel, NDIS_HANDLE Handle)
{
    NdisZeroMemory(&Kernel->Zeroed, sizeof(Kernel->Zeroed));
    KeInitializeSpinLock(&Kernel->First);
    KeInitializeSpinLock(&Kernel->Second);
    if (BREAKS(lk_initialized)) {
        NdisFillMemory(&Kernel->Spin, sizeof(Kernel->Spin), 0x5a);
    } else {
        NdisAllocateSpinLock(&Kernel->Spin);
    }
    Kernel->Rw = NdisAllocateRWLock(Handle);
    KeInitializeTimer(&Kernel->Timer);
    KeInitializeDpc(&Kernel->Dpc, (PKDEFERRED_ROUTINE)(PVOID)KernelCallback, NULL);
    Kernel->TimerHandle = KernelTimer(Handle);
    Kernel->WorkHandle = NdisAllocateIoWorkItem(Handle);
}

static inline VOID
KernelFree(KERNEL *Kernel)
{
    if (BREAKS(tm_set_cancel_alternate))
        return;
    NdisFreeTimerObject(Kernel->TimerHandle);
    if (!BREAKS(wi_flush_before_teardown))
        NdisFreeIoWorkItem(Kernel->WorkHandle);
    NdisFreeRWLock(Kernel->Rw);
    NdisFreeSpinLock(&Kernel->Spin);
}

/* Right: both locks in one order, each kind of lock once. */
static VOID
KernelLocks(KERNEL *Kernel)
{
    LOCK_STATE_EX State;
    KIRQL Irql;

    KeAcquireSpinLock(&Kernel->First, &Irql);
    KeAcquireSpinLockAtDpcLevel(&Kernel->Second);
    KeReleaseSpinLockFromDpcLevel(&Kernel->Second);
    KeReleaseSpinLock(&Kernel->First, Irql);
    NdisAcquireSpinLock(&Kernel->Spin);
    NdisReleaseSpinLock(&Kernel->Spin);
    NdisAcquireSpinLock(&Kernel->Zeroed);
    NdisReleaseSpinLock(&Kernel->Zeroed);
    NdisAcquireRWLockRead(Kernel->Rw, &State, 0);
    NdisReleaseRWLock(Kernel->Rw, &State);
    if (BREAKS(lk_order_acyclic)) {
        KeAcquireSpinLock(&Kernel->Second, &Irql);
        KeAcquireSpinLockAtDpcLevel(&Kernel->First);
        KeReleaseSpinLockFromDpcLevel(&Kernel->First);
        KeReleaseSpinLock(&Kernel->Second, Irql);
    }
}

/* At DISPATCH_LEVEL. */
static VOID
KernelAtDispatch(KERNEL *Kernel, NDIS_HANDLE Handle)
{
    UNREFERENCED_PARAMETER(Kernel);
    UNREFERENCED_PARAMETER(Handle);
    if (BREAKS(lk_dpr_acquire_unlocked)) {
        NdisDprAcquireSpinLock(&Kernel->Spin);
        NdisDprAcquireSpinLock(&Kernel->Spin);
    }
    if (BREAKS(lk_dpr_release_unlocked_exit))
        NdisDprAcquireSpinLock(&Kernel->Spin);
    if (BREAKS(lk_variant_pairing)) {
        NdisAcquireSpinLock(&Kernel->Spin);
        NdisDprReleaseSpinLock(&Kernel->Spin);
    }
    if (BREAKS(lk_hold_time)) {
        KeAcquireSpinLockAtDpcLevel(&Kernel->First);
        KeStallExecutionProcessor(40);
        KeStallExecutionProcessor(40);
        KeReleaseSpinLockFromDpcLevel(&Kernel->First);
    }
    if (BREAKS(rs_stall_50us))
        KeStallExecutionProcessor(51);
    if (BREAKS(lk_rw_lockstate_separate)) {
        LOCK_STATE_EX State;
        NdisAcquireRWLockRead(Kernel->Rw, &State, NDIS_RWL_AT_DISPATCH_LEVEL);
        NdisAcquireRWLockRead(Kernel->Rw, &State, NDIS_RWL_AT_DISPATCH_LEVEL);
    }
    if (BREAKS(lk_rw_no_upgrade)) {
        LOCK_STATE_EX Read, Write;
        NdisAcquireRWLockRead(Kernel->Rw, &Read, NDIS_RWL_AT_DISPATCH_LEVEL);
        NdisAcquireRWLockWrite(Kernel->Rw, &Write, NDIS_RWL_AT_DISPATCH_LEVEL);
    }
    if (BREAKS(lk_interlocked_list_lock_not_held)) {
        static LIST_ENTRY Head = {&Head, &Head};
        KeAcquireSpinLockAtDpcLevel(&Kernel->First);
        ExInterlockedRemoveHeadList(&Head, &Kernel->First);
    }
    if (BREAKS(lk_mutex_level)) {
        static FAST_MUTEX Mutex;
        ExInitializeFastMutex(&Mutex);
        ExAcquireFastMutex(&Mutex);
    }
    if (BREAKS(mm_irql_pool))
        ExAllocatePoolWithTag(PagedPool, 64, TAG);
    if (BREAKS(mm_zero_size))
        ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 0, TAG), TAG);
    if (BREAKS(mm_tag_required))
        NdisFreeMemory(NdisAllocateMemoryWithTagPriority(Handle, 64, 0, NormalPoolPriority), 0, 0);
    if (BREAKS(mm_contains_lock_or_list)) {
        PNPAGED_LOOKASIDE_LIST List = ExAllocatePoolWithTag(NonPagedPoolNx, 4096, TAG);
        ExInitializeNPagedLookasideList(List, NULL, NULL, 0, 64, TAG, 0);
        ExFreePoolWithTag(List, TAG);
    }
    if (BREAKS(mm_contains_lock_or_list__unloaded)) {
        static NPAGED_LOOKASIDE_LIST Left;
        if (Left.L.Size == 0)
            ExInitializeNPagedLookasideList(&Left, NULL, NULL, 0, 64, TAG, 0);
    }
    if (BREAKS(mm_lookaside_init_delete)) {
        static NPAGED_LOOKASIDE_LIST List;
        ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 64, TAG, 0);
        ExDeleteNPagedLookasideList(&List);
        ExDeleteNPagedLookasideList(&List);
    }
    if (BREAKS(tm_memory_with_active_timer)) {
        PKTIMER Timer = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Timer), TAG);
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        KeInitializeTimer(Timer);
        KeSetTimer(Timer, Due, NULL);
        ExFreePoolWithTag(Timer, TAG);
    }
    if (BREAKS(dpc_cancel_flush)) {
        PKDPC Dpc = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Dpc), TAG);
        KeInitializeDpc(Dpc, (PKDEFERRED_ROUTINE)(PVOID)KernelCallback, NULL);
        KeInsertQueueDpc(Dpc, NULL, NULL);
        ExFreePoolWithTag(Dpc, TAG);
    }
    if (BREAKS(tm_own_object)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        KeSetTimer(&Kernel->Timer, Due, NULL);
        KeInitializeTimer(&Kernel->Timer);
    }
    if (BREAKS(tm_due_maxlong)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        KeSetTimerEx(&Kernel->Timer, Due, -1, NULL);
    }
    if (BREAKS(tm_callback_after_free)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 0, NULL);
        NdisFreeTimerObject(Kernel->TimerHandle);
    }
    if (BREAKS(irql_periodic_timer_cancel)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 10000, NULL);
        NdisCancelTimerObject(Kernel->TimerHandle);
    }
    if (BREAKS(mm_overrun)) {
        PUCHAR Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        Memory[64] = 1;
        ExFreePoolWithTag(Memory, TAG);
    }
    if (BREAKS(wi_not_queued_twice)) {
        NdisQueueIoWorkItem(Kernel->WorkHandle, (PVOID)KernelCallback, NULL);
        NdisQueueIoWorkItem(Kernel->WorkHandle, (PVOID)KernelCallback, NULL);
    }
    if (BREAKS(wi_not_freed_queued)) {
        NdisQueueIoWorkItem(Kernel->WorkHandle, (PVOID)KernelCallback, NULL);
        NdisFreeIoWorkItem(Kernel->WorkHandle);
    }
    if (BREAKS(cf_irp_complete_once)) {
        PIRP Irp = IoAllocateIrp(1, FALSE);
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    if (BREAKS(cf_irp_complete_once__gone)) {
        PIRP Irp = IoAllocateIrp(1, FALSE);
        IoFreeIrp(Irp);
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    if (BREAKS(cf_irp_pending_marked)) {
        PIRP Irp = IoAllocateIrp(2, FALSE);
        IoSetNextIrpStackLocation(Irp);
        Irp->IoStatus.Status = STATUS_PENDING;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    if (BREAKS(cf_irp_cancel_cleared)) {
        PIRP Irp = IoAllocateIrp(1, FALSE);
        IoSetCancelRoutine(Irp, (PDRIVER_CANCEL)(PVOID)KernelCallback);
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    if (BREAKS(rs_no_lock_at_complete)) {
        KeAcquireSpinLockAtDpcLevel(&Kernel->First);
        NdisMResetComplete(Handle, NDIS_STATUS_SUCCESS, FALSE);
    }
    if (BREAKS(ev_init_before_use)) {
        static NDIS_EVENT Event;
        NdisSetEvent(&Event);
    }
    if (BREAKS(wi_no_locks_at_schedule)) {
        static NDIS_WORK_ITEM Item;
        NdisInitializeWorkItem(&Item, (NDIS_PROC)(PVOID)KernelCallback, NULL);
        KeAcquireSpinLockAtDpcLevel(&Kernel->First);
        NdisScheduleWorkItem(&Item);
    }
    if (BREAKS(nbl_mdl_double_build)) {
        static UCHAR Data[64];
        PMDL Mdl = NdisAllocateMdl(Handle, Data, sizeof(Data));
        MmBuildMdlForNonPagedPool(Mdl);
        NdisFreeMdl(Mdl);
    }
    if (BREAKS(irql_misc)) {
        NDIS_CONFIGURATION_OBJECT Object = {.NdisHandle = Handle};
        NDIS_HANDLE Configuration;
        NdisOpenConfigurationEx(&Object, &Configuration);
    }
    if (BREAKS(irql_string_print)) {
        ANSI_STRING Ansi = {0};
        UNICODE_STRING Unicode = {0};
        RtlUnicodeStringToAnsiString(&Ansi, &Unicode, FALSE);
    }
    if (BREAKS(irql_sharedmem_passive)) {
        NDIS_PHYSICAL_ADDRESS Physical;
        PVOID Memory;
        NdisMAllocateSharedMemory(Handle, 64, FALSE, &Memory, &Physical);
    }
    if (BREAKS(irql_release_memory_kind))
        MmFreeNonCachedMemory(NULL, 64);
    if (BREAKS(irql_miniport)) {
        NdisMGetDeviceProperty(Handle, NULL, NULL, NULL, NULL, NULL);
        NdisMDeregisterMiniportDriver(Handle);
    }
}

/* Above DISPATCH_LEVEL. */
static VOID
KernelAbove(KERNEL *Kernel, NDIS_HANDLE Handle)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL + 1, &Irql);
    if (BREAKS(irql_function_table))
        NdisAllocateRWLock(Handle);
    if (BREAKS(irql_netbuffer))
        NdisAllocateMdl(Handle, Kernel, 64);
    if (BREAKS(irql_oid))
        NdisMOidRequestComplete(Handle, NULL, NDIS_STATUS_SUCCESS);
    if (BREAKS(irql_sendrcv))
        NdisMSendNetBufferListsComplete(Handle, NULL, 0);
    if (BREAKS(irql_status))
        NdisMIndicateStatusEx(Handle, NULL);
    if (BREAKS(irql_mco))
        NdisMCoIndicateStatusEx(Handle, NULL, NULL);
    if (BREAKS(irql_synch))
        NdisAcquireSpinLock(&Kernel->Spin);
    if (BREAKS(irql_timer)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 0, NULL);
    }
    UNREFERENCED_PARAMETER(Kernel);
    UNREFERENCED_PARAMETER(Handle);
    KeLowerIrql(Irql);
}

static inline VOID
KernelThread(PVOID Context)
{
    KERNEL *Kernel = Context;

    if (BREAKS(lk_thread_owner)) {
        KIRQL Irql;
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
        while (!Kernel->Taken)
            KeStallExecutionProcessor(1);
        KeReleaseSpinLockFromDpcLevel(&Kernel->First);
    }
    if (BREAKS(lk_rw_same_cpu)) {
        KeRaiseIrqlToDpcLevel();
        while (!Kernel->Taken)
            KeStallExecutionProcessor(1);
        NdisReleaseRWLock(Kernel->Rw, &Kernel->State);
    }
    if (BREAKS(lk_balanced)) {
        KIRQL Irql;
        KeAcquireSpinLock(&Kernel->First, &Irql);
        KeLowerIrql(Irql);
    }
    if (BREAKS(thread_terminated)) {
        for (;;)
            Sleep(1000000);
    }
    UNREFERENCED_PARAMETER(Kernel);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static inline VOID
KernelStartThread(KERNEL *Kernel)
{
    HANDLE Thread;

    if (PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, KernelThread, Kernel) ==
        STATUS_SUCCESS)
        ZwClose(Thread);
}

/* At PASSIVE_LEVEL. */
static VOID
KernelAtPassive(KERNEL *Kernel, NDIS_HANDLE Handle)
{
    UNREFERENCED_PARAMETER(Handle);
    KernelLocks(Kernel);
    if (BREAKS(tm_set_cancel_alternate)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 0, NULL);
    }
    if (BREAKS(lk_dpr_needs_dispatch))
        NdisDprAcquireSpinLock(&Kernel->Spin);
    if (BREAKS(lk_use_after_free)) {
        NdisFreeSpinLock(&Kernel->Spin);
        NdisAcquireSpinLock(&Kernel->Spin);
    }
    if (BREAKS(lk_release_order)) {
        KIRQL Irql, Inner;
        KeAcquireSpinLock(&Kernel->First, &Irql);
        KeAcquireSpinLock(&Kernel->Second, &Inner);
        KeReleaseSpinLock(&Kernel->Second, Irql);
    }
    if (BREAKS(lk_rw_dispatch_flag)) {
        LOCK_STATE_EX State;
        NdisAcquireRWLockRead(Kernel->Rw, &State, NDIS_RWL_AT_DISPATCH_LEVEL);
    }
    if (BREAKS(lk_balanced) || BREAKS(thread_terminated))
        KernelStartThread(Kernel);
    if (BREAKS(lk_thread_owner)) {
        KIRQL Irql;
        KernelStartThread(Kernel);
        KeAcquireSpinLock(&Kernel->First, &Irql);
        Kernel->Taken = TRUE;
        KeStallExecutionProcessor(40);
        for (ULONG i = 0; i < 10000000; i++)
            YieldProcessor();
        KeReleaseSpinLock(&Kernel->First, Irql);
    }
    if (BREAKS(lk_rw_same_cpu)) {
        KernelStartThread(Kernel);
        NdisAcquireRWLockWrite(Kernel->Rw, &Kernel->State, 0);
        Kernel->Taken = TRUE;
        KeStallExecutionProcessor(40);
        for (ULONG i = 0; i < 10000000; i++)
            YieldProcessor();
    }
    if (BREAKS(lk_queued_spinlock)) {
        KLOCK_QUEUE_HANDLE Queue, Other;
        KeAcquireInStackQueuedSpinLock(&Kernel->First, &Queue);
        Other = Queue;
        KeReleaseInStackQueuedSpinLock(&Other);
    }
    if (BREAKS(lk_refcount_balance)) {
        static EX_RUNDOWN_REF Rundown;
        ExInitializeRundownProtection(&Rundown);
        ExReleaseRundownProtection(&Rundown);
    }
    if (BREAKS(mm_use_after_free)) {
        volatile UCHAR *Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        ExFreePoolWithTag((PVOID)Memory, TAG);
        Memory[8] = 1;
    }
    if (TOUCHES(mm_use_after_free)) {
        SIZE_T Size = TouchesPart("data") ? 20000 : 8;
        volatile UCHAR *Memory = ExAllocatePoolWithTag(NonPagedPoolNx, Size, TAG);
        ExFreePoolWithTag((PVOID)Memory, TAG);
        (void)Memory[Size - 1];
    }
    if (BREAKS(mm_use_after_free__entry)) {
        NPAGED_LOOKASIDE_LIST List;
        volatile UCHAR *Memory;
        ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 64, TAG, 0);
        Memory = ExAllocateFromNPagedLookasideList(&List);
        ExFreeToNPagedLookasideList(&List, (PVOID)Memory);
        Memory[8] = 1;
        ExDeleteNPagedLookasideList(&List);
    }
    if (BREAKS(mm_use_after_free__irp)) {
        PIRP Irp = IoAllocateIrp(1, FALSE);
        IoFreeIrp(Irp);
        Irp->IoStatus.Information = 1;
    }
    if (BREAKS(mm_use_after_free__followed)) {
        PVOID *volatile *Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        ExFreePoolWithTag((PVOID)Memory, TAG);
        *Memory[1] = NULL;
    }
    if (BREAKS(lk_critical_region))
        KeLeaveCriticalRegion();
    if (BREAKS(rg_set_options_context))
        NdisSetOptionalHandlers(Handle, NULL);
    if (BREAKS(mm_leak_at_unload__lock))
        NdisAllocateRWLock(Handle);
    if (BREAKS(mm_leak_at_unload))
        ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG);
    if (BREAKS(mm_mdl_balanced))
        NdisAllocateMdl(Handle, Kernel, sizeof(*Kernel));
    if (BREAKS(wi_freed))
        NdisAllocateIoWorkItem(Handle);
    if (BREAKS(tm_freed))
        KernelTimer(Handle);
    if (BREAKS(cf_pointer_after_close)) {
        NDIS_CONFIGURATION_OBJECT Object = {
            .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
                NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
            .NdisHandle = Handle};
        NDIS_STRING Name = NDIS_STRING_CONST("ProcessorType");
        PNDIS_CONFIGURATION_PARAMETER Value;
        NDIS_HANDLE Configuration;
        NDIS_STATUS Status;
        NdisOpenConfigurationEx(&Object, &Configuration);
        NdisReadConfiguration(&Status, &Value, Configuration, &Name, NdisParameterInteger);
        NdisCloseConfiguration(Configuration);
        Value->ParameterData.IntegerData++;
    }
    if (BREAKS(hd_size_matches_revision__settings)) {
        NDIS_CONFIGURATION_OBJECT Object = {
            .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
                sizeof(NDIS_OBJECT_HEADER)},
            .NdisHandle = Handle};
        NDIS_HANDLE Configuration;
        if (NdisOpenConfigurationEx(&Object, &Configuration) == NDIS_STATUS_SUCCESS)
            NdisCloseConfiguration(Configuration);
    }
    if (BREAKS(cf_open_close)) {
        NDIS_CONFIGURATION_OBJECT Object = {
            .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
                NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
            .NdisHandle = Handle};
        NDIS_HANDLE Configuration;
        NdisOpenConfigurationEx(&Object, &Configuration);
    }
}

/* In MiniportHaltEx. */
static VOID
KernelAtHalt(KERNEL *Kernel, NDIS_HANDLE Handle)
{
    UNREFERENCED_PARAMETER(Kernel);
    UNREFERENCED_PARAMETER(Handle);
    if (BREAKS(tm_rearm_in_teardown)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 0, NULL);
    }
}
