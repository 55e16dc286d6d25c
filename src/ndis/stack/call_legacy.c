/* SPDX-License-Identifier: MIT */
/* The gate to miniports of NDIS 3 to 5.1. Who may be called when is the business of serial.h. */
#include "ndis/stack/call_legacy.h"
#include "ndis/stack/out.h"

#define HANDLER(documented, least, most)                                                           \
    static const struct gate_handler handler = {documented, least, most}

static const NDIS51_MINIPORT_CHARACTERISTICS *
handlers_of(const struct module *to)
{
    return &to->registration->miniport5;
}

NDIS_STATUS
call_legacy_initialize(
    struct module *to, struct legacy_choice *choice, PNDIS_MEDIUM media, UINT count)
{
    HANDLER("MiniportInitialize", PASSIVE_LEVEL, PASSIVE_LEVEL);
    W_INITIALIZE_HANDLER fn = handlers_of(to)->InitializeHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(&choice->open_error), WORD(&choice->medium), WORD(media), count, WORD(to),
            WORD(to)));
    status = fn(&choice->open_error, &choice->medium, media, count, to, to);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_legacy_halt(struct module *to)
{
    HANDLER("MiniportHalt", PASSIVE_LEVEL, PASSIVE_LEVEL);
    W_HALT_HANDLER fn = handlers_of(to)->HaltHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context)));
    fn(to->context);
    out_end(&out, 0);
}

static NDIS_STATUS
query(struct module *to, PNDIS_OID_REQUEST request)
{
    HANDLER("MiniportQueryInformation", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_QUERY_INFORMATION_HANDLER fn = handlers_of(to)->QueryInformationHandler;
    struct _QUERY *q = &request->DATA.QUERY_INFORMATION;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), q->Oid, WORD(q->InformationBuffer), q->InformationBufferLength,
            WORD(&q->BytesWritten), WORD(&q->BytesNeeded)));
    status = fn(to->context, q->Oid, q->InformationBuffer, q->InformationBufferLength,
        (PULONG)&q->BytesWritten, (PULONG)&q->BytesNeeded);
    out_end(&out, (uint32_t)status);
    return status;
}

static NDIS_STATUS
set(struct module *to, PNDIS_OID_REQUEST request)
{
    HANDLER("MiniportSetInformation", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_SET_INFORMATION_HANDLER fn = handlers_of(to)->SetInformationHandler;
    struct _SET *s = &request->DATA.SET_INFORMATION;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), s->Oid, WORD(s->InformationBuffer), s->InformationBufferLength,
            WORD(&s->BytesRead), WORD(&s->BytesNeeded)));
    status = fn(to->context, s->Oid, s->InformationBuffer, s->InformationBufferLength,
        (PULONG)&s->BytesRead, (PULONG)&s->BytesNeeded);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_legacy_request(struct module *to, PNDIS_OID_REQUEST request)
{
    return request->RequestType == NdisRequestSetInformation ? set(to, request)
                                                             : query(to, request);
}

void
call_legacy_unload(struct ndis_driver *to)
{
    HANDLER("MiniportUnload", PASSIVE_LEVEL, PASSIVE_LEVEL);
    struct out out;

    if (!to->unload)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->unload), ARGS(WORD(to->driver->object)));
    to->unload(to->driver->object);
    out_end(&out, 0);
}
