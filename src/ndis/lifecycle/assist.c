/* SPDX-License-Identifier: MIT */
/* What a miniport says its hardware can do beside sending and receiving: receive queues, switches,
 * virtual functions, quality of service. NDIS keeps copies, answers the queries for them, and tells
 * those that bind or attach.
 */
#include "ndis/lifecycle/lifecycle.h"

#include <string.h>

#define MEMBER(name) offsetof(NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES, name)

static const size_t members[ADAPTER_ASSISTS] = {
    [ASSIST_FILTER_HARDWARE] = MEMBER(HardwareReceiveFilterCapabilities),
    [ASSIST_FILTER_CURRENT] = MEMBER(CurrentReceiveFilterCapabilities),
    [ASSIST_SWITCH_HARDWARE] = MEMBER(HardwareNicSwitchCapabilities),
    [ASSIST_SWITCH_CURRENT] = MEMBER(CurrentNicSwitchCapabilities),
    [ASSIST_SRIOV_HARDWARE] = MEMBER(HardwareSriovCapabilities),
    [ASSIST_SRIOV_CURRENT] = MEMBER(CurrentSriovCapabilities),
    [ASSIST_QOS_HARDWARE] = MEMBER(HardwareQosCapabilities),
    [ASSIST_QOS_CURRENT] = MEMBER(CurrentQosCapabilities),
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
    for (unsigned i = 0; i < ADAPTER_ASSISTS; i++) {
        const NDIS_OBJECT_HEADER *from = pointed_at(attributes, members[i]);
        void *copy = from ? machine_alloc(adapter->machine, from->Size) : NULL;

        if (from && !copy)
            return NDIS_STATUS_RESOURCES;
        if (from)
            memcpy(copy, from, from->Size);
        machine_free(adapter->machine, adapter->assist[i]);
        adapter->assist[i] = copy;
    }
    return NDIS_STATUS_SUCCESS;
}

void
assist_forget(struct adapter *adapter)
{
    for (unsigned i = 0; i < ADAPTER_ASSISTS; i++) {
        machine_free(adapter->machine, adapter->assist[i]);
        adapter->assist[i] = NULL;
    }
}
