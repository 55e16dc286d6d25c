/* SPDX-License-Identifier: MIT */
/* Settings that outlive the miniport: what is set by these requests stands in the registry, where
 * the miniport reads it when it is initialized the next time.
 *
 *     OID_TCP_OFFLOAD_PARAMETERS        --> *LsoV2IPv4 and the like, one for each member
 *                                       --> *TCPUDPChecksumOffloadIPv4 and IPv6, which join several,
 *                                           where there is one
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

/* Sending and receiving are a bit each: on where those that it joins are on. */
static const struct {
    const WCHAR *keyword, *joins[3];
} groups[] = {
    {L"*TCPUDPChecksumOffloadIPv4",
        {L"*IPChecksumOffloadIPv4", L"*TCPChecksumOffloadIPv4", L"*UDPChecksumOffloadIPv4"}},
    {L"*TCPUDPChecksumOffloadIPv6", {L"*TCPChecksumOffloadIPv6", L"*UDPChecksumOffloadIPv6"}},
};

static bool
is_there(struct undis *machine, const WCHAR *key, const WCHAR *keyword)
{
    ULONG size = 0;

    return registry_get(machine, key, keyword, NULL, NULL, &size) != STATUS_OBJECT_NAME_NOT_FOUND;
}

static void
write_digit(struct undis *machine, const WCHAR *key, const WCHAR *keyword, unsigned value)
{
    WCHAR text[2] = {(WCHAR)(L'0' + value), 0};

    registry_set(machine, key, keyword, REG_SZ, text, sizeof(text));
}

/* Its digit; @none when it is not there, or no text of one. */
static unsigned
read_digit(struct undis *machine, const WCHAR *key, const WCHAR *keyword, unsigned none)
{
    WCHAR text[2] = {0};
    ULONG size = sizeof(text), type = REG_NONE;

    if (registry_get(machine, key, keyword, &type, text, &size) != STATUS_SUCCESS ||
        type != REG_SZ || text[0] < L'0' || text[0] > L'9')
        return none;
    return (unsigned)(text[0] - L'0');
}

static void
update_groups(struct undis *machine, const WCHAR *key)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(groups); i++) {
        unsigned value = 3, known = 0;

        if (!is_there(machine, key, groups[i].keyword))
            continue;
        for (size_t j = 0; j < RTL_NUMBER_OF(groups[i].joins) && groups[i].joins[j]; j++) {
            known += is_there(machine, key, groups[i].joins[j]);
            value &= read_digit(machine, key, groups[i].joins[j], 3);
        }
        if (known)
            write_digit(machine, key, groups[i].keyword, value);
    }
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
    update_groups(adapter->machine, key);
}

static void
update_rss(const struct adapter *adapter, const WCHAR *key, const struct _SET *set)
{
    if (is_there(adapter->machine, key, L"*RSS"))
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
