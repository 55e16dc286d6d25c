/* SPDX-License-Identifier: MIT */
/*
 * phone5: phone as NDIS 5.1 has it, a connection-oriented miniport that is its own call manager.
 * It speaks the same language on the line, so phone, or operator over circuits, may be at the other
 * end, and its clients may be of either generation.
 *
 *     MiniportCoSendPackets --copied--> line          each completed by NdisMCoSendComplete
 *     line --copied--> packets --> NdisMCoIndicateReceivePacket, NdisMCoReceiveComplete
 *
 * The last free packets are only shown, with NDIS_STATUS_RESOURCES; every other one comes back by
 * MiniportReturnPacket.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include "../../protocol/operator/calls.h"
#include "../../protocol/operator/tagged.h"

#define TAG     '5ohP'
#define PACKETS 64u
#define RESERVE 8u

typedef struct _ADAPTER {
    CALLS Calls; /* first: clients' families begin from it */
    NDIS_HANDLE Handle, PacketPool, BufferPool;
    TAGGED Line;
    PUCHAR Memory;       /* TAGGED_MAX bytes for each packet */
    NDIS_SPIN_LOCK Lock; /* guards what follows, and the lines of calls */
    PNDIS_PACKET Free;   /* through MiniportReserved, as the call of one that is out */
    ULONG FreeCount;
    ULONG Sent, NotSent, Received, NotReceived;
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static UNDIS_PORT_RECEIVED Phone5Received;

static PVOID *
LinkOf(PNDIS_PACKET Packet)
{
    return (PVOID *)Packet->MiniportReserved;
}

/* What calls.h wants */

static VOID
CallsSend(CALLS *Calls, const MESSAGE *Message)
{
    TaggedSend(&((ADAPTER *)Calls->Driver)->Line, 0, Message, sizeof(*Message));
}

static NDIS_STATUS
CallsCreateVc(CALLS *Calls, NDIS_HANDLE Family, CALL *Call)
{
    return NdisMCmCreateVc(((ADAPTER *)Calls->Driver)->Handle, Family, Call, &Call->Vc);
}

static VOID
CallsDeleteVc(CALL *Call)
{
    NdisMCmDeleteVc(Call->Vc);
}

static NDIS_STATUS
CallsRaise(CALL *Call)
{
    ADAPTER *Adapter = Call->Calls->Driver;

    NdisAcquireSpinLock(&Adapter->Lock);
    Call->Up = TRUE;
    NdisReleaseSpinLock(&Adapter->Lock);
    return NdisMCmActivateVc(Call->Vc, &Call->Dial.Call);
}

/* Done when NDIS has nothing of it any more: then Put goes on. */
static NDIS_STATUS
CallsLower(CALL *Call)
{
    ADAPTER *Adapter = Call->Calls->Driver;
    BOOLEAN Lowering;

    NdisAcquireSpinLock(&Adapter->Lock);
    Call->Up = FALSE;
    Lowering = Call->Lowering = Call->Indicated != 0;
    NdisReleaseSpinLock(&Adapter->Lock);
    return Lowering ? NDIS_STATUS_PENDING : NdisMCmDeactivateVc(Call->Vc);
}

/* Data */

static BOOLEAN
SendOne(ADAPTER *Adapter, USHORT Tag, PNDIS_PACKET Packet)
{
    TAGGED *Line = &Adapter->Line;
    PUCHAR To = Line->Frame + TAGGED_HEADER;
    PNDIS_BUFFER Buffer;
    BOOLEAN Sent;
    UINT Length;

    NdisQueryPacket(Packet, NULL, NULL, &Buffer, &Length);
    if (Length > Line->Mtu || Length == 0)
        return FALSE;
    NdisAcquireSpinLock(&Line->Lock);
    while (Buffer != NULL) {
        PVOID Data;
        UINT Size;

        NdisQueryBufferSafe(Buffer, &Data, &Size, NormalPagePriority);
        if (Data == NULL)
            break;
        NdisMoveMemory(To, Data, Size);
        To += Size;
        NdisGetNextBuffer(Buffer, &Buffer);
    }
    Sent = Buffer == NULL && TaggedTransmit(Line, Tag, Length);
    NdisReleaseSpinLock(&Line->Lock);
    return Sent;
}

static VOID
Phone5SendPackets(NDIS_HANDLE MiniportVcContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    CALL *Call = MiniportVcContext;
    ADAPTER *Adapter = Call->Calls->Driver;
    NDIS_HANDLE Vc = Call->Vc; /* with the last packet back the call may be closed */
    USHORT Tag = (USHORT)Call->Out;
    UINT i;

    for (i = 0; i < NumberOfPackets; i++) {
        BOOLEAN Sent = SendOne(Adapter, Tag, PacketArray[i]);

        NdisAcquireSpinLock(&Adapter->Lock);
        Adapter->Sent += Sent;
        Adapter->NotSent += !Sent;
        NdisReleaseSpinLock(&Adapter->Lock);
        NdisMCoSendComplete(Sent ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES, Vc, PacketArray[i]);
    }
}

/* Under the lock, but for the start. */
static VOID
AddFree(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    *LinkOf(Packet) = Adapter->Free;
    Adapter->Free = Packet;
    Adapter->FreeCount++;
}

/* A packet for the call that listens on @Tag; *@Status as NDIS is to have it. */
static PNDIS_PACKET
Take(ADAPTER *Adapter, USHORT Tag, NDIS_STATUS *Status)
{
    PNDIS_PACKET Packet = NULL;
    CALL *Found = NULL;
    PLIST_ENTRY Entry;

    NdisDprAcquireSpinLock(&Adapter->Calls.Lock);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (Entry = Adapter->Calls.Calls.Flink; Entry != &Adapter->Calls.Calls; Entry = Entry->Flink) {
        CALL *Call = CONTAINING_RECORD(Entry, CALL, Link);

        if (Call->Up && Call->In == Tag)
            Found = Call;
    }
    if (Found != NULL && Adapter->Free != NULL) {
        Packet = Adapter->Free;
        Adapter->Free = *LinkOf(Packet);
        *Status = --Adapter->FreeCount < RESERVE ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS;
        *LinkOf(Packet) = Found;
        Found->Indicated++;
        Adapter->Received++;
    } else {
        Adapter->NotReceived++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisDprReleaseSpinLock(&Adapter->Calls.Lock);
    return Packet;
}

/* MiniportReturnPacket */
static VOID
Put(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    CALL *Call = *LinkOf(Packet);
    BOOLEAN Lowered;

    NdisAcquireSpinLock(&Adapter->Lock);
    AddFree(Adapter, Packet);
    Lowered = --Call->Indicated == 0 && Call->Lowering;
    if (Lowered)
        Call->Lowering = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Lowered) {
        NdisMCmDeactivateVc(Call->Vc);
        CallLowered(Call);
    }
}

static VOID
Fill(PNDIS_PACKET Packet, const UCHAR *From, ULONG Size)
{
    PNDIS_BUFFER Buffer;
    UINT Length;
    PVOID Data;

    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    NdisAdjustBufferLength(Buffer, Size);
    NdisRecalculatePacketCounts(Packet);
    NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
    NdisMoveMemory(Data, From, Size);
}

static VOID
Phone5Received(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Indicated = FALSE;
    ULONG i;

    for (i = 0; i < Count; i++) {
        PNDIS_PACKET Packet;
        const UCHAR *Data;
        NDIS_STATUS Status;
        ULONG Length;
        USHORT Tag;

        if (!TaggedRead(&Frames[i], &Tag, &Data, &Length) || Length == 0)
            continue;
        if (Tag == 0) {
            CallsReceive(&Adapter->Calls, Data, Length);
            continue;
        }
        Packet = Take(Adapter, Tag, &Status);
        if (Packet == NULL)
            continue;
        Fill(Packet, Data, Length);
        NDIS_SET_PACKET_STATUS(Packet, Status);
        NdisMCoIndicateReceivePacket(((CALL *)*LinkOf(Packet))->Vc, &Packet, 1);
        Indicated = TRUE;
        if (Status == NDIS_STATUS_RESOURCES)
            Put(Adapter, Packet);
    }
    if (Indicated)
        NdisMCoReceiveComplete(Adapter->Handle);
}

/* Requests */

static NDIS_STATUS
Answer(PNDIS_REQUEST Request, const VOID *Data, UINT Size)
{
    Request->DATA.QUERY_INFORMATION.BytesNeeded = Size;
    if (Request->DATA.QUERY_INFORMATION.InformationBufferLength < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(Request->DATA.QUERY_INFORMATION.InformationBuffer, Data, Size);
    Request->DATA.QUERY_INFORMATION.BytesWritten = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Phone5CoRequest(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_REQUEST NdisRequest)
{
    static const NDIS_OID Oids[] = {OID_GEN_CO_SUPPORTED_LIST, OID_GEN_CO_LINK_SPEED,
        OID_GEN_CO_MEDIA_CONNECT_STATUS, OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR,
        OID_GEN_RCV_ERROR};
    static const NDIS_CO_LINK_SPEED Speed = {1000000, 1000000}; /* 100 Mbit/s */
    ADAPTER *Adapter = MiniportAdapterContext;
    ULONG Value = NdisMediaStateConnected;

    UNREFERENCED_PARAMETER(MiniportVcContext);
    if (NdisRequest->RequestType == NdisRequestSetInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    switch (NdisRequest->DATA.QUERY_INFORMATION.Oid) {
    case OID_GEN_CO_SUPPORTED_LIST: return Answer(NdisRequest, Oids, sizeof(Oids));
    case OID_GEN_CO_LINK_SPEED: return Answer(NdisRequest, &Speed, sizeof(Speed));
    case OID_GEN_CO_MEDIA_CONNECT_STATUS: break;
    case OID_GEN_XMIT_OK: Value = Adapter->Sent; break;
    case OID_GEN_XMIT_ERROR: Value = Adapter->NotSent; break;
    case OID_GEN_RCV_OK: Value = Adapter->Received; break;
    case OID_GEN_RCV_ERROR: Value = Adapter->NotReceived; break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    return Answer(NdisRequest, &Value, sizeof(Value));
}

/* It has nothing to ask for. */
static NDIS_STATUS
Phone5Request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
Phone5RequestComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(NdisRequest);
}

/* Come and go */

static NDIS_STATUS
Offer(ADAPTER *Adapter)
{
    CO_ADDRESS_FAMILY Family = {CO_ADDRESS_FAMILY_PPP, 1, 0};
    NDIS_CALL_MANAGER_CHARACTERISTICS Handlers = {
        .MajorVersion = 5,
        .CmCreateVcHandler = CallsVcCreated,
        .CmDeleteVcHandler = CallsVcDeleted,
        .CmOpenAfHandler = CallsOpenAf,
        .CmCloseAfHandler = CallsCloseAf,
        .CmRegisterSapHandler = CallsRegisterSap,
        .CmDeregisterSapHandler = CallsDeregisterSap,
        .CmMakeCallHandler = CallsMakeCall,
        .CmCloseCallHandler = CallsCloseCall,
        .CmIncomingCallCompleteHandler = CallsIncomingCallComplete,
        .CmActivateVcCompleteHandler = CallsActivateComplete,
        .CmDeactivateVcCompleteHandler = CallsDeactivateComplete,
        .CmRequestHandler = Phone5Request,
        .CmRequestCompleteHandler = Phone5RequestComplete,
    };

    return NdisMCmRegisterAddressFamily(Adapter->Handle, &Family, &Handlers, sizeof(Handlers));
}

static NDIS_STATUS
MakePacket(ADAPTER *Adapter, PUCHAR Memory)
{
    NDIS_STATUS Status;
    PNDIS_PACKET Packet;
    PNDIS_BUFFER Buffer;

    NdisAllocatePacket(&Status, &Packet, Adapter->PacketPool);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisAllocateBuffer(&Status, &Buffer, Adapter->BufferPool, Memory, TAGGED_MAX);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFreePacket(Packet);
        return Status;
    }
    NdisChainBufferAtFront(Packet, Buffer);
    AddFree(Adapter, Packet);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
MakePackets(ADAPTER *Adapter)
{
    NDIS_STATUS Status;
    ULONG i;

    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter->Memory, PACKETS * TAGGED_MAX, TAG);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocatePacketPool(&Status, &Adapter->PacketPool, PACKETS, 0);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&Status, &Adapter->BufferPool, PACKETS);
    for (i = 0; i < PACKETS && Status == NDIS_STATUS_SUCCESS; i++)
        Status = MakePacket(Adapter, Adapter->Memory + i * TAGGED_MAX);
    return Status;
}

static VOID
FreePackets(ADAPTER *Adapter)
{
    PNDIS_BUFFER Buffer;

    while (Adapter->Free != NULL) {
        PNDIS_PACKET Packet = Adapter->Free;

        Adapter->Free = *LinkOf(Packet);
        NdisUnchainBufferAtFront(Packet, &Buffer);
        NdisFreeBuffer(Buffer);
        NdisFreePacket(Packet);
    }
    if (Adapter->BufferPool != NULL)
        NdisFreeBufferPool(Adapter->BufferPool);
    if (Adapter->PacketPool != NULL)
        NdisFreePacketPool(Adapter->PacketPool);
    if (Adapter->Memory != NULL)
        NdisFreeMemory(Adapter->Memory, 0, 0);
}

/* MiniportHalt too: NDIS has taken every client away, and with it families and calls. */
static VOID
Phone5Halt(NDIS_HANDLE MiniportAdapterContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    TaggedClose(&Adapter->Line);
    FreePackets(Adapter);
    CallsFree(&Adapter->Calls);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
Start(ADAPTER *Adapter)
{
    NDIS_STATUS Status = TaggedFind(&Adapter->Line, Adapter->Handle);

    if (Status == NDIS_STATUS_SUCCESS)
        Status = MakePackets(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = TaggedOpen(&Adapter->Line, Phone5Received, Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = Offer(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        TaggedHold(&Adapter->Line, FALSE);
    return Status;
}

static NDIS_STATUS
Phone5Initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    ADAPTER *Adapter;
    NDIS_STATUS Status;
    UINT i;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    for (i = 0; i < MediumArraySize && MediumArray[i] != NdisMediumCoWan; i++)
        ;
    if (i == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *SelectedMediumIndex = i;
    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = MiniportAdapterHandle;
    NdisAllocateSpinLock(&Adapter->Lock);
    CallsInitialize(&Adapter->Calls, Adapter);
    NdisMSetAttributesEx(
        MiniportAdapterHandle, Adapter, 0, NDIS_ATTRIBUTE_DESERIALIZE, NdisInterfaceInternal);
    Status = Start(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        Phone5Halt(Adapter);
    return Status;
}

/* There is nothing to be reset. */
static NDIS_STATUS
Phone5Reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_NOT_RESETTABLE;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics;
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    if (Wrapper == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    NdisZeroMemory(&Characteristics, sizeof(Characteristics));
    Characteristics.MajorNdisVersion = 5;
    Characteristics.MinorNdisVersion = 1;
    Characteristics.InitializeHandler = Phone5Initialize;
    Characteristics.HaltHandler = Phone5Halt;
    Characteristics.ResetHandler = Phone5Reset;
    Characteristics.ReturnPacketHandler = Put;
    Characteristics.CoSendPacketsHandler = Phone5SendPackets;
    Characteristics.CoRequestHandler = Phone5CoRequest;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
