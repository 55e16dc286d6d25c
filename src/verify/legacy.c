/* SPDX-License-Identifier: MIT */
/* Checks of drivers of NDIS 5: they keep to its functions. */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

/* A function of NDIS 6 whose first argument is the handle of an adapter or a binding. */
static void
take_handle(struct verify *verify, struct gate_call *call)
{
    const struct module *module = (const void *)call->args[0];
    bool is_module = object_of(verify->machine, module, OBJECT_BINDING) ||
                     object_of(verify->machine, module, OBJECT_ADAPTER);

    if (fails(verify, RULE_GENERATION_6, is_module && module->registration->major < 6))
        broken(verify, RULE_GENERATION_6, call, NULL, NULL, NULL,
            "%s, a driver of NDIS %u.%u, called %s, which is of NDIS 6", call->driver->name,
            module->registration->major, module->registration->minor, call->import->name);
}

const struct check legacy_imports[] = {
    {"NdisSendNetBufferLists", take_handle, NULL},
    {"NdisReturnNetBufferLists", take_handle, NULL},
    {"NdisCancelSendNetBufferLists", take_handle, NULL},
    {"NdisOidRequest", take_handle, NULL},
    {"NdisCancelOidRequest", take_handle, NULL},
    {"NdisDirectOidRequest", take_handle, NULL},
    {"NdisCloseAdapterEx", take_handle, NULL},
    {"NdisMSendNetBufferListsComplete", take_handle, NULL},
    {"NdisMIndicateReceiveNetBufferLists", take_handle, NULL},
    {"NdisMIndicateStatusEx", take_handle, NULL},
    {"NdisMOidRequestComplete", take_handle, NULL},
    {"NdisMPauseComplete", take_handle, NULL},
    {"NdisMRestartComplete", take_handle, NULL},
    {"NdisMSetMiniportAttributes", take_handle, NULL},
    {NULL, NULL, NULL},
};
