/* SPDX-License-Identifier: MIT */
/* Resource requirements of an adapter's device.
 *
 *     what the bus gave it --> requirements_create --> the miniport takes messages out, names
 *     processors           --> requirements_assign --> hardware->assigned, hardware->messages
 *
 * Messages keep their numbers, by the order in which they stand in the list. A device has no more of
 * them than the bus gave it, whatever the list asks for.
 */
#include "ndis/service/requirements.h"
#include "nt/pool.h"

#define TAG 0x7172646e /* "ndrq" */

static bool
is_message(UCHAR type, USHORT flags)
{
    return type == CmResourceTypeInterrupt && flags & CM_RESOURCE_INTERRUPT_MESSAGE;
}

static void
describe(const CM_PARTIAL_RESOURCE_DESCRIPTOR *from, IO_RESOURCE_DESCRIPTOR *to)
{
    *to = (IO_RESOURCE_DESCRIPTOR){
        .Type = from->Type, .ShareDisposition = from->ShareDisposition, .Flags = from->Flags};
    if (from->Type == CmResourceTypeInterrupt) {
        to->u.Interrupt.MinimumVector = to->u.Interrupt.MaximumVector = from->u.Interrupt.Vector;
        to->u.Interrupt.AffinityPolicy = IrqPolicyMachineDefault;
        to->u.Interrupt.TargetedProcessors = from->u.Interrupt.Affinity;
        return;
    }
    to->u.Generic.Length = to->u.Generic.Alignment = from->u.Generic.Length;
    to->u.Generic.MinimumAddress = from->u.Generic.Start;
    to->u.Generic.MaximumAddress.QuadPart =
        from->u.Generic.Start.QuadPart + from->u.Generic.Length - 1;
}

bool
requirements_create(const struct adapter *adapter, PIO_RESOURCE_REQUIREMENTS_LIST *list)
{
    const struct bus_device *device = adapter->hardware->device;
    const CM_PARTIAL_RESOURCE_LIST *from;
    IO_RESOURCE_DESCRIPTOR *to;
    ULONG size;

    *list = NULL;
    if (!device)
        return true;
    from = &device->resources->List[0].PartialResourceList;
    size = (ULONG)(offsetof(IO_RESOURCE_REQUIREMENTS_LIST, List[0].Descriptors) +
                   from->Count * sizeof(IO_RESOURCE_DESCRIPTOR));
    *list = ExAllocatePoolWithTag(NonPagedPoolNx, size, TAG);
    if (!*list)
        return false;
    **list = (IO_RESOURCE_REQUIREMENTS_LIST){.ListSize = size,
        .InterfaceType = PCIBus,
        .SlotNumber = device->slot,
        .AlternativeLists = 1,
        .List[0] = {.Version = 1, .Revision = 1, .Count = from->Count}};
    to = (*list)->List[0].Descriptors;
    for (ULONG i = 0; i < from->Count; i++)
        describe(&from->PartialDescriptors[i], to++);
    return true;
}

/* The messages that @list asks for, as far as the device has them. */
static void
count_messages(struct hardware *hardware, const IO_RESOURCE_LIST *list)
{
    hardware->messages = 0;
    for (ULONG i = 0; i < list->Count && hardware->messages < hardware->device->messages; i++) {
        const IO_RESOURCE_DESCRIPTOR *d = &list->Descriptors[i];
        KAFFINITY targets = d->u.Interrupt.TargetedProcessors & KeQueryActiveProcessors();

        if (!is_message(d->Type, d->Flags))
            continue;
        if (d->u.Interrupt.AffinityPolicy != IrqPolicySpecifiedProcessors)
            targets = 0;
        hardware->targets[hardware->messages++] = targets;
    }
}

/* The resources without those messages that are left out. */
static void
write_assigned(const struct hardware *hardware, CM_PARTIAL_RESOURCE_LIST *to)
{
    const CM_PARTIAL_RESOURCE_LIST *from =
        &hardware->device->resources->List[0].PartialResourceList;
    unsigned message = 0;

    to->Count = 0;
    for (ULONG i = 0; i < from->Count; i++) {
        CM_PARTIAL_RESOURCE_DESCRIPTOR d = from->PartialDescriptors[i];

        if (is_message(d.Type, d.Flags)) {
            if (message == hardware->messages)
                continue;
            if (hardware->targets[message])
                d.u.Interrupt.Affinity = hardware->targets[message];
            message++;
        }
        to->PartialDescriptors[to->Count++] = d;
    }
}

NTSTATUS
requirements_assign(struct adapter *adapter, const IO_RESOURCE_REQUIREMENTS_LIST *list)
{
    struct hardware *hardware = adapter->hardware;
    const CM_RESOURCE_LIST *all;

    if (!hardware->device || !list || !list->AlternativeLists)
        return STATUS_SUCCESS;
    all = hardware->device->resources;
    if (!hardware->assigned)
        hardware->assigned = machine_alloc(
            adapter->machine, sizeof(*all) + all->List[0].PartialResourceList.Count *
                                                 sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR));
    if (!hardware->assigned)
        return STATUS_INSUFFICIENT_RESOURCES;
    *hardware->assigned = *all;
    count_messages(hardware, &list->List[0]);
    write_assigned(hardware, &hardware->assigned->List[0].PartialResourceList);
    return STATUS_SUCCESS;
}
