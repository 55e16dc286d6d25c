/* SPDX-License-Identifier: MIT */
/* Checks of undis itself, where it calls drivers: a serialized miniport of NDIS 5 is in one function
 * at a time, no DPC of it runs before its initialization is done, timers come at DISPATCH_LEVEL and
 * sends go back to the binding that they came from. ask.c and oid.c have those of requests,
 * verify.c that of the IRQL.
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

static void
check_timer(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_TIMER_IRQL, call->irql != DISPATCH_LEVEL))
        broken(verify, RULE_TIMER_IRQL, call, NULL, NULL, NULL, "%s of %s is called at IRQL %u",
            call->handler->name, call->driver->name, call->irql);
}

static void
timer5(struct verify *verify, struct gate_call *call)
{
    check_timer(verify, call);
    enters(verify, call);
}

static void
sends_back(struct verify *verify, struct gate_call *call)
{
    const struct module *binding = call->module;

    if (fails(verify, RULE_SEND_CONTEXT, (void *)call->args[0] != binding->context))
        broken(verify, RULE_SEND_CONTEXT, call, NULL, NULL, NULL,
            "%s of %s gets %p as its ProtocolBindingContext and has given %p", call->handler->name,
            call->driver->name, (void *)call->args[0], binding->context);
}

const struct check self_handlers[] = {
    {"ProtocolSendNetBufferListsComplete", sends_back, NULL},
    {"NetTimerCallback", check_timer, NULL},
    {"MiniportSend", enters, leaves},
    {"MiniportSendPackets", enters, leaves},
    {"MiniportQueryInformation", enters, leaves},
    {"MiniportSetInformation", enters, leaves},
    {"MiniportReset", enters, leaves},
    {"MiniportCheckForHang", enters, leaves},
    {"MiniportTimer", timer5, leaves},
    {"MiniportReturnPacket", enters, leaves},
    {"MiniportTransferData", enters, leaves},
    {"MiniportHandleInterrupt", dpc, leaves},
    {NULL, NULL, NULL},
};
