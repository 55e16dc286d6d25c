/* SPDX-License-Identifier: MIT */
/* A port as a line for several conversations: each frame carries a tag.
 *
 *     | everybody | sender | 88B6 | tag | payload ...
 *       6           6        2      2
 *
 * What the port cannot take now is lost, as on any line; a frame is copied once, under the lock.
 */
#pragma once

#include <ndis.h>
#include <undis/port.h>

#define TAGGED_HEADER 16u
#define TAGGED_MAX    1514u

typedef struct _TAGGED {
    UNDIS_PORT_INTERFACE Port;
    BOOLEAN HasPort, Open;
    ULONG Mtu;           /* payload */
    NDIS_SPIN_LOCK Lock; /* guards what follows, and Transmit */
    PMDL Mdl;
    UCHAR Frame[TAGGED_MAX];
} TAGGED;

/* The port below the adapter. */
static inline NDIS_STATUS
TaggedFind(TAGGED *Line, NDIS_HANDLE Adapter)
{
    static const UCHAR Header[] = {
        255, 255, 255, 255, 255, 255, 0x02, 0x74, 0x61, 0x67, 0x67, 0x01, 0x88, 0xB6};
    UNDIS_PORT_ATTRIBUTES Attributes;
    PDEVICE_OBJECT Pdo;

    NdisAllocateSpinLock(&Line->Lock);
    NdisMGetDeviceProperty(Adapter, &Pdo, NULL, NULL, NULL, NULL);
    if (Pdo == NULL || !NT_SUCCESS(UndisPortQueryInterface(Pdo, &Line->Port)))
        return NDIS_STATUS_ADAPTER_NOT_FOUND;
    Line->HasPort = TRUE;
    Line->Port.QueryAttributes(Line->Port.Context, &Attributes);
    if (!Attributes.Ethernet)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    Line->Mtu = TAGGED_MAX - TAGGED_HEADER;
    if (Attributes.Mtu + 14 < TAGGED_MAX)
        Line->Mtu = Attributes.Mtu + 14 - TAGGED_HEADER;
    NdisMoveMemory(Line->Frame, Header, sizeof(Header));
    if (Attributes.HasAddress)
        NdisMoveMemory(Line->Frame + 6, Attributes.Address, 6);
    Line->Mdl = IoAllocateMdl(Line->Frame, sizeof(Line->Frame), FALSE, FALSE, NULL);
    if (Line->Mdl == NULL)
        return NDIS_STATUS_RESOURCES;
    MmBuildMdlForNonPagedPool(Line->Mdl);
    return NDIS_STATUS_SUCCESS;
}

/* Opened held: nothing comes in before TaggedHold(FALSE). */
static inline NDIS_STATUS
TaggedOpen(TAGGED *Line, UNDIS_PORT_RECEIVED *Received, PVOID Context)
{
    Line->Port.Hold(Line->Port.Context, TRUE);
    if (!NT_SUCCESS(Line->Port.Open(Line->Port.Context, Received, NULL, NULL, Context)))
        return NDIS_STATUS_OPEN_FAILED;
    Line->Open = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static inline VOID
TaggedHold(TAGGED *Line, BOOLEAN Held)
{
    Line->Port.Hold(Line->Port.Context, Held);
}

static inline VOID
TaggedClose(TAGGED *Line)
{
    if (Line->Open)
        Line->Port.Close(Line->Port.Context);
    if (Line->HasPort)
        Line->Port.InterfaceDereference(Line->Port.Context);
    if (Line->Mdl != NULL)
        IoFreeMdl(Line->Mdl);
    NdisFreeSpinLock(&Line->Lock);
}

/* Under the lock: the payload lies in Frame already. */
static inline BOOLEAN
TaggedTransmit(TAGGED *Line, USHORT Tag, ULONG Length)
{
    UNDIS_PORT_TRANSMIT Frame = {Line->Mdl, 0, TAGGED_HEADER + Length};

    Line->Frame[14] = (UCHAR)(Tag >> 8);
    Line->Frame[15] = (UCHAR)Tag;
    return Line->Port.Transmit(Line->Port.Context, &Frame, 1) == 1;
}

static inline BOOLEAN
TaggedSend(TAGGED *Line, USHORT Tag, const VOID *Data, ULONG Length)
{
    BOOLEAN Sent = FALSE;

    if (Length > Line->Mtu)
        return FALSE;
    NdisAcquireSpinLock(&Line->Lock);
    NdisMoveMemory(Line->Frame + TAGGED_HEADER, Data, Length);
    Sent = TaggedTransmit(Line, Tag, Length);
    NdisReleaseSpinLock(&Line->Lock);
    return Sent;
}

/* FALSE: no frame of such a line. */
static inline BOOLEAN
TaggedRead(const UNDIS_PORT_RECEIVE *Frame, USHORT *Tag, const UCHAR **Data, ULONG *Length)
{
    if (Frame->Length < TAGGED_HEADER || Frame->Data[12] != 0x88 || Frame->Data[13] != 0xB6)
        return FALSE;
    *Tag = (USHORT)(Frame->Data[14] << 8 | Frame->Data[15]);
    *Data = Frame->Data + TAGGED_HEADER;
    *Length = Frame->Length - TAGGED_HEADER;
    return TRUE;
}
