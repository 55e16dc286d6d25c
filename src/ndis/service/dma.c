/* SPDX-License-Identifier: MIT */
/* Scatter/gather DMA of NDIS 6 miniports.
 *
 *     NdisMAllocateNetBufferSGList --> fragments --> MiniportProcessSGList, before it returns
 *                                  ... NdisMFreeNetBufferSGList
 *
 * The handle is made by NdisMRegisterScatterGatherDma; one per adapter.
 */
#include "ndis/service/dma.h"
#include "ndis/stack/call_hardware.h"

#define MAGIC     0x6e64646du
#define MDLS_MOST 16u /* of a NET_BUFFER, for the recommended size of a list */

struct ndis_dma {
    uint32_t magic;
    struct module *miniport;                                /* [I] */
    struct dma *dma;                                        /* [I] */
    MINIPORT_PROCESS_SG_LIST_HANDLER process;               /* [I] */
    MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete; /* [I] or NULL */
};

static struct ndis_dma *
dma_from_handle(NDIS_HANDLE handle, const char *caller)
{
    struct ndis_dma *dma = handle;
    size_t size;

    if (!handle || arena_find(machine_self()->arena, handle, &size) != handle ||
        dma->magic != MAGIC)
        gate_bug_check(
            "hw-sgdma-deregister", "%s was given %p, which is no DMA handle", caller, handle);
    return dma;
}

/*
 * NdisMRegisterScatterGatherDma - a bus master says how it does DMA
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @DmaDescription:        revision 1 or 2; gets the recommended size of a list.
 * @NdisMiniportDmaHandle: gets the handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the miniport's until NdisMDeregisterScatterGatherDma.
 * Errors:    NDIS_STATUS_BAD_VERSION; NDIS_STATUS_INVALID_PARAMETER: no MiniportProcessSGList, or
 *            registered already; NDIS_STATUS_NOT_SUPPORTED: no device on the bus, or hybrid DMA;
 *            NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMRegisterScatterGatherDma
 */
NDIS_STATUS
NdisMRegisterScatterGatherDma(NDIS_HANDLE MiniportAdapterHandle,
    PNDIS_SG_DMA_DESCRIPTION DmaDescription, PNDIS_HANDLE NdisMiniportDmaHandle)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct hardware *hardware = miniport->adapter->hardware;
    NDIS_SG_DMA_DESCRIPTION *d = DmaDescription;
    struct ndis_dma *dma;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (d->Header.Type != NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION ||
        d->Header.Revision < NDIS_SG_DMA_DESCRIPTION_REVISION_1 ||
        d->Header.Size < NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1)
        return NDIS_STATUS_BAD_VERSION;
    if (!hardware->device || d->Flags & NDIS_SG_DMA_HYBRID_DMA)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (!d->ProcessSGListHandler || hardware->dma)
        return NDIS_STATUS_INVALID_PARAMETER;
    dma = machine_alloc(miniport->machine, sizeof(*dma));
    if (!dma)
        return NDIS_STATUS_RESOURCES;
    dma->dma = dma_create(hardware->device, (d->Flags & NDIS_SG_DMA_64_BIT_ADDRESS) != 0,
        d->MaximumPhysicalMapping ? d->MaximumPhysicalMapping : 0xffffffffu);
    if (!dma->dma) {
        machine_free(miniport->machine, dma);
        return NDIS_STATUS_RESOURCES;
    }
    dma->magic = MAGIC;
    dma->miniport = miniport;
    dma->process = d->ProcessSGListHandler;
    dma->complete = d->SharedMemAllocateCompleteHandler;
    d->ScatterGatherListSize = (ULONG)dma_list_size(MDLS_MOST);
    hardware->dma = dma;
    *NdisMiniportDmaHandle = dma;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMDeregisterScatterGatherDma - a bus master does no DMA any more
 *
 * @NdisMiniportDmaHandle: of NdisMRegisterScatterGatherDma.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the handle.
 * Errors:    none; lists that are still out are a bug check (rule hw-sg-pair).
 * Source:    NF:ndis.NdisMDeregisterScatterGatherDma
 */
VOID
NdisMDeregisterScatterGatherDma(NDIS_HANDLE NdisMiniportDmaHandle)
{
    struct ndis_dma *dma = dma_from_handle(NdisMiniportDmaHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    dma_destroy(dma->dma);
    dma->miniport->adapter->hardware->dma = NULL;
    dma->magic = 0;
    machine_free(dma->miniport->machine, dma);
}

/*
 * NdisMAllocateNetBufferSGList - the fragments of a NET_BUFFER, for the device
 *
 * @NdisMiniportDmaHandle:   of NdisMRegisterScatterGatherDma.
 * @NetBuffer:               the list begins with the first byte of its current MDL, not of its data.
 * @Context:                 what MiniportProcessSGList gets.
 * @Flags:                   NDIS_SG_LIST_WRITE_TO_DEVICE, or 0: the device writes.
 * @ScatterGatherListBuffer: room for the list, or NULL; used when it is large enough.
 * @ScatterGatherListBufferSize: bytes there.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the list is the miniport's from MiniportProcessSGList, which is called before this
 *            returns, until NdisMFreeNetBufferSGList.
 * Errors:    NDIS_STATUS_RESOURCES: memory is short, or more bytes than MaximumPhysicalMapping.
 * Source:    NF:ndis.NdisMAllocateNetBufferSGList
 */
NDIS_STATUS
NdisMAllocateNetBufferSGList(NDIS_HANDLE NdisMiniportDmaHandle, PNET_BUFFER NetBuffer,
    PVOID Context, ULONG Flags, PVOID ScatterGatherListBuffer, ULONG ScatterGatherListBufferSize)
{
    struct ndis_dma *dma = dma_from_handle(NdisMiniportDmaHandle, __func__);
    struct dma_request request = {.mdl = NET_BUFFER_CURRENT_MDL(NetBuffer),
        .length = NET_BUFFER_CURRENT_MDL_OFFSET(NetBuffer) + NET_BUFFER_DATA_LENGTH(NetBuffer),
        .to_device = (Flags & NDIS_SG_LIST_WRITE_TO_DEVICE) != 0,
        .list = ScatterGatherListBuffer,
        .room = ScatterGatherListBufferSize};
    SCATTER_GATHER_LIST *list;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (request.list && request.room < dma_list_size(dma_elements(&request)))
        request.list = NULL;
    if (!NT_SUCCESS(dma_map(dma->dma, &request, &list)))
        return NDIS_STATUS_RESOURCES;
    call_process_sg_list(dma->miniport, dma->process, dma->miniport->adapter->fdo, list, Context);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMFreeNetBufferSGList - gives the fragments of a NET_BUFFER back
 *
 * @NdisMiniportDmaHandle: of NdisMRegisterScatterGatherDma.
 * @pSGL:                  the list that MiniportProcessSGList got.
 * @NetBuffer:             what it was made of.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: takes the list; what the device wrote is in the NET_BUFFER now.
 * Errors:    none; what is no such list is a bug check (rule hw-sg-pair).
 * Source:    NF:ndis.NdisMFreeNetBufferSGList
 */
VOID
NdisMFreeNetBufferSGList(
    NDIS_HANDLE NdisMiniportDmaHandle, PSCATTER_GATHER_LIST pSGL, PNET_BUFFER NetBuffer)
{
    struct ndis_dma *dma = dma_from_handle(NdisMiniportDmaHandle, __func__);

    UNREFERENCED_PARAMETER(NetBuffer);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    dma_unmap(dma->dma, pSGL);
}

/*
 * NdisBuildScatterGatherList - the fragments of an MDL chain, for the device
 *
 * @NdisHandle:       of a miniport adapter that has registered DMA.
 * @SGListParameters: revision 1: Mdl, CurrentVa, Length, handler, context; room for the list or
 *                    NULL. With room that is too small, ScatterGatherListBufferSizeNeeded is set.
 *
 * IRQL:      = DISPATCH_LEVEL
 * Ownership: the list is the caller's from its handler, which is called before this returns, until
 *            NdisFreeScatterGatherList.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED: no DMA registered; NDIS_STATUS_BUFFER_OVERFLOW: no room;
 *            NDIS_STATUS_INVALID_PARAMETER: no handler; NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisBuildScatterGatherList
 */
NDIS_STATUS
NdisBuildScatterGatherList(
    NDIS_HANDLE NdisHandle, PNDIS_SCATTER_GATHER_LIST_PARAMETERS SGListParameters)
{
    struct module *miniport = module_from_handle(NdisHandle, MODULE_MINIPORT, __func__);
    struct ndis_dma *dma = miniport->adapter->hardware->dma;
    NDIS_SCATTER_GATHER_LIST_PARAMETERS *p = SGListParameters;
    struct dma_request request = {.mdl = p->Mdl,
        .length = p->Length,
        .to_device = (p->Flags & NDIS_SG_LIST_WRITE_TO_DEVICE) != 0,
        .list = p->ScatterGatherListBuffer,
        .room = p->ScatterGatherListBufferSize};
    SCATTER_GATHER_LIST *list;
    NTSTATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!dma)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (!p->ProcessSGListHandler || !p->Mdl)
        return NDIS_STATUS_INVALID_PARAMETER;
    request.offset = (uint64_t)((char *)p->CurrentVa - (char *)MmGetMdlVirtualAddress(p->Mdl));
    p->ScatterGatherListBufferSizeNeeded = (ULONG)dma_list_size(dma_elements(&request));
    status = dma_map(dma->dma, &request, &list);
    if (status == STATUS_BUFFER_TOO_SMALL)
        return NDIS_STATUS_BUFFER_OVERFLOW;
    if (!NT_SUCCESS(status))
        return NDIS_STATUS_RESOURCES;
    call_process_sg_list(
        miniport, p->ProcessSGListHandler, miniport->adapter->fdo, list, p->Context);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisFreeScatterGatherList - gives a list of NdisBuildScatterGatherList back
 *
 * @NdisHandle:              of the miniport adapter.
 * @ScatterGatherListBuffer: the list.
 * @WriteToDevice:           as it was built; FALSE: the device wrote.
 *
 * IRQL:      = DISPATCH_LEVEL
 * Ownership: takes the list.
 * Errors:    none; what is no such list is a bug check (rule hw-sg-pair).
 * Source:    NF:ndis.NdisFreeScatterGatherList
 */
VOID
NdisFreeScatterGatherList(
    NDIS_HANDLE NdisHandle, PSCATTER_GATHER_LIST ScatterGatherListBuffer, BOOLEAN WriteToDevice)
{
    struct ndis_dma *dma = hardware_adapter(NdisHandle, __func__)->hardware->dma;

    UNREFERENCED_PARAMETER(WriteToDevice);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!dma)
        gate_bug_check("hw-sg-pair", "a list is given back without DMA registered");
    dma_unmap(dma->dma, ScatterGatherListBuffer);
}

/*
 * NdisMAllocateSharedMemoryAsyncEx - shared memory, allocated later
 *
 * @MiniportDmaHandle: of NdisMRegisterScatterGatherDma.
 * @Length:            bytes.
 * @Cached:            changes nothing.
 * @Context:           what MiniportSharedMemoryAllocateComplete gets.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the memory is the miniport's from the call of its handler until NdisMFreeSharedMemory.
 * Errors:    NDIS_STATUS_PENDING: the handler will be called, with NULL when memory is short;
 *            NDIS_STATUS_INVALID_PARAMETER: there is no handler; NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMAllocateSharedMemoryAsyncEx
 */
NDIS_STATUS
NdisMAllocateSharedMemoryAsyncEx(
    NDIS_HANDLE MiniportDmaHandle, ULONG Length, BOOLEAN Cached, PVOID Context)
{
    struct ndis_dma *dma = dma_from_handle(MiniportDmaHandle, __func__);

    UNREFERENCED_PARAMETER(Cached);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!dma->complete)
        return NDIS_STATUS_INVALID_PARAMETER;
    return shared_allocate_later(dma->miniport, Length, Context, dma->complete);
}

/*
 * NdisMGetDmaAlignment - how buffers for the device must lie: anyhow
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 *
 * IRQL:      = PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; bytes.
 * Source:    NF:ndis.NdisMGetDmaAlignment
 */
ULONG
NdisMGetDmaAlignment(NDIS_HANDLE MiniportAdapterHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    hardware_adapter(MiniportAdapterHandle, __func__);
    return 1;
}

/*
 * NdisMRegisterDmaChannel - a channel of the system's DMA controller, which no PCI bus has
 *
 * @MiniportDmaHandle:     gets nothing.
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @DmaChannel:            which.
 * @Dma32BitAddresses:     of the device.
 * @DmaDescription:        how.
 * @MaximumLength:         of a transfer.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED.
 * Source:    NF:ndis.NdisMRegisterDmaChannel
 */
NDIS_STATUS
NdisMRegisterDmaChannel(PNDIS_HANDLE MiniportDmaHandle, NDIS_HANDLE MiniportAdapterHandle,
    UINT DmaChannel, BOOLEAN Dma32BitAddresses, PNDIS_DMA_DESCRIPTION DmaDescription,
    ULONG MaximumLength)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    hardware_adapter(MiniportAdapterHandle, __func__);
    UNREFERENCED_PARAMETER(DmaChannel);
    UNREFERENCED_PARAMETER(Dma32BitAddresses);
    UNREFERENCED_PARAMETER(DmaDescription);
    UNREFERENCED_PARAMETER(MaximumLength);
    *MiniportDmaHandle = NULL;
    return NDIS_STATUS_NOT_SUPPORTED;
}

static _Noreturn void
no_channel(NDIS_HANDLE handle, const char *caller)
{
    gate_bug_check(NULL, "%s was given %p: there are no system DMA channels", caller, handle);
}

/*
 * NdisMDeregisterDmaChannel - ends a channel, of which there are none
 *
 * @MiniportDmaHandle: of NdisMRegisterDmaChannel.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    any handle is a bug check: none was given out.
 * Source:    NF:ndis.NdisMDeregisterDmaChannel
 */
VOID
NdisMDeregisterDmaChannel(NDIS_HANDLE MiniportDmaHandle)
{
    no_channel(MiniportDmaHandle, __func__);
}

/*
 * NdisMReadDmaCounter - what a channel has left to do, of which there are none
 *
 * @MiniportDmaHandle: of NdisMRegisterDmaChannel.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    any handle is a bug check: none was given out.
 * Source:    NF:ndis.NdisMReadDmaCounter
 */
ULONG
NdisMReadDmaCounter(NDIS_HANDLE MiniportDmaHandle)
{
    no_channel(MiniportDmaHandle, __func__);
}
