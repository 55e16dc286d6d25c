/* SPDX-License-Identifier: MIT */
/* What a miniport can do wrong beside packets, requests and locks: MDLs, strings, registrations,
 * power states. See wrong.h; kernel.h has what the kernel's services are wrongly used for.
 */
#pragma once

#include "kernel.h"

/* Longer than a handler may take; see RUN of the tests. */
#define LONG_MS 720u

/* At any IRQL up to DISPATCH_LEVEL. */
static inline VOID
Linger(ULONG Milliseconds)
{
    for (ULONG End = Now() + Milliseconds; Now() < End;)
        if (KeGetCurrentIrql() < DISPATCH_LEVEL)
            Sleep(10000);
        else
            KeStallExecutionProcessor(50);
}

/* The answer to OID_GEN_STATISTICS. */
static inline NDIS_STATUS
ServiceStatistics(PNDIS_OID_REQUEST Request)
{
    struct _QUERY *Query = &Request->DATA.QUERY_INFORMATION;
    NDIS_STATISTICS_INFO *Info = Query->InformationBuffer;

    if (Query->InformationBufferLength < NDIS_SIZEOF_STATISTICS_INFO_REVISION_1)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisZeroMemory(Info, NDIS_SIZEOF_STATISTICS_INFO_REVISION_1);
    Info->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    Info->Header.Revision = NDIS_STATISTICS_INFO_REVISION_1;
    Info->Header.Size = NDIS_SIZEOF_STATISTICS_INFO_REVISION_1;
    Query->BytesWritten = NDIS_SIZEOF_STATISTICS_INFO_REVISION_1;
    if (BREAKS(hd_answer_revision))
        Info->Header.Size = Info->Header.Revision = 0;
    if (BREAKS(oid_indication_required_allowed))
        return NDIS_STATUS_INDICATION_REQUIRED;
    return NDIS_STATUS_SUCCESS;
}

/* OID_PNP_QUERY_POWER and OID_PNP_SET_POWER. */
static inline NDIS_STATUS
ServicePower(KERNEL *Kernel, PNDIS_OID_REQUEST Request)
{
    UNREFERENCED_PARAMETER(Kernel);
    UNREFERENCED_PARAMETER(Request);
    if (BREAKS(oid_set_power_must_succeed)) {
        if (Request->DATA.SET_INFORMATION.Oid == OID_PNP_SET_POWER)
            return NDIS_STATUS_FAILURE;
    }
    if (Request->RequestType == NdisRequestQueryInformation)
        Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
    if (BREAKS(pp_power_d3_cancel_timers)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Kernel->TimerHandle, Due, 0, NULL);
    }
    return NDIS_STATUS_SUCCESS;
}

static DECLSPEC_NOINLINE VOID
SetLocalTimer(VOID)
{
    LARGE_INTEGER Due = {.QuadPart = -100000000};
    KTIMER Timer;

    KeInitializeTimer(&Timer);
    KeSetTimer(&Timer, Due, NULL);
}

/* At DISPATCH_LEVEL. */
static inline VOID
ServiceAtDispatch(NDIS_HANDLE Handle)
{
    UNREFERENCED_PARAMETER(Handle);
    if (BREAKS(irql_callmanager))
        NdisCmNotifyCloseAddressFamily(Handle);
    if (BREAKS(irql_mcm))
        NdisMCmRegisterAddressFamilyEx(Handle, NULL);
    if (BREAKS(irql_im))
        NdisIMAssociateMiniport(Handle, Handle);
    if (BREAKS(irql_interfaces))
        NdisIfDeregisterProvider(Handle);
    if (BREAKS(mm_stack_object_escape))
        SetLocalTimer();
    if (BREAKS(nbl_mdl_size_va)) {
        static UCHAR Data[3 * PAGE_SIZE];
        PMDL Mdl = IoAllocateMdl(Data, 64, FALSE, FALSE, NULL);
        MmInitializeMdl(Mdl, Data, sizeof(Data));
        MmBuildMdlForNonPagedPool(Mdl);
    }
    if (BREAKS(nbl_mdl_adjust_restore)) {
        static UCHAR Data[64];
        PMDL Mdl = NdisAllocateMdl(Handle, Data, sizeof(Data));
        NdisAdjustMdlLength(Mdl, 32);
        NdisFreeMdl(Mdl);
    }
}

/* At PASSIVE_LEVEL. */
static VOID
ReadOften(PVOID Configuration)
{
    NDIS_STRING Name = NDIS_STRING_CONST("Rules");
    PNDIS_CONFIGURATION_PARAMETER Value;
    NDIS_STATUS Status;

    for (ULONG i = 0; i < 20000; i++)
        NdisReadConfiguration(&Status, &Value, Configuration, &Name, NdisParameterInteger);
}

static inline VOID
ServiceAtPassive(NDIS_HANDLE Handle)
{
    UNREFERENCED_PARAMETER(Handle);
    if (BREAKS(cf_serial)) {
        NDIS_CONFIGURATION_OBJECT Object = {
            .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
                NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
            .NdisHandle = Handle};
        NDIS_HANDLE Configuration;
        HANDLE Thread;
        NdisOpenConfigurationEx(&Object, &Configuration);
        PsCreateSystemThread(
            &Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ReadOften, Configuration);
        ReadOften(Configuration);
    }
    if (BREAKS(irql_connection))
        NdisCoAssignInstanceName(Handle, NULL, NULL);
    if (BREAKS(mm_string_free)) {
        NDIS_STRING String;
        NdisInitializeString(&String, (PUCHAR) "left");
    }
    if (BREAKS(cf_luid_index_reuse))
        NdisIfFreeNetLuidIndex(IF_TYPE_ETHERNET_CSMACD, 77);
    if (BREAKS(cf_if_stack_acyclic)) {
        NdisIfAddIfStackEntry(41, 42);
        NdisIfAddIfStackEntry(42, 41);
    }
    if (BREAKS(cf_if_provider_empty))
        NdisIfDeregisterProvider(Handle);
    if (BREAKS(wd_miniport_fatal_error))
        NdisMRemoveMiniport(Handle);
    if (BREAKS(po_not_before_register))
        NdisDeregisterPoll((NDIS_POLL_HANDLE)Handle);
    if (BREAKS(mm_uninit)) {
        PDEVICE_OBJECT Pdo;
        PIRP Irp;
        NdisMGetDeviceProperty(Handle, &Pdo, NULL, NULL, NULL, NULL);
        Irp = IoAllocateIrp(Pdo->StackSize, FALSE);
        IoGetNextIrpStackLocation(Irp)->MajorFunction = 0x7F;
        IoCallDriver(Pdo, Irp);
    }
    if (BREAKS(mm_instance_name_free)) {
        NDIS_STRING Name;
        NdisMQueryAdapterInstanceName(&Name, Handle);
    }
}

/* In DriverEntry, with the handle of the registration. */
static inline VOID
ServiceAtEntry(NDIS_HANDLE DriverHandle)
{
    UNREFERENCED_PARAMETER(DriverHandle);
    if (BREAKS(cf_key_handles_closed)) {
        NDIS_CONFIGURATION_OBJECT Object = {
            .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
                NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
            .NdisHandle = DriverHandle};
        NDIS_STRING Name = NDIS_STRING_CONST("Sub");
        NDIS_HANDLE Configuration, Key;
        NDIS_STATUS Status;
        RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"miniport.cf_key_handles_closed");
        RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"miniport.cf_key_handles_closed\\Parameters");
        RtlCreateRegistryKey(
            RTL_REGISTRY_SERVICES, L"miniport.cf_key_handles_closed\\Parameters\\Sub");
        NdisOpenConfigurationEx(&Object, &Configuration);
        NdisOpenConfigurationKeyByName(&Status, Configuration, &Name, &Key);
        NdisCloseConfiguration(Configuration);
    }
}
