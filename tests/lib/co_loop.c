/* SPDX-License-Identifier: MIT */
/* The miniport half of the connection-oriented peers. */
#include "co_inner.h"

#include "check.h"
#include <string.h>

/* Copies of the frames, for the other end. NULL when memory is short. */
static PNET_BUFFER_LIST
copy_of(struct co_loop *loop, PNET_BUFFER_LIST chain, NDIS_HANDLE source)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;
    struct peer nobody = {.number = 0};

    for (; chain; chain = NET_BUFFER_LIST_NEXT_NBL(chain)) {
        PNET_BUFFER from = NET_BUFFER_LIST_FIRST_NB(chain);
        ULONG copied, size = NET_BUFFER_DATA_LENGTH(from);

        *link = chain_create(&nobody, &loop->pools, 1, 1, size, source);
        if (!*link || NdisCopyFromNetBufferToNetBuffer(NET_BUFFER_LIST_FIRST_NB(*link), 0, size,
                          from, 0, &copied) != NDIS_STATUS_SUCCESS)
            break;
        link = &NET_BUFFER_LIST_NEXT_NBL(*link);
    }
    return first;
}

VOID
loop_return(struct co_loop *loop, PNET_BUFFER_LIST chain)
{
    UNCOUNT(loop->receives_out, chain_length(chain));
    chain_free(chain);
}

/* The end that hears what is sent into @end; NULL: nobody. It stays while receives_out counts. */
static struct co_end *
other_end(struct co_end *end)
{
    struct co_loop *loop = end->loop;
    struct co_end *other;
    KIRQL irql;

    KeAcquireSpinLock(&loop->lock, &irql);
    other = end->circuit < CIRCUITS ? loop->ends[end->circuit][!end->end] : NULL;
    if (other)
        COUNT(other->out, 1);
    KeReleaseSpinLock(&loop->lock, irql);
    return other;
}

VOID
loop_send(struct co_end *end, PNET_BUFFER_LIST chain)
{
    struct co_loop *loop = end->loop;
    struct co_end *other = other_end(end);
    PNET_BUFFER_LIST copy;

    COUNT(loop->face->sends, chain_length(chain));
    COUNT(end->out, chain_length(chain));
    if (!READ(end->up))
        COUNT(loop->face->wrong, 1);
    copy = other ? copy_of(loop, chain, other->vc) : NULL;
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        if (nbl->SourceHandle != end->vc)
            COUNT(loop->face->wrong, 1);
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
        NET_BUFFER_LIST_MINIPORT_RESERVED(nbl)[0] = end;
    }
    queue_put(&loop->sends, loop->face->completes, chain);
    if (copy) {
        COUNT(loop->receives_out, chain_length(copy));
        NdisMCoIndicateReceiveNetBufferLists(other->vc, copy, chain_length(copy), 0);
    }
    if (other)
        UNCOUNT(other->out, 1);
}

/* Sends of several VCs may have come together. */
static VOID
complete(PVOID Context, PNET_BUFFER_LIST Chain)
{
    UNREFERENCED_PARAMETER(Context);
    while (Chain) {
        struct co_end *end = NET_BUFFER_LIST_MINIPORT_RESERVED(Chain)[0];
        PNET_BUFFER_LIST mine = chain_take_source(&Chain, end->vc);
        ULONG n = chain_length(mine);

        NdisMCoSendNetBufferListsComplete(end->vc, mine, 0);
        UNCOUNT(end->out, n);
    }
}

VOID
loop_up(struct co_end *end, ULONG circuit, ULONG which)
{
    KIRQL irql;

    KeAcquireSpinLock(&end->loop->lock, &irql);
    end->circuit = circuit;
    end->end = which;
    WRITE(end->up, TRUE);
    if (circuit < CIRCUITS)
        end->loop->ends[circuit][which] = end;
    KeReleaseSpinLock(&end->loop->lock, irql);
}

VOID
loop_down(struct co_end *end)
{
    struct co_loop *loop = end->loop;
    KIRQL irql;

    KeAcquireSpinLock(&loop->lock, &irql);
    WRITE(end->up, FALSE);
    if (end->circuit < CIRCUITS && loop->ends[end->circuit][end->end] == end)
        loop->ends[end->circuit][end->end] = NULL;
    KeReleaseSpinLock(&loop->lock, irql);
    while (READ(end->out) && !loop->face->forgets_sends && KeGetCurrentIrql() == PASSIVE_LEVEL) {
        queue_run(&loop->sends);
        peer_sleep(20);
    }
}

NDIS_STATUS
loop_create(struct co_loop *loop, NDIS_HANDLE driver, struct co_manager *face)
{
    KeInitializeSpinLock(&loop->lock);
    loop->face = face;
    queue_create(&loop->sends, complete, loop);
    return pools_create(&loop->pools, driver);
}

VOID
loop_destroy(struct co_loop *loop)
{
    queue_destroy(&loop->sends);
    pools_destroy(&loop->pools);
}

NDIS_STATUS
loop_answer(PNDIS_OID_REQUEST request, ULONG value)
{
    if (request->DATA.QUERY_INFORMATION.Oid != CO_OID)
        return NDIS_STATUS_NOT_SUPPORTED;
    *(PULONG)request->DATA.QUERY_INFORMATION.InformationBuffer = value;
    request->DATA.QUERY_INFORMATION.BytesWritten = sizeof(value);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
attributes(NDIS_HANDLE adapter, PVOID context)
{
    static NDIS_OID oids[] = {OID_GEN_VENDOR_ID, OID_GEN_STATISTICS};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = context,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1},
        .MediaType = NdisMediumAtm,
        .PhysicalMediumType = NdisPhysicalMediumUnspecified,
        .MtuSize = 1500,
        .MaxXmitLinkSpeed = 155520000,
        .XmitLinkSpeed = 155520000,
        .MaxRcvLinkSpeed = 155520000,
        .RcvLinkSpeed = 155520000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .IfType = IF_TYPE_ATM,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .AccessType = NET_IF_ACCESS_POINT_TO_POINT,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .SupportedOidList = oids,
        .SupportedOidListLength = sizeof(oids),
    };
    NDIS_STATUS status =
        NdisMSetMiniportAttributes(adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&registration);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    return NdisMSetMiniportAttributes(adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general);
}

static NDIS_STATUS
initialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    struct co_loop_driver *driver = MiniportDriverContext;
    NDIS_STATUS status = attributes(NdisMiniportHandle, driver);

    UNREFERENCED_PARAMETER(MiniportInitParameters);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    driver->loop.adapter = NdisMiniportHandle;
    status = loop_create(&driver->loop, NdisMiniportHandle, driver->loop.face);
    if (status == NDIS_STATUS_SUCCESS && driver->initialized)
        status = driver->initialized(driver);
    return status;
}

static VOID
halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    struct co_loop_driver *driver = context;

    UNREFERENCED_PARAMETER(action);
    if (driver->halting)
        driver->halting(driver);
    loop_destroy(&driver->loop);
}

static NDIS_STATUS
pause(NDIS_HANDLE context, PNDIS_MINIPORT_PAUSE_PARAMETERS parameters)
{
    struct co_loop *loop = &((struct co_loop_driver *)context)->loop;

    UNREFERENCED_PARAMETER(parameters);
    do
        queue_run(&loop->sends);
    while (READ(loop->receives_out) && (peer_sleep(20), 1));
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
restart(NDIS_HANDLE context, PNDIS_MINIPORT_RESTART_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
oid(NDIS_HANDLE context, PNDIS_OID_REQUEST request)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(request);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
cancel(NDIS_HANDLE context, PVOID id)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(id);
}

static VOID
shutdown(NDIS_HANDLE context, NDIS_SHUTDOWN_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
}

static VOID
device_event(NDIS_HANDLE context, PNET_DEVICE_PNP_EVENT event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
}

/* Nobody sends without a VC. */
static VOID
send(NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    struct co_loop *loop = &((struct co_loop_driver *)context)->loop;

    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    COUNT(loop->face->wrong, 1);
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_NOT_SUPPORTED;
    NdisMSendNetBufferListsComplete(loop->adapter, chain, 0);
}

static VOID
give_back(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    loop_return(&((struct co_loop_driver *)context)->loop, chain);
}

NTSTATUS
loop_register(PDRIVER_OBJECT object, PUNICODE_STRING path, struct co_loop_driver *driver,
    PVOID options, PVOID unload)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .SetOptionsHandler = options,
        .InitializeHandlerEx = initialize,
        .HaltHandlerEx = halt,
        .UnloadHandler = unload,
        .PauseHandler = pause,
        .RestartHandler = restart,
        .OidRequestHandler = oid,
        .SendNetBufferListsHandler = send,
        .ReturnNetBufferListsHandler = give_back,
        .CancelSendHandler = cancel,
        .DevicePnPEventNotifyHandler = device_event,
        .ShutdownHandlerEx = shutdown,
        .CancelOidRequestHandler = cancel,
    };

    return NdisMRegisterMiniportDriver(object, path, driver, &characteristics, &driver->driver);
}
