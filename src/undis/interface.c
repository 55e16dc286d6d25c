/* SPDX-License-Identifier: MIT */
/* Network interfaces, by index: those of stacks, and those that drivers provide. */
#include "ndis/service/interface.h"
#include "ndis/stack/adapter.h"
#include "undis/error.h"
#include "undis/machine.h"

#include <errno.h>

struct asked {
    struct undis *machine;
    uint32_t index;
    struct interface_object object;
    ULONG length;
    uint32_t *status;
};

static int
ask(void *arguments)
{
    struct asked *asked = arguments;
    NDIS_STATUS status;

    if (!interface_object(asked->machine, asked->index, &asked->object, &status))
        return undis_fail(-ENOENT, "no interface has index %u", asked->index);
    *asked->status = (uint32_t)status;
    return 0;
}

static struct undis_stack *
stack_of(struct undis *undis, uint32_t index)
{
    struct machine *machine = machine_host(undis);

    for (LIST_ENTRY *e = machine->stacks.Flink; e != &machine->stacks; e = e->Flink) {
        struct undis_stack *stack = CONTAINING_RECORD(e, struct undis_stack, link);

        if (stack->started && stack->adapter->if_index == index)
            return stack;
    }
    return NULL;
}

int
undis_interface_oid(struct undis *machine, uint32_t index, bool set, uint32_t oid, void *buffer,
    uint32_t *length, uint32_t *status)
{
    struct undis_stack *stack = stack_of(machine, index);
    struct asked asked = {machine, index, {set, oid, buffer, &asked.length}, *length, status};
    int error;

    if (stack)
        return undis_stack_oid(stack, set, oid, buffer, length, status);
    error = machine_inside(machine, ask, &asked);
    if (!error)
        *length = asked.length;
    return error;
}
