/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to providers of network interfaces, who belong to no module. */
#include "ndis/stack/call_interface.h"
#include "ndis/stack/out.h"

NDIS_STATUS
call_query_object(struct driver *to, IFP_QUERY_OBJECT_HANDLER handler, NDIS_HANDLE context,
    NDIS_OID oid, PULONG length, PVOID buffer)
{
    static const struct gate_handler row = {"ProviderQueryObject", 0, PASSIVE_LEVEL};
    struct out out;
    NDIS_STATUS status;

    out_begin(
        &out, to, NULL, &row, WORD(handler), ARGS(WORD(context), oid, WORD(length), WORD(buffer)));
    status = handler(context, oid, length, buffer);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_set_object(struct driver *to, IFP_SET_OBJECT_HANDLER handler, NDIS_HANDLE context,
    NDIS_OID oid, ULONG length, PVOID buffer)
{
    static const struct gate_handler row = {"ProviderSetObject", 0, PASSIVE_LEVEL};
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to, NULL, &row, WORD(handler), ARGS(WORD(context), oid, length, WORD(buffer)));
    status = handler(context, oid, length, buffer);
    out_end(&out, (uint32_t)status);
    return status;
}
