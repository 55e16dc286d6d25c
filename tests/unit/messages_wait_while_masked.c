/* SPDX-License-Identifier: MIT */
/* Each message of a device calls its routine with its number; one that is sent while its table entry
 * is masked comes when it is not, once; an entry may be told to send another message. A device
 * without messages falls back to its line.
 */
#include "device.h"

static uint32_t came[BUS_MESSAGES];
static uint32_t fell_back;
static struct bus_device *line_device;

static BOOLEAN
message(PKINTERRUPT interrupt, PVOID context, ULONG id)
{
    CHECK(interrupt != NULL && context == came);
    CHECK(KeGetCurrentIrql() == BUS_DIRQL);
    __atomic_fetch_add(&came[id], 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static BOOLEAN
line(PKINTERRUPT interrupt, PVOID context)
{
    (void)interrupt;
    CHECK(context == came);
    bus_line(line_device, false);
    __atomic_fetch_add(&fell_back, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static void
wait_for(const uint32_t *word, uint32_t value)
{
    LARGE_INTEGER pause = milliseconds(1);

    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) < value)
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
}

static IO_CONNECT_INTERRUPT_PARAMETERS
parameters(struct bus_device *device, PVOID *connected)
{
    IO_CONNECT_INTERRUPT_PARAMETERS p = {.Version = CONNECT_MESSAGE_BASED};

    p.MessageBased.PhysicalDeviceObject = device->pdo;
    p.MessageBased.ConnectionContext.Generic = connected;
    p.MessageBased.MessageServiceRoutine = message;
    p.MessageBased.FallBackServiceRoutine = line;
    p.MessageBased.ServiceContext = came;
    return p;
}

static void
with_messages(struct undis *machine, PDEVICE_OBJECT pdo)
{
    struct bus_device *device = device_make(machine, 0, 3);
    LARGE_INTEGER pause = milliseconds(5);
    IO_DISCONNECT_INTERRUPT_PARAMETERS off;
    IO_CONNECT_INTERRUPT_PARAMETERS p;
    PIO_INTERRUPT_MESSAGE_INFO table = NULL;

    bus_set_pdo(device, pdo);
    p = parameters(device, (PVOID *)&table);
    memset(came, 0, sizeof(came));
    CHECK(IoConnectInterruptEx(&p) == STATUS_SUCCESS);
    CHECK(p.Version == CONNECT_MESSAGE_BASED);
    CHECK(table->MessageCount == 3 && table->MessageInfo[2].InterruptObject);
    bus_message(device, 2);
    wait_for(&came[2], 1);
    CHECK(bus_entry_mask(device, 1, true) == STATUS_SUCCESS);
    bus_message(device, 1);
    bus_message(device, 1);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    CHECK(came[1] == 0);
    CHECK(bus_entry_mask(device, 1, false) == STATUS_SUCCESS);
    wait_for(&came[1], 1);
    CHECK(bus_entry_set(device, 1, 0) == STATUS_SUCCESS);
    bus_message(device, 1);
    wait_for(&came[0], 1);
    CHECK(bus_entry_set(device, 1, 3) == STATUS_INVALID_PARAMETER);
    CHECK(bus_entry_mask(device, 3, true) == STATUS_INVALID_PARAMETER);
    off.Version = p.Version;
    off.ConnectionContext.InterruptMessageTable = table;
    IoDisconnectInterruptEx(&off);
    CHECK(came[0] == 1 && came[1] == 1 && came[2] == 1);
    bus_remove(device);
}

static void
with_a_line(struct undis *machine, PDEVICE_OBJECT pdo)
{
    IO_DISCONNECT_INTERRUPT_PARAMETERS off;
    IO_CONNECT_INTERRUPT_PARAMETERS p;
    PKINTERRUPT interrupt = NULL;

    line_device = device_make(machine, 1, 0);
    bus_set_pdo(line_device, pdo);
    p = parameters(line_device, (PVOID *)&interrupt);
    fell_back = 0;
    p.MessageBased.FallBackServiceRoutine = NULL;
    CHECK(IoConnectInterruptEx(&p) == STATUS_NOT_FOUND);
    p = parameters(line_device, (PVOID *)&interrupt);
    CHECK(IoConnectInterruptEx(&p) == STATUS_SUCCESS);
    CHECK(p.Version == CONNECT_LINE_BASED && interrupt);
    bus_line(line_device, true);
    wait_for(&fell_back, 1);
    off.Version = p.Version;
    off.ConnectionContext.InterruptObject = interrupt;
    IoDisconnectInterruptEx(&off);
    p.Version = 99;
    CHECK(IoConnectInterruptEx(&p) == STATUS_NOT_SUPPORTED);
    bus_remove(line_device);
}

static void
test(void *machine)
{
    DEVICE_OBJECT pdo = {0}; /* only its address says anything here */

    with_messages(machine, &pdo);
    with_a_line(machine, &pdo);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
