/* SPDX-License-Identifier: MIT */
/* The gate from connection-oriented NDIS to drivers: each function calls one handler. */
#pragma once

#include "ndis/connection/connection.h"

/* An end of a request: who is asked or asked, and by what contexts it knows the objects. */
struct co_side {
    struct module *module;
    NDIS_HANDLE family_context, vc_context, party_context;
    CO_OID_REQUEST_HANDLER request;
    CO_OID_REQUEST_COMPLETE_HANDLER complete;
    CO_REQUEST_HANDLER request5; /* NDIS 5; those of NDIS 6 are NULL then */
    CO_REQUEST_COMPLETE_HANDLER complete5;
};

/* What the carried data's user calls the VC. */
static inline NDIS_HANDLE
co_user_context(const struct co_vc *vc)
{
    return vc->client ? vc->client_context : vc->manager_context;
}

/* Clients. */
void call_cl_open_af_complete(struct co_family *family, NDIS_STATUS status);
void call_cl_close_af_complete(struct co_family *family, NDIS_STATUS status);
NDIS_STATUS call_cl_notify_close_af(struct co_family *family);
void call_cl_register_sap_complete(struct co_sap *sap, NDIS_STATUS status);
void call_cl_deregister_sap_complete(struct co_sap *sap, NDIS_STATUS status);
NDIS_STATUS call_cl_create_vc(struct co_vc *vc);
NDIS_STATUS call_cl_delete_vc(struct co_vc *vc);
void call_cl_make_call_complete(
    struct co_vc *vc, NDIS_STATUS status, struct co_party *party, PCO_CALL_PARAMETERS parameters);
void
call_cl_modify_call_complete(struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters);
void call_cl_close_call_complete(struct co_vc *vc, NDIS_STATUS status, NDIS_HANDLE party_context);
void call_cl_add_party_complete(
    struct co_party *party, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters);
void call_cl_drop_party_complete(struct co_party *party, NDIS_STATUS status);
NDIS_STATUS
call_cl_incoming_call(struct co_vc *vc, struct co_sap *sap, PCO_CALL_PARAMETERS parameters);
void call_cl_incoming_call_change(struct co_vc *vc, PCO_CALL_PARAMETERS parameters);
void call_cl_incoming_close_call(struct co_vc *vc, NDIS_STATUS status, PVOID data, UINT size);
void call_cl_incoming_drop_party(struct co_party *party, NDIS_STATUS status, PVOID data, UINT size);
void call_cl_call_connected(struct co_vc *vc);

/* Call managers. */
NDIS_STATUS call_cm_open_af(struct co_family *family, PCO_ADDRESS_FAMILY address);
NDIS_STATUS call_cm_close_af(struct co_family *family);
void call_cm_notify_close_af_complete(struct co_family *family, NDIS_STATUS status);
NDIS_STATUS call_cm_register_sap(struct co_sap *sap);
NDIS_STATUS call_cm_deregister_sap(struct co_sap *sap);
NDIS_STATUS call_cm_create_vc(struct co_vc *vc);
NDIS_STATUS call_cm_delete_vc(struct co_vc *vc);
NDIS_STATUS call_cm_make_call(struct co_vc *vc, PCO_CALL_PARAMETERS parameters,
    struct co_party *party, PNDIS_HANDLE party_context);
NDIS_STATUS call_cm_close_call(struct co_vc *vc, NDIS_HANDLE party_context, PVOID data, UINT size);
NDIS_STATUS call_cm_modify_call(struct co_vc *vc, PCO_CALL_PARAMETERS parameters);
void call_cm_incoming_call_complete(
    struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters);
NDIS_STATUS call_cm_add_party(struct co_party *party, PCO_CALL_PARAMETERS parameters);
NDIS_STATUS call_cm_drop_party(struct co_party *party, PVOID data, UINT size);
void
call_cm_activate_complete(struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters);
void call_cm_deactivate_complete(struct co_vc *vc, NDIS_STATUS status);

/* Miniports, and protocols as users of VCs. */
NDIS_STATUS call_co_create_vc(struct co_vc *vc);
NDIS_STATUS call_co_delete_vc(struct co_vc *vc);
NDIS_STATUS call_co_activate_vc(struct co_vc *vc, PCO_CALL_PARAMETERS parameters);
NDIS_STATUS call_co_deactivate_vc(struct co_vc *vc);
void call_co_send(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags);
void call_co_send_complete(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags);
void call_co_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags);
void
call_co_status(struct module *binding, NDIS_HANDLE vc_context, PNDIS_STATUS_INDICATION indication);
void call_af_notify(struct module *binding, PCO_ADDRESS_FAMILY address);
NDIS_STATUS call_co_request(struct module *miniport, struct co_vc *vc, PNDIS_OID_REQUEST request);
NDIS_STATUS call_side_request(const struct co_side *side, PNDIS_OID_REQUEST request);
void call_side_request_complete(
    const struct co_side *side, PNDIS_OID_REQUEST request, NDIS_STATUS status);

/* Drivers of NDIS 5. */
void call_co5_send(struct co_vc *vc, PPNDIS_PACKET packets, UINT count);
void call_cl5_open_af_complete(struct co_family *family, NDIS_STATUS status);
void call_co5_send_complete(struct co_vc *vc, PNDIS_PACKET packet, NDIS_STATUS status);
INT call_co5_receive(struct co_vc *vc, PNDIS_PACKET packet);
void call_co5_status(
    struct module *binding, NDIS_HANDLE vc_context, NDIS_STATUS code, PVOID buffer, UINT size);
NDIS_STATUS call_side5_request(const struct co_side *side, PNDIS_REQUEST request);
void
call_side5_request_complete(const struct co_side *side, PNDIS_REQUEST request, NDIS_STATUS status);
