/* SPDX-License-Identifier: MIT */
/* What the peers share: they are drivers and see include/km.
 *
 *     script   a thread of the driver on which the test's wishes come true
 *     queue    NBLs that wait to be given back, in the way that was asked for
 *     chains   of NBLs with recognisable frames
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#ifdef PEER_LEGACY /* the peers of NDIS 5 */
#define NDIS51_MINIPORT 1
#define NDIS51          1
#else
#define NDIS680_MINIPORT 1
#define NDIS680          1
#endif

#include <ndis.h>

#include "peer.h"

#define PEER_TAG 0x72656550u /* "Peer" */

struct undis_driver;

/* Where a number lies, as the built-ins want it: without _Atomic. */
#define PLAIN(counter) ((__typeof__(((void)0, (counter))) *)(uintptr_t) & (counter))

#define COUNT(counter, n)   __atomic_add_fetch(PLAIN(counter), (n), __ATOMIC_ACQ_REL)
#define UNCOUNT(counter, n) __atomic_sub_fetch(PLAIN(counter), (n), __ATOMIC_ACQ_REL)
#define READ(counter)       __atomic_load_n(PLAIN(counter), __ATOMIC_ACQUIRE)
#define WRITE(counter, n)   __atomic_store_n(PLAIN(counter), (n), __ATOMIC_RELEASE)

typedef VOID PEER_ACTION(PVOID Context);

struct peer_script {
    KEVENT wanted, done, gone;
    PEER_ACTION *action; /* NULL: end */
    PVOID context;
};

NTSTATUS script_start(struct peer_script *script);
/* From a driver's unload, with no action under way. */
VOID script_stop(struct peer_script *script);
/* For the test: @action(@context) on the script's thread, until it has returned. */
VOID
script_run(struct undis *machine, struct peer_script *script, PEER_ACTION *action, PVOID context);
/* @action(@context) on a new thread of the calling driver. */
VOID peer_later(PEER_ACTION *action, PVOID context);
VOID peer_sleep(ULONG microseconds);

#define PEER_PROCESSORS 8

typedef VOID PEER_GIVE(PVOID Context, PNET_BUFFER_LIST Chain);

struct peer_queue {
    KSPIN_LOCK lock;
    PNET_BUFFER_LIST first, *link;
    KDPC dpc, elsewhere[PEER_PROCESSORS]; /* elsewhere: each on its own processor */
    KTIMER timer;
    PEER_GIVE *give;
    PVOID context;
    enum peer_giving how;
};

VOID queue_create(struct peer_queue *queue, PEER_GIVE *give, PVOID context);
/* Empty before. Nothing of it runs afterwards. */
VOID queue_destroy(struct peer_queue *queue);
VOID queue_put(struct peer_queue *queue, enum peer_giving how, PNET_BUFFER_LIST chain);
/* Gives everything now. */
VOID queue_run(struct peer_queue *queue);
/* Takes out what has @cancel_id. */
PNET_BUFFER_LIST queue_take(struct peer_queue *queue, PVOID cancel_id);

struct peer_pools {
    NDIS_HANDLE nbl, nb, owner;
};

NDIS_STATUS pools_create(struct peer_pools *pools, NDIS_HANDLE owner);
VOID pools_destroy(struct peer_pools *pools);
/* NULL when memory is short. The frames are @peer's next ones. */
PNET_BUFFER_LIST chain_create(struct peer *peer, struct peer_pools *pools, ULONG nbls, ULONG nbs,
    ULONG size, NDIS_HANDLE source);
VOID chain_free(PNET_BUFFER_LIST chain);
/* Looks at every frame. The caller serialises. */
VOID chain_see(struct frames *frames, PNET_BUFFER_LIST chain);
ULONG chain_length(PNET_BUFFER_LIST chain);
/* Splits off the NBLs with @source; the rest stays, both in order. */
PNET_BUFFER_LIST chain_take_source(PNET_BUFFER_LIST *chain, NDIS_HANDLE source);

/* Registers @entry under @name and gives back what it made. */
PVOID peer_add(struct undis *machine, const char *name, PDRIVER_INITIALIZE entry, unsigned without);
/* For an entry: memory for its peer, which peer_add will answer; and what peer_add was told. */
PVOID peer_create(PDRIVER_OBJECT DriverObject, SIZE_T size, unsigned *without);
PVOID peer_of(PDRIVER_OBJECT DriverObject);
VOID peer_free(PDRIVER_OBJECT DriverObject);
/* What the test has set, or hooks without a member. */
/* A status that NDIS itself has made: not counted, so that tests of others need not know of it. */
bool peer_told_by_ndis(uint32_t code);
const struct peer_hooks *peer_hooks(const struct peer *peer);
VOID peer_say(const struct peer *peer, const char *what);
