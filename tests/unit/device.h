/* SPDX-License-Identifier: MIT */
/* A device for tests of the bus: memory registers in BAR 0 and ports in BAR 1 that keep what is
 * written, both the same 64 words of 64 bits.
 */
#pragma once

#include "hardware/bus.h"
#include "nt.h"
#include <string.h>

#define DEVICE_VENDOR 0x1d75
#define DEVICE_ID     0x7fff
#define DEVICE_BYTES  512u

static uint8_t device_memory[DEVICE_BYTES];

static inline uint64_t
device_read(struct bus_device *device, unsigned bar, uint64_t offset, unsigned size)
{
    uint64_t value = 0;

    (void)device;
    (void)bar;
    CHECK(offset + size <= DEVICE_BYTES);
    memcpy(&value, device_memory + offset, size);
    return value;
}

static inline void
device_write(
    struct bus_device *device, unsigned bar, uint64_t offset, unsigned size, uint64_t value)
{
    (void)device;
    (void)bar;
    CHECK(offset + size <= DEVICE_BYTES);
    memcpy(device_memory + offset, &value, size);
}

static const struct bus_kind device_kind = {
    .name = "device", .read = device_read, .write = device_write};

static inline struct bus_device *
device_make(struct undis *machine, unsigned line, unsigned messages)
{
    const struct bus_plan plan = {.kind = &device_kind,
        .vendor = DEVICE_VENDOR,
        .device = DEVICE_ID,
        .class_code = PCI_CLASS_NETWORK_CTLR,
        .bars = {{DEVICE_BYTES, false}, {DEVICE_BYTES, true}},
        .line = line,
        .messages = messages};
    struct bus_device *device;

    CHECK(bus_plug(machine, &plan, &device) == 0);
    return device;
}
