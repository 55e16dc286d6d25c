/* SPDX-License-Identifier: MIT */
/* NDIS tells drivers of the machine's processors, in the structures of before and since 6.20; and of
 * those that receives may be spread over. */
#include <ndis.h>

#include "rig.h"
#include <string.h>

#define PROCESSORS 3u

static void
look_for_rss(void *module)
{
    union {
        NDIS_RSS_PROCESSOR_INFO info;
        char room[512];
    } rss;
    PNDIS_RSS_PROCESSOR each;
    SIZE_T size = 0, too_small;

    CHECK_EQ(NdisGetRssProcessorInformation(module, NULL, &size), NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK(size > sizeof(rss.info) && size <= sizeof(rss));
    too_small = size - 1;
    CHECK_EQ(NdisGetRssProcessorInformation(module, &rss.info, &too_small),
        NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK_EQ(too_small, size);
    CHECK_EQ(NdisGetRssProcessorInformation(module, &rss.info, &size), NDIS_STATUS_SUCCESS);
    CHECK_EQ(rss.info.Header.Type, NDIS_OBJECT_TYPE_RSS_PROCESSOR_INFO);
    CHECK_EQ(rss.info.RssProcessorCount, PROCESSORS);
    CHECK_EQ(rss.info.MaxNumRssProcessors, PROCESSORS);
    CHECK_EQ(rss.info.RssBaseProcessor.Number, 0);
    CHECK_EQ(rss.info.RssMaxProcessor.Number, PROCESSORS - 1);
    for (unsigned i = 0; i < PROCESSORS; i++) {
        each = (PNDIS_RSS_PROCESSOR)(rss.room + rss.info.RssProcessorArrayOffset +
                                     (size_t)i * rss.info.RssProcessorEntrySize);
        CHECK_EQ(each->ProcNum.Group, 0);
        CHECK_EQ(each->ProcNum.Number, i);
    }
}

static void
look_around(void *module, void *context)
{
    static NDIS_SYSTEM_PROCESSOR_INFO old;
    static UCHAR numbers[MAXIMUM_PROCESSORS];
    union {
        NDIS_SYSTEM_PROCESSOR_INFO_EX info;
        char room[512];
    } now;
    PNDIS_PROCESSOR_INFO_EX each;
    SIZE_T size = 0, too_small;

    memset(&old, 0xff, sizeof(old));
    old.Header.Size = 8;
    CHECK_EQ(NdisGetProcessorInformation(&old), NDIS_STATUS_BUFFER_TOO_SHORT);
    old.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NDIS_SYSTEM_PROCESSOR_INFO_REVISION_1, NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_REVISION_1};
    old.RssProcessors = numbers;
    CHECK_EQ(NdisGetProcessorInformation(&old), NDIS_STATUS_SUCCESS);
    CHECK_EQ(old.NumCores, PROCESSORS);
    CHECK_EQ(old.RssCpuCount, PROCESSORS);
    CHECK_EQ(old.CpuInfo[2].CoreId, 2);
    CHECK_EQ(numbers[2], 2);
    CHECK_EQ(NdisGetProcessorInformationEx(module, NULL, &size), NDIS_STATUS_BUFFER_TOO_SHORT);
    too_small = size - 1;
    CHECK_EQ(
        NdisGetProcessorInformationEx(module, &now.info, &too_small), NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK_EQ(too_small, size);
    CHECK_EQ(NdisGetProcessorInformationEx(module, &now.info, &size), NDIS_STATUS_SUCCESS);
    CHECK_EQ(now.info.NumberOfProcessors, PROCESSORS);
    CHECK_EQ(now.info.NumSockets, 1);
    each = (PNDIS_PROCESSOR_INFO_EX)(now.room + now.info.ProcessorInfoOffset);
    CHECK_EQ(each[2].ProcNum.Number, 2);
    CHECK_EQ(each[2].NodeDistance, context ? 0 : 0xffff);
    look_for_rss(module);
}

int
main(void)
{
    struct rig_config config = {.processors = PROCESSORS, .filters = 1};
    struct rig rig;

    rig_up(&rig, &config);
    peer_run(rig.miniport, look_around, &rig);
    peer_run(rig.filters[0], look_around, NULL);
    rig_down(&rig);
    return 0;
}
