/* SPDX-License-Identifier: MIT */
/* Processors as NDIS counts them: one group, one node, every processor a core of its own. */
#include "nt/processor.h"
#include "nt/gate.h"
#include <ndis.h>
#include <string.h>

#define NO_INDEX 0xffffffffu /* INVALID_PROCESSOR_INDEX */

/*
 * NdisSystemProcessorCount - how many processors there are
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisSystemProcessorCount
 */
CCHAR
NdisSystemProcessorCount(VOID)
{
    return (CCHAR)machine_self()->processor_count;
}

static KAFFINITY
all_processors(void)
{
    unsigned count = machine_self()->processor_count;

    return count >= 64 ? ~(KAFFINITY)0 : ((KAFFINITY)1 << count) - 1;
}

/*
 * NdisSystemActiveProcessorCount - how many processors are running, and which
 *
 * @ActiveProcessors: a bit for each, or NULL.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisSystemActiveProcessorCount
 */
ULONG
NdisSystemActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
    if (ActiveProcessors)
        *ActiveProcessors = all_processors();
    return machine_self()->processor_count;
}

/*
 * NdisGroupActiveProcessorCount - how many processors of a group are running
 *
 * @Group: 0, or ALL_PROCESSOR_GROUPS.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none; 0 for another group.
 * Source:    NF:ndis.NdisGroupActiveProcessorCount
 */
ULONG
NdisGroupActiveProcessorCount(USHORT Group)
{
    return Group == 0 || Group == ALL_PROCESSOR_GROUPS ? machine_self()->processor_count : 0;
}

/*
 * NdisGroupMaxProcessorCount - how many processors a group can have
 *
 * @Group: 0, or ALL_PROCESSOR_GROUPS.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none; 0 for another group.
 * Source:    NF:ndis.NdisGroupMaxProcessorCount
 */
ULONG
NdisGroupMaxProcessorCount(USHORT Group)
{
    return NdisGroupActiveProcessorCount(Group);
}

/*
 * NdisGroupActiveProcessorMask - which processors of a group are running
 *
 * @Group: 0.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none; 0 for another group.
 * Source:    NF:ndis.NdisGroupActiveProcessorMask
 */
KAFFINITY
NdisGroupActiveProcessorMask(USHORT Group)
{
    return Group == 0 ? all_processors() : 0;
}

/*
 * NdisActiveGroupCount - how many groups of processors are running
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisActiveGroupCount
 */
USHORT
NdisActiveGroupCount(VOID)
{
    return 1;
}

/*
 * NdisMaxGroupCount - how many groups of processors there can be
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisMaxGroupCount
 */
USHORT
NdisMaxGroupCount(VOID)
{
    return 1;
}

/*
 * NdisCurrentProcessorIndex - the number of the processor the caller runs on; a hint below
 *     DISPATCH_LEVEL
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisCurrentProcessorIndex
 */
ULONG
NdisCurrentProcessorIndex(VOID)
{
    return block_self->processor;
}

/*
 * NdisCurrentGroupAndProcessor - the processor the caller runs on; a hint below DISPATCH_LEVEL
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisCurrentGroupAndProcessor
 */
PROCESSOR_NUMBER
NdisCurrentGroupAndProcessor(VOID)
{
    return (PROCESSOR_NUMBER){.Group = 0, .Number = (UCHAR)block_self->processor};
}

/*
 * NdisProcessorNumberToIndex - the number of a processor among all
 *
 * @ProcNumber: group and number in it.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    INVALID_PROCESSOR_INDEX when there is no such processor.
 * Source:    NF:wdm.KeGetProcessorIndexFromNumber
 */
ULONG
NdisProcessorNumberToIndex(PROCESSOR_NUMBER ProcNumber)
{
    if (ProcNumber.Group != 0 || ProcNumber.Number >= machine_self()->processor_count)
        return NO_INDEX;
    return ProcNumber.Number;
}

/*
 * NdisProcessorIndexToNumber - group and number of a processor
 *
 * @ProcIndex:  its number among all.
 * @ProcNumber: group and number in it.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER when there is no such processor.
 * Source:    NF:wdm.KeGetProcessorNumberFromIndex
 */
NDIS_STATUS
NdisProcessorIndexToNumber(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
    if (ProcIndex >= machine_self()->processor_count)
        return NDIS_STATUS_INVALID_PARAMETER;
    *ProcNumber = (PROCESSOR_NUMBER){.Group = 0, .Number = (UCHAR)ProcIndex};
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisGetSharedDataAlignment - bytes that data of different processors should be apart
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisGetSharedDataAlignment
 */
ULONG
NdisGetSharedDataAlignment(VOID)
{
    return 64;
}

/*
 * NdisGetRssProcessorInformation - the processors that receives may be spread over: all of them
 *
 * @NdisHandle:       of the adapter, filter module or binding.
 * @RssProcessorInfo: gets the structure and behind it an NDIS_RSS_PROCESSOR each; NULL to ask for
 *                    the size.
 * @Size:             bytes of it, and how many it takes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_BUFFER_TOO_SHORT when it does not fit; *Size says what is needed.
 * Source:    NF:ndis.NdisGetRssProcessorInformation
 */
NDIS_STATUS
NdisGetRssProcessorInformation(
    NDIS_HANDLE NdisHandle, PNDIS_RSS_PROCESSOR_INFO RssProcessorInfo, PSIZE_T Size)
{
    unsigned count = machine_self()->processor_count;
    SIZE_T needed = sizeof(*RssProcessorInfo) + count * sizeof(NDIS_RSS_PROCESSOR), room = *Size;
    PNDIS_RSS_PROCESSOR processors;

    UNREFERENCED_PARAMETER(NdisHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Size = needed;
    if (!RssProcessorInfo || room < needed)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    processors = (PNDIS_RSS_PROCESSOR)(RssProcessorInfo + 1);
    memset(RssProcessorInfo, 0, needed);
    RssProcessorInfo->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_RSS_PROCESSOR_INFO,
        NDIS_RSS_PROCESSOR_INFO_REVISION_2, NDIS_SIZEOF_RSS_PROCESSOR_INFO_REVISION_2};
    RssProcessorInfo->MaxNumRssProcessors = count;
    RssProcessorInfo->RssProcessorArrayOffset = sizeof(*RssProcessorInfo);
    RssProcessorInfo->RssProcessorCount = count;
    RssProcessorInfo->RssProcessorEntrySize = sizeof(NDIS_RSS_PROCESSOR);
    RssProcessorInfo->RssMaxProcessor.Number = (UCHAR)(count - 1);
    RssProcessorInfo->RssProfile = NdisRssProfileClosest;
    for (unsigned i = 0; i < count; i++)
        processors[i].ProcNum.Number = (UCHAR)i;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisGetProcessorInformation - the processors, as drivers of before NDIS 6.20 ask for them
 *
 * @SystemProcessorInfo: revision 1; gets a package of as many cores as there are processors, all of
 *                       them for receives. Its RssProcessors, unless NULL, has room for
 *                       MAXIMUM_PROCESSORS and gets their numbers.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_BUFFER_TOO_SHORT when its header says that it is too small.
 * Source:    NF:ndis.NdisGetProcessorInformation
 */
NDIS_STATUS
NdisGetProcessorInformation(PNDIS_SYSTEM_PROCESSOR_INFO SystemProcessorInfo)
{
    unsigned count = machine_self()->processor_count;
    NDIS_SYSTEM_PROCESSOR_INFO *info = SystemProcessorInfo;
    PUCHAR receivers;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (info->Header.Size < NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_REVISION_1)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    receivers = info->RssProcessors;
    memset(&info->Flags, 0,
        NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_REVISION_1 - offsetof(NDIS_SYSTEM_PROCESSOR_INFO, Flags));
    info->ProcessorVendor = NdisProcessorVendorUnknown;
    info->NumPhysicalPackages = 1;
    info->NumCores = info->NumCoresPerPhysicalPackage = count;
    info->MaxHyperThreadingCpusPerCore = 1;
    info->RssCpuCount = count;
    info->RssProcessors = receivers;
    for (unsigned i = 0; i < count && i < MAXIMUM_PROCESSORS; i++) {
        info->CpuInfo[i].CpuNumber = i;
        info->CpuInfo[i].CoreId = i;
        if (receivers)
            receivers[i] = (UCHAR)i;
    }
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisGetProcessorInformationEx - the processors: one socket, a core each, all in one node
 *
 * @NdisHandle:          of the driver or a module, or NULL.
 * @SystemProcessorInfo: gets the structure and behind it an NDIS_PROCESSOR_INFO_EX each; NULL to
 *                       ask for the size.
 * @Size:                bytes of it, and how many it takes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_BUFFER_TOO_SHORT when it does not fit; *Size says what is needed.
 * Source:    NF:ndis.NdisGetProcessorInformationEx
 */
NDIS_STATUS
NdisGetProcessorInformationEx(
    NDIS_HANDLE NdisHandle, PNDIS_SYSTEM_PROCESSOR_INFO_EX SystemProcessorInfo, PSIZE_T Size)
{
    unsigned count = machine_self()->processor_count;
    SIZE_T needed = sizeof(*SystemProcessorInfo) + count * sizeof(NDIS_PROCESSOR_INFO_EX);
    bool miniport = object_of(machine_self(), NdisHandle, OBJECT_ADAPTER) ||
                    object_of(machine_self(), NdisHandle, OBJECT_MINIPORT_DRIVER);
    PNDIS_PROCESSOR_INFO_EX processors = (PNDIS_PROCESSOR_INFO_EX)(SystemProcessorInfo + 1);
    SIZE_T room = *Size;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Size = needed;
    if (!SystemProcessorInfo || room < needed)
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    memset(SystemProcessorInfo, 0, needed);
    SystemProcessorInfo->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NDIS_SYSTEM_PROCESSOR_INFO_EX_REVISION_1, NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_EX_REVISION_1};
    SystemProcessorInfo->NumSockets = SystemProcessorInfo->MaxHyperThreadingProcsPerCore = 1;
    SystemProcessorInfo->NumCores = SystemProcessorInfo->NumCoresPerSocket = count;
    SystemProcessorInfo->ProcessorInfoOffset = sizeof(*SystemProcessorInfo);
    SystemProcessorInfo->NumberOfProcessors = count;
    SystemProcessorInfo->ProcessorInfoEntrySize = sizeof(*processors);
    for (unsigned i = 0; i < count; i++) {
        processors[i].ProcNum.Number = (UCHAR)i;
        processors[i].CoreId = i;
        processors[i].NodeDistance = miniport ? 0 : 0xffff;
    }
    return NDIS_STATUS_SUCCESS;
}
