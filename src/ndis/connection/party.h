/* SPDX-License-Identifier: MIT */
/* Parties as calls see them: the first comes with the call, the last goes with it. */
#pragma once

#include "ndis/connection/call.h"

/* Being added; NULL when memory is short. */
struct co_party *party_create(struct co_vc *vc, NDIS_HANDLE context);
/* The call manager's answer to adding it; without success it is gone. */
void party_added(struct co_party *party, NDIS_STATUS status);
/* Begins to drop it. */
void party_drop(struct co_party *party);
/* The call manager's answer to that; with success it is gone. */
void party_dropped(struct co_party *party, NDIS_STATUS status);
