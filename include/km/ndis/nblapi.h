/* SPDX-License-Identifier: MIT */
/*
 * Pools of NET_BUFFER_LISTs and NET_BUFFERs, and the calls that make, free, copy and move in them.
 */
#ifndef UNDIS_NDIS_NBLAPI_H
#define UNDIS_NDIS_NBLAPI_H

#include <ndis/nbl.h>

typedef struct _NET_BUFFER_LIST_POOL_PARAMETERS {
    NDIS_OBJECT_HEADER Header;
    UCHAR ProtocolId;
    BOOLEAN fAllocateNetBuffer;
    USHORT ContextSize;
    ULONG PoolTag;
    ULONG DataSize;
} NET_BUFFER_LIST_POOL_PARAMETERS, *PNET_BUFFER_LIST_POOL_PARAMETERS;

#define NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 1
#define NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1                                     \
    RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_LIST_POOL_PARAMETERS, DataSize)

typedef struct _NET_BUFFER_POOL_PARAMETERS {
    NDIS_OBJECT_HEADER Header;
    ULONG PoolTag;
    ULONG DataSize;
} NET_BUFFER_POOL_PARAMETERS, *PNET_BUFFER_POOL_PARAMETERS;

#define NET_BUFFER_POOL_PARAMETERS_REVISION_1 1
#define NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1                                          \
    RTL_SIZEOF_THROUGH_FIELD(NET_BUFFER_POOL_PARAMETERS, DataSize)

/* AllocateCloneFlags, AllocateFragmentFlags, AllocateReassembleFlags and their freeing twins. */
#define NDIS_CLONE_FLAGS_RESERVED 0x00000001
#define NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS 0x00000002

EXTERN_C_START

typedef PMDL(NET_BUFFER_ALLOCATE_MDL)(PULONG BufferSize);
typedef NET_BUFFER_ALLOCATE_MDL(*NET_BUFFER_ALLOCATE_MDL_HANDLER);
typedef VOID(NET_BUFFER_FREE_MDL)(PMDL Mdl);
typedef NET_BUFFER_FREE_MDL(*NET_BUFFER_FREE_MDL_HANDLER);

NDIS_API NDIS_HANDLE NdisAllocateNetBufferPool(NDIS_HANDLE NdisHandle,
                                               PNET_BUFFER_POOL_PARAMETERS Parameters);
NDIS_API VOID NdisFreeNetBufferPool(NDIS_HANDLE PoolHandle);
NDIS_API PNET_BUFFER NdisAllocateNetBuffer(NDIS_HANDLE PoolHandle, PMDL MdlChain, ULONG DataOffset,
                                           SIZE_T DataLength);
NDIS_API PNET_BUFFER NdisAllocateNetBufferMdlAndData(NDIS_HANDLE PoolHandle);
NDIS_API VOID NdisFreeNetBuffer(PNET_BUFFER NetBuffer);
NDIS_API NDIS_HANDLE NdisGetPoolFromNetBuffer(PNET_BUFFER NetBuffer);

NDIS_API NDIS_HANDLE NdisAllocateNetBufferListPool(NDIS_HANDLE NdisHandle,
                                                   PNET_BUFFER_LIST_POOL_PARAMETERS Parameters);
NDIS_API VOID NdisFreeNetBufferListPool(NDIS_HANDLE PoolHandle);
NDIS_API PNET_BUFFER_LIST NdisAllocateNetBufferList(NDIS_HANDLE PoolHandle, USHORT ContextSize,
                                                    USHORT ContextBackFill);
NDIS_API PNET_BUFFER_LIST NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE PoolHandle,
                                                                USHORT ContextSize,
                                                                USHORT ContextBackFill,
                                                                PMDL MdlChain, ULONG DataOffset,
                                                                SIZE_T DataLength);
NDIS_API VOID NdisFreeNetBufferList(PNET_BUFFER_LIST NetBufferList);
NDIS_API NDIS_HANDLE NdisGetPoolFromNetBufferList(PNET_BUFFER_LIST NetBufferList);
NDIS_API UCHAR NdisGetNetBufferListProtocolId(PNET_BUFFER_LIST NetBufferList);

NDIS_API NDIS_STATUS NdisAllocateNetBufferListContext(PNET_BUFFER_LIST NetBufferList,
                                                      USHORT ContextSize, USHORT ContextBackFill,
                                                      ULONG PoolTag);
NDIS_API VOID NdisFreeNetBufferListContext(PNET_BUFFER_LIST NetBufferList, USHORT ContextSize);

NDIS_API PNET_BUFFER_LIST NdisAllocateCloneNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
                                                         NDIS_HANDLE NetBufferListPoolHandle,
                                                         NDIS_HANDLE NetBufferPoolHandle,
                                                         ULONG AllocateCloneFlags);
NDIS_API VOID NdisFreeCloneNetBufferList(PNET_BUFFER_LIST CloneNetBufferList, ULONG FreeCloneFlags);
NDIS_API PNET_BUFFER_LIST NdisAllocateFragmentNetBufferList(
    PNET_BUFFER_LIST OriginalNetBufferList, NDIS_HANDLE NetBufferListPool,
    NDIS_HANDLE NetBufferPool, ULONG StartOffset, ULONG MaximumLength, ULONG DataOffsetDelta,
    ULONG DataBackFill, ULONG AllocateFragmentFlags);
NDIS_API VOID NdisFreeFragmentNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
                                            ULONG DataOffsetDelta, ULONG FreeFragmentFlags);
NDIS_API PNET_BUFFER_LIST NdisAllocateReassembledNetBufferList(
    PNET_BUFFER_LIST FragmentNetBufferList, NDIS_HANDLE NetBufferAndNetBufferListPoolHandle,
    ULONG StartOffset, ULONG DataOffsetDelta, ULONG DataBackFill, ULONG AllocateReassembleFlags);
NDIS_API VOID NdisFreeReassembledNetBufferList(PNET_BUFFER_LIST ReassembledNetBufferList,
                                               ULONG DataOffsetDelta, ULONG FreeReassembleFlags);

NDIS_API NDIS_STATUS NdisRetreatNetBufferDataStart(
    PNET_BUFFER NetBuffer, ULONG DataOffsetDelta, ULONG DataBackFill,
    NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler);
NDIS_API VOID NdisAdvanceNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta,
                                            BOOLEAN FreeMdl,
                                            NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
NDIS_API NDIS_STATUS NdisRetreatNetBufferListDataStart(
    PNET_BUFFER_LIST NetBufferList, ULONG DataOffsetDelta, ULONG DataBackFill,
    NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler, NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
NDIS_API VOID NdisAdvanceNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList,
                                                ULONG DataOffsetDelta, BOOLEAN FreeMdl,
                                                NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler);
NDIS_API VOID NdisAdjustNetBufferCurrentMdl(PNET_BUFFER NetBuffer);

NDIS_API PVOID NdisGetDataBuffer(PNET_BUFFER NetBuffer, ULONG BytesNeeded, PVOID Storage,
                                 ULONG AlignMultiple, ULONG AlignOffset);
NDIS_API NDIS_STATUS NdisCopyFromNetBufferToNetBuffer(PNET_BUFFER Destination,
                                                      ULONG DestinationOffset, ULONG BytesToCopy,
                                                      PNET_BUFFER Source, ULONG SourceOffset,
                                                      PULONG BytesCopied);
NDIS_API ULONG NdisQueryNetBufferPhysicalCount(PNET_BUFFER NetBuffer);
NDIS_API VOID NdisCopySendNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
                                            PNET_BUFFER_LIST SrcNetBufferList);
NDIS_API VOID NdisCopyReceiveNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList,
                                               PNET_BUFFER_LIST SrcNetBufferList);

EXTERN_C_END

#endif
