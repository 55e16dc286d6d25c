/* SPDX-License-Identifier: MIT */
/* MDLs of three kinds: those of NdisAllocateMdl, over a driver's buffer; parts, over a piece of
 * another MDL's buffer, pooled, for clones and fragments; headers, with bytes of their own, for
 * retreats. Who took one puts it.
 */
#include "ndis/packet/part.h"

#define PART_PAGES 17 /* 64 KiB from anywhere in a page */
#define PART_SIZE  (sizeof(MDL) + PART_PAGES * sizeof(PFN_NUMBER))
#define HEADER_TAG 'rdhN'

/* The MDL's room before the bytes of a header. */
static size_t
header_room(ULONG size)
{
    return (sizeof(MDL) + (size / PAGE_SIZE + 2) * sizeof(PFN_NUMBER) + 63) & ~(size_t)63;
}

PMDL
header_take(ULONG size)
{
    size_t room = header_room(size);
    PMDL mdl;

    if (size > POOL_DATA_MAX)
        return NULL;
    mdl = object_create(machine_self(), OBJECT_MDL, room + size);
    if (!mdl)
        return NULL;
    object_prefix(mdl)->tag = HEADER_TAG;
    MmInitializeMdl(mdl, (char *)mdl + room, size);
    MmBuildMdlForNonPagedPool(mdl);
    return mdl;
}

bool
header_put(PMDL mdl)
{
    struct object *prefix = object_of(machine_self(), mdl, OBJECT_MDL);

    if (!prefix || prefix->tag != HEADER_TAG)
        return false;
    object_destroy(mdl);
    return true;
}

static void
lay_out(struct packet_pool *pool, void *element)
{
    if (!pool->machine->hooks)
        pool_show(pool, element, OBJECT_MDL, PART_SIZE);
}

struct packet_pool *
part_pool_create(void)
{
    struct packet_pool *pool = object_create(machine_self(), OBJECT_NB_POOL, sizeof(*pool));

    if (!pool)
        return NULL;
    pool->kind = OBJECT_MDL;
    pool->machine = machine_self();
    pool->lay_out = lay_out;
    pool->grain = pool_grain(pool->machine);
    pool_size(pool, PART_SIZE);
    if (pool_open(pool))
        return pool;
    object_destroy(pool);
    return NULL;
}

/* Describes @length bytes of @source's buffer, mapped and locked as that is. */
static void
part_build(PMDL part, PMDL source, ULONG offset, ULONG length)
{
    char *start = (char *)source->StartVa + source->ByteOffset + offset;
    size_t first = (source->ByteOffset + (size_t)offset) >> PAGE_SHIFT;
    size_t pages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(start, length);

    part->Next = NULL;
    part->Size = (CSHORT)PART_SIZE;
    part->MdlFlags =
        (CSHORT)(MDL_PARTIAL | (source->MdlFlags & (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL |
                                                       MDL_IO_SPACE)));
    part->Process = source->Process;
    part->MappedSystemVa = NULL;
    if (source->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA)
        part->MdlFlags |= MDL_PARENT_MAPPED_SYSTEM_VA;
    if (source->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))
        part->MappedSystemVa = (char *)source->MappedSystemVa + offset;
    part->StartVa = PAGE_ALIGN(start);
    part->ByteOffset = BYTE_OFFSET(start);
    part->ByteCount = length;
    for (size_t i = 0; i < pages; i++)
        MmGetMdlPfnArray(part)[i] = MmGetMdlPfnArray(source)[first + i];
}

PMDL
part_take(struct packet_defaults *defaults, PMDL source, ULONG offset, ULONG length)
{
    struct packet_pool *pool = defaults->mdls;
    char *start = (char *)source->StartVa + source->ByteOffset + offset;
    PMDL part;

    if (ADDRESS_AND_SIZE_TO_SPAN_PAGES(start, length) > PART_PAGES) {
        part = IoAllocateMdl(start, length, FALSE, FALSE, NULL);
        if (part)
            IoBuildPartialMdl(source, part, start, length);
        return part;
    }
    if (pool_hooked(pool) && pool_fault(pool, PART_SIZE))
        return NULL;
    part = pool_take(pool);
    if (!part)
        return NULL;
    part_build(part, source, offset, length);
    if (pool_hooked(pool))
        pool_show(pool, part, OBJECT_MDL, PART_SIZE);
    return part;
}

static void
part_put(struct packet_pool *pool, PMDL part)
{
    if (part->MdlFlags & MDL_NETWORK_HEADER) {
        if (!header_put(part))
            gate_bug_check("nbl-advance-retreat-balanced",
                "a derived NET_BUFFER is freed while an MDL of a retreat hangs in front");
    } else if ((size_t)part->Size != PART_SIZE) {
        IoFreeMdl(part);
    } else if (pool_hooked(pool) && object_retire(part)) {
        pool_rest(pool, part);
    } else {
        pool_put(pool, part);
    }
}

void
part_put_chain(PMDL chain)
{
    struct packet_pool *pool = packet_defaults()->mdls;

    while (chain) {
        PMDL next = chain->Next;

        part_put(pool, chain);
        chain = next;
    }
}

bool
part_copy_chain(
    struct packet_defaults *defaults, PMDL source, ULONG offset, ULONG length, PMDL **link)
{
    for (; source && offset >= source->ByteCount; source = source->Next)
        offset -= source->ByteCount;
    for (; length; source = source->Next, offset = 0) {
        ULONG here;
        PMDL part;

        if (!source)
            return false;
        here = source->ByteCount - offset < length ? source->ByteCount - offset : length;
        if (!here)
            continue;
        part = part_take(defaults, source, offset, here);
        if (!part)
            return false;
        **link = part;
        *link = &part->Next;
        length -= here;
    }
    return true;
}

/*
 * NdisAllocateMdl - an MDL over nonpaged memory, ready for use
 *
 * @NdisHandle:     of the driver, module or binding.
 * @VirtualAddress: the buffer.
 * @Length:         bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the MDL is the caller's until NdisFreeMdl; the buffer must outlive it.
 * Errors:    NULL when memory is short.
 * Source:    NF:ndis/mdlapi.NdisAllocateMdl
 */
PMDL
NdisAllocateMdl(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, UINT Length)
{
    PMDL mdl;

    UNREFERENCED_PARAMETER(NdisHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    mdl = IoAllocateMdl(VirtualAddress, Length, FALSE, FALSE, NULL);
    if (mdl)
        MmBuildMdlForNonPagedPool(mdl);
    return mdl;
}

/*
 * NdisFreeMdl - frees an MDL, not its buffer
 *
 * @Mdl: from NdisAllocateMdl.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the MDL.
 * Errors:    none; what is no such MDL is a bug check (rule mm-double-free).
 * Source:    NF:ndis/mdlapi.NdisFreeMdl
 */
VOID
NdisFreeMdl(PMDL Mdl)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    IoFreeMdl(Mdl);
}
