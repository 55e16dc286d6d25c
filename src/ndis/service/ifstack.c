/* SPDX-License-Identifier: MIT */
/* The interface stack table (ifStackTable of RFC 2863): which interface runs on top of which.
 * Drivers add what only they know, a multiplexer its virtual miniports; an interface that goes
 * takes its rows along. The table is the machine's; ndis.lock guards it.
 */
#include "ndis/service/ifstack.h"
#include "nt/pool.h"
#include <netioapi.h>

#define TAG_TABLE 0x7453444e /* NDSt */

struct if_stack_row {
    LIST_ENTRY link;
    NET_IFINDEX higher, lower;
};

static struct if_stack_row *
find(struct ndis *ndis, NET_IFINDEX higher, NET_IFINDEX lower)
{
    for (LIST_ENTRY *e = ndis->if_stack.Flink; e != &ndis->if_stack; e = e->Flink) {
        struct if_stack_row *row = CONTAINING_RECORD(e, struct if_stack_row, link);

        if (row->higher == higher && row->lower == lower)
            return row;
    }
    return NULL;
}

/*
 * NdisIfAddIfStackEntry - one interface stands on another
 *
 * @HigherLayerIfIndex: the upper one.
 * @LowerLayerIfIndex:  the one below.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the row goes with either interface, or by NdisIfDeleteIfStackEntry.
 * Errors:    NDIS_STATUS_RESOURCES; a row that is there already stays, once.
 * Source:    NF:ndis.NdisIfAddIfStackEntry
 */
NDIS_STATUS
NdisIfAddIfStackEntry(NET_IFINDEX HigherLayerIfIndex, NET_IFINDEX LowerLayerIfIndex)
{
    struct undis *machine = machine_self();
    struct ndis *ndis = machine->ndis;
    struct if_stack_row *row;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    row = machine_alloc(machine, sizeof(*row));
    if (!row)
        return NDIS_STATUS_RESOURCES;
    row->higher = HigherLayerIfIndex;
    row->lower = LowerLayerIfIndex;
    executive_lock(machine->executive, &ndis->lock);
    if (!find(ndis, HigherLayerIfIndex, LowerLayerIfIndex)) {
        InsertTailList(&ndis->if_stack, &row->link);
        row = NULL;
    }
    executive_unlock(machine->executive, &ndis->lock);
    machine_free(machine, row);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisIfDeleteIfStackEntry - one interface stands on another no more
 *
 * @HigherLayerIfIndex: the upper one.
 * @LowerLayerIfIndex:  the one below.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_INTERFACE_NOT_FOUND: there is no such row.
 * Source:    NF:ndis.NdisIfDeleteIfStackEntry
 */
NDIS_STATUS
NdisIfDeleteIfStackEntry(NET_IFINDEX HigherLayerIfIndex, NET_IFINDEX LowerLayerIfIndex)
{
    struct undis *machine = machine_self();
    struct if_stack_row *row;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    executive_lock(machine->executive, &machine->ndis->lock);
    row = find(machine->ndis, HigherLayerIfIndex, LowerLayerIfIndex);
    if (row)
        RemoveEntryList(&row->link);
    executive_unlock(machine->executive, &machine->ndis->lock);
    machine_free(machine, row);
    return row ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INTERFACE_NOT_FOUND;
}

void
ifstack_forget(struct undis *machine, NET_IFINDEX interface)
{
    struct ndis *ndis = machine->ndis;
    LIST_ENTRY gone, *e, *next;

    InitializeListHead(&gone);
    executive_lock(machine->executive, &ndis->lock);
    for (e = ndis->if_stack.Flink; e != &ndis->if_stack; e = next) {
        struct if_stack_row *row = CONTAINING_RECORD(e, struct if_stack_row, link);

        next = e->Flink;
        if (interface && row->higher != interface && row->lower != interface)
            continue;
        RemoveEntryList(e);
        InsertTailList(&gone, e);
    }
    executive_unlock(machine->executive, &ndis->lock);
    while (!IsListEmpty(&gone))
        machine_free(machine, CONTAINING_RECORD(RemoveHeadList(&gone), struct if_stack_row, link));
}

/* Under the lock. */
static ULONG
count_rows(const struct ndis *ndis)
{
    ULONG count = 0;

    for (LIST_ENTRY *e = ndis->if_stack.Flink; e != &ndis->if_stack; e = e->Flink)
        count++;
    return count;
}

/*
 * GetIfStackTable - which interface stands on which
 *
 * @Table: the table, in the order in which drivers added its rows.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: the caller's until FreeMibTable.
 * Errors:    STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY, STATUS_NOT_FOUND: it is empty.
 * Source:    undocumented there: netioapi.h of the IP helper
 */
NETIO_STATUS
GetIfStackTable(PMIB_IFSTACK_TABLE *Table)
{
    struct undis *machine = machine_self();
    struct ndis *ndis = machine->ndis;
    PMIB_IFSTACK_TABLE table = NULL;
    ULONG count;

    gate_require_irql(APC_LEVEL, __func__);
    if (!Table)
        return STATUS_INVALID_PARAMETER;
    *Table = NULL;
    executive_lock(machine->executive, &ndis->lock);
    count = count_rows(ndis);
    if (count)
        table = pool_alloc(
            sizeof(*table) + (count - 1) * sizeof(MIB_IFSTACK_ROW), TAG_TABLE, POOL_ZERO);
    for (LIST_ENTRY *e = ndis->if_stack.Flink; table && e != &ndis->if_stack; e = e->Flink) {
        struct if_stack_row *row = CONTAINING_RECORD(e, struct if_stack_row, link);

        table->Table[table->NumEntries++] = (MIB_IFSTACK_ROW){row->higher, row->lower};
    }
    executive_unlock(machine->executive, &ndis->lock);
    *Table = table;
    return table ? STATUS_SUCCESS : count ? STATUS_NO_MEMORY : STATUS_NOT_FOUND;
}

/*
 * FreeMibTable - gives a table back
 *
 * @Memory: from GetIfStackTable, or NULL.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: takes the table.
 * Errors:    none
 * Source:    undocumented there: netioapi.h of the IP helper
 */
VOID
FreeMibTable(PVOID Memory)
{
    gate_require_irql(APC_LEVEL, __func__);
    if (Memory)
        pool_free(Memory, TAG_TABLE);
}
