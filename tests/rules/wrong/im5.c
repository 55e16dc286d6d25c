/* SPDX-License-Identifier: MIT */
/* The intermediate driver of NDIS 5.1 of the rule tests: its lower edge. See im5.h. */
#include "im5.h"

static NDIS_STATUS
Wait(ADAPTER *Adapter, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Adapter->Done, 0);
    return Adapter->DoneStatus;
}

static VOID
OpenComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    ((ADAPTER *)ProtocolBindingContext)->DoneStatus = Status;
    NdisSetEvent(&((ADAPTER *)ProtocolBindingContext)->Done);
}

static VOID
CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    OpenComplete(ProtocolBindingContext, Status, Status);
}

/* The name of the virtual miniport over this binding. */
static NDIS_STATUS
ReadInstance(ADAPTER *Adapter, PNDIS_STRING Section)
{
    NDIS_STRING Keyword = NDIS_STRING_CONST("UpperBindings");
    PNDIS_CONFIGURATION_PARAMETER Value;
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status;

    NdisOpenProtocolConfiguration(&Status, &Configuration, Section);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisReadConfiguration(&Status, &Value, Configuration, &Keyword, NdisParameterString);
    if (Status == NDIS_STATUS_SUCCESS) {
        PNDIS_STRING Name = &Value->ParameterData.StringData;

        Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter->Instance.Buffer, Name->Length, TAG);
        if (Status == NDIS_STATUS_SUCCESS) {
            Adapter->Instance.Length = Adapter->Instance.MaximumLength = Name->Length;
            NdisMoveMemory(Adapter->Instance.Buffer, Name->Buffer, Name->Length);
        }
    }
    NdisCloseConfiguration(Configuration);
    return Status;
}

static NDIS_STATUS
Open(ADAPTER *Adapter, PNDIS_STRING DeviceName)
{
    NDIS_MEDIUM Media[] = {NdisMedium802_3};
    NDIS_STATUS Status, OpenStatus;
    UINT Selected = 0;

    NdisAllocatePacketPool(&Status, &Adapter->SendPool, PACKETS, sizeof(CARRIED));
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocatePacketPool(&Status, &Adapter->ReceivePool, PACKETS, sizeof(CARRIED));
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisOpenAdapter(&Status, &OpenStatus, &Adapter->Binding, &Selected, Media, RTL_NUMBER_OF(Media),
        ProtocolHandle, Adapter, DeviceName, 0, NULL);
    Status = Wait(Adapter, Status);
    if (Status != NDIS_STATUS_SUCCESS)
        Adapter->Binding = NULL;
    return Status;
}

static VOID
Close(ADAPTER *Adapter)
{
    NDIS_STATUS Status;

    if (Adapter->Binding != NULL) {
        NdisResetEvent(&Adapter->Done);
        NdisCloseAdapter(&Status, Adapter->Binding);
        Wait(Adapter, Status);
    }
    if (Adapter->SendPool != NULL)
        NdisFreePacketPool(Adapter->SendPool);
    if (Adapter->ReceivePool != NULL)
        NdisFreePacketPool(Adapter->ReceivePool);
    if (Adapter->Instance.Buffer != NULL)
        NdisFreeMemory(Adapter->Instance.Buffer, 0, 0);
    NdisFreeMemory(Adapter, 0, 0);
}

static VOID
Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName, PVOID SystemSpecific1,
    PVOID SystemSpecific2)
{
    ADAPTER *Adapter;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    *Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    NdisInitializeEvent(&Adapter->Done);
    *Status = ReadInstance(Adapter, SystemSpecific1);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = Open(Adapter, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = NdisIMInitializeDeviceInstanceEx(LayerHandle, &Adapter->Instance, Adapter);
    if (*Status != NDIS_STATUS_SUCCESS)
        Close(Adapter);
}

static VOID
Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    if (BREAKS(im_propagate_pnp)) {
        NET_PNP_EVENT Event = {.NetEvent = NetEventBindsComplete};
        NdisIMNotifyPnPEvent(Adapter->Miniport, &Event);
    }
    if (BREAKS(im_init_cancel)) {
        *Status = NDIS_STATUS_SUCCESS;
        return;
    }
    if (NdisIMCancelInitializeDeviceInstance(LayerHandle, &Adapter->Instance) !=
            NDIS_STATUS_SUCCESS &&
        Adapter->Miniport != NULL)
        NdisIMDeInitializeDeviceInstance(Adapter->Miniport);
    Close(Adapter);
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
SendComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    ADAPTER *Adapter = ProtocolBindingContext;
    PNDIS_PACKET Upper = Packet;
    volatile UCHAR *Late;

    if (NdisGetPoolFromPacket(Packet) == Adapter->SendPool) {
        Upper = ((CARRIED *)Packet->ProtocolReserved)->Packet;
        NdisIMCopySendCompletePerPacketInfo(Upper, Packet);
        NdisFreePacket(Packet);
    }
    if (BREAKS(im_reset_resubmit)) {
        if (Status == NDIS_STATUS_RESET_IN_PROGRESS)
            return;
    }
    if (BREAKS(s5_im_reserved_save))
        Upper->ProtocolReserved[0]++;
    Late = TOUCHES(s5_no_touch_after_complete) ? RememberedPacket(Upper) : NULL;
    NdisMSendComplete(Adapter->Miniport, Upper, Status);
    TouchRemembered(Late);
}

static VOID
RequestComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(NdisRequest);
    MiniportRequestDone(ProtocolBindingContext, Status);
}

static VOID
TransferComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status,
    UINT BytesTransferred)
{
    NdisMTransferDataComplete(
        ((ADAPTER *)ProtocolBindingContext)->Miniport, Packet, Status, BytesTransferred);
}

/* It asks for none. */
static VOID
ResetComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

static INT
ReceivePacket(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = ProtocolBindingContext;
    NDIS_STATUS Status = NDIS_GET_PACKET_STATUS(Packet);
    PNDIS_PACKET Ours = Packet;
    BOOLEAN Room;

    if (Adapter->Miniport == NULL)
        return 0;
    if (BREAKS(r5_stack_location)) {
        Room = TRUE;
    } else {
        NdisIMGetCurrentPacketStack(Packet, &Room);
    }
    if (!Room) {
        Ours = Carry(Adapter->ReceivePool, Packet);
        if (Ours == NULL)
            return 0;
        NDIS_SET_ORIGINAL_PACKET(Ours, NDIS_GET_ORIGINAL_PACKET(Packet));
        NDIS_SET_PACKET_STATUS(Ours, Status);
        ((CARRIED *)Ours->MiniportReserved)->Packet = Packet;
    }
    NdisMIndicateReceivePacket(Adapter->Miniport, &Ours, 1);
    if (BREAKS(r5_receivepacket_refcount))
        return 0;
    if (Status != NDIS_STATUS_RESOURCES)
        return 1;
    if (Ours != Packet)
        NdisFreePacket(Ours);
    return 0;
}

static NDIS_STATUS
Receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext, PVOID HeaderBuffer,
    UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize, UINT PacketSize)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport == NULL)
        return NDIS_STATUS_NOT_ACCEPTED;
    Adapter->LookedAhead = TRUE;
    NdisMEthIndicateReceive(Adapter->Miniport, MacReceiveContext, HeaderBuffer, HeaderBufferSize,
        LookAheadBuffer, LookaheadBufferSize, PacketSize);
    return NDIS_STATUS_SUCCESS;
}

static VOID
ReceiveComplete(NDIS_HANDLE ProtocolBindingContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport == NULL || !Adapter->LookedAhead)
        return;
    Adapter->LookedAhead = FALSE;
    NdisMEthIndicateReceiveComplete(Adapter->Miniport);
}

static VOID
Status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport != NULL)
        NdisMIndicateStatus(Adapter->Miniport, GeneralStatus, StatusBuffer, StatusBufferSize);
}

static VOID
StatusComplete(NDIS_HANDLE ProtocolBindingContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport != NULL)
        NdisMIndicateStatusComplete(Adapter->Miniport);
}

static NDIS_STATUS
PnPEvent(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter == NULL || Adapter->Miniport == NULL)
        return NDIS_STATUS_SUCCESS;
    return NdisIMNotifyPnPEvent(Adapter->Miniport, NetPnPEvent);
}

static NDIS_STATUS
ProtocolRegister(VOID)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .Name = NDIS_STRING_CONST("pass5"),
        .OpenAdapterCompleteHandler = OpenComplete,
        .CloseAdapterCompleteHandler = CloseComplete,
        .SendCompleteHandler = SendComplete,
        .TransferDataCompleteHandler = TransferComplete,
        .ResetCompleteHandler = ResetComplete,
        .RequestCompleteHandler = RequestComplete,
        .ReceiveHandler = Receive,
        .ReceiveCompleteHandler = ReceiveComplete,
        .StatusHandler = Status,
        .StatusCompleteHandler = StatusComplete,
        .ReceivePacketHandler = ReceivePacket,
        .BindAdapterHandler = Bind,
        .UnbindAdapterHandler = Unbind,
        .PnPEventHandler = PnPEvent,
    };
    NDIS_STATUS Status;

    NdisRegisterProtocol(&Status, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    return Status;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverObject);
    if (BREAKS(rg_deregister_order))
        NdisIMDeregisterLayeredMiniport(LayerHandle);
    NdisDeregisterProtocol(&Status, ProtocolHandle);
    NdisIMDeregisterLayeredMiniport(LayerHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    BreaksBy(RegistryPath);
    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    Status = MiniportRegister(Wrapper);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisTerminateWrapper(Wrapper, NULL);
        return Status;
    }
    NdisMRegisterUnloadHandler(Wrapper, Unload);
    Status = ProtocolRegister();
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisIMDeregisterLayeredMiniport(LayerHandle);
        return Status;
    }
    if (!BREAKS(im_associate))
        NdisIMAssociateMiniport(LayerHandle, ProtocolHandle);
    return NDIS_STATUS_SUCCESS;
}
