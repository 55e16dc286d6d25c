/* SPDX-License-Identifier: MIT */
/* Generic objects, handles for components that are no NDIS driver; and which NDIS this is. */
#include "nt/gate.h"
#include "nt/pool.h"
#include <ndis.h>

#define VERSION_ALL 0x00060059u /* major in the high word: 6.89 */

/*
 * NdisAllocateGenericObject - makes an object to be passed where an NDIS handle is wanted
 *
 * @DriverObject: of the caller, or NULL.
 * @Tag:          four characters.
 * @Size:         bytes, at least those of NDIS_GENERIC_OBJECT; more are the caller's.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the object is the caller's until NdisFreeGenericObject.
 * Errors:    NULL when memory is short.
 * Source:    NF:ndis.NdisAllocateGenericObject
 */
PNDIS_GENERIC_OBJECT
NdisAllocateGenericObject(PDRIVER_OBJECT DriverObject, ULONG Tag, USHORT Size)
{
    PNDIS_GENERIC_OBJECT object;
    size_t size = Size < sizeof(*object) ? sizeof(*object) : Size;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    object = pool_alloc(size, Tag, POOL_ZERO);
    if (!object)
        return NULL;
    object->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    object->Header.Revision = NDIS_GENERIC_OBJECT_REVISION_1;
    object->Header.Size = (USHORT)size;
    object->Caller = __builtin_return_address(0);
    object->DriverObject = DriverObject;
    return object;
}

/*
 * NdisFreeGenericObject - ends an object
 *
 * @NdisObject: from NdisAllocateGenericObject.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the object.
 * Errors:    none; what is no such object is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisFreeGenericObject
 */
VOID
NdisFreeGenericObject(PNDIS_GENERIC_OBJECT NdisObject)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_free(NdisObject, 0);
}

/*
 * NdisGetVersion - the newest version of NDIS there is: major in the high word, minor in the low
 *     one
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisGetVersion
 */
UINT
NdisGetVersion(VOID)
{
    return VERSION_ALL;
}
