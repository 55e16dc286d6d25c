/* SPDX-License-Identifier: MIT */
/* Checks of what is asked and answered: structures in the buffers of OID requests, and which OIDs
 * may be asked how and when.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

/* A structure that an OID is answered with. */
struct answer {
    NDIS_OID oid;
    UCHAR type, revision; /* the first one */
    USHORT size;          /* of that revision */
};

static const struct answer answers[] = {
    {OID_GEN_STATISTICS, NDIS_OBJECT_TYPE_DEFAULT, NDIS_STATISTICS_INFO_REVISION_1,
        NDIS_SIZEOF_STATISTICS_INFO_REVISION_1},
    {OID_GEN_INTERRUPT_MODERATION, NDIS_OBJECT_TYPE_DEFAULT,
        NDIS_INTERRUPT_MODERATION_PARAMETERS_REVISION_1,
        NDIS_SIZEOF_INTERRUPT_MODERATION_PARAMETERS_REVISION_1},
    {OID_GEN_LINK_STATE, NDIS_OBJECT_TYPE_DEFAULT, NDIS_LINK_STATE_REVISION_1,
        NDIS_SIZEOF_LINK_STATE_REVISION_1},
};

static void
check_structure(struct verify *verify, const struct gate_call *call, const struct _QUERY *query)
{
    const NDIS_OBJECT_HEADER *header = query->InformationBuffer;
    const struct answer *answer = NULL;
    bool wrong;

    for (unsigned k = 0; k < RTL_NUMBER_OF(answers); k++)
        if (answers[k].oid == query->Oid)
            answer = &answers[k];
    if (!answer || !header || query->BytesWritten < sizeof(*header))
        return;
    wrong = header->Type != answer->type || header->Revision < answer->revision ||
            header->Size < answer->size || header->Size > query->InformationBufferLength;
    if (fails(verify, RULE_ANSWER_REVISION, wrong))
        broken(verify, RULE_ANSWER_REVISION, call, NULL, NULL, NULL,
            "%s answered OID 0x%08X with type 0x%02X, revision %u and size %u in the header of a "
            "structure of %u bytes in a buffer of %u",
            call->driver->name, query->Oid, header->Type, header->Revision, header->Size,
            answer->size, query->InformationBufferLength);
}

/* OIDs of NDIS itself, none of which is finished by an indication. */
static bool
is_general(NDIS_OID oid)
{
    return oid >> 24 == 0 || (oid >> 24 == 1 && (oid & 0xFFFFFF) < 0x100000);
}

/* Timer objects of a miniport whose device goes to sleep. */
static void
check_asleep(struct verify *verify, const struct gate_call *call, const struct module *miniport)
{
    const struct record *set = NULL;

    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_TIMER && record->armed && record->now.who == miniport)
            set = record;
    }
    if (fails(verify, RULE_POWER_TIMERS, set != NULL))
        broken(verify, RULE_POWER_TIMERS, call, NULL, set, "set here",
            "%s let its device go to sleep while timer %u is set", call->driver->name, set->id);
}

static void
check_power(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    const struct _SET *set, NDIS_STATUS status)
{
    const NDIS_DEVICE_POWER_STATE *state = set->InformationBuffer;

    if (set->Oid != OID_PNP_SET_POWER)
        return;
    if (fails(verify, RULE_POWER_MUST,
            status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_NOT_ACCEPTED &&
                status != NDIS_STATUS_NOT_SUPPORTED))
        broken(verify, RULE_POWER_MUST, call, NULL, NULL, NULL,
            "%s answered OID_PNP_SET_POWER with 0x%08X", call->driver->name, (unsigned)status);
    if (status == NDIS_STATUS_SUCCESS && state && *state > NdisDeviceStateD0)
        check_asleep(verify, call, miniport);
}

static void
check_final(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    const NDIS_OID_REQUEST *request, NDIS_STATUS status)
{
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;

    if (fails(verify, RULE_OID_INDICATION,
            status == NDIS_STATUS_INDICATION_REQUIRED && is_general(oid)))
        broken(verify, RULE_OID_INDICATION, call, NULL, NULL, NULL,
            "%s answered OID 0x%08X with NDIS_STATUS_INDICATION_REQUIRED, which is not for it",
            call->driver->name, oid);
    if (request->RequestType == NdisRequestSetInformation)
        check_power(verify, call, miniport, &request->DATA.SET_INFORMATION, status);
    else if (request->RequestType == NdisRequestQueryInformation && status == NDIS_STATUS_SUCCESS)
        check_structure(verify, call, &request->DATA.QUERY_INFORMATION);
}

/* The request may be gone when it was completed meanwhile. */
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

/* RSS parameters: what their offsets point to. */
static void
check_offsets(struct verify *verify, const struct gate_call *call, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    const NDIS_RECEIVE_SCALE_PARAMETERS *rss = set->InformationBuffer;
    uint64_t length = set->InformationBufferLength;
    bool outside;

    if (request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS ||
        length < NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1)
        return;
    outside = (uint64_t)rss->IndirectionTableOffset + rss->IndirectionTableSize > length ||
              (uint64_t)rss->HashSecretKeyOffset + rss->HashSecretKeySize > length;
    if (fails(verify, RULE_OFFSETS, outside))
        broken(verify, RULE_OFFSETS, call, NULL, NULL, NULL,
            "%s asks with RSS parameters of %u bytes whose table (%u bytes at %u) or key (%u at "
            "%u) lies outside",
            call->driver->name, (unsigned)length, rss->IndirectionTableSize,
            rss->IndirectionTableOffset, rss->HashSecretKeySize, rss->HashSecretKeyOffset);
}

static void
ask(struct verify *verify, struct gate_call *call)
{
    check_offsets(verify, call, (const void *)call->args[1]);
}

static void
ask_direct(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;

    if (fails(verify, RULE_OID_DIRECT_LISTED, is_general(oid)))
        broken(verify, RULE_OID_DIRECT_LISTED, call, NULL, NULL, NULL,
            "%s called %s for OID 0x%08X, which is asked with ordinary requests only",
            call->driver->name, call->import->name, oid);
}

static void
protocol_ask(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const struct object *prefix =
        object_of(verify->machine, (const void *)call->args[0], OBJECT_BINDING);
    const struct module *binding = prefix ? (const void *)(prefix + 1) : NULL;
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;

    ask(verify, call);
    if (!binding)
        return;
    if (fails(verify, RULE_POWER_OID,
            __atomic_load_n(&binding->adapter->power, __ATOMIC_ACQUIRE) > NdisDeviceStateD0 &&
                oid >> 24 != 0xFD))
        broken(verify, RULE_POWER_OID, call, NULL, NULL, NULL,
            "%s asks for OID 0x%08X while the adapter is in low power", call->driver->name, oid);
}

const struct check answer_imports[] = {
    {"NdisMOidRequestComplete", completes, NULL},
    {"NdisOidRequest", protocol_ask, NULL},
    {"NdisFOidRequest", ask, NULL},
    {"NdisDirectOidRequest", ask_direct, NULL},
    {"NdisFDirectOidRequest", ask_direct, NULL},
    {NULL, NULL, NULL},
};

const struct check answer_handlers[] = {
    {"MiniportOidRequest", NULL, answered},
    {NULL, NULL, NULL},
};
