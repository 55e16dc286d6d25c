/* SPDX-License-Identifier: MIT */
/* dialer, a client that calls, as it is; and it asks its miniport for a counter, once. What it
 * breaks stands here. See breaks.h.
 */
#define NDIS630 1

#include <ndis.h>

#include "breaks.h"

static KSPIN_LOCK Lock;
static NDIS_HANDLE Binding;
static PNDIS_OID_REQUEST Request; /* a block, so that it can be closed by itself */
static LONG Asked;
static ULONG64 Counter;

static VOID
Ask(VOID)
{
    NDIS_STATUS Status;

    if (Request == NULL || InterlockedExchange(&Asked, 1) != 0)
        return;
    Request->Header.Type = NDIS_OBJECT_TYPE_OID_REQUEST;
    Request->Header.Revision = NDIS_OID_REQUEST_REVISION_1;
    Request->Header.Size = NDIS_SIZEOF_OID_REQUEST_REVISION_1;
    Request->RequestType = NdisRequestQueryInformation;
    Request->DATA.QUERY_INFORMATION.Oid = OID_GEN_XMIT_OK;
    Request->DATA.QUERY_INFORMATION.InformationBuffer = &Counter;
    Request->DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(Counter);
    Status = NdisCoOidRequest(Binding, NULL, NULL, NULL, Request);
    if (TOUCHES(oid_complete_before_return) && Status == NDIS_STATUS_PENDING)
        *(volatile UCHAR *)Request = *(volatile UCHAR *)Request; /* reading some of it is right */
}

/* For NdisCoSendNetBufferLists. */
static VOID
Send(NDIS_HANDLE Vc, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Irql);
    if (BREAKS(send_source_handle_protocol__vc))
        Chain->SourceHandle = NULL;
    if (BREAKS(lk_not_across_ndis__vc))
        KeAcquireSpinLock(&Lock, &Irql);
    volatile const UCHAR *Late = TOUCHES(send_no_touch_after_send) ? (PVOID)Chain : NULL;
    if (Late != NULL && TouchesPart("data"))
        Late = NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->MappedSystemVa;
    NdisCoSendNetBufferLists(Vc, Chain, Flags);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(nbl_mdl_not_shared_in_flight__vc))
        NdisCoSendNetBufferLists(Vc, Chain, Flags);
    Ask();
}

/* For NdisClOpenAddressFamilyEx. */
static NDIS_STATUS
OpenFamily(NDIS_HANDLE Handle, PCO_ADDRESS_FAMILY Family, NDIS_HANDLE Context, PNDIS_HANDLE Opened)
{
    Binding = Handle;
    return NdisClOpenAddressFamilyEx(Handle, Family, Context, Opened);
}

/* For NdisDeregisterProtocolDriver. */
static VOID
Deregister(NDIS_HANDLE Handle)
{
    NdisDeregisterProtocolDriver(Handle);
    ExFreePool(Request);
}

#define NdisCoSendNetBufferLists     Send
#define NdisClOpenAddressFamilyEx    OpenFamily
#define NdisDeregisterProtocolDriver Deregister
#define DriverEntry                  ClientEntry
#include "../../../drivers/protocol/dialer/call.c"
#include "../../../drivers/protocol/dialer/data.c"
#include "../../../drivers/protocol/dialer/dialer.c"
#undef DriverEntry

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    BreaksBy(RegistryPath);
    KeInitializeSpinLock(&Lock);
    Request = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Request), 'eluR');
    if (Request == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    return ClientEntry(DriverObject, RegistryPath);
}
