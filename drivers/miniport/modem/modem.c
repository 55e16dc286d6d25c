/* SPDX-License-Identifier: MIT */
/*
 * modem: a WAN miniport of NDIS 4 on a port: one leased link, with another modem at its far end.
 *
 *     port --ModemReceived--> ring --timer--> NdisMWanIndicateReceive(Complete)
 *     MiniportWanSend --> port, as long as the FIFO has room in this tick: answered at once
 *                     --> queue --timer--> port, NdisMWanSendComplete: answered NDIS_STATUS_PENDING
 *
 * The modems greet each other (tag 1). The first greeting is a line-up; a farewell, or silence, is a
 * line-down. Serialized by default; with the keyword Deserialized NDIS calls it concurrently. Lock
 * guards what the port and the timer share, and is never held across a call.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS40_MINIPORT      1

#include "../../protocol/operator/tagged.h"
#include <ndiswan.h>

#define TAG       'edoM'
#define TICK_MS   1u
#define FIFO      4u    /* frames that go out in one tick */
#define RING      64u   /* frames that have come in */
#define GREETING  8u    /* ticks between two greetings */
#define SILENCE   5000u /* ticks without one after which the link is down */
#define TAG_HELLO 1u
#define TAG_DATA  2u

typedef struct _MODEM {
    NDIS_HANDLE Handle;
    TAGGED Line;
    NDIS_MINIPORT_TIMER Timer;
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    ULONG First, Count;  /* of the ring */
    BOOLEAN Held;
    LIST_ENTRY Queue; /* of NDIS_WAN_PACKET.WanPacketQueue */
    ULONG Room;       /* of the FIFO */
    BOOLEAN Up;
    NDIS_HANDLE LinkContext; /* the protocol's */
    ULONG Tick, Silence;
    ULONG64 Sent, NotSent, Received, NotReceived;
    struct {
        USHORT Tag;
        ULONG Length;
        UCHAR Data[TAGGED_MAX];
    } Ring[RING];
} MODEM;

DRIVER_INITIALIZE DriverEntry;
static UNDIS_PORT_RECEIVED ModemReceived;

static const UCHAR Hello[46] = "hello", Bye[46] = "bye"; /* the shortest frame there is */

/* Lines */

static VOID
LineUp(MODEM *Modem)
{
    NDIS_MAC_LINE_UP Line = {
        .LinkSpeed = 1000000, /* 100 bit/s */
        .Quality = NdisWanErrorControl,
        .ConnectionWrapperID = Modem,
        .NdisLinkHandle = Modem,
    };

    /* The protocol may send before it returns. */
    NdisAcquireSpinLock(&Modem->Lock);
    Modem->Up = TRUE;
    NdisReleaseSpinLock(&Modem->Lock);
    NdisMIndicateStatus(Modem->Handle, NDIS_STATUS_WAN_LINE_UP, &Line, sizeof(Line));
    NdisMIndicateStatusComplete(Modem->Handle);
    NdisAcquireSpinLock(&Modem->Lock);
    Modem->LinkContext = Line.NdisLinkContext; /* NULL: nobody has taken it, the next time */
    Modem->Up = Line.NdisLinkContext != NULL;
    NdisReleaseSpinLock(&Modem->Lock);
}

/* The next packet of the queue, NULL when it is empty. */
static PNDIS_WAN_PACKET
TakePacket(MODEM *Modem, BOOLEAN EvenWithoutRoom)
{
    PNDIS_WAN_PACKET Packet = NULL;

    NdisAcquireSpinLock(&Modem->Lock);
    if (!IsListEmpty(&Modem->Queue) && (Modem->Room != 0 || EvenWithoutRoom))
        Packet = CONTAINING_RECORD(RemoveHeadList(&Modem->Queue), NDIS_WAN_PACKET, WanPacketQueue);
    NdisReleaseSpinLock(&Modem->Lock);
    return Packet;
}

static VOID
LineDown(MODEM *Modem)
{
    PNDIS_WAN_PACKET Packet;
    NDIS_MAC_LINE_DOWN Line;

    NdisAcquireSpinLock(&Modem->Lock);
    Line.NdisLinkContext = Modem->LinkContext;
    Modem->LinkContext = NULL;
    Modem->Up = FALSE;
    NdisReleaseSpinLock(&Modem->Lock);
    while ((Packet = TakePacket(Modem, TRUE)) != NULL) {
        Modem->NotSent++;
        NdisMWanSendComplete(Modem->Handle, Packet, NDIS_STATUS_FAILURE);
    }
    if (Line.NdisLinkContext == NULL)
        return;
    NdisMIndicateStatus(Modem->Handle, NDIS_STATUS_WAN_LINE_DOWN, &Line, sizeof(Line));
    NdisMIndicateStatusComplete(Modem->Handle);
}

/* Sends */

static BOOLEAN
Transmit(MODEM *Modem, PNDIS_WAN_PACKET Packet)
{
    BOOLEAN Sent = TaggedSend(&Modem->Line, TAG_DATA, Packet->CurrentBuffer, Packet->CurrentLength);

    NdisAcquireSpinLock(&Modem->Lock);
    Modem->Room -= Modem->Room != 0;
    Modem->Sent += Sent;
    NdisReleaseSpinLock(&Modem->Lock);
    return Sent;
}

/* The port is full: the packet goes first when it has room. */
static VOID
Wait(MODEM *Modem, PNDIS_WAN_PACKET Packet)
{
    NdisAcquireSpinLock(&Modem->Lock);
    Modem->Room = 0;
    InsertHeadList(&Modem->Queue, &Packet->WanPacketQueue);
    NdisReleaseSpinLock(&Modem->Lock);
}

static NDIS_STATUS
ModemWanSend(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisLinkHandle, PNDIS_WAN_PACKET Packet)
{
    MODEM *Modem = MiniportAdapterContext;
    BOOLEAN Now;

    if (Packet->CurrentLength > Modem->Line.Mtu)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisAcquireSpinLock(&Modem->Lock);
    if (!Modem->Up || NdisLinkHandle != Modem) {
        NdisReleaseSpinLock(&Modem->Lock);
        return NDIS_STATUS_FAILURE;
    }
    Now = Modem->Room != 0 && IsListEmpty(&Modem->Queue);
    if (!Now)
        InsertTailList(&Modem->Queue, &Packet->WanPacketQueue);
    NdisReleaseSpinLock(&Modem->Lock);
    if (!Now)
        return NDIS_STATUS_PENDING;
    if (Transmit(Modem, Packet))
        return NDIS_STATUS_SUCCESS;
    Wait(Modem, Packet);
    return NDIS_STATUS_PENDING;
}

/* The timer does the rest */

static VOID
SendQueue(MODEM *Modem)
{
    PNDIS_WAN_PACKET Packet;

    NdisAcquireSpinLock(&Modem->Lock);
    Modem->Room = FIFO;
    NdisReleaseSpinLock(&Modem->Lock);
    while ((Packet = TakePacket(Modem, FALSE)) != NULL) {
        if (Transmit(Modem, Packet))
            NdisMWanSendComplete(Modem->Handle, Packet, NDIS_STATUS_SUCCESS);
        else
            Wait(Modem, Packet);
    }
}

static VOID
Control(MODEM *Modem, const UCHAR *Data, ULONG Length)
{
    if (Length < sizeof(Hello))
        return;
    if (NdisEqualMemory(Data, Bye, sizeof(Bye))) {
        LineDown(Modem);
    } else if (NdisEqualMemory(Data, Hello, sizeof(Hello))) {
        Modem->Silence = 0;
        if (Modem->Up)
            return;
        /* Before any frame of this side: the far end takes none until it is greeted. */
        TaggedSend(&Modem->Line, TAG_HELLO, Hello, sizeof(Hello));
        LineUp(Modem);
    }
}

/* TRUE: the protocol has got a frame. */
static BOOLEAN
Data(MODEM *Modem, PUCHAR Frame, ULONG Length)
{
    NDIS_STATUS Status;

    if (Modem->LinkContext == NULL) {
        Modem->NotReceived++;
        return FALSE;
    }
    NdisMWanIndicateReceive(&Status, Modem->Handle, Modem->LinkContext, Frame, Length);
    if (Status == NDIS_STATUS_SUCCESS) {
        Modem->Received++;
        return TRUE;
    }
    /* Who had taken the link is gone: it is offered again. */
    Modem->NotReceived++;
    NdisAcquireSpinLock(&Modem->Lock);
    Modem->Up = FALSE;
    Modem->LinkContext = NULL;
    NdisReleaseSpinLock(&Modem->Lock);
    return FALSE;
}

static VOID
Drain(MODEM *Modem)
{
    BOOLEAN Told = FALSE, Release;
    ULONG Count, i;

    NdisAcquireSpinLock(&Modem->Lock);
    Count = Modem->Count;
    NdisReleaseSpinLock(&Modem->Lock);
    for (i = 0; i < Count; i++) {
        ULONG At = (Modem->First + i) % RING;

        if (Modem->Ring[At].Tag == TAG_HELLO)
            Control(Modem, Modem->Ring[At].Data, Modem->Ring[At].Length);
        else if (Data(Modem, Modem->Ring[At].Data, Modem->Ring[At].Length))
            Told = TRUE;
    }
    if (Told && Modem->LinkContext != NULL)
        NdisMWanIndicateReceiveComplete(Modem->Handle, Modem->LinkContext);
    NdisAcquireSpinLock(&Modem->Lock);
    Modem->First = (Modem->First + Count) % RING;
    Modem->Count -= Count;
    Release = Modem->Held && RING - Modem->Count >= UNDIS_PORT_BATCH;
    if (Release)
        Modem->Held = FALSE;
    NdisReleaseSpinLock(&Modem->Lock);
    if (Release)
        TaggedHold(&Modem->Line, FALSE);
}

static VOID
ModemTimer(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    MODEM *Modem = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    Drain(Modem);
    SendQueue(Modem);
    if (Modem->Tick++ % GREETING == 0)
        TaggedSend(&Modem->Line, TAG_HELLO, Hello, sizeof(Hello));
    if (Modem->Up && ++Modem->Silence > SILENCE)
        LineDown(Modem);
}

/* A batch always fits: with less room the port would have been held. */
static VOID
ModemReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    MODEM *Modem = Context;
    BOOLEAN Hold;
    ULONG i;

    NdisDprAcquireSpinLock(&Modem->Lock);
    for (i = 0; i < Count; i++) {
        ULONG At = (Modem->First + Modem->Count) % RING, Length;
        const UCHAR *Frame;

        if (Modem->Count == RING ||
            !TaggedRead(&Frames[i], &Modem->Ring[At].Tag, &Frame, &Length) || Length > TAGGED_MAX)
            continue;
        NdisMoveMemory(Modem->Ring[At].Data, Frame, Length);
        Modem->Ring[At].Length = Length;
        Modem->Count++;
    }
    Hold = !Modem->Held && RING - Modem->Count < UNDIS_PORT_BATCH;
    if (Hold)
        Modem->Held = TRUE;
    NdisDprReleaseSpinLock(&Modem->Lock);
    if (Hold)
        TaggedHold(&Modem->Line, TRUE);
}

/* Requests */

static const NDIS_OID Oids[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_HARDWARE_STATUS,
    OID_GEN_MAXIMUM_FRAME_SIZE, OID_GEN_MAXIMUM_TOTAL_SIZE, OID_GEN_LINK_SPEED, OID_GEN_MAC_OPTIONS,
    OID_WAN_PERMANENT_ADDRESS, OID_WAN_CURRENT_ADDRESS, OID_WAN_MEDIUM_SUBTYPE, OID_WAN_GET_INFO,
    OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR, OID_GEN_RCV_ERROR};

static const VOID *
Answer(MODEM *Modem, NDIS_OID Oid, NDIS_WAN_INFO *Info, ULONG *Value, ULONG *Size)
{
    static const UCHAR Address[6] = {0x02, 0x6D, 0x6F, 0x64, 0x65, 0x6D};

    *Size = sizeof(*Value);
    *Value = 0;
    switch (Oid) {
    case OID_GEN_SUPPORTED_LIST: *Size = sizeof(Oids); return Oids;
    case OID_WAN_PERMANENT_ADDRESS:
    case OID_WAN_CURRENT_ADDRESS: *Size = sizeof(Address); return Address;
    case OID_WAN_GET_INFO:
        NdisZeroMemory(Info, sizeof(*Info));
        Info->MaxFrameSize = Modem->Line.Mtu;
        Info->MaxTransmit = FIFO;
        Info->Endpoints = 1;
        Info->FramingBits = PPP_FRAMING;
        *Size = sizeof(*Info);
        return Info;
    case OID_GEN_MAXIMUM_FRAME_SIZE:
    case OID_GEN_MAXIMUM_TOTAL_SIZE: *Value = Modem->Line.Mtu; break;
    case OID_GEN_LINK_SPEED: *Value = 1000000; break;
    case OID_GEN_HARDWARE_STATUS: *Value = NdisHardwareStatusReady; break;
    case OID_WAN_MEDIUM_SUBTYPE: *Value = NdisWanMediumSerial; break;
    case OID_GEN_XMIT_OK: *Value = (ULONG)Modem->Sent; break;
    case OID_GEN_XMIT_ERROR: *Value = (ULONG)Modem->NotSent; break;
    case OID_GEN_RCV_OK: *Value = (ULONG)Modem->Received; break;
    case OID_GEN_RCV_ERROR: *Value = (ULONG)Modem->NotReceived; break;
    case OID_GEN_MAC_OPTIONS: break;
    default: return NULL;
    }
    return Value;
}

static NDIS_STATUS
ModemQueryInformation(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    NDIS_WAN_INFO Info;
    const VOID *Found;
    ULONG Value, Size;

    Found = Answer(MiniportAdapterContext, Oid, &Info, &Value, &Size);
    *BytesWritten = *BytesNeeded = 0;
    if (Found == NULL)
        return NDIS_STATUS_NOT_SUPPORTED;
    *BytesNeeded = Size;
    if (InformationBufferLength < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(InformationBuffer, Found, Size);
    *BytesWritten = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ModemSetInformation(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Oid);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
    *BytesRead = *BytesNeeded = 0;
    return NDIS_STATUS_NOT_SUPPORTED;
}

/* What it sends goes back at once; the line stays as it is. */
static NDIS_STATUS
ModemReset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    MODEM *Modem = MiniportAdapterContext;
    PNDIS_WAN_PACKET Packet;

    *AddressingReset = FALSE;
    while ((Packet = TakePacket(Modem, TRUE)) != NULL)
        NdisMWanSendComplete(Modem->Handle, Packet, NDIS_STATUS_REQUEST_ABORTED);
    return NDIS_STATUS_SUCCESS;
}

/* Come and go */

static BOOLEAN
IsDeserialized(NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_STRING Keyword = NDIS_STRING_CONST("Deserialized");
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_HANDLE Configuration;
    BOOLEAN Found = FALSE;
    NDIS_STATUS Status;

    NdisOpenConfiguration(&Status, &Configuration, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        return FALSE;
    NdisReadConfiguration(&Status, &Parameter, Configuration, &Keyword, NdisParameterInteger);
    if (Status == NDIS_STATUS_SUCCESS)
        Found = Parameter->ParameterData.IntegerData != 0;
    NdisCloseConfiguration(Configuration);
    return Found;
}

static VOID
FreeModem(MODEM *Modem)
{
    TaggedClose(&Modem->Line);
    NdisFreeSpinLock(&Modem->Lock);
    NdisFreeMemory(Modem, sizeof(*Modem), 0);
}

static NDIS_STATUS
ModemInitialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_STATUS Status;
    MODEM *Modem;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    while (i < MediumArraySize && MediumArray[i] != NdisMediumWan)
        i++;
    if (i == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    *SelectedMediumIndex = i;
    if (NdisAllocateMemoryWithTag((PVOID *)&Modem, sizeof(*Modem), TAG) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Modem, sizeof(*Modem));
    Modem->Handle = MiniportAdapterHandle;
    NdisAllocateSpinLock(&Modem->Lock);
    InitializeListHead(&Modem->Queue);
    NdisMSetAttributesEx(MiniportAdapterHandle, Modem, 0,
        IsDeserialized(WrapperConfigurationContext) ? NDIS_ATTRIBUTE_DESERIALIZE : 0,
        NdisInterfaceInternal);
    Status = TaggedFind(&Modem->Line, MiniportAdapterHandle);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = TaggedOpen(&Modem->Line, ModemReceived, Modem);
    if (Status != NDIS_STATUS_SUCCESS) {
        FreeModem(Modem);
        return Status;
    }
    NdisMInitializeTimer(&Modem->Timer, MiniportAdapterHandle, ModemTimer, Modem);
    NdisMSetPeriodicTimer(&Modem->Timer, TICK_MS);
    TaggedHold(&Modem->Line, FALSE);
    return NDIS_STATUS_SUCCESS;
}

static VOID
ModemHalt(NDIS_HANDLE MiniportAdapterContext)
{
    MODEM *Modem = MiniportAdapterContext;
    BOOLEAN Cancelled;

    NdisMCancelTimer(&Modem->Timer, &Cancelled);
    KeFlushQueuedDpcs(); /* nobody serializes the timer when the modem is deserialized */
    TaggedSend(&Modem->Line, TAG_HELLO, Bye, sizeof(Bye));
    FreeModem(Modem);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = 4,
        .MinorNdisVersion = 0,
        .HaltHandler = ModemHalt,
        .InitializeHandler = ModemInitialize,
        .QueryInformationHandler = ModemQueryInformation,
        .ResetHandler = ModemReset,
        .WanSendHandler = ModemWanSend,
        .SetInformationHandler = ModemSetInformation,
    };
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    if (Wrapper == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
