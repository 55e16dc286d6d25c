/* SPDX-License-Identifier: MIT */
/* A protocol of NDIS 5 without ProtocolSendComplete is refused, unless it has ProtocolCoSendComplete
 * and sends on connections only (send-handler-required).
 */
#include "check.h"
#include "machine.h"

#define NDIS51 1
#include <ndis.h>

static NDIS_STATUS answers[4];

/* Handlers that are never called: nothing is bound. */
static VOID
nothing(VOID)
{
}

#define IDLE(type) ((type)(PVOID)nothing)

static NDIS_STATUS
register_with(bool send_complete, bool co_send_complete)
{
    NDIS50_PROTOCOL_CHARACTERISTICS c = {
        .MajorNdisVersion = 5,
        .Name = NDIS_STRING_CONST("REFUSED"),
        .OpenAdapterCompleteHandler = IDLE(OPEN_ADAPTER_COMPLETE_HANDLER),
        .CloseAdapterCompleteHandler = IDLE(CLOSE_ADAPTER_COMPLETE_HANDLER),
        .TransferDataCompleteHandler = IDLE(TRANSFER_DATA_COMPLETE_HANDLER),
        .ResetCompleteHandler = IDLE(RESET_COMPLETE_HANDLER),
        .RequestCompleteHandler = IDLE(REQUEST_COMPLETE_HANDLER),
        .ReceiveHandler = IDLE(RECEIVE_HANDLER),
        .ReceiveCompleteHandler = IDLE(RECEIVE_COMPLETE_HANDLER),
        .StatusHandler = IDLE(STATUS_HANDLER),
        .StatusCompleteHandler = IDLE(STATUS_COMPLETE_HANDLER),
        .SendCompleteHandler = send_complete ? IDLE(SEND_COMPLETE_HANDLER) : NULL,
        .CoSendCompleteHandler = co_send_complete ? IDLE(CO_SEND_COMPLETE_HANDLER) : NULL,
        .CoStatusHandler = IDLE(CO_STATUS_HANDLER),
        .CoReceivePacketHandler = IDLE(CO_RECEIVE_PACKET_HANDLER),
    };
    NDIS_STATUS status, ended;
    NDIS_HANDLE handle;

    NdisRegisterProtocol(&status, &handle, (PNDIS_PROTOCOL_CHARACTERISTICS)&c, sizeof(c));
    if (status == NDIS_STATUS_SUCCESS)
        NdisDeregisterProtocol(&ended, handle);
    return status;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = unload;
    for (unsigned i = 0; i < 4; i++)
        answers[i] = register_with(i & 1, i & 2);
    return STATUS_SUCCESS;
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver;

    CHECK_OK(undis_driver_add(machine, "refused", (int32_t(*)(void *, void *))entry, &driver));
    CHECK_EQ((uint32_t)answers[0], (uint32_t)NDIS_STATUS_BAD_CHARACTERISTICS);
    CHECK_EQ(answers[1], NDIS_STATUS_SUCCESS);
    CHECK_EQ(answers[2], NDIS_STATUS_SUCCESS);
    CHECK_EQ(answers[3], NDIS_STATUS_SUCCESS);
    test_unload(machine, driver);
    test_machine_end(machine);
    return 0;
}
