/* SPDX-License-Identifier: MIT */
/* The call manager of the peers: it connects the clients of one adapter with each other.
 *
 *     caller's VC  --make call-->  switch  --a VC for the callee, activated, offered-->  client
 *     circuit n, end 0                       circuit n, end 1
 *
 * The same code is the stand-alone manager (co_manager.c) and the miniport's own (co_mcm.c).
 */
#include "co_switch.h"

KIRQL
switch_raise(struct co_switch *to)
{
    return to->face->pend_at_dpc ? KeRaiseIrqlToDpcLevel() : KeGetCurrentIrql();
}

static VOID
later_main(PVOID Context)
{
    struct switch_later later = *(struct switch_later *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    later.answer(&later);
}

NDIS_STATUS
switch_later(struct co_switch *to, VOID (*answer)(struct switch_later *), PVOID object, PVOID extra)
{
    struct switch_later *work = ExAllocatePoolWithTag(NonPagedPool, sizeof(*work), PEER_TAG);

    CHECK(work);
    *work = (struct switch_later){answer, to, object, extra, NDIS_STATUS_SUCCESS};
    peer_later(later_main, work);
    return NDIS_STATUS_PENDING;
}

PVOID
switch_list_add(struct co_switch *to, LIST_ENTRY *list, SIZE_T size, test_counter *count)
{
    LIST_ENTRY *made = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);
    KIRQL irql;

    CHECK(made);
    RtlZeroMemory(made, size);
    KeAcquireSpinLock(&to->lock, &irql);
    InsertTailList(list, made);
    KeReleaseSpinLock(&to->lock, irql);
    COUNT(*count, 1);
    return made;
}

/* The link is each object's first member. */
VOID
switch_list_remove(struct co_switch *to, PVOID object)
{
    KIRQL irql;

    KeAcquireSpinLock(&to->lock, &irql);
    RemoveEntryList((LIST_ENTRY *)object);
    KeReleaseSpinLock(&to->lock, irql);
    ExFreePoolWithTag(object, PEER_TAG);
}

static BOOLEAN
list_empty(struct co_switch *to, LIST_ENTRY *list)
{
    BOOLEAN empty;
    KIRQL irql;

    KeAcquireSpinLock(&to->lock, &irql);
    empty = IsListEmpty(list);
    KeReleaseSpinLock(&to->lock, irql);
    return empty;
}

/* Address families */

static VOID
opened(struct switch_later *work)
{
    struct family *family = work->object;
    NDIS_HANDLE handle = family->handle;
    KIRQL irql;

    if (work->extra)
        switch_list_remove(work->to, family);
    irql = switch_raise(work->to);
    NdisCmOpenAddressFamilyComplete(
        work->extra ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS, handle, family);
    KeLowerIrql(irql);
}

static NDIS_STATUS
open_af(NDIS_HANDLE CallMgrBindingContext, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE NdisAfHandle, PNDIS_HANDLE CallMgrAfContext)
{
    struct co_switch *to = *(struct co_switch **)CallMgrBindingContext;
    struct family *family =
        switch_list_add(to, &to->families, sizeof(*family), &to->face->families);

    if (AddressFamily->AddressFamily != CO_ADDRESS_FAMILY_Q2931)
        COUNT(to->face->wrong, 1);
    family->to = to;
    family->handle = NdisAfHandle;
    if (to->face->pend)
        return switch_later(to, opened, family, to->face->refuse ? family : NULL);
    if (to->face->refuse) {
        switch_list_remove(to, family);
        return NDIS_STATUS_FAILURE;
    }
    *CallMgrAfContext = family;
    return NDIS_STATUS_SUCCESS;
}

static VOID
af_closed(struct switch_later *work)
{
    struct family *family = work->object;
    NDIS_HANDLE handle = family->handle;
    KIRQL irql;

    if (!family->noticed)
        switch_list_remove(work->to, family);
    irql = switch_raise(work->to);
    NdisCmCloseAddressFamilyComplete(NDIS_STATUS_SUCCESS, handle);
    KeLowerIrql(irql);
}

static NDIS_STATUS
close_af(NDIS_HANDLE CallMgrAfContext)
{
    struct family *family = CallMgrAfContext;

    if (family->to->face->pend)
        return switch_later(family->to, af_closed, family, NULL);
    /* One that was asked to close is known until the answer. */
    if (!family->noticed)
        switch_list_remove(family->to, family);
    return NDIS_STATUS_SUCCESS;
}

static VOID
notice_complete(NDIS_HANDLE CallMgrAfContext, NDIS_STATUS Status)
{
    struct family *family = CallMgrAfContext;
    struct co_switch *to = family->to;

    UNREFERENCED_PARAMETER(Status);
    switch_list_remove(to, family);
    COUNT(to->face->notices_answered, 1);
}

static VOID
notice_all(PVOID Context)
{
    struct co_switch *to = Context;

    for (;;) {
        struct family *family = NULL;
        KIRQL irql;

        KeAcquireSpinLock(&to->lock, &irql);
        for (LIST_ENTRY *e = to->families.Flink; e != &to->families; e = e->Flink)
            if (!((struct family *)e)->noticed)
                family = (struct family *)e;
        if (family)
            family->noticed = TRUE;
        KeReleaseSpinLock(&to->lock, irql);
        if (!family)
            return;
        if (NdisCmNotifyCloseAddressFamily(family->handle) != NDIS_STATUS_PENDING)
            notice_complete(family, NDIS_STATUS_SUCCESS);
    }
}

void
co_manager_notice(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, notice_all, to);
}

VOID
switch_leave(struct co_switch *to)
{
    notice_all(to);
    while (!list_empty(to, &to->families) || !list_empty(to, &to->vcs))
        peer_sleep(50);
}

/* SAPs */

static VOID
sap_registered(struct switch_later *work)
{
    struct sap *sap = work->object;
    NDIS_HANDLE handle = sap->handle;
    KIRQL irql;

    if (work->extra)
        switch_list_remove(work->to, sap);
    irql = switch_raise(work->to);
    NdisCmRegisterSapComplete(
        work->extra ? NDIS_STATUS_INVALID_SAP : NDIS_STATUS_SUCCESS, handle, sap);
    KeLowerIrql(irql);
}

static NDIS_STATUS
register_sap(NDIS_HANDLE CallMgrAfContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle,
    PNDIS_HANDLE CallMgrSapContext)
{
    struct family *family = CallMgrAfContext;
    struct co_switch *to = family->to;
    struct sap *sap = switch_list_add(to, &to->saps, sizeof(*sap), &to->face->saps);

    sap->family = family;
    sap->handle = NdisSapHandle;
    RtlCopyMemory(&sap->number, Sap->Sap, sizeof(sap->number));
    if (to->face->pend)
        return switch_later(to, sap_registered, sap, to->face->refuse ? sap : NULL);
    if (to->face->refuse) {
        switch_list_remove(to, sap);
        return NDIS_STATUS_INVALID_SAP;
    }
    *CallMgrSapContext = sap;
    return NDIS_STATUS_SUCCESS;
}

static VOID
sap_deregistered(struct switch_later *work)
{
    KIRQL irql = switch_raise(work->to);

    NdisCmDeregisterSapComplete(NDIS_STATUS_SUCCESS, work->extra);
    KeLowerIrql(irql);
}

static NDIS_STATUS
deregister_sap(NDIS_HANDLE CallMgrSapContext)
{
    struct sap *sap = CallMgrSapContext;
    struct co_switch *to = sap->family->to;
    NDIS_HANDLE handle = sap->handle;

    switch_list_remove(to, sap);
    return to->face->pend ? switch_later(to, sap_deregistered, NULL, handle) : NDIS_STATUS_SUCCESS;
}

/* VCs */

struct vc *
switch_vc_add(struct co_switch *to, struct family *family)
{
    test_counter unused = 0;
    struct vc *vc = switch_list_add(to, &to->vcs, sizeof(*vc), &unused);

    vc->to = to;
    vc->family = family;
    vc->end.loop = to->loop;
    vc->end.circuit = CIRCUITS;
    KeInitializeEvent(&vc->activated, SynchronizationEvent, FALSE);
    return vc;
}

static NDIS_STATUS
create_vc(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    struct family *family = ProtocolAfContext;
    struct vc *vc = switch_vc_add(family->to, family);

    vc->handle = vc->end.vc = NdisVcHandle;
    *ProtocolVcContext = vc;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_vc(NDIS_HANDLE ProtocolVcContext)
{
    struct vc *vc = ProtocolVcContext;

    while (READ(vc->busy))
        peer_sleep(50);
    switch_list_remove(vc->to, vc);
    return NDIS_STATUS_SUCCESS;
}

static VOID
activate_complete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct vc *vc = CallMgrVcContext;

    if (CallParameters != &vc->dial.call)
        COUNT(vc->to->face->wrong, 1);
    vc->activate_status = Status;
    KeSetEvent(&vc->activated, IO_NO_INCREMENT, FALSE);
}

static VOID
deactivate_complete(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext)
{
    struct vc *vc = CallMgrVcContext;

    vc->activate_status = Status;
    KeSetEvent(&vc->activated, IO_NO_INCREMENT, FALSE);
}

static NDIS_STATUS
wait_if_pended(struct vc *vc, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_PENDING)
        return status;
    KeWaitForSingleObject(&vc->activated, Executive, KernelMode, FALSE, NULL);
    return vc->activate_status;
}

VOID
switch_activate(struct vc *vc, ULONG circuit, ULONG end)
{
    NDIS_STATUS status;

    dial_set(&vc->dial, 0, circuit, end);
    if (vc->to->protocol) {
        status = wait_if_pended(vc, NdisCmActivateVc(vc->handle, &vc->dial.call));
    } else {
        loop_up(&vc->end, circuit, end);
        status = NdisMCmActivateVc(vc->handle, &vc->dial.call);
    }
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    vc->up = TRUE;
    COUNT(vc->to->face->activated, 1);
}

VOID
switch_deactivate(struct vc *vc)
{
    NDIS_STATUS status;

    if (!vc->up)
        return;
    vc->up = FALSE;
    if (vc->to->protocol) {
        status = wait_if_pended(vc, NdisCmDeactivateVc(vc->handle));
    } else {
        loop_down(&vc->end);
        status = NdisMCmDeactivateVc(vc->handle);
    }
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    COUNT(vc->to->face->deactivated, 1);
}

/* A VC of the switch's own making, when no call is on it any more. */
VOID
switch_delete_own(PVOID Context)
{
    struct vc *vc = Context;
    NDIS_STATUS status;

    while (READ(vc->busy))
        peer_sleep(50);
    while ((status = vc->to->protocol ? NdisCoDeleteVc(vc->handle) : NdisMCmDeleteVc(vc->handle)) ==
           NDIS_STATUS_NOT_ACCEPTED)
        peer_sleep(50);
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    switch_list_remove(vc->to, vc);
}

struct co_end *
switch_end(NDIS_HANDLE vc_context)
{
    return &((struct vc *)vc_context)->end;
}

VOID
switch_create(struct co_switch *to, struct co_manager *face)
{
    to->face = face;
    KeInitializeSpinLock(&to->lock);
    InitializeListHead(&to->families);
    InitializeListHead(&to->saps);
    InitializeListHead(&to->vcs);
    InitializeListHead(&to->parties);
    CHECK(NT_SUCCESS(script_start(&to->script)));
}

VOID
switch_destroy(struct co_switch *to)
{
    script_stop(&to->script);
    if (!IsListEmpty(&to->families) || !IsListEmpty(&to->saps) || !IsListEmpty(&to->vcs) ||
        !IsListEmpty(&to->parties))
        COUNT(to->face->wrong, 1);
}

NDIS_STATUS
switch_options(NDIS_HANDLE driver)
{
    NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_CALL_MANAGER_OPTIONAL_HANDLERS,
            NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1,
            NDIS_SIZEOF_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1},
        .CmCreateVcHandler = create_vc,
        .CmDeleteVcHandler = delete_vc,
        .CmOpenAfHandler = open_af,
        .CmCloseAfHandler = close_af,
        .CmRegisterSapHandler = register_sap,
        .CmDeregisterSapHandler = deregister_sap,
        .CmMakeCallHandler = switch_make_call,
        .CmCloseCallHandler = switch_close_call,
        .CmIncomingCallCompleteHandler = switch_incoming_call_complete,
        .CmAddPartyHandler = switch_add_party,
        .CmDropPartyHandler = switch_drop_party,
        .CmActivateVcCompleteHandler = activate_complete,
        .CmDeactivateVcCompleteHandler = deactivate_complete,
        .CmModifyCallQoSHandler = switch_modify_call,
        .CmOidRequestHandler = switch_oid_request,
        .CmOidRequestCompleteHandler = switch_request_complete,
        .CmNotifyCloseAfCompleteHandler = notice_complete,
    };

    return NdisSetOptionalHandlers(driver, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&handlers);
}

NDIS_STATUS
switch_offer(struct co_switch *to)
{
    CO_ADDRESS_FAMILY family = {CO_ADDRESS_FAMILY_Q2931, 3, 1};

    return to->protocol ? NdisCmRegisterAddressFamilyEx(to->protocol->binding, &family)
                        : NdisMCmRegisterAddressFamilyEx(to->loop->adapter, &family);
}
