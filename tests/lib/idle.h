/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 6.30 that carries nothing, for tests of what comes before it could. */
#pragma once

#ifndef NDIS_MINIPORT_DRIVER
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1
#endif

#include <ndis.h>

/* What the test does itself; optional handlers may be NULL. */
struct idle_handlers {
    MINIPORT_SET_OPTIONS *set_options;
    MINIPORT_INITIALIZE *initialize;
    MINIPORT_HALT *halt;
};

/* For a driver's entry, one driver at a time. Any other handler has nothing to do; sends and returns
 * fail the test. */
NTSTATUS
idle_register(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
    const struct idle_handlers *handlers);
