/* SPDX-License-Identifier: MIT */
/* Checks of which OIDs a miniport of NDIS 6 answers, and how: the list of those that it supports says
 * what is answered, counters come with 4 or 8 bytes, a packet filter of supported kinds is taken. And
 * of the attributes that a restart leaves.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#define SCRATCH_HASH 1
#define ENTRIES      64 /* of a list of restart attributes */

/* Drivers define OIDs of their own here. */
static bool
is_private(NDIS_OID oid)
{
    return oid >> 24 == 0xFF;
}

static bool
lists(const struct adapter *adapter, NDIS_OID oid)
{
    for (ULONG k = 0; k < adapter->supported_oid_count; k++)
        if (adapter->supported_oids[k] == oid)
            return true;
    return false;
}

/* NDIS has no answer to these; who lists one answers it. */
static const NDIS_OID asked_of_all[] = {OID_GEN_VENDOR_ID, OID_GEN_VENDOR_DESCRIPTION,
    OID_GEN_VENDOR_DRIVER_VERSION, OID_GEN_STATISTICS, OID_GEN_XMIT_OK, OID_GEN_RCV_OK};

static const NDIS_OID counters[] = {OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR,
    OID_GEN_RCV_ERROR, OID_GEN_RCV_NO_BUFFER, OID_GEN_RCV_CRC_ERROR, OID_GEN_DIRECTED_BYTES_XMIT,
    OID_GEN_DIRECTED_FRAMES_XMIT, OID_GEN_MULTICAST_BYTES_XMIT, OID_GEN_MULTICAST_FRAMES_XMIT,
    OID_GEN_BROADCAST_BYTES_XMIT, OID_GEN_BROADCAST_FRAMES_XMIT, OID_GEN_DIRECTED_BYTES_RCV,
    OID_GEN_DIRECTED_FRAMES_RCV, OID_GEN_MULTICAST_BYTES_RCV, OID_GEN_MULTICAST_FRAMES_RCV,
    OID_GEN_BROADCAST_BYTES_RCV, OID_GEN_BROADCAST_FRAMES_RCV};

static bool
among(const NDIS_OID *oids, size_t count, NDIS_OID oid)
{
    for (size_t k = 0; k < count; k++)
        if (oids[k] == oid)
            return true;
    return false;
}

static bool
knows_none(NDIS_STATUS status)
{
    return status == NDIS_STATUS_NOT_SUPPORTED || status == NDIS_STATUS_INVALID_OID;
}

/* The adapter cannot answer anything now, or the request is given up. */
static bool
is_of_state(const struct module *miniport, NDIS_STATUS status)
{
    const struct record *record = module_record(miniport);

    return !record || record->asleep || record->falling || record->resetting ||
           miniport->adapter->surprised || adapter_sleeps(miniport->adapter) ||
           status == NDIS_STATUS_RESET_IN_PROGRESS || status == NDIS_STATUS_REQUEST_ABORTED ||
           status == NDIS_STATUS_NOT_ACCEPTED || status == NDIS_STATUS_ADAPTER_REMOVED ||
           status == NDIS_STATUS_RESOURCES;
}

static void
check_listed(struct verify *verify, const struct gate_call *call, const struct adapter *adapter,
    NDIS_OID oid, NDIS_STATUS status)
{
    bool listed = lists(adapter, oid);

    if (is_private(oid) && !listed) {
        if (fails(verify, RULE_OID_LIST, status == NDIS_STATUS_SUCCESS))
            broken(verify, RULE_OID_LIST, call, NULL, NULL, NULL,
                "%s answers OID 0x%08X with success and does not list it", call->driver->name, oid);
        else if (fails(verify, RULE_OID_UNKNOWN, !knows_none(status)))
            broken(verify, RULE_OID_UNKNOWN, call, NULL, NULL, NULL,
                "%s answers OID 0x%08X, which it does not list, with 0x%08X", call->driver->name,
                oid, (unsigned)status);
    } else if (listed && among(asked_of_all, RTL_NUMBER_OF(asked_of_all), oid)) {
        if (fails(verify, RULE_OID_LIST, knows_none(status)))
            broken(verify, RULE_OID_LIST, call, NULL, NULL, NULL,
                "%s lists OID 0x%08X and answers it with 0x%08X", call->driver->name, oid,
                (unsigned)status);
    }
}

static void
check_counter(struct verify *verify, const struct gate_call *call, const struct _QUERY *query,
    NDIS_STATUS status)
{
    UINT room = query->InformationBufferLength;
    bool wrong;

    if (!among(counters, RTL_NUMBER_OF(counters), query->Oid) || room < sizeof(ULONG))
        return;
    wrong = status == NDIS_STATUS_SUCCESS ? query->BytesWritten != 4 && query->BytesWritten != 8
                                          : !knows_none(status);
    if (fails(verify, RULE_OID_COUNTER, wrong))
        broken(verify, RULE_OID_COUNTER, call, NULL, NULL, NULL,
            "%s answers OID 0x%08X, a counter, with 0x%08X and %u bytes; there is room for %u",
            call->driver->name, query->Oid, (unsigned)status, query->BytesWritten, room);
}

/* These have something to say in any case. */
bool
oid_says_something(NDIS_OID oid)
{
    return oid == OID_GEN_SUPPORTED_LIST || among(asked_of_all, RTL_NUMBER_OF(asked_of_all), oid);
}

static void
check_empty(struct verify *verify, const struct gate_call *call, const struct _QUERY *query,
    NDIS_STATUS status)
{
    if (fails(verify, RULE_OID_WRITTEN_SET,
            status == NDIS_STATUS_SUCCESS && !query->BytesWritten &&
                oid_says_something(query->Oid)))
        broken(verify, RULE_OID_WRITTEN_SET, call, NULL, NULL, NULL,
            "%s answers OID 0x%08X with success and BytesWritten 0", call->driver->name,
            query->Oid);
}

static void
check_filter(struct verify *verify, const struct gate_call *call, const struct adapter *adapter,
    const struct _SET *set, NDIS_STATUS status)
{
    ULONG filter;

    if (set->Oid != OID_GEN_CURRENT_PACKET_FILTER || !set->InformationBuffer ||
        set->InformationBufferLength < sizeof(filter))
        return;
    filter = *(const ULONG *)set->InformationBuffer;
    if (fails(verify, RULE_OID_FILTER_SET,
            status != NDIS_STATUS_SUCCESS && adapter->general.SupportedPacketFilters &&
                !(filter & ~adapter->general.SupportedPacketFilters)))
        broken(verify, RULE_OID_FILTER_SET, call, NULL, NULL, NULL,
            "%s answers packet filter 0x%X, of kinds that it supports, with 0x%08X",
            call->driver->name, filter, (unsigned)status);
}

static void
check_final(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    const NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    const struct adapter *adapter = miniport->adapter;

    if (!adapter->has_general || is_of_state(miniport, status) || status == NDIS_STATUS_PENDING)
        return;
    if (request->RequestType == NdisRequestSetInformation) {
        check_filter(verify, call, adapter, &request->DATA.SET_INFORMATION, status);
    } else if (request->RequestType == NdisRequestQueryInformation) {
        check_listed(verify, call, adapter, request->DATA.QUERY_INFORMATION.Oid, status);
        check_counter(verify, call, &request->DATA.QUERY_INFORMATION, status);
        check_empty(verify, call, &request->DATA.QUERY_INFORMATION, status);
    }
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        check_final(
            verify, call, call->module, (const void *)call->args[1], (NDIS_STATUS)call->result);
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    const void *handle = (const void *)call->args[0];

    if (object_of(verify->machine, handle, OBJECT_ADAPTER))
        check_final(verify, call, handle, (const void *)call->args[1], (NDIS_STATUS)call->args[2]);
}

static uint64_t
hash_of(const NDIS_RESTART_ATTRIBUTES *entry)
{
    uint64_t hash = 1;

    for (unsigned k = 0; entry && k < ENTRIES; k++, entry = entry->Next) {
        hash = hash * 31 + packet_hash(entry->Data, entry->DataLength);
        hash = hash * 31 + (uintptr_t)entry;
    }
    return hash;
}

static void
restarts(struct verify *verify, struct gate_call *call)
{
    const NDIS_MINIPORT_RESTART_PARAMETERS *parameters = (const void *)call->args[1];

    (void)verify;
    call->scratch[SCRATCH_HASH] = (void *)(uintptr_t)hash_of(parameters->RestartAttributes);
}

static void
restarted(struct verify *verify, struct gate_call *call)
{
    const NDIS_MINIPORT_RESTART_PARAMETERS *parameters = (const void *)call->args[1];
    NDIS_STATUS status = (NDIS_STATUS)call->result;

    if (status == NDIS_STATUS_SUCCESS || status == NDIS_STATUS_PENDING)
        return;
    if (fails(verify, RULE_RESTART_LIST,
            hash_of(parameters->RestartAttributes) != (uintptr_t)call->scratch[SCRATCH_HASH]))
        broken(verify, RULE_RESTART_LIST, call, NULL, NULL, NULL,
            "MiniportRestart of %s failed with 0x%08X and has changed the restart attributes",
            call->driver->name, (unsigned)status);
}

const struct check list_imports[] = {
    {"NdisMOidRequestComplete", completes, NULL},
    {NULL, NULL, NULL},
};

const struct check list_handlers[] = {
    {"MiniportOidRequest", NULL, answered},
    {"MiniportRestart", restarts, restarted},
    {NULL, NULL, NULL},
};
