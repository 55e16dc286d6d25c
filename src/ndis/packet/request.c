/* SPDX-License-Identifier: MIT */
/* Clones of OID requests, for filters and intermediate drivers that pass one on. The clone is the
 * driver's; it refers to the buffers of the original, which must outlive it.
 */
#include "ndis/packet/part.h"

/*
 * NdisAllocateCloneOidRequest - a copy of a request to be passed on in its place
 *
 * @SourceHandle:     of the filter module or binding that will send it.
 * @OidRequest:       the original; its buffers are shared.
 * @PoolTag:          of the memory.
 * @ClonedOidRequest: the clone, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the clone is the caller's until NdisFreeCloneOidRequest.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER for another handle, NDIS_STATUS_RESOURCES when memory
 *            is short.
 * Source:    NF:ndis.NdisAllocateCloneOidRequest
 */
NDIS_STATUS
NdisAllocateCloneOidRequest(NDIS_HANDLE SourceHandle, PNDIS_OID_REQUEST OidRequest, UINT PoolTag,
    PNDIS_OID_REQUEST *ClonedOidRequest)
{
    struct undis *machine = machine_self();
    PNDIS_OID_REQUEST clone;
    size_t size = sizeof(*clone);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *ClonedOidRequest = NULL;
    if (!object_of(machine, SourceHandle, OBJECT_FILTER) &&
        !object_of(machine, SourceHandle, OBJECT_BINDING))
        return NDIS_STATUS_INVALID_PARAMETER;
    clone = object_create(machine, OBJECT_OID_REQUEST, size);
    if (!clone)
        return NDIS_STATUS_RESOURCES;
    object_prefix(clone)->tag = PoolTag;
    object_prefix(clone)->home = SourceHandle;
    if (OidRequest->Header.Size < size &&
        OidRequest->Header.Size >= NDIS_SIZEOF_OID_REQUEST_REVISION_1)
        size = OidRequest->Header.Size;
    __builtin_memcpy(clone, OidRequest, size);
    __builtin_memset(clone->NdisReserved, 0, sizeof(clone->NdisReserved));
    *ClonedOidRequest = clone;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisFreeCloneOidRequest - frees a clone
 *
 * @SourceHandle: as at its allocation.
 * @Request:      from NdisAllocateCloneOidRequest, not under way.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the clone.
 * Errors:    none; what is no clone of @SourceHandle is a bug check (rule oid-clone-freed).
 * Source:    NF:ndis.NdisFreeCloneOidRequest
 */
VOID
NdisFreeCloneOidRequest(NDIS_HANDLE SourceHandle, PNDIS_OID_REQUEST Request)
{
    struct object *prefix = object_of(machine_self(), Request, OBJECT_OID_REQUEST);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!prefix || prefix->home != SourceHandle)
        gate_bug_check("oid-clone-freed", "%s was given %p, which is no clone of this handle",
            __func__, (void *)Request);
    object_destroy(Request);
}
