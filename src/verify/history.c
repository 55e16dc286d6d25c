/* SPDX-License-Identifier: MIT */
/* What became of objects whose checks need less than that: packets, IRPs, timers, DPCs, work items.
 * Their moves are noted here, and told with the rules that concern them: of the object's record, or,
 * where it lies in memory of a driver, of its place.
 *
 * And who hands in what was freed is told with its history; the core, which stops for it otherwise,
 * knows nothing of that.
 */
#include "verify/check.h"

#include "host/lock.h"

#include "ndis/packet/descriptor.h"

#include <stdio.h>
#include <string.h>

/* Moves */

static struct record *
record_of(struct verify *verify, const void *body, enum object_kind kind)
{
    struct object *prefix = object_of(verify->machine, body, kind);

    return prefix ? prefix->record : NULL;
}

static struct record *
packet_record(struct verify *verify, const void *packet)
{
    struct record *record = record_of(verify, (const struct descriptor *)packet - 1, OBJECT_PACKET);

    return record ? record : record_of(verify, packet, OBJECT_PACKET);
}

static const char *
name_of(const struct gate_call *call)
{
    return call->import ? call->import->name : call->handler->name;
}

static void
moves(struct verify *verify, const struct gate_call *call, struct record *record)
{
    if (record)
        record_move(verify, record, name_of(call));
}

/* Where machines hand over, that has noted it. */
static void
packet_moves(struct verify *verify, const struct gate_call *call, const void *packet)
{
    if (!verify->hands_over)
        moves(verify, call, packet_record(verify, packet));
}

static void
packet_0(struct verify *verify, struct gate_call *call)
{
    packet_moves(verify, call, (const void *)call->args[0]);
}

static void
packet_1(struct verify *verify, struct gate_call *call)
{
    packet_moves(verify, call, (const void *)call->args[1]);
}

static void
array(struct verify *verify, const struct gate_call *call, unsigned packets, unsigned count)
{
    const PNDIS_PACKET *all = (const PNDIS_PACKET *)call->args[packets];

    for (UINT i = 0; i < (UINT)call->args[count]; i++)
        packet_moves(verify, call, all[i]);
}

static void
array_0(struct verify *verify, struct gate_call *call)
{
    array(verify, call, 0, 1);
}

static void
array_1(struct verify *verify, struct gate_call *call)
{
    array(verify, call, 1, 2);
}

static void
irp_0(struct verify *verify, struct gate_call *call)
{
    moves(verify, call, record_of(verify, (const void *)call->args[0], OBJECT_IRP));
}

static void
irp_1(struct verify *verify, struct gate_call *call)
{
    moves(verify, call, record_of(verify, (const void *)call->args[1], OBJECT_IRP));
}

static void
dispatched(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, (const void *)call->args[1], OBJECT_IRP);

    if (record && (NTSTATUS)call->result == STATUS_PENDING)
        record_move(verify, record, "DispatchRoutine pended it");
}

static void
work_0(struct verify *verify, struct gate_call *call)
{
    moves(verify, call, record_of(verify, (const void *)call->args[0], OBJECT_WORK_ITEM));
}

static void
work_1(struct verify *verify, struct gate_call *call)
{
    moves(verify, call, record_of(verify, (const void *)call->args[1], OBJECT_WORK_ITEM));
}

static void
place_moves(
    struct verify *verify, const struct gate_call *call, const void *address, enum place_kind kind)
{
    struct place *place = place_find(verify, address, kind);

    if (place)
        place_move(verify, place, name_of(call));
}

static void
timer_0(struct verify *verify, struct gate_call *call)
{
    place_moves(verify, call, (const void *)call->args[0], PLACE_TIMER);
}

static void
ndis_timer_0(struct verify *verify, struct gate_call *call)
{
    const NDIS_TIMER *timer = (const void *)call->args[0];

    place_moves(verify, call, &timer->Timer, PLACE_TIMER);
}

static void
dpc_0(struct verify *verify, struct gate_call *call)
{
    place_moves(verify, call, (const void *)call->args[0], PLACE_DPC);
}

static void
item_0(struct verify *verify, struct gate_call *call)
{
    place_moves(verify, call, (const void *)call->args[0], PLACE_WORK_ITEM);
}

/* @dpc lies in a timer object. */
static void
timer_object_runs(struct verify *verify, struct gate_call *call)
{
    size_t size;
    char *block = arena_find(verify->machine->arena, (const void *)call->args[0], &size);

    if (block)
        moves(verify, call, record_of(verify, block + sizeof(struct object), OBJECT_TIMER));
}

/* What the moves in a report are of */

struct record *
place_record(struct verify *verify, const struct place *place)
{
    switch (place->kind) {
    case PLACE_GIVEN:
    case PLACE_SENT: /* with the number of the layer */
    case PLACE_SHOWN:
    case PLACE_TAKEN:
        return packet_record(verify, (const void *)((uintptr_t)place->address & ~(uintptr_t)15));
    case PLACE_IRP: return record_of(verify, place->address, OBJECT_IRP);
    case PLACE_SHARED: return record_of(verify, place->address, OBJECT_SHARED_MEMORY);
    default: return NULL;
    }
}

/* The first of what a call is about. */
static const struct {
    const char *name;
    uint8_t argument;
    uint8_t kind; /* enum object_kind */
} subjects[] = {
    {"IofCallDriver", 1, OBJECT_IRP},
    {"IofCompleteRequest", 0, OBJECT_IRP},
    {"DispatchRoutine", 1, OBJECT_IRP},
    {"Cancel", 1, OBJECT_IRP},
    {"NdisSend", 1, OBJECT_PACKET},
    {"NdisMSendComplete", 1, OBJECT_PACKET},
    {"MiniportSend", 1, OBJECT_PACKET},
    {"MiniportReturnPacket", 1, OBJECT_PACKET},
    {"ProtocolSendComplete", 1, OBJECT_PACKET},
    {"ProtocolReceivePacket", 1, OBJECT_PACKET},
};

struct record *
call_record(struct verify *verify, const struct gate_call *call)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(subjects); k++) {
        const void *body = (const void *)call->args[subjects[k].argument];

        if (strcmp(subjects[k].name, name_of(call)) == 0)
            return subjects[k].kind == OBJECT_PACKET ? packet_record(verify, body)
                                                     : record_of(verify, body, OBJECT_IRP);
    }
    return NULL;
}

/* Calls that come too early, or too often */

static void
complete_irp(struct verify *verify, struct gate_call *call)
{
    const IRP *irp = (const void *)call->args[0];
    struct record *record = record_of(verify, irp, OBJECT_IRP);

    if (fails(verify, RULE_IRP_ONCE, record && irp->CurrentLocation > irp->StackCount))
        broken(verify, RULE_IRP_ONCE, call, NULL, record, "last seen here",
            "%s completes IRP %u, which is complete", call->driver->name, record->id);
}

/* @kind is set or queued. */
static void
check_idle(
    struct verify *verify, const struct gate_call *call, enum object_kind kind, enum rule_name rule)
{
    const struct record *record = record_of(verify, (const void *)call->args[0], kind);

    if (fails(verify, rule, record && record->armed))
        broken(verify, rule, call, NULL, record, kind == OBJECT_TIMER ? "set here" : "queued here",
            "%s called %s for %s %u, which is %s", call->driver->name, call->import->name,
            object_kind_name(kind), record->id, kind == OBJECT_TIMER ? "set" : "queued");
}

static void
free_timer(struct verify *verify, struct gate_call *call)
{
    check_idle(verify, call, OBJECT_TIMER, RULE_TIMER_FREED);
}

static void
free_work(struct verify *verify, struct gate_call *call)
{
    check_idle(verify, call, OBJECT_WORK_ITEM, RULE_WORK_FREED);
}

static void
queue_work(struct verify *verify, struct gate_call *call)
{
    check_idle(verify, call, OBJECT_WORK_ITEM, RULE_WORK_TWICE);
}

/* Calls with what was freed */

/* One that undis made for an NBL went when it was completed, and rests (rested.c): the core, which
 * tells others, would follow what it is filled with. */
static void
send_completes(struct verify *verify, struct gate_call *call)
{
    const NDIS_PACKET *packet = (const void *)call->args[1];

    if (!memory_is_freed(&packet->Reserved[1]))
        return;
    host_unlock(&verify->lock);
    gate_bug_check("s5-complete-packet-identity", "%s completed packet %p a second time",
        call->driver->name, (const void *)packet);
}

static const struct {
    const char *name;
    uint8_t argument;
    uint8_t kind; /* enum object_kind */
    uint16_t rule;
} takers[] = {
    {"IoFreeIrp", 0, OBJECT_IRP, RULE_FREE_ONCE},
    {"IoFreeMdl", 0, OBJECT_MDL, RULE_FREE_ONCE},
    {"IofCompleteRequest", 0, OBJECT_IRP, RULE_IRP_ONCE},
    {"IofCallDriver", 1, OBJECT_IRP, RULE_AFTER_FREE},
    {"IoCancelIrp", 0, OBJECT_IRP, RULE_AFTER_FREE},
    {"NdisSetTimerObject", 0, OBJECT_TIMER, RULE_AFTER_FREE},
    {"NdisCancelTimerObject", 0, OBJECT_TIMER, RULE_AFTER_FREE},
    {"NdisFreeTimerObject", 0, OBJECT_TIMER, RULE_AFTER_FREE},
    {"NdisQueueIoWorkItem", 0, OBJECT_WORK_ITEM, RULE_AFTER_FREE},
    {"NdisFreeIoWorkItem", 0, OBJECT_WORK_ITEM, RULE_AFTER_FREE},
    {"IoQueueWorkItem", 0, OBJECT_WORK_ITEM, RULE_AFTER_FREE},
    {"IoFreeWorkItem", 0, OBJECT_WORK_ITEM, RULE_AFTER_FREE},
    {"NdisCloseConfiguration", 0, OBJECT_CONFIGURATION, RULE_AFTER_FREE},
    {"NdisReadConfiguration", 2, OBJECT_CONFIGURATION, RULE_AFTER_FREE},
    {"NdisMFreeSharedMemory", 3, OBJECT_SHARED_MEMORY, RULE_SHARED_ONCE},
    {"NdisFreePacket", 0, OBJECT_PACKET, RULE_S5_POOL},
};

static void
takes(struct verify *verify, struct gate_call *call)
{
    unsigned k = 0;
    const void *body;
    struct record *record;

    while (strcmp(takers[k].name, call->import->name) != 0)
        k++;
    body = (const void *)call->args[takers[k].argument];
    if (takers[k].kind == OBJECT_PACKET)
        body = (const struct descriptor *)body - 1;
    record = object_of(verify->machine, body, takers[k].kind)
                 ? NULL
                 : record_grave(verify, body, takers[k].kind);
    if (fails(verify, takers[k].rule, record != NULL))
        broken(verify, takers[k].rule, call, NULL, record, "freed here",
            "%s called %s for %s %u, which is free", call->driver->name, call->import->name,
            object_kind_name(takers[k].kind), record->id);
}

const struct check history_imports[] = {
    {"NdisMSendComplete", send_completes, NULL},
    {"IoFreeIrp", takes, NULL},
    {"IoFreeMdl", takes, NULL},
    {"IofCompleteRequest", takes, NULL},
    {"IofCallDriver", takes, NULL},
    {"IoCancelIrp", takes, NULL},
    {"NdisSetTimerObject", takes, NULL},
    {"NdisCancelTimerObject", takes, NULL},
    {"NdisFreeTimerObject", takes, NULL},
    {"NdisQueueIoWorkItem", takes, NULL},
    {"NdisFreeIoWorkItem", takes, NULL},
    {"IoQueueWorkItem", takes, NULL},
    {"IoFreeWorkItem", takes, NULL},
    {"NdisCloseConfiguration", takes, NULL},
    {"NdisReadConfiguration", takes, NULL},
    {"NdisMFreeSharedMemory", takes, NULL},
    {"NdisFreePacket", takes, NULL},
    {"NdisFreeTimerObject", free_timer, NULL},
    {"NdisFreeIoWorkItem", free_work, NULL},
    {"NdisQueueIoWorkItem", queue_work, NULL},
    {"NdisSend", packet_1, NULL},
    {"NdisSendPackets", array_1, NULL},
    {"NdisMSendComplete", packet_1, NULL},
    {"NdisReturnPackets", array_0, NULL},
    {"NdisIMGetCurrentPacketStack", packet_0, NULL},
    {"IofCallDriver", irp_1, NULL},
    {"IofCompleteRequest", irp_0, NULL},
    {"IoCancelIrp", irp_0, NULL},
    {"IoQueueWorkItem", work_0, NULL},
    {"IoQueueWorkItemEx", work_0, NULL},
    {"NdisScheduleWorkItem", item_0, NULL},
    {"KeSetTimer", timer_0, NULL},
    {"KeSetTimerEx", timer_0, NULL},
    {"KeSetCoalescableTimer", timer_0, NULL},
    {"KeCancelTimer", timer_0, NULL},
    {"NdisSetTimer", ndis_timer_0, NULL},
    {"NdisSetTimerEx", ndis_timer_0, NULL},
    {"NdisCancelTimer", ndis_timer_0, NULL},
    {"KeInsertQueueDpc", dpc_0, NULL},
    {"KeRemoveQueueDpc", dpc_0, NULL},
    {NULL, NULL, NULL},
};

/* When the rules of what is completed have been looked at. */
const struct check history_last_imports[] = {
    {"IofCompleteRequest", complete_irp, NULL},
    {NULL, NULL, NULL},
};

const struct check history_handlers[] = {
    {"MiniportSend", packet_1, NULL},
    {"MiniportSendPackets", array_1, NULL},
    {"MiniportReturnPacket", packet_1, NULL},
    {"ProtocolSendComplete", packet_1, NULL},
    {"ProtocolReceivePacket", packet_1, NULL},
    {"NdisMIndicateReceivePacket", array_1, NULL},
    {"DispatchRoutine", irp_1, dispatched},
    {"IoCompletionRoutine", irp_1, NULL},
    {"Cancel", irp_1, NULL},
    {"KDEFERRED_ROUTINE", dpc_0, NULL},
    {"NetTimerCallback", timer_object_runs, NULL},
    {"NDIS_IO_WORKITEM_FUNCTION", work_1, NULL},
    {"NDIS_PROC_CALLBACK", item_0, NULL},
    {NULL, NULL, NULL},
};
