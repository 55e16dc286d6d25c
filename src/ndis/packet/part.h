/* SPDX-License-Identifier: MIT */
/* What the files of packet/ share: making and ending NBLs, NBs and MDLs without the checks of the
 * exported calls.
 */
#pragma once

#include "ndis/packet/pool.h"

/* nbl.c: an NBL of @state with its NET_BUFFER, if it brings one, empty and attached. */
PNET_BUFFER_LIST
nbl_take(struct packet_pool *pool, uint32_t state, USHORT context, USHORT backfill);
/* Gives it back to its pool, whatever hangs on it stays. */
void nbl_put(PNET_BUFFER_LIST nbl);
/* Bug check unless @nbl is a living NBL of @state. */
void nbl_require(PNET_BUFFER_LIST nbl, uint32_t state, const char *caller);
/* The context block it was allocated with, or NULL. */
PNET_BUFFER_LIST_CONTEXT nbl_first_context(PNET_BUFFER_LIST nbl);
/* Settings of a pool of NBLs; NULL when memory is short. */
struct packet_pool *nbl_pool_create(
    NDIS_HANDLE handle, bool with_nb, ULONG context, ULONG data, UCHAR protocol_id, ULONG tag);

/* nb.c */
struct packet_pool *nb_pool_create(NDIS_HANDLE handle, ULONG data, ULONG tag);
PNET_BUFFER nb_take(struct packet_pool *pool);
/* Gives one of nb_take back; one that came with its NBL stays there. */
void nb_put(PNET_BUFFER nb);
/* Points @nb at the data of @chain; finds the current MDL. */
void nb_describe(PNET_BUFFER nb, PMDL chain, ULONG offset, SIZE_T length);
/* Ends the layout of @pool: room for MDL and data, from @end on, for a NET_BUFFER at @nb_at. */
void nb_pool_room(struct packet_pool *pool, size_t nb_at, size_t end);
/* Once per NET_BUFFER of a pool, zeroed: its MDL describes its data. */
void nb_lay_out(struct packet_pool *pool, PNET_BUFFER nb);
/* What a fresh NET_BUFFER has defined; over the pool's data, all of it unused. */
void nb_reset(PNET_BUFFER nb, struct packet_pool *pool, uint32_t state);

/* mdl.c: an MDL for @length bytes of @source from @offset on; NULL when memory is short. */
PMDL part_take(struct packet_defaults *defaults, PMDL source, ULONG offset, ULONG length);
void part_put_chain(PMDL chain);
/* MDLs for @length bytes from @offset on in the chain @source, hung at **@link, which moves on.
 * false: memory is short or the chain too; the caller frees what is there. */
bool part_copy_chain(
    struct packet_defaults *defaults, PMDL source, ULONG offset, ULONG length, PMDL **link);
struct packet_pool *part_pool_create(void);
/* An MDL over @size bytes of its own, for retreat; and its end. */
PMDL header_take(ULONG size);
bool header_put(PMDL mdl);

/* call.c: the gate to a driver's MDL allocators. */
PMDL call_allocate_mdl(NET_BUFFER_ALLOCATE_MDL_HANDLER handler, PULONG size);
void call_free_mdl(NET_BUFFER_FREE_MDL_HANDLER handler, PMDL mdl);
