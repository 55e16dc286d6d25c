/* SPDX-License-Identifier: MIT */
/* I/O ports of devices: a port's number is its address. Where no device answers they read as all
 * ones. Each access is a yield point. */
#include "hardware/bus.h"

static uint64_t
read_port(const void *port, unsigned size)
{
    yield_point(YIELD_INTERLOCKED, port);
    return bus_read(machine_self(), true, (uint64_t)(uintptr_t)port, size);
}

static void
write_port(const void *port, unsigned size, uint64_t value)
{
    yield_point(YIELD_INTERLOCKED, port);
    bus_write(machine_self(), true, (uint64_t)(uintptr_t)port, size, value);
}

/*
 * READ_PORT_UCHAR - reads a port of 8 bits
 *
 * @Port: its number.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_UCHAR
 */
UCHAR
READ_PORT_UCHAR(PUCHAR Port)
{
    return (UCHAR)read_port(Port, 1);
}

/*
 * WRITE_PORT_UCHAR - writes a port of 8 bits
 *
 * @Port: its number. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_UCHAR
 */
VOID
WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value)
{
    write_port(Port, 1, Value);
}

/*
 * READ_PORT_BUFFER_UCHAR - reads one port of 8 bits again and again
 *
 * @Port: its number. @Buffer: gets what was read. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_BUFFER_UCHAR
 */
VOID
READ_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = (UCHAR)read_port(Port, 1);
}

/*
 * WRITE_PORT_BUFFER_UCHAR - writes one port of 8 bits again and again
 *
 * @Port: its number. @Buffer: what to write. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_BUFFER_UCHAR
 */
VOID
WRITE_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        write_port(Port, 1, Buffer[i]);
}

/*
 * READ_PORT_USHORT - reads a port of 16 bits
 *
 * @Port: its number.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_USHORT
 */
USHORT
READ_PORT_USHORT(PUSHORT Port)
{
    return (USHORT)read_port(Port, 2);
}

/*
 * WRITE_PORT_USHORT - writes a port of 16 bits
 *
 * @Port: its number. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_USHORT
 */
VOID
WRITE_PORT_USHORT(PUSHORT Port, USHORT Value)
{
    write_port(Port, 2, Value);
}

/*
 * READ_PORT_BUFFER_USHORT - reads one port of 16 bits again and again
 *
 * @Port: its number. @Buffer: gets what was read. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_BUFFER_USHORT
 */
VOID
READ_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = (USHORT)read_port(Port, 2);
}

/*
 * WRITE_PORT_BUFFER_USHORT - writes one port of 16 bits again and again
 *
 * @Port: its number. @Buffer: what to write. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_BUFFER_USHORT
 */
VOID
WRITE_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        write_port(Port, 2, Buffer[i]);
}

/*
 * READ_PORT_ULONG - reads a port of 32 bits
 *
 * @Port: its number.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_ULONG
 */
ULONG
READ_PORT_ULONG(PULONG Port)
{
    return (ULONG)read_port(Port, 4);
}

/*
 * WRITE_PORT_ULONG - writes a port of 32 bits
 *
 * @Port: its number. @Value: what to write.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_ULONG
 */
VOID
WRITE_PORT_ULONG(PULONG Port, ULONG Value)
{
    write_port(Port, 4, Value);
}

/*
 * READ_PORT_BUFFER_ULONG - reads one port of 32 bits again and again
 *
 * @Port: its number. @Buffer: gets what was read. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; all ones when there is no device.
 * Source:    NF:wdm.READ_PORT_BUFFER_ULONG
 */
VOID
READ_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        Buffer[i] = (ULONG)read_port(Port, 4);
}

/*
 * WRITE_PORT_BUFFER_ULONG - writes one port of 32 bits again and again
 *
 * @Port: its number. @Buffer: what to write. @Count: how often.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none; nothing happens when there is no device.
 * Source:    NF:wdm.WRITE_PORT_BUFFER_ULONG
 */
VOID
WRITE_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++)
        write_port(Port, 4, Buffer[i]);
}
