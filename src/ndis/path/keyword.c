/* SPDX-License-Identifier: MIT */
/* Settings that outlive the miniport: what is set by these requests stands in the registry, where
 * the miniport reads it when it is initialized the next time.
 *
 *     OID_TCP_OFFLOAD_PARAMETERS        --> *LsoV2IPv4 and the like, one for each member
 *     OID_GEN_RECEIVE_SCALE_PARAMETERS  --> *RSS, where there is one
 *
 * Keywords are texts with a number, as INF files have them.
 */
#include "ndis/path/keyword.h"
#include "ndis/path/rss.h"
#include "ndis/stack/keys.h"
#include "nt/registry.h"

#define MEMBER(name) offsetof(NDIS_OFFLOAD_PARAMETERS, name)

static const struct {
    size_t offset;
    const WCHAR *keyword;
    UCHAR most; /* of its values */
} offloads[] = {
    {MEMBER(IPv4Checksum), L"*IPChecksumOffloadIPv4", 4},
    {MEMBER(TCPIPv4Checksum), L"*TCPChecksumOffloadIPv4", 4},
    {MEMBER(UDPIPv4Checksum), L"*UDPChecksumOffloadIPv4", 4},
    {MEMBER(TCPIPv6Checksum), L"*TCPChecksumOffloadIPv6", 4},
    {MEMBER(UDPIPv6Checksum), L"*UDPChecksumOffloadIPv6", 4},
    {MEMBER(LsoV1), L"*LsoV1IPv4", 2},
    {MEMBER(IPsecV1), L"*IPsecOffloadV1IPv4", 4},
    {MEMBER(LsoV2IPv4), L"*LsoV2IPv4", 2},
    {MEMBER(LsoV2IPv6), L"*LsoV2IPv6", 2},
    {MEMBER(TcpConnectionIPv4), L"*TCPConnectionOffloadIPv4", 2},
    {MEMBER(TcpConnectionIPv6), L"*TCPConnectionOffloadIPv6", 2},
    {MEMBER(IPsecV2), L"*IPsecOffloadV2", 4},
    {MEMBER(IPsecV2IPv4), L"*IPsecOffloadV2IPv4", 4},
    {MEMBER(RscIPv4), L"*RscIPv4", 2},
    {MEMBER(RscIPv6), L"*RscIPv6", 2},
    {MEMBER(UdpSegmentation.IPv4), L"*UsoIPv4", 2},
    {MEMBER(UdpSegmentation.IPv6), L"*UsoIPv6", 2},
};

static void
write_digit(struct undis *machine, const WCHAR *key, const WCHAR *keyword, unsigned value)
{
    WCHAR text[2] = {(WCHAR)(L'0' + value), 0};

    registry_set(machine, key, keyword, REG_SZ, text, sizeof(text));
}

/* 0 in a member: no change; else the keyword's value and one. */
static void
update_offloads(const struct adapter *adapter, const WCHAR *key, const struct _SET *set)
{
    const NDIS_OFFLOAD_PARAMETERS *now = set->InformationBuffer;
    size_t size;

    if (set->InformationBufferLength < NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_1)
        return;
    size = min((size_t)set->InformationBufferLength, (size_t)now->Header.Size);
    if (now->Flags & NDIS_OFFLOAD_PARAMETERS_SKIP_REGISTRY_UPDATE)
        return;
    for (size_t i = 0; i < RTL_NUMBER_OF(offloads); i++) {
        UCHAR value = offloads[i].offset < size ? ((const UCHAR *)now)[offloads[i].offset] : 0;

        if (value && value <= offloads[i].most)
            write_digit(adapter->machine, key, offloads[i].keyword, value - 1u);
    }
}

static void
update_rss(const struct adapter *adapter, const WCHAR *key, const struct _SET *set)
{
    ULONG size = 0;

    if (registry_get(adapter->machine, key, L"*RSS", NULL, NULL, &size) !=
        STATUS_OBJECT_NAME_NOT_FOUND)
        write_digit(adapter->machine, key, L"*RSS", rss_disables(set->InformationBuffer) ? 0u : 1u);
}

static const struct {
    NDIS_OID oid;
    void (*update)(const struct adapter *, const WCHAR *, const struct _SET *);
} requests[] = {
    {OID_TCP_OFFLOAD_PARAMETERS, update_offloads},
    {OID_GEN_RECEIVE_SCALE_PARAMETERS, update_rss},
};

void
keyword_update(const struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    WCHAR key[KEY_UNITS];

    if (request->RequestType != NdisRequestSetInformation)
        return;
    for (size_t i = 0; i < RTL_NUMBER_OF(requests); i++) {
        if (requests[i].oid != set->Oid)
            continue;
        key_of_adapter(adapter, key);
        requests[i].update(adapter, key, set);
    }
}
