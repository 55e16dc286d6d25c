/* SPDX-License-Identifier: MIT */
/* Reading the data of NET_BUFFERs: one contiguous piece, a copy into another one, and how many
 * pieces of memory it takes. The caller owns the NET_BUFFERs.
 */
#include "ndis/packet/part.h"
#include <string.h>

/* A place in an MDL chain. */
struct place {
    PMDL mdl;
    ULONG offset;
};

/* Moves on over @bytes; mdl is NULL behind the end. Stands on a byte otherwise. */
static void
place_move(struct place *p, ULONG bytes)
{
    SIZE_T offset = (SIZE_T)p->offset + bytes;

    while (p->mdl && offset >= p->mdl->ByteCount) {
        offset -= p->mdl->ByteCount;
        p->mdl = p->mdl->Next;
    }
    p->offset = (ULONG)offset;
}

static char *
place_address(const struct place *p)
{
    char *start = MmGetSystemAddressForMdlSafe(p->mdl, LowPagePriority | MdlMappingNoExecute);

    return start ? start + p->offset : NULL;
}

static ULONG
place_left(const struct place *p)
{
    return p->mdl->ByteCount - p->offset;
}

/* Copies up to @bytes to @to; answers how many, less when an MDL cannot be mapped. */
static ULONG
gather(struct place from, char *to, ULONG bytes)
{
    ULONG done = 0;

    while (done < bytes && from.mdl) {
        ULONG here = place_left(&from) < bytes - done ? place_left(&from) : bytes - done;
        char *address = place_address(&from);

        if (!address)
            break;
        memcpy(to + done, address, here);
        done += here;
        place_move(&from, here);
    }
    return done;
}

/*
 * NdisGetDataBuffer - the address of the first bytes of data in one piece: where they lie, or
 *     @Storage with a copy when they lie in several pieces or not aligned as asked
 *
 * @NetBuffer:     one.
 * @BytesNeeded:   bytes, not 0.
 * @Storage:       that many bytes, or NULL.
 * @AlignMultiple: a power of two, 1 for any address.
 * @AlignOffset:   bytes behind a multiple.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the data stays whose it is.
 * Errors:    NULL when there are fewer bytes, or they need @Storage and it is NULL.
 * Source:    NF:nblapi.NdisGetDataBuffer
 */
PVOID
NdisGetDataBuffer(
    PNET_BUFFER NetBuffer, ULONG BytesNeeded, PVOID Storage, ULONG AlignMultiple, ULONG AlignOffset)
{
    struct place p = {NetBuffer->CurrentMdl, NetBuffer->CurrentMdlOffset};
    char *address;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (NetBuffer->DataLength < BytesNeeded)
        return NULL;
    place_move(&p, 0);
    if (!p.mdl)
        return NULL;
    if (place_left(&p) >= BytesNeeded) {
        address = place_address(&p);
        if (!address || AlignMultiple <= 1 ||
            (((ULONG_PTR)address - AlignOffset) & (AlignMultiple - 1)) == 0)
            return address;
    }
    if (!Storage || gather(p, Storage, BytesNeeded) < BytesNeeded)
        return NULL;
    return Storage;
}

/*
 * NdisCopyFromNetBufferToNetBuffer - copies data into the MDLs of another NET_BUFFER, whose
 *     lengths and offsets stay as they are; ends where the source's data or the destination's
 *     memory ends
 *
 * @Destination:       one; CurrentMdl and CurrentMdlOffset are right.
 * @DestinationOffset: bytes from there.
 * @BytesToCopy:       bytes.
 * @Source:            another one.
 * @SourceOffset:      bytes from the start of its data.
 * @BytesCopied:       how many were copied.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_RESOURCES when an MDL cannot be mapped.
 * Source:    NF:nblapi.NdisCopyFromNetBufferToNetBuffer
 */
NDIS_STATUS
NdisCopyFromNetBufferToNetBuffer(PNET_BUFFER Destination, ULONG DestinationOffset,
    ULONG BytesToCopy, PNET_BUFFER Source, ULONG SourceOffset, PULONG BytesCopied)
{
    struct place from = {Source->CurrentMdl, Source->CurrentMdlOffset};
    struct place to = {Destination->CurrentMdl, Destination->CurrentMdlOffset};
    ULONG left = Source->DataLength > SourceOffset ? Source->DataLength - SourceOffset : 0;
    ULONG done = 0;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (left > BytesToCopy)
        left = BytesToCopy;
    place_move(&from, SourceOffset);
    place_move(&to, DestinationOffset);
    *BytesCopied = 0;
    while (done < left && from.mdl && to.mdl) {
        ULONG here = place_left(&to) < left - done ? place_left(&to) : left - done;
        char *address = place_address(&to);
        ULONG copied = address ? gather(from, address, here) : 0;

        done += copied;
        *BytesCopied = done;
        if (copied < here)
            return NDIS_STATUS_RESOURCES;
        place_move(&from, here);
        place_move(&to, here);
    }
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisQueryNetBufferPhysicalCount - the pages that the data touches: an upper limit of the pieces
 *     of physical memory it lies in
 *
 * @NetBuffer: one.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisQueryNetBufferPhysicalCount
 */
ULONG
NdisQueryNetBufferPhysicalCount(PNET_BUFFER NetBuffer)
{
    struct place p = {NetBuffer->CurrentMdl, NetBuffer->CurrentMdlOffset};
    ULONG left = NetBuffer->DataLength, count = 0;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    place_move(&p, 0);
    while (left && p.mdl) {
        ULONG here = place_left(&p) < left ? place_left(&p) : left;
        char *start = (char *)MmGetMdlVirtualAddress(p.mdl) + p.offset;

        count += (ULONG)ADDRESS_AND_SIZE_TO_SPAN_PAGES(start, here);
        left -= here;
        place_move(&p, here);
    }
    return count;
}
