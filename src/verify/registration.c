/* SPDX-License-Identifier: MIT */
/* Checks of registrations beside their characteristics (header.c): names that are there once, and an
 * end in the reverse order.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

static uint64_t
small_hash(const UNICODE_STRING *name)
{
    uint64_t hash = 0;

    for (unsigned k = 0; k < name->Length / sizeof(WCHAR); k++) {
        WCHAR c = RtlDowncaseUnicodeChar(name->Buffer[k]);

        hash = hash * 31 + packet_hash(&c, sizeof(c));
    }
    return hash;
}

static void
add(struct verify *verify, const struct gate_call *call, enum object_kind kind, uint64_t name)
{
    for (unsigned k = 0; k < REGISTERED; k++) {
        if (verify->registered[k].driver)
            continue;
        verify->registered[k] =
            (struct registered){call->driver, kind, ++verify->registrations, name};
        return;
    }
}

void
registrations_forget(struct verify *verify, const struct driver *driver)
{
    for (unsigned k = 0; k < REGISTERED; k++)
        if (verify->registered[k].driver == driver)
            verify->registered[k] = (struct registered){0};
}

/* Protocols: their names. */
static void
check_name(struct verify *verify, const struct gate_call *call, const UNICODE_STRING *name)
{
    uint64_t hash = small_hash(name);
    const struct registered *same = NULL;

    for (unsigned k = 0; k < REGISTERED; k++)
        if (verify->registered[k].driver && verify->registered[k].kind == OBJECT_PROTOCOL_DRIVER &&
            verify->registered[k].name == hash)
            same = &verify->registered[k];
    if (fails(verify, RULE_PROTOCOL_NAME, same != NULL))
        broken(verify, RULE_PROTOCOL_NAME, call, NULL, NULL, NULL,
            "%s registers a protocol with the name of one that %s has registered",
            call->driver->name, same->driver->name);
}

static void
register_5(struct verify *verify, struct gate_call *call)
{
    const NDIS50_PROTOCOL_CHARACTERISTICS *c = (const void *)call->args[2];

    bool binds = c->MajorNdisVersion < 4 || (c->BindAdapterHandler && c->UnbindAdapterHandler);

    if (fails(verify, RULE_BIND5_HANDLERS, !binds))
        broken(verify, RULE_BIND5_HANDLERS, call, NULL, NULL, NULL,
            "%s registers a protocol of NDIS %u without ProtocolBindAdapter and "
            "ProtocolUnbindAdapter",
            call->driver->name, c->MajorNdisVersion);
    check_name(verify, call, &c->Name);
}

static void
registered_5(struct verify *verify, struct gate_call *call)
{
    const NDIS50_PROTOCOL_CHARACTERISTICS *c = (const void *)call->args[2];

    if (*(const NDIS_STATUS *)call->args[0] == NDIS_STATUS_SUCCESS)
        add(verify, call, OBJECT_PROTOCOL_DRIVER, small_hash(&c->Name));
}

static void
register_6(struct verify *verify, struct gate_call *call)
{
    const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *c = (const void *)call->args[1];

    check_name(verify, call, &c->Name);
}

static void
registered_6(struct verify *verify, struct gate_call *call)
{
    const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *c = (const void *)call->args[1];

    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        add(verify, call, OBJECT_PROTOCOL_DRIVER, small_hash(&c->Name));
}

static void
registered_miniport(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        add(verify, call, OBJECT_MINIPORT_DRIVER, 0);
}

static void
registered_filter(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        add(verify, call, OBJECT_FILTER_DRIVER, 0);
}

/* What the driver registered later goes before; then this one goes. */
static void
deregister(struct verify *verify, const struct gate_call *call, enum object_kind kind)
{
    struct registered *going = NULL;
    bool later = false;

    for (unsigned k = 0; k < REGISTERED; k++)
        if (verify->registered[k].driver == call->driver && verify->registered[k].kind == kind)
            going = &verify->registered[k];
    for (unsigned k = 0; k < REGISTERED && going; k++)
        later = later || (verify->registered[k].driver == call->driver &&
                             verify->registered[k].order > going->order);
    if (fails(verify, RULE_REGISTRATION_ORDER, later))
        broken(verify, RULE_REGISTRATION_ORDER, call, NULL, NULL, NULL,
            "%s calls %s and still has what it registered after that", call->driver->name,
            call->import->name);
    if (going)
        *going = (struct registered){0};
}

static void
deregister_protocol(struct verify *verify, struct gate_call *call)
{
    deregister(verify, call, OBJECT_PROTOCOL_DRIVER);
}

static void
deregister_filter(struct verify *verify, struct gate_call *call)
{
    deregister(verify, call, OBJECT_FILTER_DRIVER);
}

static void
deregister_miniport(struct verify *verify, struct gate_call *call)
{
    deregister(verify, call, OBJECT_MINIPORT_DRIVER);
}

const struct check registration_imports[] = {
    {"NdisRegisterProtocol", register_5, registered_5},
    {"NdisRegisterProtocolDriver", register_6, registered_6},
    {"NdisMRegisterMiniportDriver", NULL, registered_miniport},
    {"NdisIMRegisterLayeredMiniport", NULL, registered_miniport},
    {"NdisFRegisterFilterDriver", NULL, registered_filter},
    {"NdisDeregisterProtocol", deregister_protocol, NULL},
    {"NdisDeregisterProtocolDriver", deregister_protocol, NULL},
    {"NdisFDeregisterFilterDriver", deregister_filter, NULL},
    {"NdisMDeregisterMiniportDriver", deregister_miniport, NULL},
    {"NdisIMDeregisterLayeredMiniport", deregister_miniport, NULL},
    {NULL, NULL, NULL},
};
