/* SPDX-License-Identifier: MIT */
/* Context space on NET_BUFFER_LISTs, for drivers they pass through.
 *
 *     NBL.Context --> newest block --Next--> ... --> the block the NBL was allocated with
 *                     | header | unused | used |
 *                              0        Offset  Size
 *
 * Who adds space takes it off again before he passes the NBL back, so blocks are a stack.
 */
#include "ndis/packet/part.h"
#include "nt/pool.h"

/* Context sizes count in pointers. */
static uint32_t
context_bytes(USHORT size)
{
    return (size + (uint32_t)sizeof(PVOID) - 1) & ~((uint32_t)sizeof(PVOID) - 1);
}

/*
 * NdisAllocateNetBufferListContext - more context space in front of what is there
 *
 * @NetBufferList:   one, of the caller or passing through him.
 * @ContextSize:     bytes, a multiple of the size of a pointer.
 * @ContextBackFill: bytes more when memory must be had.
 * @PoolTag:         of that memory.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the space is the caller's until NdisFreeNetBufferListContext, which must come before
 *            he passes the NBL back.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_FAILURE when the sizes are
 *            too large together.
 * Source:    NF:nblapi.NdisAllocateNetBufferListContext
 */
NDIS_STATUS
NdisAllocateNetBufferListContext(
    PNET_BUFFER_LIST NetBufferList, USHORT ContextSize, USHORT ContextBackFill, ULONG PoolTag)
{
    uint32_t used = context_bytes(ContextSize), unused = context_bytes(ContextBackFill);
    PNET_BUFFER_LIST_CONTEXT block = NetBufferList->Context;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (block && block->Offset >= used) {
        block->Offset = (USHORT)(block->Offset - used);
        return NDIS_STATUS_SUCCESS;
    }
    if (used + unused > UINT16_MAX)
        return NDIS_STATUS_FAILURE;
    block = pool_alloc(sizeof(*block) + used + unused, PoolTag, POOL_NOISE);
    if (!block)
        return NDIS_STATUS_RESOURCES;
    *block = (NET_BUFFER_LIST_CONTEXT){
        .Next = NetBufferList->Context, .Size = (USHORT)(used + unused), .Offset = (USHORT)unused};
    NetBufferList->Context = block;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisFreeNetBufferListContext - gives context space back
 *
 * @NetBufferList: one.
 * @ContextSize:   bytes, as allocated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the newest @ContextSize bytes of context space.
 * Errors:    none; more than is in use is a bug check (rule nbl-context-balanced).
 * Source:    NF:nblapi.NdisFreeNetBufferListContext
 */
VOID
NdisFreeNetBufferListContext(PNET_BUFFER_LIST NetBufferList, USHORT ContextSize)
{
    PNET_BUFFER_LIST_CONTEXT block = NetBufferList->Context;
    uint32_t freed = context_bytes(ContextSize);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!block || freed > (uint32_t)block->Size - block->Offset)
        gate_bug_check("nbl-context-balanced", "%s frees %u bytes of context, %u are in use",
            __func__, freed, block ? (unsigned)(block->Size - block->Offset) : 0u);
    block->Offset = (USHORT)(block->Offset + freed);
    if (block->Offset == block->Size && block != nbl_first_context(NetBufferList)) {
        NetBufferList->Context = block->Next;
        pool_free(arena_home(machine_self()->arena, block), 0);
    }
}
