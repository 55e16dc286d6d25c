/* SPDX-License-Identifier: MIT */
/* What drivers register to take part in connections: NdisSetOptionalHandlers brings it here, the
 * header is checked already. A registration that lacks what every one needs is refused whole.
 */
#include "ndis/connection/connection.h"

#include <string.h>

static NDIS_STATUS
set_miniport(struct co_handlers *co, const NDIS_OBJECT_HEADER *header)
{
    const NDIS_MINIPORT_CO_CHARACTERISTICS *c = (const void *)header;
    unsigned vc = (c->CoCreateVcHandler != NULL) + (c->CoDeleteVcHandler != NULL) +
                  (c->CoActivateVcHandler != NULL) + (c->CoDeactivateVcHandler != NULL);

    /* A miniport that is its own call manager has none of the four. */
    if (!c->CoSendNetBufferListsHandler || !c->CoOidRequestHandler || (vc != 0 && vc != 4))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    memcpy(&co->miniport, c, sizeof(co->miniport));
    co->has_miniport = true;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set_protocol(struct co_handlers *co, const NDIS_OBJECT_HEADER *header)
{
    const NDIS_PROTOCOL_CO_CHARACTERISTICS *c = (const void *)header;

    if (!c->CoStatusHandlerEx || !c->CoReceiveNetBufferListsHandler ||
        !c->CoSendNetBufferListsCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    memcpy(&co->protocol, c, sizeof(co->protocol));
    co->has_protocol = true;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set_client(struct co_handlers *co, const NDIS_OBJECT_HEADER *header)
{
    const NDIS_CO_CLIENT_OPTIONAL_HANDLERS *c = (const void *)header;

    /* Those of parties and of incoming calls may be missing where no SAP or party is made. */
    if (!c->ClCreateVcHandler || !c->ClDeleteVcHandler || !c->ClOidRequestHandler ||
        !c->ClOidRequestCompleteHandler || !c->ClOpenAfCompleteHandlerEx ||
        !c->ClCloseAfCompleteHandler || !c->ClMakeCallCompleteHandler ||
        !c->ClCloseCallCompleteHandler || !c->ClIncomingCloseCallHandler ||
        !c->ClNotifyCloseAfHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    memcpy(&co->client.six, c, sizeof(co->client.six));
    co->has_client = true;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set_manager(struct co_handlers *co, const NDIS_OBJECT_HEADER *header)
{
    const NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS *c = (const void *)header;

    if (!c->CmCreateVcHandler || !c->CmDeleteVcHandler || !c->CmOpenAfHandler ||
        !c->CmCloseAfHandler || !c->CmMakeCallHandler || !c->CmCloseCallHandler ||
        !c->CmIncomingCallCompleteHandler || !c->CmActivateVcCompleteHandler ||
        !c->CmDeactivateVcCompleteHandler || !c->CmOidRequestHandler ||
        !c->CmOidRequestCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    memcpy(&co->manager.six, c, sizeof(co->manager.six));
    co->has_manager = true;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
co_set_protocol5(struct ndis_driver *registration)
{
    const NDIS50_PROTOCOL_CHARACTERISTICS *c = &registration->protocol5;
    struct co_handlers *co;

    if (c->MajorNdisVersion < 5 || !c->CoSendCompleteHandler)
        return NDIS_STATUS_SUCCESS;
    if (!c->CoStatusHandler || !c->CoReceivePacketHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    co = machine_alloc(machine_self(), sizeof(*co));
    if (!co)
        return NDIS_STATUS_RESOURCES;
    co->has_protocol = true;
    co->protocol.CoAfRegisterNotifyHandler = c->CoAfRegisterNotifyHandler;
    co->send_complete5 = c->CoSendCompleteHandler;
    co->status5 = c->CoStatusHandler;
    co->receive5 = c->CoReceivePacketHandler;
    registration->co = co;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
co_set_miniport5(struct ndis_driver *registration)
{
    const NDIS51_MINIPORT_CHARACTERISTICS *c = &registration->miniport5;
    struct co_handlers *co;
    unsigned vc;

    if (c->MajorNdisVersion < 5 || !c->CoSendPacketsHandler)
        return NDIS_STATUS_SUCCESS;
    vc = (c->CoCreateVcHandler != NULL) + (c->CoDeleteVcHandler != NULL) +
         (c->CoActivateVcHandler != NULL) + (c->CoDeactivateVcHandler != NULL);
    if (!c->CoRequestHandler || (vc != 0 && vc != 4))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    co = machine_alloc(machine_self(), sizeof(*co));
    if (!co)
        return NDIS_STATUS_RESOURCES;
    co->has_miniport = true;
    co->miniport.CoCreateVcHandler = c->CoCreateVcHandler;
    co->miniport.CoDeleteVcHandler = c->CoDeleteVcHandler;
    co->miniport.CoActivateVcHandler = c->CoActivateVcHandler;
    co->miniport.CoDeactivateVcHandler = c->CoDeactivateVcHandler;
    co->send5 = c->CoSendPacketsHandler;
    registration->co = co;
    return NDIS_STATUS_SUCCESS;
}

static const struct {
    UCHAR type;
    enum object_kind kinds[2]; /* registrations that may have them */
    NDIS_STATUS (*set)(struct co_handlers *, const NDIS_OBJECT_HEADER *);
} setters[] = {
    {NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS, {OBJECT_MINIPORT_DRIVER, OBJECT_MINIPORT_DRIVER},
        set_miniport},
    {NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS, {OBJECT_PROTOCOL_DRIVER, OBJECT_PROTOCOL_DRIVER},
        set_protocol},
    {NDIS_OBJECT_TYPE_CO_CLIENT_OPTIONAL_HANDLERS, {OBJECT_PROTOCOL_DRIVER, OBJECT_PROTOCOL_DRIVER},
        set_client},
    {NDIS_OBJECT_TYPE_CO_CALL_MANAGER_OPTIONAL_HANDLERS,
        {OBJECT_PROTOCOL_DRIVER, OBJECT_MINIPORT_DRIVER}, set_manager},
};

NDIS_STATUS
co_set_handlers(struct ndis_driver *registration, const NDIS_OBJECT_HEADER *handlers)
{
    if (!registration->co)
        registration->co = machine_alloc(machine_self(), sizeof(*registration->co));
    if (!registration->co)
        return NDIS_STATUS_RESOURCES;
    for (size_t i = 0; i < RTL_NUMBER_OF(setters); i++)
        if (setters[i].type == handlers->Type)
            return registration->kind == setters[i].kinds[0] ||
                           registration->kind == setters[i].kinds[1]
                       ? setters[i].set(registration->co, handlers)
                       : NDIS_STATUS_INVALID_PARAMETER;
    return NDIS_STATUS_NOT_SUPPORTED;
}
