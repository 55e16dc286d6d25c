/* SPDX-License-Identifier: MIT */
/* WAN as NDIS 4 has it: what lifecycle puts where others have sends and receives, and the gate. */
#pragma once

#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"

/* @miniport has chosen NdisMediumWan: it sends by MiniportWanSend alone. */
void wan_miniport(struct module *miniport);
/* @binding of NDIS 5 has opened an adapter; does nothing unless it is a WAN's. */
void wan_binding(struct module *binding);

/* call_wan.c */
NDIS_STATUS call_wan_send(struct module *to, NDIS_HANDLE link, PNDIS_WAN_PACKET packet);
void call_wan_send_complete(struct module *to, PNDIS_WAN_PACKET packet, NDIS_STATUS status);
NDIS_STATUS call_wan_receive(struct module *to, NDIS_HANDLE link, PUCHAR data, ULONG size);
void call_wan_receive_complete(struct module *to, NDIS_HANDLE link);
