/* SPDX-License-Identifier: MIT */
/* The media: how their headers differ from the port's, and by which call a frame is indicated. */
#include "looknic.h"

static const UCHAR Snap[SNAP_SIZE] = {0xAA, 0xAA, 0x03, 0, 0, 0};

static VOID
EthIndicate(ADAPTER *Adapter, UINT Lookahead)
{
    FRAME *Frame = &Adapter->Shown;

    NdisMEthIndicateReceive(Adapter->Nic.Handle, Adapter, Frame->Data, Adapter->Medium->HeaderSize,
        Frame->Data + Adapter->Medium->HeaderSize, Lookahead,
        Frame->Length - Adapter->Medium->HeaderSize);
}

static VOID
EthIndicateEnd(ADAPTER *Adapter)
{
    NdisMEthIndicateReceiveComplete(Adapter->Nic.Handle);
}

static VOID
TrIndicate(ADAPTER *Adapter, UINT Lookahead)
{
    FRAME *Frame = &Adapter->Shown;

    NdisMTrIndicateReceive(Adapter->Nic.Handle, Adapter, Frame->Data, Adapter->Medium->HeaderSize,
        Frame->Data + Adapter->Medium->HeaderSize, Lookahead,
        Frame->Length - Adapter->Medium->HeaderSize);
}

static VOID
TrIndicateEnd(ADAPTER *Adapter)
{
    NdisMTrIndicateReceiveComplete(Adapter->Nic.Handle);
}

static VOID
FddiIndicate(ADAPTER *Adapter, UINT Lookahead)
{
    FRAME *Frame = &Adapter->Shown;

    NdisMFddiIndicateReceive(Adapter->Nic.Handle, Adapter, Frame->Data, Adapter->Medium->HeaderSize,
        Frame->Data + Adapter->Medium->HeaderSize, Lookahead,
        Frame->Length - Adapter->Medium->HeaderSize);
}

static VOID
FddiIndicateEnd(ADAPTER *Adapter)
{
    NdisMFddiIndicateReceiveComplete(Adapter->Nic.Handle);
}

const MEDIUM Media[3] = {
    {NdisMedium802_3, NIC5_ETHERNET, 0, {0, 0}, EthIndicate, EthIndicateEnd},
    {NdisMedium802_5, 14, 2, {0x10, 0x40}, TrIndicate, TrIndicateEnd},
    {NdisMediumFddi, 13, 1, {0x57, 0}, FddiIndicate, FddiIndicateEnd},
};

BOOLEAN
MediumFromPort(const MEDIUM *Medium, const FRAME *From, FRAME *To)
{
    UINT Addresses = 2 * NIC5_ADDRESS_SIZE;
    PUCHAR At = To->Data;

    To->Length = From->Length;
    if (Medium->AddressAt == 0) {
        NdisMoveMemory(At, From->Data, From->Length);
        return TRUE;
    }
    if (From->Length + Medium->AddressAt + SNAP_SIZE > FRAME_ROOM)
        return FALSE;
    NdisMoveMemory(At, Medium->Control, Medium->AddressAt);
    NdisMoveMemory(At + Medium->AddressAt, From->Data, Addresses);
    At += Medium->AddressAt + Addresses;
    NdisMoveMemory(At, Snap, SNAP_SIZE);
    NdisMoveMemory(At + SNAP_SIZE, From->Data + Addresses, From->Length - Addresses);
    To->Length += Medium->AddressAt + SNAP_SIZE;
    return TRUE;
}

BOOLEAN
MediumToPort(const MEDIUM *Medium, FRAME *Frame)
{
    UINT Addresses = 2 * NIC5_ADDRESS_SIZE, Head = Medium->AddressAt + Addresses;

    if (Medium->AddressAt == 0)
        return Frame->Length >= NIC5_ETHERNET;
    if (Frame->Length < Head + SNAP_SIZE + sizeof(USHORT) ||
        !NdisEqualMemory(Frame->Data + Head, Snap, SNAP_SIZE))
        return FALSE;
    RtlMoveMemory(Frame->Data, Frame->Data + Medium->AddressAt, Addresses);
    RtlMoveMemory(
        Frame->Data + Addresses, Frame->Data + Head + SNAP_SIZE, Frame->Length - Head - SNAP_SIZE);
    Frame->Length -= Medium->AddressAt + SNAP_SIZE;
    return TRUE;
}
