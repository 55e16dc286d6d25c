/* SPDX-License-Identifier: MIT */
/* Checks of undis itself, where it calls a miniport of NDIS 5: a serialized one is in one function
 * at a time, and no DPC runs before its initialization is done.
 */
#include "verify/check.h"

#include "ndis/stack/legacy.h"

static struct record *
serialized(const struct gate_call *call)
{
    const struct module *miniport = call->module;

    return miniport && miniport->legacy && !miniport->legacy->serial.off ? module_record(miniport)
                                                                         : NULL;
}

static void
enters(struct verify *verify, struct gate_call *call)
{
    struct record *record = serialized(call);

    if (!record)
        return;
    if (fails(verify, RULE_SERIALIZED, record->depth && record->serving != block_self->id))
        broken(verify, RULE_SERIALIZED, call, NULL, NULL, NULL,
            "%s of %s, which is serialized, is called while another function of it runs",
            call->handler->name, call->driver->name);
    record->serving = block_self->id;
    record->depth++;
}

static void
leaves(struct verify *verify, struct gate_call *call)
{
    struct record *record = serialized(call);

    (void)verify;
    if (record && record->depth)
        record->depth--;
}

static void
dpc(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = call->module;

    if (fails(verify, RULE_DPC_INIT, miniport && miniport->state == MODULE_ATTACHING))
        broken(verify, RULE_DPC_INIT, call, NULL, NULL, NULL,
            "%s of %s is called before its MiniportInitialize has returned", call->handler->name,
            call->driver->name);
    enters(verify, call);
}

const struct check self_handlers[] = {
    {"MiniportSend", enters, leaves},
    {"MiniportSendPackets", enters, leaves},
    {"MiniportQueryInformation", enters, leaves},
    {"MiniportSetInformation", enters, leaves},
    {"MiniportReset", enters, leaves},
    {"MiniportCheckForHang", enters, leaves},
    {"MiniportTimer", enters, leaves},
    {"MiniportReturnPacket", enters, leaves},
    {"MiniportTransferData", enters, leaves},
    {"MiniportHandleInterrupt", dpc, leaves},
    {NULL, NULL, NULL},
};
