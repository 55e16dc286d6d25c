/* SPDX-License-Identifier: MIT */
/* Names of VCs: the call id that telephony knows one by, and the instance name. Both come from a
 * number that each VC gets when it is made, so the same run gives the same names.
 */
#include "ndis/connection/connection.h"
#include <ndistapi.h>

#include <string.h>

#define ID_UNITS    8u  /* of a call id: hexadecimal digits */
#define INDEX_UNITS 10u /* decimal digits, at most */

/*
 * NdisCoGetTapiCallId - the string by which telephony knows a VC
 *
 * @NdisVcHandle: of the VC.
 * @TapiCallId:   ulTotalSize set; gets a Unicode string behind the structure.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_BUFFER_TOO_SHORT with ulNeededSize set, NDIS_STATUS_INVALID_DATA when the
 *            handle is no VC's.
 * Source:    NF:ndis.NdisCoGetTapiCallId
 */
NDIS_STATUS
NdisCoGetTapiCallId(NDIS_HANDLE NdisVcHandle, struct _VAR_STRING *TapiCallId)
{
    const struct co_vc *vc = NdisVcHandle;
    WCHAR *text = (WCHAR *)(TapiCallId + 1);
    ULONG size = ID_UNITS * sizeof(WCHAR);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!object_of(machine_self(), NdisVcHandle, OBJECT_VC))
        return NDIS_STATUS_INVALID_DATA;
    TapiCallId->ulNeededSize = sizeof(*TapiCallId) + size;
    if (TapiCallId->ulTotalSize < TapiCallId->ulNeededSize)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    for (unsigned i = 0; i < ID_UNITS; i++)
        text[i] = L"0123456789ABCDEF"[vc->index >> 4 * (ID_UNITS - 1 - i) & 15];
    TapiCallId->ulUsedSize = TapiCallId->ulNeededSize;
    TapiCallId->ulStringFormat = STRINGFORMAT_UNICODE;
    TapiCallId->ulStringSize = size;
    TapiCallId->ulStringOffset = sizeof(*TapiCallId);
    return NDIS_STATUS_SUCCESS;
}

/* False when it is no call id. */
static bool
index_of(const UNICODE_STRING *id, uint32_t *index)
{
    *index = 0;
    if (id->Length != ID_UNITS * sizeof(WCHAR))
        return false;
    for (unsigned i = 0; i < ID_UNITS; i++) {
        WCHAR c = id->Buffer[i];
        bool digit = c >= '0' && c <= '9';

        if (!digit && (c < 'A' || c > 'F'))
            return false;
        *index = *index << 4 | (uint32_t)(digit ? c - '0' : c - 'A' + 10);
    }
    return true;
}

/*
 * NdisClGetProtocolVcContextFromTapiCallId - the client's context of a VC, by its call id
 *
 * @TapiCallId:        as NdisCoGetTapiCallId made it.
 * @ProtocolVcContext: gets the context that the calling client gave.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_FAILURE when no VC of the calling client has that id.
 * Source:    NF:ndis.NdisClGetProtocolVcContextFromTapiCallId
 */
NDIS_STATUS
NdisClGetProtocolVcContextFromTapiCallId(UNICODE_STRING TapiCallId, PNDIS_HANDLE ProtocolVcContext)
{
    struct undis *machine = machine_self();
    LIST_ENTRY *vcs = &machine->ndis->vcs;
    NDIS_STATUS status = NDIS_STATUS_FAILURE;
    uint32_t index;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!index_of(&TapiCallId, &index))
        return NDIS_STATUS_FAILURE;
    executive_lock(machine->executive, &machine->ndis->lock);
    for (LIST_ENTRY *e = vcs->Flink; e != vcs; e = e->Flink) {
        struct co_vc *vc = CONTAINING_RECORD(e, struct co_vc, link);

        if (vc->index == index && vc->client && vc->client->driver == block_self->driver) {
            *ProtocolVcContext = vc->client_context;
            status = NDIS_STATUS_SUCCESS;
        }
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
    return status;
}

/* @base followed by @index in decimal, in memory of the machine. */
static bool
make_name(struct undis *machine, const UNICODE_STRING *base, uint32_t index, UNICODE_STRING *name)
{
    USHORT size = (USHORT)(base->Length + INDEX_UNITS * sizeof(WCHAR));
    WCHAR digits[INDEX_UNITS];
    unsigned n = 0;

    *name = (UNICODE_STRING){0, size, machine_alloc(machine, size)};
    if (!name->Buffer)
        return false;
    memcpy(name->Buffer, base->Buffer, base->Length);
    name->Length = base->Length;
    do {
        digits[n++] = (WCHAR)('0' + index % 10);
    } while ((index /= 10));
    while (n > 0) {
        name->Buffer[name->Length / sizeof(WCHAR)] = digits[--n];
        name->Length += sizeof(WCHAR);
    }
    return true;
}

/*
 * NdisCoAssignInstanceName - a client or call manager gives a VC a name
 *
 * @NdisVcHandle:     of the VC.
 * @BaseInstanceName: the name begins with it; NDIS adds a number.
 * @VcInstanceName:   gets the name, in pool memory; NULL: nobody wants it.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the buffer is the caller's, who frees it by NdisFreeString.
 * Errors:    NDIS_STATUS_RESOURCES. A VC that has a name keeps it.
 * Source:    NF:ndis.NdisCoAssignInstanceName
 * Gaps:      no WMI: nobody can enumerate VCs by their names (CAVEATS.md, names of VCs).
 */
NDIS_STATUS
NdisCoAssignInstanceName(
    NDIS_HANDLE NdisVcHandle, PNDIS_STRING BaseInstanceName, PNDIS_STRING VcInstanceName)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);
    struct undis *machine = machine_self();
    UNICODE_STRING name;
    void *copy;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!make_name(machine, BaseInstanceName, vc->index, &name))
        return NDIS_STATUS_RESOURCES;
    executive_lock(machine->executive, &machine->ndis->lock);
    if (!vc->name.Buffer) {
        vc->name = name;
        name.Buffer = NULL;
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
    machine_free(machine, name.Buffer);
    if (!VcInstanceName)
        return NDIS_STATUS_SUCCESS;
    copy = ExAllocatePoolWithTag(NonPagedPoolNx, vc->name.Length, 0x6e637663); /* "cvcn" */
    if (!copy)
        return NDIS_STATUS_RESOURCES;
    memcpy(copy, vc->name.Buffer, vc->name.Length);
    *VcInstanceName = (UNICODE_STRING){vc->name.Length, vc->name.Length, copy};
    return NDIS_STATUS_SUCCESS;
}
