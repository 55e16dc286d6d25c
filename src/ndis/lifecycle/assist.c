/* SPDX-License-Identifier: MIT */
/* What a miniport says its hardware can do beside sending and receiving: receive queues, switches,
 * virtual functions, quality of service. NDIS keeps copies, answers the queries for them, and tells
 * those that bind or attach.
 */
#include "ndis/lifecycle/lifecycle.h"

#include <string.h>

#define MEMBER(name)  offsetof(NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES, name)
#define OFFLOAD(name) offsetof(NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES, name)

/* A structure that a member of attributes points at. */
struct assist_member {
    enum adapter_assist assist;
    size_t member;
    size_t room; /* of the copy, when it may be written again */
};

static const struct assist_member hardware[] = {
    {ASSIST_FILTER_HARDWARE, MEMBER(HardwareReceiveFilterCapabilities), 0},
    {ASSIST_FILTER_CURRENT, MEMBER(CurrentReceiveFilterCapabilities), 0},
    {ASSIST_SWITCH_HARDWARE, MEMBER(HardwareNicSwitchCapabilities), 0},
    {ASSIST_SWITCH_CURRENT, MEMBER(CurrentNicSwitchCapabilities), 0},
    {ASSIST_SRIOV_HARDWARE, MEMBER(HardwareSriovCapabilities), 0},
    {ASSIST_SRIOV_CURRENT, MEMBER(CurrentSriovCapabilities), 0},
    {ASSIST_QOS_HARDWARE, MEMBER(HardwareQosCapabilities), 0},
    {ASSIST_QOS_CURRENT, MEMBER(CurrentQosCapabilities), 0},
};

static const struct assist_member offload[] = {
    {ASSIST_OFFLOAD_HARDWARE, OFFLOAD(HardwareOffloadCapabilities), 0},
    {ASSIST_OFFLOAD_CURRENT, OFFLOAD(DefaultOffloadConfiguration), sizeof(NDIS_OFFLOAD)},
    {ASSIST_OFFLOAD_SHOWN, OFFLOAD(DefaultOffloadConfiguration), sizeof(NDIS_OFFLOAD)},
    {ASSIST_TCP_HARDWARE, OFFLOAD(TcpConnectionOffloadHardwareCapabilities), 0},
    {ASSIST_TCP_CURRENT, OFFLOAD(DefaultTcpConnectionOffloadConfiguration), 0},
};

/* The structure that a member points at; NULL when it is NULL, or not in this revision. */
static const NDIS_OBJECT_HEADER *
pointed_at(const NDIS_OBJECT_HEADER *attributes, size_t member)
{
    const NDIS_OBJECT_HEADER *header = NULL;

    if (member + sizeof(header) <= attributes->Size)
        memcpy(&header, (const char *)attributes + member, sizeof(header));
    return header;
}

/* All of them, or none. */
static NDIS_STATUS
keep_members(struct adapter *adapter, const NDIS_OBJECT_HEADER *attributes,
    const struct assist_member *members, unsigned count)
{
    void *copies[ADAPTER_ASSISTS] = {NULL};

    for (unsigned i = 0; i < count; i++) {
        const NDIS_OBJECT_HEADER *from = pointed_at(attributes, members[i].member);

        if (!from)
            continue;
        copies[i] = machine_alloc(adapter->machine, max((size_t)from->Size, members[i].room));
        if (!copies[i]) {
            while (i-- > 0)
                machine_free(adapter->machine, copies[i]);
            return NDIS_STATUS_RESOURCES;
        }
        memcpy(copies[i], from, from->Size);
    }
    for (unsigned i = 0; i < count; i++) {
        machine_free(adapter->machine, adapter->assist[members[i].assist]);
        adapter->assist[members[i].assist] = copies[i];
    }
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
assist_set(struct adapter *adapter, const NDIS_OBJECT_HEADER *attributes)
{
    static const struct header_size sizes[] = {
        {NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_1},
        {NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_2},
        {NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_3,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_3},
        {NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_4,
            NDIS_SIZEOF_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES_REVISION_4}};
    NDIS_STATUS status = header_check(attributes,
        NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (pointed_at(attributes, MEMBER(HDSplitAttributes)) ||
        pointed_at(attributes, MEMBER(HardwareGftOffloadCapabilities)) ||
        pointed_at(attributes, MEMBER(CurrentGftOffloadCapabilities)))
        return NDIS_STATUS_NOT_SUPPORTED;
    return keep_members(adapter, attributes, hardware, RTL_NUMBER_OF(hardware));
}

NDIS_STATUS
offload_set(struct adapter *adapter, const NDIS_OBJECT_HEADER *attributes)
{
    static const struct header_size sizes[] = {{NDIS_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1,
        NDIS_SIZEOF_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES_REVISION_1}};
    NDIS_STATUS status = header_check(attributes,
        NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    for (unsigned i = 0; i < 2 && status == NDIS_STATUS_SUCCESS; i++) {
        const NDIS_OBJECT_HEADER *tasks = pointed_at(attributes, offload[i].member);

        if (tasks && (tasks->Type != NDIS_OBJECT_TYPE_OFFLOAD ||
                         tasks->Size < NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1))
            status = NDIS_STATUS_BAD_CHARACTERISTICS;
    }
    return status == NDIS_STATUS_SUCCESS
               ? keep_members(adapter, attributes, offload, RTL_NUMBER_OF(offload))
               : status;
}

void
assist_forget(struct adapter *adapter)
{
    for (unsigned i = 0; i < ADAPTER_ASSISTS; i++) {
        machine_free(adapter->machine, adapter->assist[i]);
        adapter->assist[i] = NULL;
    }
}
