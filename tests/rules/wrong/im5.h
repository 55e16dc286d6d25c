/* SPDX-License-Identifier: MIT */
/* The intermediate driver of NDIS 5.1 of the rule tests: its upper edge; im5.c has the lower one. It
 * passes everything on, with the packet itself as long as that has room on its stack. It is right
 * as it stands; see wrong.h.
 */
#pragma once

#define NDIS51               1
#define NDIS51_MINIPORT      1
#define NDIS_MINIPORT_DRIVER 1

#include <ndis.h>

#include "breaks.h"

#define TAG     'eluR'
#define PACKETS 256u

typedef struct _ADAPTER {
    NDIS_HANDLE Binding;  /* to the lower adapter */
    NDIS_HANDLE Miniport; /* NULL until the virtual miniport is initialized */
    NDIS_HANDLE SendPool, ReceivePool;
    NDIS_EVENT Done; /* an open or close has completed */
    NDIS_STATUS DoneStatus;
    NDIS_REQUEST Request; /* of the protocols above; NDIS gives one at a time */
    PULONG Written, Needed;
    NDIS_STRING Instance;
    ULONG Sends;         /* counted by wrong ones */
    BOOLEAN LookedAhead; /* since the last end of a batch */
} ADAPTER;

/* In the ProtocolReserved of a packet of ours that is sent. */
typedef struct _CARRIED {
    PNDIS_PACKET Packet;
} CARRIED;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE LayerHandle, ProtocolHandle;

static PNDIS_PACKET
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
Initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    ADAPTER *Adapter = NdisIMGetDeviceContext(MiniportAdapterHandle);
    ULONG Flags = NDIS_ATTRIBUTE_IGNORE_PACKET_TIMEOUT | NDIS_ATTRIBUTE_IGNORE_REQUEST_TIMEOUT |
                  NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER | NDIS_ATTRIBUTE_DESERIALIZE |
                  NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    if (i == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *SelectedMediumIndex = i;
    if (BREAKS(im_deserialized))
        Flags &= ~(ULONG)NDIS_ATTRIBUTE_DESERIALIZE;
    if (BREAKS(im_ignore_timeouts))
        Flags &= ~(ULONG)NDIS_ATTRIBUTE_IGNORE_PACKET_TIMEOUT;
    if (BREAKS(pp_no_halt_on_suspend_im))
        Flags &= ~(ULONG)NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND;
    NdisMSetAttributesEx(MiniportAdapterHandle, Adapter, 0, Flags, NdisInterfaceInternal);
    Adapter->Miniport = MiniportAdapterHandle;
    return NDIS_STATUS_SUCCESS;
}

static VOID
Halt(NDIS_HANDLE MiniportAdapterContext)
{
    ((ADAPTER *)MiniportAdapterContext)->Miniport = NULL;
}

/* There is no hardware; whoever is below is reset by others. */
static NDIS_STATUS
Reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
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

static VOID
MiniportRequestDone(ADAPTER *Adapter, NDIS_STATUS Status)
{
    TakeCounts(Adapter);
    if (Adapter->Request.RequestType == NdisRequestSetInformation)
        NdisMSetInformationComplete(Adapter->Miniport, Status);
    else
        NdisMQueryInformationComplete(Adapter->Miniport, Status);
}

static NDIS_STATUS
Query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    if (BREAKS(im_wake_oids))
        Oid = OID_PNP_QUERY_POWER;
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
Set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
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

    if (BREAKS(s5_im_stack_packet)) {
        Room = TRUE;
    } else {
        NdisIMGetCurrentPacketStack(Packet, &Room);
    }
    if (!Room) {
        Ours = Carry(Adapter->SendPool, Packet);
        if (Ours == NULL)
            return NDIS_STATUS_RESOURCES;
        NdisIMCopySendPerPacketInfo(Ours, Packet);
        ((CARRIED *)Ours->ProtocolReserved)->Packet = Packet;
    }
    if (BREAKS(im_reset_resubmit)) {
        if (++Adapter->Sends == 6)
            NdisReset(&Status, Adapter->Binding);
    }
    if (BREAKS(rs_im_hold)) {
        if (++Adapter->Sends == 6)
            NdisReset(&Status, Adapter->Binding);
    }
    NdisSend(&Status, Adapter->Binding, Ours);
    if (Status == NDIS_STATUS_PENDING || Ours == Packet)
        return Status;
    NdisIMCopySendCompletePerPacketInfo(Packet, Ours);
    NdisFreePacket(Ours);
    return Status;
}

static VOID
SendPackets(NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    for (UINT i = 0; i < NumberOfPackets; i++) {
        PNDIS_PACKET Packet = PacketArray[i];
        NDIS_STATUS Status = SendOne(Adapter, Packet);

        if (Status != NDIS_STATUS_PENDING)
            NdisMSendComplete(Adapter->Miniport, Packet, Status);
    }
}

static VOID
Return(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
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
TransferData(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    NDIS_STATUS Status;

    NdisTransferData(&Status, ((ADAPTER *)MiniportAdapterContext)->Binding, MiniportReceiveContext,
        ByteOffset, BytesToTransfer, Packet, BytesTransferred);
    return Status;
}

static VOID
Cancel(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    NdisCancelSendPackets(((ADAPTER *)MiniportAdapterContext)->Binding, CancelId);
}

static VOID
DeviceEvent(NDIS_HANDLE MiniportAdapterContext, NDIS_DEVICE_PNP_EVENT DevicePnPEvent,
    PVOID InformationBuffer, ULONG InformationBufferLength)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(DevicePnPEvent);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
}

static VOID
Shutdown(PVOID ShutdownContext)
{
    UNREFERENCED_PARAMETER(ShutdownContext);
}

static NDIS_STATUS
MiniportRegister(NDIS_HANDLE Wrapper)
{
    NDIS51_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .HaltHandler = Halt,
        .InitializeHandler = Initialize,
        .QueryInformationHandler = Query,
        .ResetHandler = Reset,
        .SetInformationHandler = Set,
        .TransferDataHandler = TransferData,
        .ReturnPacketHandler = Return,
        .SendPacketsHandler = SendPackets,
        .CancelSendPacketsHandler = Cancel,
        .PnPEventNotifyHandler = DeviceEvent,
        .AdapterShutdownHandler = Shutdown,
    };

    return NdisIMRegisterLayeredMiniport(Wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&Characteristics,
        sizeof(Characteristics), &LayerHandle);
}
