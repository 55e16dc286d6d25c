/* SPDX-License-Identifier: MIT */
/* Protocols of NDIS 3 to 5.1 register with NDIS and leave again. */
#include "ndis/connection/connection.h"
#include "ndis/lifecycle/lifecycle.h"

#include <string.h>

/* The versions of a protocol, and how much of the characteristics each has. */
static const struct {
    UCHAR major, minor;
    UINT size;
} versions[] = {
    {3, 0, sizeof(NDIS30_PROTOCOL_CHARACTERISTICS)},
    {4, 0, sizeof(NDIS40_PROTOCOL_CHARACTERISTICS)},
    {4, 1, sizeof(NDIS40_PROTOCOL_CHARACTERISTICS)},
    {5, 0, sizeof(NDIS50_PROTOCOL_CHARACTERISTICS)},
    {5, 1, sizeof(NDIS50_PROTOCOL_CHARACTERISTICS)},
};

/* How much of them is read; 0: the version is none that we know. */
static UINT
size_of_version(const NDIS_PROTOCOL_CHARACTERISTICS *c)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(versions); i++)
        if (versions[i].major == c->MajorNdisVersion && versions[i].minor == c->MinorNdisVersion)
            return versions[i].size;
    return 0;
}

static NDIS_STATUS
check(const NDIS_PROTOCOL_CHARACTERISTICS *characteristics, UINT length)
{
    const NDIS50_PROTOCOL_CHARACTERISTICS *c = (const void *)characteristics;
    UINT size = size_of_version(characteristics);
    bool connected; /* a client of connection-oriented NDIS may do without the usual handlers */

    if (size == 0)
        return NDIS_STATUS_BAD_VERSION;
    if (length < size)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    connected = c->MajorNdisVersion >= 5 && c->CoSendCompleteHandler;
    if (!c->OpenAdapterCompleteHandler || !c->CloseAdapterCompleteHandler ||
        !c->RequestCompleteHandler || !c->StatusHandler || !c->StatusCompleteHandler ||
        !c->ResetCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    if (!connected && (!c->SendCompleteHandler || !c->TransferDataCompleteHandler ||
                          !c->ReceiveHandler || !c->ReceiveCompleteHandler))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    if (c->MajorNdisVersion >= 4 && !c->BindAdapterHandler != !c->UnbindAdapterHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisRegisterProtocol - a driver offers itself as a protocol of NDIS 3.0 to 5.1
 *
 * @Status:                  NDIS_STATUS_SUCCESS or why not.
 * @NdisProtocolHandle:      gets the handle.
 * @ProtocolCharacteristics: of the version that they name; copied.
 * @CharacteristicsLength:   bytes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until NdisDeregisterProtocol.
 * Errors:    NDIS_STATUS_BAD_VERSION, NDIS_STATUS_BAD_CHARACTERISTICS (size, missing handlers),
 *            NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisRegisterProtocol
 */
VOID
NdisRegisterProtocol(PNDIS_STATUS Status, PNDIS_HANDLE NdisProtocolHandle,
    PNDIS_PROTOCOL_CHARACTERISTICS ProtocolCharacteristics, UINT CharacteristicsLength)
{
    struct ndis_driver *registration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *NdisProtocolHandle = NULL;
    *Status = check(ProtocolCharacteristics, CharacteristicsLength);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    registration = registration_create(OBJECT_PROTOCOL_DRIVER, block_self->driver, NULL);
    if (!registration) {
        *Status = NDIS_STATUS_RESOURCES;
        return;
    }
    memcpy(&registration->protocol5, ProtocolCharacteristics,
        size_of_version(ProtocolCharacteristics));
    registration_name(registration, (const UNICODE_STRING *)&registration->protocol5.Name);
    registration->minor = ProtocolCharacteristics->MinorNdisVersion;
    registration->major = ProtocolCharacteristics->MajorNdisVersion;
    *Status = co_set_protocol5(registration);
    if (*Status == NDIS_STATUS_SUCCESS)
        *NdisProtocolHandle = registration;
    else
        registration_destroy(registration);
}

/*
 * NdisDeregisterProtocol - a protocol takes its registration back
 *
 * @Status:             NDIS_STATUS_SUCCESS.
 * @NdisProtocolHandle: from NdisRegisterProtocol.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none. Bindings that still stand are unbound first.
 * Source:    NF:ndis.NdisDeregisterProtocol
 */
VOID
NdisDeregisterProtocol(PNDIS_STATUS Status, NDIS_HANDLE NdisProtocolHandle)
{
    NdisDeregisterProtocolDriver(NdisProtocolHandle);
    *Status = NDIS_STATUS_SUCCESS;
}
