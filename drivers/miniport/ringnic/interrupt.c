/* SPDX-License-Identifier: MIT */
/* The interrupt: what it was about is noted in the ISR, which silences the device; the DPC does the
 * work and lets the device interrupt again. One line or two messages, it is all the same. */
#include "ringnic.h"

/* TRUE: it was ours. A read of the cause takes it back. */
static BOOLEAN
TakeCause(ADAPTER *Adapter)
{
    ULONG Cause = ReadRegister(Adapter, REG_CAUSE);

    if (Cause == 0 || Cause == NIC_GONE)
        return FALSE;
    Adapter->Causes |= Cause;
    WriteRegister(Adapter, REG_MASK, 0);
    return TRUE;
}

static BOOLEAN
RingnicInterrupt(NDIS_HANDLE MiniportInterruptContext, PBOOLEAN QueueDefaultInterruptDpc,
    PULONG TargetProcessors)
{
    UNREFERENCED_PARAMETER(TargetProcessors);
    *QueueDefaultInterruptDpc = TakeCause(MiniportInterruptContext);
    return *QueueDefaultInterruptDpc;
}

static BOOLEAN
RingnicMessageInterrupt(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId,
    PBOOLEAN QueueDefaultInterruptDpc, PULONG TargetProcessors)
{
    UNREFERENCED_PARAMETER(MessageId);
    UNREFERENCED_PARAMETER(TargetProcessors);
    *QueueDefaultInterruptDpc = TakeCause(MiniportInterruptContext);
    return TRUE;
}

typedef struct _CAUSES {
    ADAPTER *Adapter;
    ULONG Causes;
} CAUSES;

static BOOLEAN
FetchCauses(NDIS_HANDLE SynchronizeContext)
{
    CAUSES *Fetched = SynchronizeContext;

    Fetched->Causes = Fetched->Adapter->Causes;
    Fetched->Adapter->Causes = 0;
    return Fetched->Causes != 0;
}

static VOID
LinkChanged(ADAPTER *Adapter)
{
    NDIS_LINK_STATE Link;
    NDIS_STATUS_INDICATION Indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = Adapter->Handle,
        .StatusCode = NDIS_STATUS_LINK_STATE,
        .StatusBuffer = &Link,
        .StatusBufferSize = sizeof(Link),
    };
    BOOLEAN Up = (ReadRegister(Adapter, REG_STATUS) & 1) != 0, Changed;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    Changed = Adapter->LinkUp != Up;
    Adapter->LinkUp = Up;
    LinkState(Adapter, &Link);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Changed)
        NdisMIndicateStatusEx(Adapter->Handle, &Indication);
}

/* Only who fetched causes silenced the device, and lets it speak again. */
static VOID
Work(ADAPTER *Adapter, ULONG MessageId)
{
    CAUSES Fetched = {Adapter, 0};

    if (!NdisMSynchronizeWithInterruptEx(
            Adapter->InterruptHandle, MessageId, FetchCauses, &Fetched))
        return;
    if (Fetched.Causes & CAUSE_LINK)
        LinkChanged(Adapter);
    if (Fetched.Causes & CAUSE_SENT)
        SendDone(Adapter, FALSE);
    if (Fetched.Causes & CAUSE_RECEIVED)
        ReceiveDone(Adapter);
    WriteRegister(Adapter, REG_MASK, CAUSE_ALL);
}

static VOID
RingnicInterruptDpc(NDIS_HANDLE MiniportInterruptContext, PVOID MiniportDpcContext,
    PVOID ReceiveThrottleParameters, PVOID NdisReserved2)
{
    UNREFERENCED_PARAMETER(MiniportDpcContext);
    UNREFERENCED_PARAMETER(ReceiveThrottleParameters);
    UNREFERENCED_PARAMETER(NdisReserved2);
    Work(MiniportInterruptContext, 0);
}

static VOID
RingnicMessageInterruptDpc(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId,
    PVOID MiniportDpcContext, PVOID ReceiveThrottleParameters, PVOID NdisReserved2)
{
    UNREFERENCED_PARAMETER(MiniportDpcContext);
    UNREFERENCED_PARAMETER(ReceiveThrottleParameters);
    UNREFERENCED_PARAMETER(NdisReserved2);
    Work(MiniportInterruptContext, MessageId);
}

static VOID
RingnicDisableInterrupt(NDIS_HANDLE MiniportInterruptContext)
{
    WriteRegister(MiniportInterruptContext, REG_MASK, 0);
}

static VOID
RingnicEnableInterrupt(NDIS_HANDLE MiniportInterruptContext)
{
    WriteRegister(MiniportInterruptContext, REG_MASK, CAUSE_ALL);
}

static VOID
RingnicDisableMessageInterrupt(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId)
{
    UNREFERENCED_PARAMETER(MessageId);
    RingnicDisableInterrupt(MiniportInterruptContext);
}

static VOID
RingnicEnableMessageInterrupt(NDIS_HANDLE MiniportInterruptContext, ULONG MessageId)
{
    UNREFERENCED_PARAMETER(MessageId);
    RingnicEnableInterrupt(MiniportInterruptContext);
}

/* The lock is one for all messages: they share Causes. */
NDIS_STATUS
InterruptInitialize(ADAPTER *Adapter)
{
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .InterruptHandler = RingnicInterrupt,
        .InterruptDpcHandler = RingnicInterruptDpc,
        .DisableInterruptHandler = RingnicDisableInterrupt,
        .EnableInterruptHandler = RingnicEnableInterrupt,
        .MsiSupported = TRUE,
        .MsiSyncWithAllMessages = TRUE,
        .MessageInterruptHandler = RingnicMessageInterrupt,
        .MessageInterruptDpcHandler = RingnicMessageInterruptDpc,
        .DisableMessageInterruptHandler = RingnicDisableMessageInterrupt,
        .EnableMessageInterruptHandler = RingnicEnableMessageInterrupt,
    };

    return NdisMRegisterInterruptEx(
        Adapter->Handle, Adapter, &Characteristics, &Adapter->InterruptHandle);
}

VOID
InterruptFree(ADAPTER *Adapter)
{
    if (Adapter->InterruptHandle == NULL)
        return;
    WriteRegister(Adapter, REG_MASK, 0);
    NdisMDeregisterInterruptEx(Adapter->InterruptHandle);
}
