/* SPDX-License-Identifier: MIT */
/* Single statistics of a miniport of NDIS 6, which answers OID_GEN_STATISTICS only: the query makes
 * a detour at the miniport.
 *
 *     OID_GEN_BYTES_RCV, ULONG64 -->  OID_GEN_STATISTICS, NDIS_STATISTICS_INFO --> miniport
 *                      ifHCInOctets <-- the request as it was                  <-- its answer
 *
 * A miniport that does not list OID_GEN_STATISTICS is asked for each by its OID.
 */
#include "ndis/path/oid.h"

#include <string.h>

struct statistics {
    struct oid_detour detour; /* first */
    NDIS_OID oid;             /* oid, buffer, length: as it was asked */
    PVOID buffer;
    UINT length;
    size_t offset; /* of the member */
    ULONG flag;    /* says that the member means something */
    NDIS_STATISTICS_INFO info;
};

#define MEMBER(name) offsetof(NDIS_STATISTICS_INFO, name)
#define FLAG(name)   NDIS_STATISTICS_FLAGS_VALID_##name

static const struct {
    NDIS_OID oid;
    size_t offset;
    ULONG flag;
} members[] = {
    {OID_GEN_RCV_DISCARDS, MEMBER(ifInDiscards), FLAG(RCV_DISCARDS)},
    {OID_GEN_RCV_ERROR, MEMBER(ifInErrors), FLAG(RCV_ERROR)},
    {OID_GEN_BYTES_RCV, MEMBER(ifHCInOctets), FLAG(BYTES_RCV)},
    {OID_GEN_DIRECTED_FRAMES_RCV, MEMBER(ifHCInUcastPkts), FLAG(DIRECTED_FRAMES_RCV)},
    {OID_GEN_MULTICAST_FRAMES_RCV, MEMBER(ifHCInMulticastPkts), FLAG(MULTICAST_FRAMES_RCV)},
    {OID_GEN_BROADCAST_FRAMES_RCV, MEMBER(ifHCInBroadcastPkts), FLAG(BROADCAST_FRAMES_RCV)},
    {OID_GEN_DIRECTED_BYTES_RCV, MEMBER(ifHCInUcastOctets), FLAG(DIRECTED_BYTES_RCV)},
    {OID_GEN_MULTICAST_BYTES_RCV, MEMBER(ifHCInMulticastOctets), FLAG(MULTICAST_BYTES_RCV)},
    {OID_GEN_BROADCAST_BYTES_RCV, MEMBER(ifHCInBroadcastOctets), FLAG(BROADCAST_BYTES_RCV)},
    {OID_GEN_XMIT_DISCARDS, MEMBER(ifOutDiscards), FLAG(XMIT_DISCARDS)},
    {OID_GEN_XMIT_ERROR, MEMBER(ifOutErrors), FLAG(XMIT_ERROR)},
    {OID_GEN_BYTES_XMIT, MEMBER(ifHCOutOctets), FLAG(BYTES_XMIT)},
    {OID_GEN_DIRECTED_FRAMES_XMIT, MEMBER(ifHCOutUcastPkts), FLAG(DIRECTED_FRAMES_XMIT)},
    {OID_GEN_MULTICAST_FRAMES_XMIT, MEMBER(ifHCOutMulticastPkts), FLAG(MULTICAST_FRAMES_XMIT)},
    {OID_GEN_BROADCAST_FRAMES_XMIT, MEMBER(ifHCOutBroadcastPkts), FLAG(BROADCAST_FRAMES_XMIT)},
    {OID_GEN_DIRECTED_BYTES_XMIT, MEMBER(ifHCOutUcastOctets), FLAG(DIRECTED_BYTES_XMIT)},
    {OID_GEN_MULTICAST_BYTES_XMIT, MEMBER(ifHCOutMulticastOctets), FLAG(MULTICAST_BYTES_XMIT)},
    {OID_GEN_BROADCAST_BYTES_XMIT, MEMBER(ifHCOutBroadcastOctets), FLAG(BROADCAST_BYTES_XMIT)},
};

static bool
lists(const struct adapter *adapter, NDIS_OID oid)
{
    for (ULONG i = 0; i < adapter->supported_oid_count; i++)
        if (adapter->supported_oids[i] == oid)
            return true;
    return false;
}

/* 4 bytes of it where there is no room for 8. */
static NDIS_STATUS
answer_counter(struct _QUERY *query, ULONG64 value)
{
    query->BytesNeeded = sizeof(value);
    query->BytesWritten = 0;
    if (query->InformationBufferLength < sizeof(ULONG))
        return NDIS_STATUS_INVALID_LENGTH;
    query->BytesWritten = query->InformationBufferLength < sizeof(value) ? 4 : 8;
    memcpy(query->InformationBuffer, &value, query->BytesWritten);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
end(struct undis *machine, PNDIS_OID_REQUEST request, struct oid_detour *made, NDIS_STATUS status)
{
    struct statistics *detour = CONTAINING_RECORD(made, struct statistics, detour);
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;
    bool whole = query->BytesWritten >= NDIS_SIZEOF_STATISTICS_INFO_REVISION_1;

    query->Oid = detour->oid;
    query->InformationBuffer = detour->buffer;
    query->InformationBufferLength = detour->length;
    query->BytesWritten = 0;
    if (status == NDIS_STATUS_SUCCESS &&
        (!whole || !(detour->info.SupportedStatistics & detour->flag)))
        status = NDIS_STATUS_NOT_SUPPORTED;
    if (status == NDIS_STATUS_SUCCESS) {
        ULONG64 value;

        memcpy(&value, (char *)&detour->info + detour->offset, sizeof(value));
        status = answer_counter(query, value);
    }
    machine_free(machine, detour);
    return status;
}

static NDIS_STATUS
leave_by(struct undis *machine, PNDIS_OID_REQUEST request, size_t member, struct oid_detour **made)
{
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;
    struct statistics *detour = machine_alloc(machine, sizeof(*detour));

    if (!detour)
        return NDIS_STATUS_RESOURCES;
    *detour = (struct statistics){
        .detour.end = end,
        .oid = query->Oid,
        .buffer = query->InformationBuffer,
        .length = query->InformationBufferLength,
        .offset = members[member].offset,
        .flag = members[member].flag,
        .info.Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_STATISTICS_INFO_REVISION_1,
            NDIS_SIZEOF_STATISTICS_INFO_REVISION_1},
    };
    query->Oid = OID_GEN_STATISTICS;
    query->InformationBuffer = &detour->info;
    query->InformationBufferLength = sizeof(detour->info);
    *made = &detour->detour;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
statistics_detour(struct adapter *adapter, PNDIS_OID_REQUEST request, struct oid_detour **made)
{
    if (!oid_is_query(request) || !lists(adapter, OID_GEN_STATISTICS))
        return NDIS_STATUS_SUCCESS;
    for (size_t i = 0; i < RTL_NUMBER_OF(members); i++)
        if (members[i].oid == request->DATA.QUERY_INFORMATION.Oid)
            return leave_by(adapter->machine, request, i, made);
    return NDIS_STATUS_SUCCESS;
}
