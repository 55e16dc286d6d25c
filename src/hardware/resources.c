/* SPDX-License-Identifier: MIT */
/* What a device was given, as drivers read it. See resources.h. Raw and translated are the same:
 * the processor calls registers and ports what the bus calls them. */
#include "hardware/resources.h"

static void
add_bar(struct bus_device *device, unsigned i, CM_PARTIAL_RESOURCE_DESCRIPTOR *to)
{
    const struct bus_bar *bar = &device->bars[i];

    to->ShareDisposition = CmResourceShareDeviceExclusive;
    to->Type = bar->ports ? CmResourceTypePort : CmResourceTypeMemory;
    to->Flags = bar->ports ? CM_RESOURCE_PORT_IO | CM_RESOURCE_PORT_16_BIT_DECODE
                           : CM_RESOURCE_MEMORY_READ_WRITE;
    to->u.Generic.Start.QuadPart = (LONGLONG)bus_bar_address(device, i);
    to->u.Generic.Length = (ULONG)bar->size;
}

static void
add_interrupt(const struct bus_vector *vector, CM_PARTIAL_RESOURCE_DESCRIPTOR *to)
{
    to->Type = CmResourceTypeInterrupt;
    to->ShareDisposition = vector->message ? CmResourceShareDeviceExclusive : CmResourceShareShared;
    to->Flags = vector->message ? CM_RESOURCE_INTERRUPT_LATCHED | CM_RESOURCE_INTERRUPT_MESSAGE
                                : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
    to->u.Interrupt.Level = BUS_DIRQL;
    to->u.Interrupt.Vector = vector->number;
    to->u.Interrupt.Affinity = KeQueryActiveProcessors();
}

CM_RESOURCE_LIST *
resources_create(struct bus_device *device)
{
    CM_PARTIAL_RESOURCE_DESCRIPTOR *to;
    CM_RESOURCE_LIST *list =
        machine_alloc(device->machine, sizeof(*list) + (BUS_BARS + BUS_MESSAGES) * sizeof(*to));
    CM_PARTIAL_RESOURCE_LIST *partial;

    if (!list)
        return NULL;
    list->Count = 1;
    list->List[0].InterfaceType = PCIBus;
    partial = &list->List[0].PartialResourceList;
    partial->Version = partial->Revision = 1;
    to = partial->PartialDescriptors;
    for (unsigned i = 0; i < BUS_BARS; i++)
        if (device->bars[i].size)
            add_bar(device, i, to++);
    if (device->line)
        add_interrupt(device->line, to++);
    for (unsigned i = 0; i < device->messages; i++)
        add_interrupt(&device->message[i].vector, to++);
    partial->Count = (ULONG)(to - partial->PartialDescriptors);
    return list;
}

size_t
resources_size(const CM_RESOURCE_LIST *list)
{
    return offsetof(CM_RESOURCE_LIST, List[0].PartialResourceList.PartialDescriptors) +
           list->List[0].PartialResourceList.Count * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
}
