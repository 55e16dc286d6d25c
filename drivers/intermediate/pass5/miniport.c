/* SPDX-License-Identifier: MIT */
/* The upper edge of pass5: a virtual miniport, deserialized. */
#include "pass5.h"

static NDIS_STATUS
Pass5Initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    ADAPTER *Adapter = NdisIMGetDeviceContext(MiniportAdapterHandle);
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != Adapter->Medium)
        i++;
    if (i == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *SelectedMediumIndex = i;
    NdisMSetAttributesEx(MiniportAdapterHandle, Adapter, 0,
        NDIS_ATTRIBUTE_IGNORE_PACKET_TIMEOUT | NDIS_ATTRIBUTE_IGNORE_REQUEST_TIMEOUT |
            NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER | NDIS_ATTRIBUTE_DESERIALIZE |
            NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND,
        NdisInterfaceInternal);
    Adapter->Miniport = MiniportAdapterHandle;
    return NDIS_STATUS_SUCCESS;
}

static VOID
Pass5Halt(NDIS_HANDLE MiniportAdapterContext)
{
    ((ADAPTER *)MiniportAdapterContext)->Miniport = NULL;
}

/* The two counts that a query or set gives back. */
static VOID
TakeCounts(ADAPTER *Adapter)
{
    NDIS_REQUEST *Request = &Adapter->Request;

    if (Request->RequestType == NdisRequestSetInformation) {
        *Adapter->Written = Request->DATA.SET_INFORMATION.BytesRead;
        *Adapter->Needed = Request->DATA.SET_INFORMATION.BytesNeeded;
    } else {
        *Adapter->Written = Request->DATA.QUERY_INFORMATION.BytesWritten;
        *Adapter->Needed = Request->DATA.QUERY_INFORMATION.BytesNeeded;
    }
}

static NDIS_STATUS
Ask(ADAPTER *Adapter)
{
    NDIS_STATUS Status;

    NdisRequest(&Status, Adapter->Binding, &Adapter->Request);
    if (Status != NDIS_STATUS_PENDING)
        TakeCounts(Adapter);
    return Status;
}

VOID
MiniportRequestDone(ADAPTER *Adapter, NDIS_STATUS Status)
{
    TakeCounts(Adapter);
    if (Adapter->Request.RequestType == NdisRequestSetInformation)
        NdisMSetInformationComplete(Adapter->Miniport, Status);
    else
        NdisMQueryInformationComplete(Adapter->Miniport, Status);
}

static NDIS_STATUS
Pass5Query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    NdisZeroMemory(&Adapter->Request, sizeof(Adapter->Request));
    Adapter->Request.RequestType = NdisRequestQueryInformation;
    Adapter->Request.DATA.QUERY_INFORMATION.Oid = Oid;
    Adapter->Request.DATA.QUERY_INFORMATION.InformationBuffer = InformationBuffer;
    Adapter->Request.DATA.QUERY_INFORMATION.InformationBufferLength = InformationBufferLength;
    Adapter->Written = BytesWritten;
    Adapter->Needed = BytesNeeded;
    return Ask(Adapter);
}

static NDIS_STATUS
Pass5Set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    NdisZeroMemory(&Adapter->Request, sizeof(Adapter->Request));
    Adapter->Request.RequestType = NdisRequestSetInformation;
    Adapter->Request.DATA.SET_INFORMATION.Oid = Oid;
    Adapter->Request.DATA.SET_INFORMATION.InformationBuffer = InformationBuffer;
    Adapter->Request.DATA.SET_INFORMATION.InformationBufferLength = InformationBufferLength;
    Adapter->Written = BytesRead;
    Adapter->Needed = BytesNeeded;
    return Ask(Adapter);
}

static NDIS_STATUS
SendOne(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    BOOLEAN Room;
    PNDIS_PACKET Ours = Packet;
    NDIS_STATUS Status;

    NdisIMGetCurrentPacketStack(Packet, &Room);
    if (!Room) {
        Ours = Carry(Adapter->SendPool, Packet);
        if (Ours == NULL)
            return NDIS_STATUS_RESOURCES;
        NdisIMCopySendPerPacketInfo(Ours, Packet);
        ((CARRIED *)Ours->ProtocolReserved)->Packet = Packet;
    }
    NdisSend(&Status, Adapter->Binding, Ours);
    if (Status == NDIS_STATUS_PENDING || Ours == Packet)
        return Status;
    NdisIMCopySendCompletePerPacketInfo(Packet, Ours);
    NdisFreePacket(Ours);
    return Status;
}

VOID
SendDown(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    NDIS_STATUS Status = SendOne(Adapter, Packet);

    if (Status != NDIS_STATUS_PENDING)
        NdisMSendComplete(Adapter->Miniport, Packet, Status);
}

static VOID
Pass5SendPackets(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    for (UINT i = 0; i < NumberOfPackets; i++)
        if (!HoldSend(Adapter, PacketArray[i]))
            SendDown(Adapter, PacketArray[i]);
}

static VOID
Pass5Return(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNDIS_PACKET Lower = Packet;

    if (NdisGetPoolFromPacket(Packet) == Adapter->ReceivePool) {
        Lower = ((CARRIED *)Packet->MiniportReserved)->Packet;
        NdisFreePacket(Packet);
    }
    NdisReturnPackets(&Lower, 1);
}

/* Of a frame that came by look-ahead, inside its indication. */
static NDIS_STATUS
Pass5TransferData(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    NDIS_STATUS Status;

    NdisTransferData(&Status, ((ADAPTER *)MiniportAdapterContext)->Binding, MiniportReceiveContext,
        ByteOffset, BytesToTransfer, Packet, BytesTransferred);
    return Status;
}

static VOID
Pass5Cancel(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    HoldCancel(MiniportAdapterContext, CancelId);
    NdisCancelSendPackets(((ADAPTER *)MiniportAdapterContext)->Binding, CancelId);
}

static VOID
Pass5DeviceEvent(NDIS_HANDLE MiniportAdapterContext, NDIS_DEVICE_PNP_EVENT DevicePnPEvent,
    PVOID InformationBuffer, ULONG InformationBufferLength)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(DevicePnPEvent);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
}

static VOID
Pass5Shutdown(PVOID ShutdownContext)
{
    UNREFERENCED_PARAMETER(ShutdownContext);
}

NDIS_STATUS
MiniportRegister(NDIS_HANDLE Wrapper)
{
    NDIS51_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .HaltHandler = Pass5Halt,
        .InitializeHandler = Pass5Initialize,
        .QueryInformationHandler = Pass5Query,
        .SetInformationHandler = Pass5Set,
        .TransferDataHandler = Pass5TransferData,
        .ReturnPacketHandler = Pass5Return,
        .SendPacketsHandler = Pass5SendPackets,
        .CancelSendPacketsHandler = Pass5Cancel,
        .PnPEventNotifyHandler = Pass5DeviceEvent,
        .AdapterShutdownHandler = Pass5Shutdown,
    };

    return NdisIMRegisterLayeredMiniport(Wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&Characteristics,
        sizeof(Characteristics), &LayerHandle);
}
