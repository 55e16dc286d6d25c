/* SPDX-License-Identifier: MIT */
/* Miniport drivers of NDIS 3 to 5.1 register with NDIS.
 *
 *     NdisInitializeWrapper --> NdisMRegisterMiniport --> [NdisMRegisterUnloadHandler] ...
 *        wrapper handle       '-> NdisTerminateWrapper, when that failed
 *
 * The wrapper handle is the registration, without a version until characteristics are there.
 */
#include "ndis/connection/connection.h"
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/stack/call_legacy.h"

#include <string.h>

/* The versions of a miniport, and how much of the characteristics each has. */
static const struct {
    UCHAR major, minor;
    UINT size;
} versions[] = {
    {3, 0, sizeof(NDIS30_MINIPORT_CHARACTERISTICS)},
    {4, 0, sizeof(NDIS40_MINIPORT_CHARACTERISTICS)},
    {4, 1, sizeof(NDIS40_MINIPORT_CHARACTERISTICS)},
    {5, 0, sizeof(NDIS50_MINIPORT_CHARACTERISTICS)},
    {5, 1, sizeof(NDIS51_MINIPORT_CHARACTERISTICS)},
};

/* DriverUnload of such a driver: NDIS' own, calls the one it had, or the one it registered. */
static VOID
unload(PDRIVER_OBJECT object)
{
    struct driver *driver = driver_of(object);
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);

    if (!registration)
        return;
    call_legacy_unload(registration);
    /* It may have left by NdisTerminateWrapper. */
    registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);
    if (!registration)
        return;
    if (__atomic_load_n(&registration->modules, __ATOMIC_ACQUIRE))
        gate_bug_check("st-m-unload-last", "%s is unloaded while %u of its adapters still stand",
            driver->name, registration->modules);
    registration_destroy(registration);
}

/*
 * NdisInitializeWrapper - a miniport driver begins its registration
 *
 * @NdisWrapperHandle: gets the handle; NULL when memory is short.
 * @SystemSpecific1:   the driver object, as given to DriverEntry.
 * @SystemSpecific2:   the registry path, as given to DriverEntry.
 * @SystemSpecific3:   NULL.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle lasts until the driver is unloaded, or NdisTerminateWrapper.
 * Errors:    none; a driver object of nobody gives NULL.
 * Source:    NF:ndis.NdisMInitializeWrapper
 */
VOID
NdisInitializeWrapper(PNDIS_HANDLE NdisWrapperHandle, PVOID SystemSpecific1, PVOID SystemSpecific2,
    PVOID SystemSpecific3)
{
    struct driver *driver = driver_of(SystemSpecific1);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    *NdisWrapperHandle = driver ? registration_create(OBJECT_MINIPORT_DRIVER, driver, NULL) : NULL;
}

/*
 * NdisTerminateWrapper - a driver takes its wrapper handle back
 *
 * @NdisWrapperHandle: from NdisInitializeWrapper.
 * @SystemSpecific:    ignored, as documented.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none; with an adapter left it is a bug check.
 * Source:    NF:ndis.NdisTerminateWrapper
 */
VOID
NdisTerminateWrapper(NDIS_HANDLE NdisWrapperHandle, PVOID SystemSpecific)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisWrapperHandle, OBJECT_MINIPORT_DRIVER, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    UNREFERENCED_PARAMETER(SystemSpecific);
    if (__atomic_load_n(&registration->modules, __ATOMIC_ACQUIRE))
        gate_bug_check("rg-terminate-wrapper",
            "%s called NdisTerminateWrapper while %u of its adapters still stand",
            registration->driver->name, registration->modules);
    registration_destroy(registration);
}

static NDIS_STATUS
check(const NDIS51_MINIPORT_CHARACTERISTICS *c, UINT length, bool layered, UINT *size)
{
    bool sends, asks;

    *size = 0;
    for (size_t i = 0; i < RTL_NUMBER_OF(versions); i++)
        if (versions[i].major == c->MajorNdisVersion && versions[i].minor == c->MinorNdisVersion)
            *size = versions[i].size;
    if (!*size)
        return NDIS_STATUS_BAD_VERSION;
    if (length < *size)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    sends = c->SendHandler || (c->MajorNdisVersion >= 4 && c->SendPacketsHandler) ||
            (c->MajorNdisVersion >= 5 && c->CoSendPacketsHandler);
    asks = (c->QueryInformationHandler && c->SetInformationHandler) ||
           (c->MajorNdisVersion >= 5 && c->CoRequestHandler);
    /* An intermediate driver has no hardware that could be reset. */
    if (!c->InitializeHandler || !c->HaltHandler || (!c->ResetHandler && !layered) || !sends ||
        !asks)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
legacy_register(struct ndis_driver *registration, const void *characteristics, UINT length)
{
    const NDIS51_MINIPORT_CHARACTERISTICS *c = characteristics;
    UINT size;
    NDIS_STATUS status = check(c, length, registration->layered, &size);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    memcpy(&registration->miniport5, c, size);
    status = co_set_miniport5(registration);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    registration->minor = c->MinorNdisVersion;
    registration->major = c->MajorNdisVersion;
    registration->driver->object->DriverUnload = unload;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMRegisterMiniport - a driver offers itself as a miniport driver of NDIS 3.0 to 5.1
 *
 * @NdisWrapperHandle:       from NdisInitializeWrapper.
 * @MiniportCharacteristics: of the version in its first two bytes; copied.
 * @CharacteristicsLength:   bytes of it, at least what the version has.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until the driver is unloaded, or NdisTerminateWrapper.
 * Errors:    NDIS_STATUS_BAD_VERSION, NDIS_STATUS_BAD_CHARACTERISTICS (too short, a mandatory
 *            handler missing), NDIS_STATUS_FAILURE when the handle has a registration already.
 * Source:    ddk3790:NdisXMd_Mz_2dc4a28f-f4a2-4876-8011-b85003811615.xml.htm
 */
NDIS_STATUS
NdisMRegisterMiniport(NDIS_HANDLE NdisWrapperHandle,
    PNDIS_MINIPORT_CHARACTERISTICS MiniportCharacteristics, UINT CharacteristicsLength)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisWrapperHandle, OBJECT_MINIPORT_DRIVER, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (registration->major)
        return NDIS_STATUS_FAILURE;
    return legacy_register(registration, MiniportCharacteristics, CharacteristicsLength);
}

/*
 * NdisMRegisterUnloadHandler - a miniport driver names the function that is called before unload
 *
 * @NdisWrapperHandle: from NdisInitializeWrapper.
 * @UnloadHandler:     called once, with the driver object.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisMRegisterUnloadHandler
 */
VOID
NdisMRegisterUnloadHandler(NDIS_HANDLE NdisWrapperHandle, PDRIVER_UNLOAD UnloadHandler)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    ndis_driver_from_handle(NdisWrapperHandle, OBJECT_MINIPORT_DRIVER, __func__)->unload =
        UnloadHandler;
}
