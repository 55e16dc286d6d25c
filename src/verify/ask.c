/* SPDX-License-Identifier: MIT */
/* Checks of requests to a miniport of NDIS 5: its counts are there when it has answered.
 *
 *     MiniportQueryInformation, MiniportSetInformation --> status, or NdisM*InformationComplete
 */
#include "verify/check.h"

#include "ndis/stack/module.h"

/* What the counts hold until the miniport sets them; no length. */
#define COUNT_UNSET 0xBADC0DE0u

static void
asks(struct verify *verify, struct gate_call *call)
{
    struct record *record = call->module ? module_record(call->module) : NULL;

    if (!record || !call->driver->image)
        return;
    if (fails(verify, RULE_O5_SERIAL, record->done != NULL))
        broken(verify, RULE_O5_SERIAL, call, NULL, NULL, NULL,
            "%s is asked while it has not answered the request before", call->driver->name);
    record->done = (ULONG *)call->args[4];
    record->needed = (ULONG *)call->args[5];
    *record->done = *record->needed = COUNT_UNSET;
}

static void
answered(
    struct verify *verify, const struct gate_call *call, struct record *record, NDIS_STATUS status)
{
    bool more = status == NDIS_STATUS_INVALID_LENGTH || status == NDIS_STATUS_BUFFER_TOO_SHORT;
    bool unset = (status == NDIS_STATUS_SUCCESS && *record->done == COUNT_UNSET) ||
                 (more && *record->needed == COUNT_UNSET);

    if (fails(verify, RULE_O5_COUNTS, unset))
        broken(verify, RULE_O5_COUNTS, call, NULL, NULL, NULL,
            "%s answered a request with 0x%08X and did not set %s", call->driver->name,
            (unsigned)status, more ? "BytesNeeded" : "BytesWritten or BytesRead");
    if (*record->done == COUNT_UNSET)
        *record->done = 0;
    if (*record->needed == COUNT_UNSET)
        *record->needed = 0;
    record->done = NULL;
}

/* What was set says something. */
static void
check_query(struct verify *verify, const struct gate_call *call)
{
    NDIS_STATUS status = (NDIS_STATUS)call->result;
    UINT done = *(const ULONG *)call->args[4], needed = *(const ULONG *)call->args[5];
    NDIS_OID oid = (NDIS_OID)call->args[1];
    bool nothing = status == NDIS_STATUS_SUCCESS && !done && oid_says_something(oid);

    if (fails(verify, RULE_O5_COUNTS,
            nothing || oid_needs_nothing(status, needed, (ULONG)call->args[3])))
        broken(verify, RULE_O5_COUNTS, call, NULL, NULL, NULL,
            "%s answered OID 0x%08X with 0x%08X and %s %u; the buffer has %u bytes",
            call->driver->name, oid, (unsigned)status, nothing ? "BytesWritten" : "BytesNeeded",
            nothing ? done : needed, (unsigned)call->args[3]);
}

static void
returned(struct verify *verify, struct gate_call *call)
{
    struct record *record = call->module ? module_record(call->module) : NULL;

    if (record && record->done == (ULONG *)call->args[4] &&
        (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        answered(verify, call, record, (NDIS_STATUS)call->result);
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];
    struct record *record =
        object_of(verify->machine, miniport, OBJECT_ADAPTER) ? module_record(miniport) : NULL;

    if (record && record->done)
        answered(verify, call, record, (NDIS_STATUS)call->args[1]);
}

/* A reset has answered the request. */
static void
resets(struct verify *verify, struct gate_call *call)
{
    struct record *record = call->module ? module_record(call->module) : NULL;

    (void)verify;
    if (record)
        record->done = NULL;
}

static void
query_returned(struct verify *verify, struct gate_call *call)
{
    const struct record *record = call->module ? module_record(call->module) : NULL;

    /* What is pending is another thread's to answer. */
    if (record && record->done == (ULONG *)call->args[4] &&
        (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        check_query(verify, call);
    returned(verify, call);
}

const struct check ask_imports[] = {
    {"NdisMQueryInformationComplete", completes, NULL},
    {"NdisMSetInformationComplete", completes, NULL},
    {NULL, NULL, NULL},
};

const struct check ask_handlers[] = {
    {"MiniportQueryInformation", asks, query_returned},
    {"MiniportSetInformation", asks, returned},
    {"MiniportReset", resets, NULL},
    {NULL, NULL, NULL},
};
