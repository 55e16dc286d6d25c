/* SPDX-License-Identifier: MIT */
/* The lower edge of pass5: a binding to any adapter. */
#include "pass5.h"

PNDIS_PACKET
Carry(NDIS_HANDLE Pool, PNDIS_PACKET Packet)
{
    PNDIS_PACKET Ours;
    NDIS_STATUS Status;

    NdisAllocatePacket(&Status, &Ours, Pool);
    if (Status != NDIS_STATUS_SUCCESS)
        return NULL;
    Ours->Private.Head = Packet->Private.Head;
    Ours->Private.Tail = Packet->Private.Tail;
    NdisSetPacketFlags(Ours, NdisGetPacketFlags(Packet));
    NdisMoveMemory(NDIS_OOB_DATA_FROM_PACKET(Ours), NDIS_OOB_DATA_FROM_PACKET(Packet),
        sizeof(NDIS_PACKET_OOB_DATA));
    return Ours;
}

static NDIS_STATUS
Wait(ADAPTER *Adapter, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Adapter->Done, 0);
    return Adapter->DoneStatus;
}

static VOID
Pass5OpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    ((ADAPTER *)ProtocolBindingContext)->DoneStatus = Status;
    NdisSetEvent(&((ADAPTER *)ProtocolBindingContext)->Done);
}

static VOID
Pass5CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    Pass5OpenComplete(ProtocolBindingContext, Status, Status);
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
    NDIS_MEDIUM Media[] = {NdisMedium802_3, NdisMedium802_5, NdisMediumFddi};
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
    Adapter->Medium = Media[Selected];
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
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static VOID
Pass5Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    ADAPTER *Adapter;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    *Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    NdisInitializeEvent(&Adapter->Done);
    NdisAllocateSpinLock(&Adapter->Lock);
    Adapter->HeldEnd = &Adapter->Held;
    *Status = ReadInstance(Adapter, SystemSpecific1);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = Open(Adapter, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = NdisIMInitializeDeviceInstanceEx(LayerHandle, &Adapter->Instance, Adapter);
    if (*Status != NDIS_STATUS_SUCCESS)
        Close(Adapter);
}

static VOID
Pass5Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    HoldEnd(Adapter, FALSE);
    if (NdisIMCancelInitializeDeviceInstance(LayerHandle, &Adapter->Instance) !=
            NDIS_STATUS_SUCCESS &&
        Adapter->Miniport != NULL)
        NdisIMDeInitializeDeviceInstance(Adapter->Miniport);
    Close(Adapter);
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
Pass5SendComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    ADAPTER *Adapter = ProtocolBindingContext;
    PNDIS_PACKET Upper = Packet;

    if (NdisGetPoolFromPacket(Packet) == Adapter->SendPool) {
        Upper = ((CARRIED *)Packet->ProtocolReserved)->Packet;
        NdisIMCopySendCompletePerPacketInfo(Upper, Packet);
        NdisFreePacket(Packet);
    }
    NdisMSendComplete(Adapter->Miniport, Upper, Status);
}

static VOID
Pass5RequestComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(NdisRequest);
    MiniportRequestDone(ProtocolBindingContext, Status);
}

static VOID
Pass5TransferComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status,
    UINT BytesTransferred)
{
    NdisMTransferDataComplete(
        ((ADAPTER *)ProtocolBindingContext)->Miniport, Packet, Status, BytesTransferred);
}

/* It asks for none. */
static VOID
Pass5ResetComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

static INT
Pass5ReceivePacket(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = ProtocolBindingContext;
    NDIS_STATUS Status = NDIS_GET_PACKET_STATUS(Packet);
    PNDIS_PACKET Ours = Packet;
    BOOLEAN Room;

    if (Adapter->Miniport == NULL)
        return 0;
    NdisIMGetCurrentPacketStack(Packet, &Room);
    if (!Room) {
        Ours = Carry(Adapter->ReceivePool, Packet);
        if (Ours == NULL)
            return 0;
        NDIS_SET_ORIGINAL_PACKET(Ours, NDIS_GET_ORIGINAL_PACKET(Packet));
        NDIS_SET_PACKET_STATUS(Ours, Status);
        ((CARRIED *)Ours->MiniportReserved)->Packet = Packet;
    }
    NdisMIndicateReceivePacket(Adapter->Miniport, &Ours, 1);
    if (Status != NDIS_STATUS_RESOURCES)
        return 1;
    if (Ours != Packet)
        NdisFreePacket(Ours);
    return 0;
}

static NDIS_STATUS
Pass5Receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext, PVOID HeaderBuffer,
    UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize, UINT PacketSize)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport == NULL)
        return NDIS_STATUS_NOT_ACCEPTED;
    Adapter->LookedAhead = TRUE;
    switch (Adapter->Medium) {
    case NdisMedium802_5:
        NdisMTrIndicateReceive(Adapter->Miniport, MacReceiveContext, HeaderBuffer, HeaderBufferSize,
            LookAheadBuffer, LookaheadBufferSize, PacketSize);
        break;
    case NdisMediumFddi:
        NdisMFddiIndicateReceive(Adapter->Miniport, MacReceiveContext, HeaderBuffer,
            HeaderBufferSize, LookAheadBuffer, LookaheadBufferSize, PacketSize);
        break;
    default:
        NdisMEthIndicateReceive(Adapter->Miniport, MacReceiveContext, HeaderBuffer,
            HeaderBufferSize, LookAheadBuffer, LookaheadBufferSize, PacketSize);
        break;
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
Pass5ReceiveComplete(NDIS_HANDLE ProtocolBindingContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport == NULL || !Adapter->LookedAhead)
        return;
    Adapter->LookedAhead = FALSE;
    switch (Adapter->Medium) {
    case NdisMedium802_5: NdisMTrIndicateReceiveComplete(Adapter->Miniport); break;
    case NdisMediumFddi: NdisMFddiIndicateReceiveComplete(Adapter->Miniport); break;
    default: NdisMEthIndicateReceiveComplete(Adapter->Miniport); break;
    }
}

static VOID
Pass5Status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (GeneralStatus == NDIS_STATUS_RESET_START)
        HoldBegin(Adapter);
    if (Adapter->Miniport != NULL)
        NdisMIndicateStatus(Adapter->Miniport, GeneralStatus, StatusBuffer, StatusBufferSize);
    if (GeneralStatus == NDIS_STATUS_RESET_END)
        HoldEnd(Adapter, TRUE);
}

static VOID
Pass5StatusComplete(NDIS_HANDLE ProtocolBindingContext)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter->Miniport != NULL)
        NdisMIndicateStatusComplete(Adapter->Miniport);
}

static NDIS_STATUS
Pass5PnPEvent(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    ADAPTER *Adapter = ProtocolBindingContext;

    if (Adapter == NULL || Adapter->Miniport == NULL)
        return NDIS_STATUS_SUCCESS;
    return NdisIMNotifyPnPEvent(Adapter->Miniport, NetPnPEvent);
}

NDIS_STATUS
ProtocolRegister(VOID)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .Name = NDIS_STRING_CONST("pass5"),
        .OpenAdapterCompleteHandler = Pass5OpenComplete,
        .CloseAdapterCompleteHandler = Pass5CloseComplete,
        .SendCompleteHandler = Pass5SendComplete,
        .TransferDataCompleteHandler = Pass5TransferComplete,
        .ResetCompleteHandler = Pass5ResetComplete,
        .RequestCompleteHandler = Pass5RequestComplete,
        .ReceiveHandler = Pass5Receive,
        .ReceiveCompleteHandler = Pass5ReceiveComplete,
        .StatusHandler = Pass5Status,
        .StatusCompleteHandler = Pass5StatusComplete,
        .ReceivePacketHandler = Pass5ReceivePacket,
        .BindAdapterHandler = Pass5Bind,
        .UnbindAdapterHandler = Pass5Unbind,
        .PnPEventHandler = Pass5PnPEvent,
    };
    NDIS_STATUS Status;

    NdisRegisterProtocol(&Status, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    return Status;
}
