/* SPDX-License-Identifier: MIT */
/* With hooks on, every NBL, NB and MDL is shown when it is taken and when it is given back, and an
 * allocation that the hooks let fail answers NULL and leaks nothing. */
#include "packet.h"

static int alive[OBJECT_KINDS], made;
static int left = -1;

static void
created(void *context, struct object *object)
{
    (void)context;
    alive[object->kind]++;
    made++;
}

static void
destroyed(void *context, struct object *object)
{
    (void)context;
    CHECK(object->magic == OBJECT_MAGIC);
    alive[object->kind]--;
}

static bool
fault(void *context, enum object_kind kind, size_t size)
{
    (void)context, (void)kind, (void)size;
    return left >= 0 && left-- == 0;
}

static const struct gate_hooks hooks = {.created = created, .destroyed = destroyed, .fault = fault};

/* Every allocation on the way fails once; answers whether none was left to fail. */
static bool
derive(PNET_BUFFER_LIST nbl, int fail)
{
    PNET_BUFFER_LIST parts;

    left = fail;
    parts = NdisAllocateFragmentNetBufferList(nbl, NULL, NULL, 0, 400, 20, 0, 0);
    if (parts)
        NdisFreeFragmentNetBufferList(parts, 20, 0);
    CHECK(alive[OBJECT_NBL] == 1 && alive[OBJECT_NB] == 1);
    left = -1;
    return parts != NULL;
}

static void
test(void *context)
{
    struct undis *machine = context;
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 1000, 0x74736554);
    PNET_BUFFER_LIST nbl;
    NDIS_HANDLE pool;
    PMDL chain;
    int fail = 0, mdls;

    machine->hooks = &hooks;
    memset(alive, 0, sizeof(alive));
    chain = mdl_chain(bytes, (unsigned[]){300, 700, 0});
    pool = nbl_pool(TRUE, 0, 0);
    left = 0;
    CHECK(!NdisAllocateNetBufferList(pool, 0, 0));
    nbl = NdisAllocateNetBufferAndNetBufferList(pool, 0, 0, chain, 0, 1000);
    CHECK(alive[OBJECT_NBL] == 1 && alive[OBJECT_NB] == 1 && alive[OBJECT_NBL_POOL] == 1);
    CHECK(object_of(machine, nbl, OBJECT_NBL)->home == pool);
    mdls = alive[OBJECT_MDL];
    while (!derive(nbl, fail++))
        CHECK(fail < 50);
    CHECK(fail > 5 && alive[OBJECT_MDL] == mdls);
    NdisFreeNetBufferList(nbl);
    CHECK(!object_of(machine, nbl, OBJECT_NBL));
    NdisFreeNetBufferListPool(pool);
    mdl_chain_free(chain);
    for (int kind = 0; kind < OBJECT_KINDS; kind++)
        CHECK(alive[kind] == 0);
    machine->hooks = NULL;
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
