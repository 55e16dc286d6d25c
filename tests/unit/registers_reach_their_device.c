/* SPDX-License-Identifier: MIT */
/* Registers and ports of every width reach the device that has them, one or many at a time; where no
 * device answers, and when it was pulled out, all bits are ones and writes do nothing. Configuration
 * space answers by device and by slot, and its BARs tell their size.
 */
#include "device.h"
#include <ndis.h>

static void
widths(PUCHAR r)
{
    ULONG64 big = 0;
    ULONG words[3] = {1, 2, 3}, back[3] = {0};
    USHORT halves[2] = {0x1122, 0x3344}, halves_back[2];
    UCHAR bytes[2] = {0x55, 0x66}, bytes_back[2];

    WRITE_REGISTER_UCHAR(r, 0x12);
    CHECK(READ_REGISTER_UCHAR(r) == 0x12);
    WRITE_REGISTER_USHORT((PUSHORT)(r + 2), 0x3456);
    CHECK(READ_REGISTER_USHORT((PUSHORT)(r + 2)) == 0x3456);
    WRITE_REGISTER_ULONG((PULONG)(r + 4), 0x789abcde);
    CHECK(READ_REGISTER_ULONG((PULONG)(r + 4)) == 0x789abcde);
    WRITE_REGISTER_ULONG64((PULONG64)(r + 8), 0x1122334455667788);
    CHECK(READ_REGISTER_ULONG64((PULONG64)(r + 8)) == 0x1122334455667788);
    WRITE_REGISTER_BUFFER_ULONG((PULONG)(r + 32), words, 3);
    READ_REGISTER_BUFFER_ULONG((PULONG)(r + 32), back, 3);
    CHECK(back[0] == 1 && back[1] == 2 && back[2] == 3);
    WRITE_REGISTER_BUFFER_USHORT((PUSHORT)(r + 64), halves, 2);
    READ_REGISTER_BUFFER_USHORT((PUSHORT)(r + 64), halves_back, 2);
    CHECK(halves_back[1] == 0x3344);
    WRITE_REGISTER_BUFFER_UCHAR(r + 96, bytes, 2);
    READ_REGISTER_BUFFER_UCHAR(r + 96, bytes_back, 2);
    CHECK(bytes_back[1] == 0x66);
    WRITE_REGISTER_ULONG64(&big, 5); /* memory stays memory */
    CHECK(big == 5 && READ_REGISTER_ULONG64(&big) == 5);
}

static void
ports(uint64_t first)
{
    PUCHAR p = (PUCHAR)(uintptr_t)first;
    ULONG words[2] = {8, 9}, back[2];
    USHORT halves[2] = {8, 9}, halves_back[2];
    UCHAR bytes[2] = {8, 9}, bytes_back[2];

    WRITE_PORT_UCHAR(p, 0x21);
    CHECK(READ_PORT_UCHAR(p) == 0x21);
    WRITE_PORT_USHORT((PUSHORT)p, 0x4321);
    CHECK(READ_PORT_USHORT((PUSHORT)p) == 0x4321);
    WRITE_PORT_ULONG((PULONG)p, 0x87654321);
    CHECK(READ_PORT_ULONG((PULONG)p) == 0x87654321);
    WRITE_PORT_BUFFER_ULONG((PULONG)p, words, 2);
    READ_PORT_BUFFER_ULONG((PULONG)p, back, 2);
    CHECK(back[0] == 9 && back[1] == 9);
    WRITE_PORT_BUFFER_USHORT((PUSHORT)p, halves, 2);
    READ_PORT_BUFFER_USHORT((PUSHORT)p, halves_back, 2);
    CHECK(halves_back[0] == 9);
    WRITE_PORT_BUFFER_UCHAR(p, bytes, 2);
    READ_PORT_BUFFER_UCHAR(p, bytes_back, 2);
    CHECK(bytes_back[0] == 9);
    CHECK(READ_PORT_ULONG((PULONG)(uintptr_t)0x300) == 0xffffffff);
    NdisRawWritePortUchar(first, 0x31);
    NdisRawReadPortUchar(first, &bytes_back[0]);
    CHECK(bytes_back[0] == 0x31);
    NdisRawWritePortUshort(first, 0x5141);
    NdisRawReadPortUshort(first, &halves_back[0]);
    CHECK(halves_back[0] == 0x5141);
}

static void
config(struct bus_device *device)
{
    PCI_SLOT_NUMBER slot = {.u.AsULONG = device->slot};
    PCI_COMMON_CONFIG c;
    ULONG ones = 0xffffffff, size, address;

    CHECK(HalGetBusData(PCIConfiguration, 0, slot.u.AsULONG, &c, sizeof(c)) == sizeof(c));
    CHECK(c.VendorID == DEVICE_VENDOR && c.DeviceID == DEVICE_ID);
    CHECK(c.BaseClass == PCI_CLASS_NETWORK_CTLR && c.u.type0.InterruptPin == 1);
    address = c.u.type0.BaseAddresses[0];
    CHECK(HalSetBusDataByOffset(PCIConfiguration, 0, slot.u.AsULONG, &ones, 0x10, 4) == 4);
    CHECK(HalGetBusDataByOffset(PCIConfiguration, 0, slot.u.AsULONG, &size, 0x10, 4) == 4);
    CHECK(size == (ULONG)-DEVICE_BYTES);
    CHECK(HalSetBusDataByOffset(PCIConfiguration, 0, slot.u.AsULONG, &address, 0x10, 4) == 4);
    CHECK(HalSetBusData(PCIConfiguration, 0, slot.u.AsULONG, &ones, 2) == 2);
    CHECK(HalGetBusData(PCIConfiguration, 0, slot.u.AsULONG, &c, 2) == 2);
    CHECK(c.VendorID == DEVICE_VENDOR); /* read-only */
    slot.u.bits.DeviceNumber = 30;
    CHECK(HalGetBusData(PCIConfiguration, 0, slot.u.AsULONG, &c, sizeof(c)) == 2);
    CHECK(c.VendorID == PCI_INVALID_VENDORID);
    CHECK(HalGetBusData(PCIConfiguration, 1, slot.u.AsULONG, &c, sizeof(c)) == 0);
}

static void
test(void *machine)
{
    struct bus_device *device = device_make(machine, 1, 0);
    PHYSICAL_ADDRESS at = {.QuadPart = (LONGLONG)bus_bar_address(device, 0)}, translated;
    ULONG space = 0, value;
    PUCHAR r;

    r = MmMapIoSpace(at, DEVICE_BYTES, MmNonCached);
    CHECK(r != NULL);
    CHECK(MmMapIoSpaceEx(at, DEVICE_BYTES, PAGE_NOACCESS) == NULL);
    CHECK(MmMapIoSpaceEx(at, DEVICE_BYTES, PAGE_READWRITE | PAGE_NOCACHE) == r);
    CHECK(HalTranslateBusAddress(PCIBus, 0, at, &space, &translated));
    CHECK(
        translated.QuadPart == at.QuadPart && !HalTranslateBusAddress(PCIBus, 1, at, &space, &at));
    widths(r);
    ports(bus_bar_address(device, 1));
    config(device);
    bus_unplug(device);
    WRITE_REGISTER_ULONG((PULONG)r, 0);
    CHECK(READ_REGISTER_ULONG((PULONG)r) == 0xffffffff);
    CHECK(READ_REGISTER_ULONG64((PULONG64)r) == ~0ull);
    CHECK(READ_PORT_UCHAR((PUCHAR)(uintptr_t)bus_bar_address(device, 1)) == 0xff);
    CHECK(bus_config_read(device, 0, &value, 4) == 4 && value == 0xffffffff);
    MmUnmapIoSpace(r, DEVICE_BYTES);
    MmUnmapIoSpace(r, DEVICE_BYTES);
    CHECK(device->bars[0].maps == 0);
    at.QuadPart += 0x100000;
    CHECK(MmMapIoSpace(at, 16, MmNonCached) == NULL);
    bus_remove(device);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
