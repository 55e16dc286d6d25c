/* SPDX-License-Identifier: MIT */
/* The NetBufferListHashValue and NetBufferListHashInfo slots. */
#ifndef UNDIS_NDIS_NBLHASH_H
#define UNDIS_NDIS_NBLHASH_H

#include <ndis/hashtypes.h>
#include <ndis/nbl.h>

#define UNDIS_HASH_INFO_(_NBL)                                                                     \
    (*(volatile ULONG *)&NET_BUFFER_LIST_INFO((_NBL), NetBufferListHashInfo))
#define NET_BUFFER_LIST_GET_HASH_TYPE(_NBL) (UNDIS_HASH_INFO_(_NBL) & NDIS_HASH_TYPE_MASK)
#define NET_BUFFER_LIST_GET_HASH_FUNCTION(_NBL) (UNDIS_HASH_INFO_(_NBL) & NDIS_HASH_FUNCTION_MASK)
#define NET_BUFFER_LIST_GET_HASH_VALUE(_NBL)                                                       \
    (*(volatile ULONG *)&NET_BUFFER_LIST_INFO((_NBL), NetBufferListHashValue))

#define NET_BUFFER_LIST_SET_HASH_TYPE(_NBL, _HashType)                                             \
    (UNDIS_HASH_INFO_(_NBL) =                                                                      \
         (UNDIS_HASH_INFO_(_NBL) & ~NDIS_HASH_TYPE_MASK) | ((_HashType)&NDIS_HASH_TYPE_MASK))
#define NET_BUFFER_LIST_SET_HASH_FUNCTION(_NBL, _HashFunction)                                     \
    (UNDIS_HASH_INFO_(_NBL) = (UNDIS_HASH_INFO_(_NBL) & ~NDIS_HASH_FUNCTION_MASK) |                \
                              ((_HashFunction)&NDIS_HASH_FUNCTION_MASK))
#define NET_BUFFER_LIST_SET_HASH_VALUE(_NBL, _HashValue)                                           \
    (NET_BUFFER_LIST_INFO((_NBL), NetBufferListHashValue) = (PVOID)(ULONG_PTR)(_HashValue))

#endif
