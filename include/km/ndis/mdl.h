/* SPDX-License-Identifier: MIT */
/*
 * MDLs as NDIS names them: the buffer descriptors of a NET_BUFFER.
 */
#ifndef UNDIS_NDIS_MDL_H
#define UNDIS_NDIS_MDL_H

#include <ndis/types.h>

#define NDIS_MDL_LINKAGE(_Mdl) ((_Mdl)->Next)
#define NDIS_MDL_TO_SPAN_PAGES(_Mdl)                                                               \
    (MmGetMdlByteCount(_Mdl) == 0                                                                  \
         ? 1                                                                                       \
         : ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(_Mdl), MmGetMdlByteCount(_Mdl)))

#define NdisGetNextMdl(_CurrentMdl, _NextMdl) (*(_NextMdl) = (_CurrentMdl)->Next)

#define NdisQueryMdl(_Mdl, _VirtualAddress, _Length, _Priority)                                    \
    do {                                                                                           \
        if ((_VirtualAddress) != NULL)                                                             \
            *(PVOID *)(_VirtualAddress) = MmGetSystemAddressForMdlSafe((_Mdl), (_Priority));       \
        *(_Length) = MmGetMdlByteCount(_Mdl);                                                      \
    } while (0)

#define NdisQueryMdlOffset(_Mdl, _Offset, _Length)                                                 \
    do {                                                                                           \
        *(_Offset) = MmGetMdlByteOffset(_Mdl);                                                     \
        *(_Length) = MmGetMdlByteCount(_Mdl);                                                      \
    } while (0)

#define NdisAdjustMdlLength(_Mdl, _Length) (((_Mdl)->ByteCount) = (_Length))
#define NdisGetMdlPhysicalArraySize(_Mdl, _ArraySize)                                              \
    (*(_ArraySize) = NDIS_MDL_TO_SPAN_PAGES(_Mdl))

EXTERN_C_START

NDIS_API PMDL NdisAllocateMdl(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, UINT Length);
NDIS_API VOID NdisFreeMdl(PMDL Mdl);

EXTERN_C_END

#endif
