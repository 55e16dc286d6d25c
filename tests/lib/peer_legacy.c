/* SPDX-License-Identifier: MIT */
/* The peer miniport of NDIS 5.1, serialized or deserialized: the face of the one of NDIS 6.
 *
 * A serialized one counts what overlaps: there must be nothing.
 */
#include "peer_legacy.h"

/* Requests */

static NDIS_STATUS
put(PVOID buffer, ULONG room, PULONG written, PULONG needed, const void *data, ULONG size)
{
    *written = 0;
    *needed = size;
    if (room < size)
        return NDIS_STATUS_INVALID_LENGTH;
    RtlCopyMemory(buffer, data, size);
    *written = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
answer_query(
    struct inner *inner, NDIS_OID oid, PVOID buffer, ULONG room, PULONG written, PULONG needed)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_CURRENT_PACKET_FILTER,
        OID_GEN_MAXIMUM_LOOKAHEAD, OID_GEN_MAXIMUM_FRAME_SIZE, OID_GEN_LINK_SPEED,
        OID_802_3_CURRENT_ADDRESS, OID_802_3_PERMANENT_ADDRESS, PEER_OID};
    static const UCHAR address[6] = {2, 0, 0, 0, 0, 1};
    ULONG number;

    switch (oid) {
    case OID_GEN_SUPPORTED_LIST: return put(buffer, room, written, needed, oids, sizeof(oids));
    case OID_802_3_CURRENT_ADDRESS:
    case OID_802_3_PERMANENT_ADDRESS:
        return put(buffer, room, written, needed, address, sizeof(address));
    case OID_GEN_MAXIMUM_LOOKAHEAD:
    case OID_GEN_MAXIMUM_FRAME_SIZE: number = 1500; break;
    case OID_GEN_LINK_SPEED: number = 10000000; break;
    case OID_GEN_PHYSICAL_MEDIUM:
        number =
            inner->face->wireless ? NdisPhysicalMediumWirelessLan : NdisPhysicalMediumUnspecified;
        break;
    case PEER_OID: number = inner->face->value; break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    return put(buffer, room, written, needed, &number, sizeof(number));
}

/* Pends PEER_OID when told to: the work is done already, the answer comes later. */
static NDIS_STATUS
maybe_pend(struct inner *inner, NDIS_OID oid, bool set, NDIS_STATUS status)
{
    struct peer_miniport *face = inner->face;
    ULONG before;

    COUNT(face->oids, 1);
    if (oid != PEER_OID || status != NDIS_STATUS_SUCCESS || (!face->pend_oids && !face->hold_oids))
        return status;
    before = READ(inner->oid_pended);
    if (before + 1 > face->oids_at_once)
        WRITE(face->oids_at_once, before + 1);
    inner->oid_set = set;
    WRITE(inner->oid_pended, true);
    if (!face->hold_oids)
        KeInsertQueueDpc(&inner->oid_dpc, NULL, NULL);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
miniport_query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    struct inner *inner = MiniportAdapterContext;
    NDIS_STATUS status;

    enter(inner);
    status = answer_query(
        inner, Oid, InformationBuffer, InformationBufferLength, BytesWritten, BytesNeeded);
    status = maybe_pend(inner, Oid, false, status);
    leave(inner);
    return status;
}

static NDIS_STATUS
answer_set(
    struct inner *inner, NDIS_OID oid, PVOID buffer, ULONG length, PULONG read, PULONG needed)
{
    *read = 0;
    *needed = sizeof(ULONG);
    if (oid != PEER_OID && oid != OID_GEN_CURRENT_PACKET_FILTER)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (length < sizeof(ULONG))
        return NDIS_STATUS_INVALID_LENGTH;
    if (oid == PEER_OID)
        inner->face->value = *(ULONG *)buffer;
    else
        COUNT(inner->face->filters_set, 1);
    *read = sizeof(ULONG);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
miniport_set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    struct inner *inner = MiniportAdapterContext;
    NDIS_STATUS status;

    enter(inner);
    status =
        answer_set(inner, Oid, InformationBuffer, InformationBufferLength, BytesRead, BytesNeeded);
    status = maybe_pend(inner, Oid, true, status);
    leave(inner);
    return status;
}

static VOID
answer_pended(PVOID Context)
{
    struct inner *inner = Context;

    if (!__atomic_exchange_n(&inner->oid_pended, false, __ATOMIC_ACQ_REL))
        return;
    if (inner->oid_set)
        NdisMSetInformationComplete(inner->adapter, NDIS_STATUS_SUCCESS);
    else
        NdisMQueryInformationComplete(inner->adapter, NDIS_STATUS_SUCCESS);
}

static VOID
oid_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    answer_pended(DeferredContext);
}

/* What NDIS gives next is taken too. */
static VOID
release_oids(PVOID Context)
{
    struct inner *inner = Context;

    inner->face->hold_oids = false;
    answer_pended(inner);
}

static void
act_release_oids(struct peer_miniport *miniport)
{
    script_run(
        miniport->peer.machine, &inner_of(miniport)->script, release_oids, inner_of(miniport));
}

/* Status, reset, hang */

struct status {
    struct inner *inner;
    uint32_t code;
};

static VOID
status_wanted(PVOID Context)
{
    struct status *wanted = Context;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    NdisMIndicateStatus(wanted->inner->adapter, (NDIS_STATUS)wanted->code, NULL, 0);
    NdisMIndicateStatusComplete(wanted->inner->adapter);
    KeLowerIrql(irql);
}

static void
act_status(struct peer_miniport *miniport, uint32_t code)
{
    struct status wanted = {inner_of(miniport), code};

    script_run(miniport->peer.machine, &wanted.inner->script, status_wanted, &wanted);
}

static VOID
reset_done(PVOID Context)
{
    struct inner *inner = Context;

    NdisMResetComplete(inner->adapter, NDIS_STATUS_SUCCESS, (BOOLEAN)inner->face->addressing_reset);
}

void
peer_legacy_reset_done(struct peer_miniport *miniport)
{
    script_run(miniport->peer.machine, &inner_of(miniport)->script, reset_done, inner_of(miniport));
}

static BOOLEAN
miniport_hang(NDIS_HANDLE MiniportAdapterContext)
{
    struct inner *inner = MiniportAdapterContext;
    BOOLEAN hangs;

    enter(inner);
    COUNT(inner->face->asked_for_hang, 1);
    hangs = __atomic_exchange_n(&inner->face->hangs, false, __ATOMIC_ACQ_REL);
    leave(inner);
    return hangs;
}

static NDIS_STATUS
miniport_reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    struct inner *inner = MiniportAdapterContext;

    enter(inner);
    COUNT(inner->face->resets, 1);
    *AddressingReset = (BOOLEAN)inner->face->addressing_reset;
    sends_reset(inner);
    leave(inner);
    return inner->face->pend_reset ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
}

static VOID
miniport_shutdown(PVOID ShutdownContext)
{
    struct inner *inner = ShutdownContext;

    COUNT(inner->face->shutdowns, 1);
}

static VOID
miniport_event(NDIS_HANDLE MiniportAdapterContext, NDIS_DEVICE_PNP_EVENT PnPEvent,
    PVOID InformationBuffer, ULONG InformationBufferLength)
{
    struct inner *inner = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
    if (PnPEvent == NdisDevicePnPEventPowerProfileChanged)
        COUNT(inner->face->powers, 1);
}

/* Lifecycle */

static NDIS_STATUS
miniport_initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex,
    PNDIS_MEDIUM MediumArray, UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    struct peer_miniport *face;
    struct inner *inner;
    PDEVICE_OBJECT fdo;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    NdisMGetDeviceProperty(MiniportAdapterHandle, NULL, &fdo, NULL, NULL, NULL);
    face = peer_of(fdo->DriverObject);
    inner = inner_of(face);
    peer_say(&face->peer, "initialize");
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    CHECK(i < MediumArraySize);
    *SelectedMediumIndex = i;
    inner->adapter = MiniportAdapterHandle;
    NdisMSetAttributesEx(MiniportAdapterHandle, inner, 1,
        face->kind == PEER_DESERIALIZED ? NDIS_ATTRIBUTE_DESERIALIZE : 0, NdisInterfaceInternal);
    if (face->fail_initialize)
        return (NDIS_STATUS)face->fail_initialize;
    sends_up(inner);
    receives_up(inner);
    NdisMRegisterAdapterShutdownHandler(MiniportAdapterHandle, inner, miniport_shutdown);
    COUNT(face->initialized, 1);
    return NDIS_STATUS_SUCCESS;
}

static VOID
miniport_halt(NDIS_HANDLE MiniportAdapterContext)
{
    struct inner *inner = MiniportAdapterContext;

    enter(inner);
    peer_say(&inner->face->peer, "halt");
    if (READ(inner->face->sends_out) || READ(inner->face->receives_out))
        COUNT(inner->face->wrong, 1);
    sends_down(inner);
    KeFlushQueuedDpcs();
    NdisMDeregisterAdapterShutdownHandler(inner->adapter);
    receives_down(inner);
    COUNT(inner->face->halted, 1);
    leave(inner);
}

static VOID
miniport_unload(PDRIVER_OBJECT DriverObject)
{
    struct peer_miniport *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    peer_say(&face->peer, "unload");
    script_stop(&inner->script);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static NDIS_STATUS
miniport_register(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath, struct inner *inner)
{
    NDIS_MINIPORT_CHARACTERISTICS characteristics = {0};
    NDIS_STATUS status;

    characteristics.MajorNdisVersion = 5;
    characteristics.MinorNdisVersion = 1;
    characteristics.CheckForHangHandler = miniport_hang;
    characteristics.HaltHandler = miniport_halt;
    characteristics.InitializeHandler = miniport_initialize;
    characteristics.QueryInformationHandler = miniport_query;
    characteristics.ResetHandler = miniport_reset;
    characteristics.SetInformationHandler = miniport_set;
    characteristics.TransferDataHandler = miniport_transfer;
    characteristics.ReturnPacketHandler = inner->no_returns ? NULL : miniport_return;
    characteristics.CancelSendPacketsHandler = miniport_cancel;
    characteristics.PnPEventNotifyHandler = miniport_event;
    if (inner->arrays)
        characteristics.SendPacketsHandler = miniport_send_packets;
    else
        characteristics.SendHandler = miniport_send;
    NdisMInitializeWrapper(&inner->wrapper, DriverObject, RegistryPath, NULL);
    status = NdisMRegisterMiniport(inner->wrapper, &characteristics, sizeof(characteristics));
    if (status == NDIS_STATUS_SUCCESS)
        NdisMRegisterUnloadHandler(inner->wrapper, miniport_unload);
    return status;
}

static const struct peer_miniport_acts acts = {
    act_indicate, act_release, act_release_oids, act_status, act_traffic};

static NTSTATUS
miniport_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    unsigned kind;
    struct peer_miniport *face = peer_create(DriverObject, sizeof(*face), &kind);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    inner->arrays = (kind & PEER_ARRAYS) != 0;
    inner->no_returns = (kind & PEER_NO_RETURNS) != 0;
    face->peer.inner = inner;
    face->kind = kind & ~(PEER_ARRAYS | PEER_NO_RETURNS);
    face->acts = &acts;
    face->answers = PENDS;
    KeInitializeSpinLock(&inner->lock);
    KeInitializeDpc(&inner->oid_dpc, oid_dpc, inner);
    KeInitializeEvent(&inner->indicated, SynchronizationEvent, FALSE);
    KeInitializeEvent(&inner->traffic_ended, SynchronizationEvent, FALSE);
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return miniport_register(DriverObject, RegistryPath, inner);
}

struct peer_miniport *
peer_legacy_add(struct undis *machine, const char *name, unsigned kind)
{
    return peer_add(machine, name, miniport_entry, kind);
}
