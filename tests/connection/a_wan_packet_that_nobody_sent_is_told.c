/* SPDX-License-Identifier: MIT */
/* s5-wan-complete: a WAN miniport that completes a packet it does not have ends the process with the
 * report of that rule. */
#include "lib/child.h"
#include "lib/machine.h"

#define NDIS_MINIPORT_DRIVER 1
#define NDIS40_MINIPORT      1
#include <ndis.h>

#include <stdio.h>
#include <unistd.h>

static NDIS_HANDLE adapter;

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != NdisMediumWan)
        i++;
    *SelectedMediumIndex = i;
    adapter = MiniportAdapterHandle;
    NdisMSetAttributesEx(MiniportAdapterHandle, &adapter, 0, 0, NdisInterfaceInternal);
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
}

/* The first question comes right after the initialization: no protocol, no packet. */
static NDIS_STATUS
query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static NDIS_WAN_PACKET packet;

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Oid);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
    *BytesWritten = *BytesNeeded = 0;
    NdisMWanSendComplete(adapter, &packet, NDIS_STATUS_SUCCESS);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Oid);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
    *BytesRead = *BytesNeeded = 0;
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
wan_send(NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisLinkHandle, PNDIS_WAN_PACKET Packet)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(NdisLinkHandle);
    UNREFERENCED_PARAMETER(Packet);
    return NDIS_STATUS_FAILURE;
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS40_MINIPORT_CHARACTERISTICS characteristics = {
        .MajorNdisVersion = 4,
        .HaltHandler = halt,
        .InitializeHandler = initialize,
        .QueryInformationHandler = query,
        .ResetHandler = reset,
        .WanSendHandler = wan_send,
        .SetInformationHandler = set,
    };
    NDIS_HANDLE wrapper;

    NdisMInitializeWrapper(&wrapper, DriverObject, RegistryPath, NULL);
    return NdisMRegisterMiniport(
        wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&characteristics, sizeof(characteristics));
}

static void
report(void *context, const struct undis_report *r)
{
    char line[256];
    int n = snprintf(line, sizeof(line), "rule=%s\n", r->rule ? r->rule : "-");

    (void)context;
    if (write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
}

static int
run(void)
{
    struct undis_config config = test_config();
    struct undis_stack_config stack = {.size = sizeof(stack)};
    struct undis_stack *made;
    struct undis *machine;

    config.report = report;
    machine = test_machine_with(&config);
    CHECK_OK(
        undis_driver_add(machine, "wrong", (int32_t(*)(void *, void *))entry, &stack.miniport));
    CHECK_OK(undis_stack_create(machine, &stack, &made));
    undis_stack_start(made);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    (void)argv;
    if (argc > 1)
        return run();
    child_run(&child, "wrong", 40);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK, "rule=s5-wan-complete\n");
    return 0;
}
