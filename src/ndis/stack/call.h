/* SPDX-License-Identifier: MIT */
/* The one gate from NDIS to drivers. Each function calls one handler of one module. */
#pragma once

#include "ndis/stack/adapter.h"

/* In the flags of the four handlers of the data path alike. */
#define CALL_AT_DISPATCH 1u
_Static_assert(CALL_AT_DISPATCH == NDIS_SEND_FLAGS_DISPATCH_LEVEL, "sends");
_Static_assert(CALL_AT_DISPATCH == NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL, "completions");
_Static_assert(CALL_AT_DISPATCH == NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL, "receives");
_Static_assert(CALL_AT_DISPATCH == NDIS_RETURN_FLAGS_DISPATCH_LEVEL, "returns");

/* Data path: at DISPATCH_LEVEL. Without that flag the handler runs at PASSIVE_LEVEL. */
void call_send(struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags);
void call_send_complete(struct module *to, PNET_BUFFER_LIST chain, ULONG flags);
void call_receive(
    struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags);
void call_return(struct module *to, PNET_BUFFER_LIST chain, ULONG flags);
void call_cancel_send(struct module *to, PVOID cancel_id);

/* OIDs and status. */
NDIS_STATUS call_oid_request(struct module *to, PNDIS_OID_REQUEST request, bool direct);
void
call_oid_complete(struct module *to, PNDIS_OID_REQUEST request, NDIS_STATUS status, bool direct);
void call_cancel_oid(struct module *to, PVOID request_id, bool direct);
/* A filter that has the handler gets a @slot, a miniport none. */
NDIS_STATUS call_synchronous_oid(struct module *to, PNDIS_OID_REQUEST request, PVOID *slot);
void call_synchronous_oid_complete(
    struct module *to, PNDIS_OID_REQUEST request, NDIS_STATUS *status, PVOID slot);
void call_status(struct module *to, PNDIS_STATUS_INDICATION indication);

/* Lifecycle, PASSIVE_LEVEL. */
NDIS_STATUS call_set_options(struct ndis_driver *to, NDIS_HANDLE handle);
NDIS_STATUS call_initialize(struct module *to, PNDIS_MINIPORT_INIT_PARAMETERS parameters);
void call_halt(struct module *to, NDIS_HALT_ACTION action);
void call_shutdown(struct module *to, NDIS_SHUTDOWN_ACTION action);
BOOLEAN call_check_for_hang(struct module *to);
NDIS_STATUS call_reset(struct module *to, PBOOLEAN addressing);
void call_miniport_unload(struct ndis_driver *to);
NDIS_STATUS call_miniport_add_device(struct ndis_driver *to, NDIS_HANDLE adapter);
NDIS_STATUS
call_miniport_filter_requirements(struct ndis_driver *to, NDIS_HANDLE context, PIRP irp);
NDIS_STATUS call_miniport_start_device(struct ndis_driver *to, NDIS_HANDLE context, PIRP irp);
void call_miniport_remove_device(struct ndis_driver *to, NDIS_HANDLE context);
NDIS_STATUS call_pause(struct module *to, void *parameters);
NDIS_STATUS call_restart(struct module *to, void *parameters);
NDIS_STATUS call_attach(struct module *to, PNDIS_FILTER_ATTACH_PARAMETERS parameters);
NDIS_STATUS call_module_options(struct module *to);
void call_detach(struct module *to);
NDIS_STATUS
call_bind(struct ndis_driver *to, NDIS_HANDLE bind_context, PNDIS_BIND_PARAMETERS parameters);
/* NetEventBindsComplete, which belongs to no binding and cannot be refused. */
void call_binds_complete(struct ndis_driver *to);
NDIS_STATUS call_unbind(struct module *to, NDIS_HANDLE unbind_context);
void call_open_complete(struct module *to, NDIS_STATUS status);
void call_close_complete(struct module *to);
NDIS_STATUS call_net_pnp_event(struct module *to, PNET_PNP_EVENT_NOTIFICATION event);
void call_device_pnp_event(struct module *to, PNET_DEVICE_PNP_EVENT event);
