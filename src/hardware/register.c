/* SPDX-License-Identifier: MIT */
/* Registers of devices in memory.
 *
 *     READ_REGISTER_ULONG(mapped address) --> window - base = physical address --> bus --> model
 *
 * Where registers are mapped there is no memory, so a plain access through the pointer is a fault
 * (nt/crash.c reports it; CAVEATS.md). Addresses elsewhere are memory that a driver shares with
 * its device, read and written as it lies there. Each access is a yield point.
 */
#include "hardware/bus.h"
#include "nt/gate.h"
#include "nt/physical.h"

/* The physical address behind a mapped register; 0: @address is ordinary memory. */
static uint64_t
register_at(const volatile void *address, unsigned size)
{
    struct undis *machine = machine_self();
    uint64_t offset = machine->bus ? (uint64_t)((const volatile char *)address -
                                                (const volatile char *)machine->bus->window)
                                   : UINT64_MAX;
    struct bus_device *device;
    unsigned bar;

    if (offset >= PHYSICAL_HIGH - PHYSICAL_HOLE)
        return 0;
    yield_point(YIELD_INTERLOCKED, address);
    device = bus_decode(machine, false, PHYSICAL_HOLE + offset, size, &bar);
    if (device && !__atomic_load_n(&device->bars[bar].maps, __ATOMIC_RELAXED))
        gate_bug_check("hw-register-in-range",
            "a register at offset 0x%llx of BAR %u of %s is used, but the BAR is not mapped",
            (unsigned long long)(PHYSICAL_HOLE + offset - bus_bar_address(device, bar)), bar,
            device->kind->name);
    return PHYSICAL_HOLE + offset;
}

/*
 * READ_REGISTER_UCHAR - reads a register of 8 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_UCHAR
 */
UCHAR
READ_REGISTER_UCHAR(volatile UCHAR *Register)
{
    uint64_t at = register_at(Register, 1);

    return at ? (UCHAR)bus_read(machine_self(), false, at, 1) : *Register;
}

/*
 * WRITE_REGISTER_UCHAR - writes a register of 8 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_UCHAR
 */
VOID
WRITE_REGISTER_UCHAR(volatile UCHAR *Register, UCHAR Value)
{
    uint64_t at = register_at(Register, 1);

    if (at)
        bus_write(machine_self(), false, at, 1, Value);
    else
        __atomic_store_n(Register, Value, __ATOMIC_SEQ_CST);
}

/*
 * READ_REGISTER_USHORT - reads a register of 16 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_USHORT
 */
USHORT
READ_REGISTER_USHORT(volatile USHORT *Register)
{
    uint64_t at = register_at(Register, 2);

    return at ? (USHORT)bus_read(machine_self(), false, at, 2) : *Register;
}

/*
 * WRITE_REGISTER_USHORT - writes a register of 16 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_USHORT
 */
VOID
WRITE_REGISTER_USHORT(volatile USHORT *Register, USHORT Value)
{
    uint64_t at = register_at(Register, 2);

    if (at)
        bus_write(machine_self(), false, at, 2, Value);
    else
        __atomic_store_n(Register, Value, __ATOMIC_SEQ_CST);
}

/*
 * READ_REGISTER_ULONG - reads a register of 32 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_ULONG
 */
ULONG
READ_REGISTER_ULONG(volatile ULONG *Register)
{
    uint64_t at = register_at(Register, 4);

    return at ? (ULONG)bus_read(machine_self(), false, at, 4) : *Register;
}

/*
 * WRITE_REGISTER_ULONG - writes a register of 32 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_ULONG
 */
VOID
WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value)
{
    uint64_t at = register_at(Register, 4);

    if (at)
        bus_write(machine_self(), false, at, 4, Value);
    else
        __atomic_store_n(Register, Value, __ATOMIC_SEQ_CST);
}

/*
 * READ_REGISTER_ULONG64 - reads a register of 64 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_ULONG64
 */
ULONG64
READ_REGISTER_ULONG64(volatile ULONG64 *Register)
{
    uint64_t at = register_at(Register, 8);

    return at ? (ULONG64)bus_read(machine_self(), false, at, 8) : *Register;
}

/*
 * WRITE_REGISTER_ULONG64 - writes a register of 64 bits
 *
 * @Register: mapped by MmMapIoSpace or NdisMMapIoSpace, or memory. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_ULONG64
 */
VOID
WRITE_REGISTER_ULONG64(volatile ULONG64 *Register, ULONG64 Value)
{
    uint64_t at = register_at(Register, 8);

    if (at)
        bus_write(machine_self(), false, at, 8, Value);
    else
        __atomic_store_n(Register, Value, __ATOMIC_SEQ_CST);
}

/*
 * READ_REGISTER_BUFFER_UCHAR - reads registers of 8 bits, one after the other
 *
 * @Register: the first. @Buffer: gets them. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_BUFFER_UCHAR
 */
VOID
READ_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = READ_REGISTER_UCHAR(&Register[i]);
}

/*
 * WRITE_REGISTER_BUFFER_UCHAR - writes registers of 8 bits, one after the other
 *
 * @Register: the first. @Buffer: what to write. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_BUFFER_UCHAR
 */
VOID
WRITE_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        WRITE_REGISTER_UCHAR(&Register[i], Buffer[i]);
}

/*
 * READ_REGISTER_BUFFER_USHORT - reads registers of 16 bits, one after the other
 *
 * @Register: the first. @Buffer: gets them. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_BUFFER_USHORT
 */
VOID
READ_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = READ_REGISTER_USHORT(&Register[i]);
}

/*
 * WRITE_REGISTER_BUFFER_USHORT - writes registers of 16 bits, one after the other
 *
 * @Register: the first. @Buffer: what to write. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_BUFFER_USHORT
 */
VOID
WRITE_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        WRITE_REGISTER_USHORT(&Register[i], Buffer[i]);
}

/*
 * READ_REGISTER_BUFFER_ULONG - reads registers of 32 bits, one after the other
 *
 * @Register: the first. @Buffer: gets them. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_REGISTER_BUFFER_ULONG
 */
VOID
READ_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = READ_REGISTER_ULONG(&Register[i]);
}

/*
 * WRITE_REGISTER_BUFFER_ULONG - writes registers of 32 bits, one after the other
 *
 * @Register: the first. @Buffer: what to write. @Count: how many.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_REGISTER_BUFFER_ULONG
 */
VOID
WRITE_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        WRITE_REGISTER_ULONG(&Register[i], Buffer[i]);
}
