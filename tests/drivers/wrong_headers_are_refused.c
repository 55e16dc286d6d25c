/* SPDX-License-Identifier: MIT */
/* Registration structures with a wrong type, revision or size, an unknown version or without
 * handlers that must be there: the registration answers why, DriverEntry fails with it, and
 * nothing of the driver stays.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1
#define NDIS630              1

#include <ndis.h>

#include "machine.h"
#include <stdio.h>
#include <string.h>

static NDIS_MINIPORT_DRIVER_CHARACTERISTICS miniport;
static NDIS_FILTER_DRIVER_CHARACTERISTICS filter;
static NDIS_PROTOCOL_DRIVER_CHARACTERISTICS protocol;
static enum { MINIPORT, FILTER, PROTOCOL } kind;

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_HANDLE handle;

    if (kind == MINIPORT)
        return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL, &miniport, &handle);
    if (kind == FILTER)
        return NdisFRegisterFilterDriver(DriverObject, NULL, &filter, &handle);
    return NdisRegisterProtocolDriver(NULL, &protocol, &handle);
}

/* Headers that would do; there are no handlers. */
static void
reset(void)
{
    miniport = (NDIS_MINIPORT_DRIVER_CHARACTERISTICS){
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30};
    filter = (NDIS_FILTER_DRIVER_CHARACTERISTICS){
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30};
    protocol = (NDIS_PROTOCOL_DRIVER_CHARACTERISTICS){
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30};
}

static NDIS_OBJECT_HEADER *
header(void)
{
    return kind == MINIPORT ? &miniport.Header : kind == FILTER ? &filter.Header : &protocol.Header;
}

static void
refused(struct undis *machine, NDIS_STATUS status)
{
    struct undis_driver *driver;
    char text[16];

    snprintf(text, sizeof(text), "0x%08X", (unsigned)status);
    CHECK(undis_driver_add(machine, "wrong", (int32_t(*)(void *, void *))entry, &driver) < 0);
    if (!strstr(undis_error(), text)) {
        fprintf(stderr, "%s\n", undis_error());
        test_fail(__FILE__, __LINE__, text);
    }
    reset();
}

static void
each_wrong(struct undis *machine)
{
    reset();
    refused(machine, NDIS_STATUS_BAD_CHARACTERISTICS); /* no handlers */
    header()->Type++;
    refused(machine, NDIS_STATUS_BAD_CHARACTERISTICS);
    header()->Revision = 0;
    refused(machine, NDIS_STATUS_BAD_CHARACTERISTICS);
    header()->Revision = 77;
    refused(machine, NDIS_STATUS_BAD_CHARACTERISTICS);
    header()->Size = 16;
    refused(machine, NDIS_STATUS_BAD_CHARACTERISTICS);
    miniport.MajorNdisVersion = filter.MajorNdisVersion = protocol.MajorNdisVersion = 9;
    refused(machine, NDIS_STATUS_BAD_VERSION);
}

int
main(void)
{
    struct undis_config config = test_config();
    struct undis *machine;

    config.verify = false; /* the structures are what some rules are about */
    machine = test_machine_with(&config);
    for (kind = MINIPORT; kind <= PROTOCOL; kind++)
        each_wrong(machine);
    test_machine_end(machine);
    return 0;
}
