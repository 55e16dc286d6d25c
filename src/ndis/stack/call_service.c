/* SPDX-License-Identifier: MIT */
/* The gate from NDIS' services to drivers. Timers come at DISPATCH_LEVEL, work items at
 * PASSIVE_LEVEL; neither belongs to a module.
 */
#include "ndis/stack/call_service.h"
#include "ndis/stack/out.h"

void
call_timer(struct driver *to, PNDIS_TIMER_FUNCTION function, PVOID context, PKDPC dpc,
    PVOID argument1, PVOID argument2)
{
    static const struct gate_handler handler = {"NetTimerCallback", DISPATCH_LEVEL, DISPATCH_LEVEL};
    struct out out;

    out_begin(&out, to, NULL, &handler, WORD(function),
        ARGS(WORD(dpc), WORD(context), WORD(argument1), WORD(argument2)));
    function(dpc, context, argument1, argument2);
    out_end(&out, 0);
}

void
call_io_work_item(
    struct driver *to, NDIS_IO_WORKITEM_ROUTINE routine, PVOID context, NDIS_HANDLE item)
{
    static const struct gate_handler handler = {"NDIS_IO_WORKITEM_FUNCTION", 0, PASSIVE_LEVEL};
    struct out out;

    out_begin(&out, to, NULL, &handler, WORD(routine), ARGS(WORD(context), WORD(item)));
    routine(context, item);
    out_end(&out, 0);
}

void
call_work_item_5(struct driver *to, PNDIS_WORK_ITEM item)
{
    static const struct gate_handler handler = {"NDIS_PROC_CALLBACK", 0, PASSIVE_LEVEL};
    struct out out;

    out_begin(&out, to, NULL, &handler, WORD(item->Routine), ARGS(WORD(item), WORD(item->Context)));
    item->Routine(item, item->Context);
    out_end(&out, 0);
}
