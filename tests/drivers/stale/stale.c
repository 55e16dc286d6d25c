/* SPDX-License-Identifier: MIT */
/* Uses what it has freed: the service stale.KIND writes to a freed KIND when it is unloaded, and
 * stale.KIND_read prints what it reads there (stale.KIND+ is as stale.KIND). When it is loaded it takes and gives back a hundred of
 * them and prints how often it got the one that it gave back last.
 */
#include <ndis.h>

#define TAG   'latS'
#define SIZE  200u
#define TIMES 100u

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

static struct {
    CHAR Kind[16];
    BOOLEAN Reads;
    NPAGED_LOOKASIDE_LIST List;
    NDIS_HANDLE Lists, Buffers, Descriptors, Packets;
    UCHAR Data[SIZE];
    PVOID Freed;
} Stale;

static PVOID
TakePool(VOID)
{
    return ExAllocatePoolWithTag(NonPagedPoolNx, SIZE, TAG);
}

static VOID
GivePool(PVOID Memory)
{
    ExFreePoolWithTag(Memory, TAG);
}

static PVOID
TakeEntry(VOID)
{
    return ExAllocateFromNPagedLookasideList(&Stale.List);
}

static VOID
GiveEntry(PVOID Memory)
{
    ExFreeToNPagedLookasideList(&Stale.List, Memory);
}

static PVOID
TakeNbl(VOID)
{
    return NdisAllocateNetBufferList(Stale.Lists, 0, 0);
}

static VOID
GiveNbl(PVOID Memory)
{
    NdisFreeNetBufferList(Memory);
}

static PVOID
TakeNb(VOID)
{
    return NdisAllocateNetBuffer(Stale.Buffers, NULL, 0, 0);
}

static VOID
GiveNb(PVOID Memory)
{
    NdisFreeNetBuffer(Memory);
}

static PVOID
TakeMdl(VOID)
{
    return IoAllocateMdl(Stale.Data, SIZE, FALSE, FALSE, NULL);
}

static VOID
GiveMdl(PVOID Memory)
{
    IoFreeMdl(Memory);
}

static PVOID
TakeBuffer(VOID)
{
    PNDIS_BUFFER Buffer;
    NDIS_STATUS Status;

    NdisAllocateBuffer(&Status, &Buffer, Stale.Descriptors, Stale.Data, SIZE);
    return Buffer;
}

static VOID
GiveBuffer(PVOID Memory)
{
    NdisFreeBuffer((PNDIS_BUFFER)Memory);
}

static PVOID
TakePacket(VOID)
{
    PNDIS_PACKET Packet;
    NDIS_STATUS Status;

    NdisAllocatePacket(&Status, &Packet, Stale.Packets);
    return Packet;
}

static VOID
GivePacket(PVOID Memory)
{
    NdisFreePacket(Memory);
}

static PVOID
TakeIrp(VOID)
{
    return IoAllocateIrp(2, FALSE);
}

static VOID
GiveIrp(PVOID Memory)
{
    IoFreeIrp(Memory);
}

static const struct {
    const CHAR *Name;
    PVOID (*Take)(VOID);
    VOID (*Give)(PVOID Memory);
    ULONG Offset; /* of what is used */
} Kinds[] = {
    {"pool", TakePool, GivePool, 64},
    {"entry", TakeEntry, GiveEntry, 64},
    {"nbl", TakeNbl, GiveNbl, FIELD_OFFSET(NET_BUFFER_LIST, Scratch)},
    {"nb", TakeNb, GiveNb, FIELD_OFFSET(NET_BUFFER, ProtocolReserved)},
    {"mdl", TakeMdl, GiveMdl, FIELD_OFFSET(MDL, MappedSystemVa)},
    {"buffer", TakeBuffer, GiveBuffer, FIELD_OFFSET(MDL, MappedSystemVa)},
    {"packet", TakePacket, GivePacket, FIELD_OFFSET(NDIS_PACKET, MiniportReserved)},
    {"irp", TakeIrp, GiveIrp, FIELD_OFFSET(IRP, UserBuffer)},
};

static BOOLEAN
IsCalled(const CHAR *Name)
{
    ULONG i = 0;

    while (Name[i] != 0 && Name[i] == Stale.Kind[i])
        i++;
    return Name[i] == Stale.Kind[i];
}

static ULONG
WhichKind(VOID)
{
    for (ULONG k = 0; k < RTL_NUMBER_OF(Kinds); k++)
        if (IsCalled(Kinds[k].Name))
            return k;
    return 0;
}

/* How often it got what it had given back last. */
static ULONG
GotAgain(ULONG Kind)
{
    PVOID Last = NULL, Memory;
    ULONG Again = 0;

    for (ULONG i = 0; i < TIMES; i++) {
        Memory = Kinds[Kind].Take();
        Again += Memory == Last;
        Last = Memory;
        Stale.Freed = (PUCHAR)Memory + Kinds[Kind].Offset;
        Kinds[Kind].Give(Memory);
    }
    return Again;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    volatile ULONG_PTR *Late = Stale.Freed;

    UNREFERENCED_PARAMETER(DriverObject);
    if (Stale.Reads)
        DbgPrint("it reads %Ix\n", *Late);
    else
        *Late = 0x5a;
    ExDeleteNPagedLookasideList(&Stale.List);
    NdisFreeNetBufferListPool(Stale.Lists);
    NdisFreeNetBufferPool(Stale.Buffers);
    NdisFreeBufferPool(Stale.Descriptors);
    NdisFreePacketPool(Stale.Packets);
}

static VOID
Name(PUNICODE_STRING RegistryPath)
{
    USHORT i, From = 0, n = 0;

    for (i = 0; i < RegistryPath->Length / sizeof(WCHAR); i++)
        if (RegistryPath->Buffer[i] == L'.')
            From = i + 1;
    for (i = From; i < RegistryPath->Length / sizeof(WCHAR) && n + 1u < sizeof(Stale.Kind); i++)
        if (RegistryPath->Buffer[i] == L'_' || RegistryPath->Buffer[i] == L'+')
            break;
        else
            Stale.Kind[n++] = (CHAR)RegistryPath->Buffer[i];
    Stale.Reads = i < RegistryPath->Length / sizeof(WCHAR) && RegistryPath->Buffer[i] == L'_';
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Lists = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG};
    NET_BUFFER_POOL_PARAMETERS Buffers = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1},
        .PoolTag = TAG};
    NDIS_STATUS Status;

    Name(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ExInitializeNPagedLookasideList(&Stale.List, NULL, NULL, 0, SIZE, TAG, 0);
    Stale.Lists = NdisAllocateNetBufferListPool(NULL, &Lists);
    Stale.Buffers = NdisAllocateNetBufferPool(NULL, &Buffers);
    NdisAllocateBufferPool(&Status, &Stale.Descriptors, 4);
    NdisAllocatePacketPool(&Status, &Stale.Packets, 4, 16);
    DbgPrint("it got the last one %u times\n", (unsigned)GotAgain(WhichKind()));
    return STATUS_SUCCESS;
}
