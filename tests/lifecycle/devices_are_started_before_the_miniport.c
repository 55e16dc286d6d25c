/* SPDX-License-Identifier: MIT */
/* MiniportAddDevice, MiniportFilterResourceRequirements, MiniportStartDevice with an
 * IRP_MN_START_DEVICE, MiniportInitializeEx, and at the end MiniportRemoveDevice; a device that does
 * not start is not initialized, and is removed. The messages that the miniport takes out of the
 * requirements it does not get, and the others interrupt the processors that it names. Who has a
 * device reads its configuration space.
 */
#include "idle.h"
#include "machine.h"
#include <string.h>

static NDIS_STATUS starts, filters;
static bool hardware; /* the miniport has a device on the bus, with messages */
static char happened[64];
static int device;

static void
note(const char *what)
{
    CHECK(strlen(happened) + strlen(what) < sizeof(happened));
    strcat(happened, what);
}

static NDIS_STATUS
add_device(NDIS_HANDLE adapter, NDIS_HANDLE context)
{
    NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAddDeviceContext = &device,
    };

    UNREFERENCED_PARAMETER(context);
    note("add ");
    return NdisMSetMiniportAttributes(adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&attributes);
}

/* Keeps one message, for processor 1, in a list of its own. */
static void
replace_list(PIRP irp)
{
    PIO_RESOURCE_REQUIREMENTS_LIST list = (PIO_RESOURCE_REQUIREMENTS_LIST)irp->IoStatus.Information;
    PIO_RESOURCE_REQUIREMENTS_LIST own;
    PIO_RESOURCE_DESCRIPTOR from = list->List[0].Descriptors, d;
    ULONG kept = 0;

    CHECK(list->AlternativeLists == 1);
    CHECK_EQ(NdisAllocateMemoryWithTag((PVOID *)&own, list->ListSize, 'tseT'), 0);
    memcpy(own, list, list->ListSize);
    own->List[0].Count = 0;
    d = own->List[0].Descriptors;
    for (ULONG i = 0; i < list->List[0].Count; i++) {
        *d = *from++;
        if (d->Type == CmResourceTypeInterrupt) {
            CHECK(d->Flags & CM_RESOURCE_INTERRUPT_MESSAGE);
            if (kept++)
                continue;
            d->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
            d->u.Interrupt.TargetedProcessors = 2;
        }
        own->List[0].Count++;
        d++;
    }
    CHECK(kept > 1);
    NdisFreeMemory(list, 0, 0);
    irp->IoStatus.Information = (ULONG_PTR)own;
}

static NDIS_STATUS
filter_requirements(NDIS_HANDLE context, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);

    CHECK(context == &device);
    CHECK_EQ(stack->MajorFunction, IRP_MJ_PNP);
    CHECK_EQ(stack->MinorFunction, IRP_MN_FILTER_RESOURCE_REQUIREMENTS);
    CHECK((ULONG_PTR)stack->Parameters.FilterResourceRequirements.IoResourceRequirementList ==
          irp->IoStatus.Information);
    note("filter ");
    if (irp->IoStatus.Information)
        replace_list(irp);
    return filters;
}

/* As the requirements say now. */
static void
check_messages(PCM_RESOURCE_LIST list)
{
    PCM_PARTIAL_RESOURCE_LIST partial;
    unsigned messages = 0, others = 0;

    CHECK(list != NULL);
    partial = &list->List[0].PartialResourceList;
    for (ULONG i = 0; i < partial->Count; i++) {
        if (partial->PartialDescriptors[i].Type != CmResourceTypeInterrupt) {
            others++;
            continue;
        }
        CHECK_EQ(partial->PartialDescriptors[i].u.Interrupt.Affinity, 2);
        messages++;
    }
    CHECK_EQ(messages, 1);
    CHECK(others > 0);
}

static NDIS_STATUS
start_device(NDIS_HANDLE context, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);

    CHECK(context == &device);
    CHECK_EQ(stack->MajorFunction, IRP_MJ_PNP);
    CHECK_EQ(stack->MinorFunction, IRP_MN_START_DEVICE);
    CHECK(stack->DeviceObject);
    if (hardware)
        check_messages(stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    note("start ");
    return starts;
}

static VOID
remove_device(NDIS_HANDLE context)
{
    CHECK(context == &device);
    note("remove ");
}

static NDIS_STATUS
set_options(NDIS_HANDLE driver, NDIS_HANDLE context)
{
    NDIS_MINIPORT_PNP_CHARACTERISTICS handlers = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS,
            NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1},
        .MiniportAddDeviceHandler = add_device,
        .MiniportRemoveDeviceHandler = remove_device,
        .MiniportFilterResourceRequirementsHandler = filter_requirements,
        .MiniportStartDeviceHandler = start_device,
    };

    UNREFERENCED_PARAMETER(context);
    return NdisSetOptionalHandlers(driver, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&handlers);
}

static BOOLEAN
interrupt(NDIS_HANDLE context, ULONG message, PBOOLEAN queue, PULONG processors)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(message);
    *queue = FALSE;
    *processors = 0;
    return FALSE;
}

static VOID
interrupt_dpc(NDIS_HANDLE context, ULONG message, PVOID dpc, PVOID throttle, PVOID none)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(message);
    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(throttle);
    UNREFERENCED_PARAMETER(none);
}

/* The one message that was left. */
static void
check_interrupts(NDIS_HANDLE adapter)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = &device,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE,
        .InterfaceType = NdisInterfacePci,
    };
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS handlers = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .MessageInterruptHandler = interrupt,
        .MessageInterruptDpcHandler = (MINIPORT_MESSAGE_INTERRUPT_DPC_HANDLER)interrupt_dpc,
        .MsiSupported = TRUE,
    };
    NDIS_HANDLE handle;

    CHECK_EQ(
        NdisMSetMiniportAttributes(adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&registration), 0);
    CHECK_EQ(NdisMRegisterInterruptEx(adapter, &device, &handlers, &handle), NDIS_STATUS_SUCCESS);
    CHECK_EQ(handlers.MessageInfoTable->MessageCount, 1);
    CHECK_EQ(handlers.MessageInfoTable->MessageInfo[0].TargetProcessorSet, 2);
    NdisMDeregisterInterruptEx(handle);
}

/* Vendor and device of the NIC; nothing without one, nor of another space. */
static void
check_configuration(NDIS_HANDLE adapter)
{
    static const UCHAR ids[4] = {0x75, 0x1d, 0x01, 0x72};
    UCHAR read[4] = {0};
    ULONG there = hardware ? 4 : 0;

    CHECK_EQ(NdisMGetBusData(adapter, PCI_WHICHSPACE_CONFIG, 0, read, 4), there);
    CHECK_EQ(memcmp(read, ids, 4) == 0, hardware);
    CHECK_EQ(NdisMGetBusData(adapter, PCI_WHICHSPACE_CONFIG, 2, read, 2), hardware ? 2 : 0);
    CHECK_EQ(memcmp(read, ids + 2, 2) == 0, hardware);
    read[0] = 0x5a;
    CHECK_EQ(NdisMGetBusData(adapter, PCI_WHICHSPACE_ROM, 0, read, 4), 0);
    CHECK_EQ(read[0], 0x5a);
}

/* It always fails: only what comes before matters here. */
static NDIS_STATUS
initialize(NDIS_HANDLE adapter, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(context);
    if (hardware)
        check_interrupts(adapter);
    check_configuration(adapter);
    CHECK(parameters->MiniportAddDeviceContext == &device);
    CHECK(parameters->DefaultPortAuthStates);
    note("initialize ");
    return NDIS_STATUS_FAILURE;
}

static VOID
halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
    CHECK(!"a halt");
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    static const struct idle_handlers handlers = {
        .set_options = set_options, .initialize = initialize, .halt = halt};

    return idle_register(object, path, &handlers);
}

static void
start(struct undis_stack *stack, NDIS_STATUS filter, NDIS_STATUS answer, const char *wanted)
{
    filters = filter;
    starts = answer;
    *happened = 0;
    CHECK(undis_stack_start(stack) < 0);
    CHECK(strcmp(happened, wanted) == 0);
}

static void
test(const char *model)
{
    struct undis *machine = test_machine();
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_port *wire = NULL;
    struct undis_stack *stack;

    hardware = model != NULL;
    if (hardware) {
        CHECK_OK(undis_port_open(machine, "null", &wire));
        CHECK_OK(undis_hardware_open(machine, model, wire, &config.bottom));
    }
    CHECK_OK(
        undis_driver_add(machine, "miniport", (int32_t(*)(void *, void *))entry, &config.miniport));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    start(stack, NDIS_STATUS_FAILURE, 0, "add filter remove ");
    start(stack, 0, NDIS_STATUS_RESOURCES, "add filter start remove ");
    start(stack, 0, 0, "add filter start initialize remove ");
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, config.miniport);
    if (hardware) {
        CHECK_OK(undis_port_close(config.bottom));
        CHECK_OK(undis_port_close(wire));
    }
    test_machine_end(machine);
}

int
main(void)
{
    test(NULL);
    test("ringnic+msix");
    return 0;
}
