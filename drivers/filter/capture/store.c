/* SPDX-License-Identifier: MIT */
/* The store: records one behind the other in chunks. */
#include "capture.h"

STORE Store;

VOID
StoreInitialize(VOID)
{
    NdisZeroMemory(&Store, sizeof(Store));
    NdisAllocateSpinLock(&Store.Lock);
    KeInitializeEvent(&Store.News, SynchronizationEvent, FALSE);
    StoreLimit(64u * 1024u * 1024u);
}

VOID
StoreLimit(ULONG Bytes)
{
    NdisAcquireSpinLock(&Store.Lock);
    Store.MaximumChunks = Bytes / CHUNK_SIZE ? Bytes / CHUNK_SIZE : 1;
    NdisReleaseSpinLock(&Store.Lock);
}

VOID
StoreFree(VOID)
{
    while (Store.First != NULL) {
        CHUNK *Chunk = Store.First;

        Store.First = Chunk->Next;
        NdisFreeMemory(Chunk, 0, 0);
    }
    if (Store.Spare != NULL)
        NdisFreeMemory(Store.Spare, 0, 0);
    NdisFreeSpinLock(&Store.Lock);
}

/* A chunk with @Size bytes of room, NULL when there may be no more. Under the lock. */
static CHUNK *
Room(ULONG Size)
{
    CHUNK *Chunk = Store.Last;

    if (Chunk != NULL && CHUNK_SIZE - Chunk->Used >= Size)
        return Chunk;
    if (Size > CHUNK_SIZE || Store.Chunks == Store.MaximumChunks)
        return NULL;
    Chunk = Store.Spare;
    Store.Spare = NULL;
    if (Chunk == NULL)
        Chunk = NdisAllocateMemoryWithTagPriority(
            FilterDriverHandle, sizeof(*Chunk), TAG, NormalPoolPriority);
    if (Chunk == NULL)
        return NULL;
    Chunk->Next = NULL;
    Chunk->Used = Chunk->Read = 0;
    if (Store.Last != NULL)
        Store.Last->Next = Chunk;
    else
        Store.First = Chunk;
    Store.Last = Chunk;
    Store.Chunks++;
    return Chunk;
}

/* A record with room for @Length bytes, stamped; NULL when there is none. Under the lock. */
static PUNDIS_CAPTURE_RECORD
Put(UNDIS_CAPTURE_KIND Kind, ULONG Interface, ULONG Length)
{
    ULONG Size = (sizeof(UNDIS_CAPTURE_RECORD) + Length + 7) & ~7u;
    CHUNK *Chunk = Room(Size);
    PUNDIS_CAPTURE_RECORD Record;
    LARGE_INTEGER Now;

    if (Chunk == NULL)
        return NULL;
    Record = (PUNDIS_CAPTURE_RECORD)(Chunk->Data + Chunk->Used);
    Chunk->Used += Size;
    NdisZeroMemory(Record, sizeof(*Record));
    NdisGetCurrentSystemTime(&Now);
    Record->Size = Size;
    Record->Length = Length;
    Record->Kind = (USHORT)Kind;
    Record->Interface = Interface;
    Record->Time = (ULONGLONG)Now.QuadPart;
    if (!Store.Told) {
        Store.Told = TRUE;
        KeSetEvent(&Store.News, IO_NETWORK_INCREMENT, FALSE);
    }
    return Record;
}

/* What was lost is said before anything else is stored. Under the lock; FALSE: still no room. */
static BOOLEAN
AnnounceLost(VOID)
{
    PUNDIS_CAPTURE_RECORD Record;

    if (Store.Lost == 0)
        return TRUE;
    Record = Put(UndisCaptureLost, Store.LostInterface, 0);
    if (Record == NULL)
        return FALSE;
    Record->Count = Store.Lost;
    Store.Lost = 0;
    return TRUE;
}

ULONG
StoreInterface(PCUNICODE_STRING Name, NDIS_MEDIUM Medium)
{
    PUNDIS_CAPTURE_RECORD Record;
    ULONG Number;

    NdisAcquireSpinLock(&Store.Lock);
    Number = Store.Interfaces++;
    Record = Put(UndisCaptureInterface, Number, Name->Length);
    if (Record != NULL) {
        Record->Medium = Medium;
        NdisMoveMemory(Record->Data, Name->Buffer, Name->Length);
    }
    NdisReleaseSpinLock(&Store.Lock);
    return Number;
}

static VOID
Copy(PUCHAR To, PNET_BUFFER Nb)
{
    PMDL Mdl = NET_BUFFER_CURRENT_MDL(Nb);
    ULONG Offset = NET_BUFFER_CURRENT_MDL_OFFSET(Nb), Left = NET_BUFFER_DATA_LENGTH(Nb);

    for (; Mdl != NULL && Left != 0; Mdl = NDIS_MDL_LINKAGE(Mdl)) {
        PUCHAR From = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
        ULONG Size = MmGetMdlByteCount(Mdl) - Offset;

        Size = Size < Left ? Size : Left;
        if (From != NULL)
            NdisMoveMemory(To, From + Offset, Size);
        To += Size;
        Left -= Size;
        Offset = 0;
    }
}

VOID
StoreFrame(ULONG Interface, USHORT Direction, PNET_BUFFER Nb)
{
    PUNDIS_CAPTURE_RECORD Record = NULL;

    NdisAcquireSpinLock(&Store.Lock);
    if (AnnounceLost())
        Record = Put(UndisCaptureFrame, Interface, NET_BUFFER_DATA_LENGTH(Nb));
    if (Record != NULL) {
        Record->Direction = Direction;
        Copy(Record->Data, Nb);
    } else {
        Store.Lost++;
        Store.LostInterface = Interface;
    }
    NdisReleaseSpinLock(&Store.Lock);
}

/* The first chunk is read to its end. Under the lock. */
static VOID
Retire(CHUNK *Chunk)
{
    Store.First = Chunk->Next;
    if (Store.First == NULL)
        Store.Last = NULL;
    Store.Chunks--;
    if (Store.Spare == NULL)
        Store.Spare = Chunk;
    else
        NdisFreeMemory(Chunk, 0, 0);
}

NTSTATUS
StoreRead(PUCHAR Buffer, ULONG Size, ULONG_PTR *Done)
{
    NTSTATUS Status = STATUS_SUCCESS;

    *Done = 0;
    NdisAcquireSpinLock(&Store.Lock);
    while (Store.First != NULL) {
        CHUNK *Chunk = Store.First;
        PUNDIS_CAPTURE_RECORD Record = (PUNDIS_CAPTURE_RECORD)(Chunk->Data + Chunk->Read);

        if (Chunk->Read == Chunk->Used) {
            Retire(Chunk);
            continue;
        }
        if (Record->Size > Size - *Done) {
            if (*Done == 0)
                Status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        NdisMoveMemory(Buffer + *Done, Record, Record->Size);
        Chunk->Read += Record->Size;
        *Done += Record->Size;
    }
    if (*Done == 0 && Status == STATUS_SUCCESS && Store.Lost != 0 &&
        Size >= sizeof(UNDIS_CAPTURE_RECORD) && AnnounceLost()) {
        CHUNK *Chunk = Store.First;

        NdisMoveMemory(Buffer, Chunk->Data, Chunk->Used);
        *Done = Chunk->Used;
        Chunk->Read = Chunk->Used;
    }
    if (*Done == 0 && Status == STATUS_SUCCESS)
        Store.Told = FALSE;
    NdisReleaseSpinLock(&Store.Lock);
    return Status;
}
