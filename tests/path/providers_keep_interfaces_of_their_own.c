/* SPDX-License-Identifier: MIT */
/* Providers of network interfaces: numbers for NET_LUIDs, indexes, who is who; queries and sets of
 * the host program come to the provider whose interface it is, those of an adapter to its stack.
 */
#include "peer_inner.h"

#include "child.h"
#include "rig.h"

#include <errno.h>
#include <string.h>

#define FOUND_NONE ((uint32_t)NDIS_STATUS_INTERFACE_NOT_FOUND)
#define INVALID    ((uint32_t)NDIS_STATUS_INVALID_PARAMETER)
#define TYPE       ((NET_IFTYPE)IF_TYPE_TUNNEL)

static struct {
    NDIS_HANDLE provider;
    NET_IFINDEX index, adapter;
    ULONG value;
    unsigned queries, sets;
} own;

static NDIS_STATUS
query_object(NDIS_HANDLE ProviderIfContext, NET_IF_OBJECT_ID ObjectId, PULONG Length, PVOID Buffer)
{
    CHECK(ProviderIfContext == &own);
    CHECK_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK_EQ(ObjectId, OID_GEN_ADMIN_STATUS);
    CHECK(*Length >= sizeof(ULONG));
    *Length = sizeof(ULONG);
    *(ULONG *)Buffer = own.value;
    own.queries++;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set_object(NDIS_HANDLE ProviderIfContext, NET_IF_OBJECT_ID ObjectId, ULONG Length, PVOID Buffer)
{
    CHECK(ProviderIfContext == &own);
    CHECK_EQ(ObjectId, OID_GEN_ADMIN_STATUS);
    if (Length != sizeof(ULONG))
        return NDIS_STATUS_INVALID_LENGTH;
    own.value = *(ULONG *)Buffer;
    own.sets++;
    return NDIS_STATUS_SUCCESS;
}

static void
numbers(void)
{
    UINT32 one, two, other;

    CHECK_EQ((uint32_t)NdisIfAllocateNetLuidIndex(TYPE, &one), 0);
    CHECK_EQ((uint32_t)NdisIfAllocateNetLuidIndex(TYPE, &two), 0);
    CHECK_EQ((uint32_t)NdisIfAllocateNetLuidIndex(IF_TYPE_PPP, &other), 0);
    CHECK(one != two && one && two && one <= 0xFFFFFF && two <= 0xFFFFFF);
    CHECK_EQ((uint32_t)NdisIfFreeNetLuidIndex(IF_TYPE_PPP, two), INVALID);
    CHECK_EQ((uint32_t)NdisIfFreeNetLuidIndex(TYPE, one), 0);
    CHECK_EQ((uint32_t)NdisIfFreeNetLuidIndex(TYPE, one), INVALID);
    CHECK_EQ((uint32_t)NdisIfFreeNetLuidIndex(TYPE, two), 0);
    CHECK_EQ((uint32_t)NdisIfFreeNetLuidIndex(IF_TYPE_PPP, other), 0);
}

static void
register_interface(NET_LUID luid)
{
    NET_IF_INFORMATION info = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_IF_INFORMATION_REVISION_1,
            NDIS_SIZEOF_NET_IF_INFORMATION_REVISION_1},
        .MediaType = NdisMediumTunnel,
        .PhysicalMediumType = NdisPhysicalMediumUnspecified,
    };
    NET_IFINDEX again = 0;

    info.Header.Size--;
    CHECK_EQ((uint32_t)NdisIfRegisterInterface(own.provider, luid, &own, &info, &again), INVALID);
    info.Header.Size++;
    CHECK_EQ((uint32_t)NdisIfRegisterInterface(own.provider, luid, &own, &info, &own.index), 0);
    CHECK(own.index);
    CHECK_EQ((uint32_t)NdisIfRegisterInterface(own.provider, luid, &own, &info, &again),
        (uint32_t)NDIS_STATUS_DUPLICATE_OBJECTID);
}

static void
names(void *binding, NET_LUID luid)
{
    NET_LUID found, lowest, none = {.Value = ~0ull};
    NET_IFINDEX index, low;

    CHECK_EQ((uint32_t)NdisIfGetInterfaceIndexFromNetLuid(luid, &index), 0);
    CHECK_EQ(index, own.index);
    CHECK_EQ((uint32_t)NdisIfGetNetLuidFromInterfaceIndex(index, &found), 0);
    CHECK_EQ(found.Value, luid.Value);
    CHECK_EQ((uint32_t)NdisIfGetInterfaceIndexFromNetLuid(none, &index), FOUND_NONE);
    CHECK_EQ((uint32_t)NdisIfGetNetLuidFromInterfaceIndex(0xFFFFFF, &found), FOUND_NONE);
    CHECK_EQ((uint32_t)NdisIfQueryBindingIfIndex(binding, &own.adapter, &found, &low, &lowest), 0);
    CHECK(own.adapter != own.index && own.adapter);
    CHECK_EQ(own.adapter, low);
    CHECK_EQ(found.Value, lowest.Value);
    CHECK_EQ((uint32_t)NdisIfGetInterfaceIndexFromNetLuid(found, &index), 0);
    CHECK_EQ(index, own.adapter);
    CHECK_EQ((uint32_t)NdisIfGetNetLuidFromInterfaceIndex(index, &lowest), 0);
    CHECK_EQ(found.Value, lowest.Value);
}

static void
begin(void *binding, void *context)
{
    NDIS_IF_PROVIDER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_IF_PROVIDER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_IF_PROVIDER_CHARACTERISTICS_REVISION_1},
        .QueryObjectHandler = query_object,
    };
    NET_LUID luid = {0};

    (void)context;
    numbers();
    CHECK_EQ((uint32_t)NdisIfRegisterProvider(&characteristics, NULL, &own.provider), INVALID);
    characteristics.SetObjectHandler = set_object;
    CHECK_EQ((uint32_t)NdisIfRegisterProvider(&characteristics, NULL, &own.provider), 0);
    luid.Info.IfType = TYPE;
    luid.Info.NetLuidIndex = 1;
    register_interface(luid);
    names(binding, luid);
}

static void
end(void *binding, void *context)
{
    (void)binding;
    (void)context;
    CHECK_EQ((uint32_t)NdisIfDeregisterInterface(own.index), 0);
    CHECK_EQ((uint32_t)NdisIfDeregisterInterface(own.index), FOUND_NONE);
    NdisIfDeregisterProvider(own.provider);
}

static uint32_t
host(struct rig *rig, uint32_t index, bool set, uint32_t oid, uint32_t *value, uint32_t *length)
{
    uint32_t status;

    CHECK_OK(undis_interface_oid(rig->machine, index, set, oid, value, length, &status));
    return status;
}

static void
objects(struct rig *rig)
{
    uint32_t value = 7, got = 0, length = 4, status;

    CHECK_EQ(host(rig, own.index, true, OID_GEN_ADMIN_STATUS, &value, &length), 0);
    CHECK_EQ(host(rig, own.index, false, OID_GEN_ADMIN_STATUS, &got, &length), 0);
    CHECK_EQ(got, 7);
    CHECK_EQ(length, 4);
    CHECK_EQ(host(rig, own.index, false, OID_GEN_MEDIA_IN_USE, &got, &length), 0);
    CHECK_EQ(got, NdisMediumTunnel);
    length = 3;
    CHECK_EQ(host(rig, own.index, true, OID_GEN_ADMIN_STATUS, &value, &length),
        (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    CHECK_EQ(host(rig, own.index, false, OID_GEN_MEDIA_IN_USE, &got, &length),
        (uint32_t)NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK_EQ(length, 4);
    CHECK_EQ(own.queries, 1);
    CHECK_EQ(own.sets, 1);
    CHECK_EQ(host(rig, own.adapter, true, PEER_OID, &value, &length), 0);
    CHECK_EQ(rig->miniport->value, 7);
    CHECK_EQ(undis_interface_oid(rig->machine, 0xFFFFFF, false, PEER_OID, &value, &length, &status),
        -ENOENT);
}

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    memset(&own, 0, sizeof(own));
    peer_run(rig.protocols[0], begin, NULL);
    objects(&rig);
    peer_run(rig.protocols[0], end, NULL);
    rig_down(&rig);
}

static void
leave_too_early(void *binding, void *context)
{
    (void)binding;
    (void)context;
    NdisIfDeregisterProvider(own.provider);
}

static int
misuse(void)
{
    struct rig_config config = {0};
    struct rig rig;

    rig_up(&rig, &config);
    peer_run(rig.protocols[0], begin, NULL);
    peer_run(rig.protocols[0], leave_too_early, NULL);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    (void)argv;
    if (argc > 1)
        return misuse();
    rig_each(test);
    child_run(&child, "early", 30);
    child_expect(&child, 3, "cf-if-provider-empty");
    return 0;
}
