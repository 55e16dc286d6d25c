/* SPDX-License-Identifier: MIT */
/* Which rule a driver of the rule tests breaks: it is what follows the dot in the name of its service.
 *
 *     filter.right            none
 *     filter.irql_filter      irql-filter, by what stands behind BREAKS(irql_filter)
 *     filter.RULE__data       where it stands behind TOUCHES(RULE): when machines hand over at another
 *                             address, it looks at the data (or nbl, nb, mdl, oid, packet, buffer,
 *                             status) that it gave away or freed
 *     filter.RULE__way        where it stands behind LINKS(RULE__way): a link that leads nowhere
 */
#pragma once

#define BREAKS(Rule)  Breaks(#Rule)
#define TOUCHES(Rule) Touches(#Rule)
#define LINKS(Rule)   Breaks(#Rule)

static CHAR Broken[96] = "right", TouchedPart[8];

static inline BOOLEAN
Same(const CHAR *A, const CHAR *B)
{
    while (*A != 0 && *A == *B)
        A++, B++;
    return *A == *B;
}

static inline BOOLEAN
Breaks(const CHAR *Rule)
{
    return TouchedPart[0] == 0 && Same(Broken, Rule);
}

static inline BOOLEAN
Touches(const CHAR *Rule)
{
    return TouchedPart[0] != 0 && Same(Broken, Rule);
}

static inline BOOLEAN
TouchesPart(const CHAR *Part)
{
    return Same(TouchedPart, Part);
}

#ifdef NDIS_GET_PACKET_STATUS
/* What a driver remembers of a packet that looks at it later. */
static inline volatile UCHAR *
RememberedPacket(PNDIS_PACKET Packet)
{
    if (TouchesPart("buffer"))
        return (PVOID)Packet->Private.Head;
    if (TouchesPart("data"))
        return NdisBufferVirtualAddress(Packet->Private.Head);
    if (TouchesPart("status"))
        return (PVOID)&NDIS_OOB_DATA_FROM_PACKET(Packet)->Status;
    return (PVOID)Packet;
}

static inline VOID
TouchRemembered(volatile UCHAR *Late)
{
    if (Late != NULL)
        *Late = *Late;
}
#endif

/* From DriverEntry. */
static inline VOID
BreaksBy(PUNICODE_STRING RegistryPath)
{
    static const CHAR *const Parts[] = {
        "nbl", "nb", "mdl", "data", "oid", "packet", "buffer", "status"};
    USHORT i, Length = RegistryPath->Length / sizeof(WCHAR), From = Length;
    ULONG k, n = 0;

    for (i = 0; i < Length; i++)
        if (RegistryPath->Buffer[i] == L'\\')
            From = Length;
        else if (RegistryPath->Buffer[i] == L'.' && From == Length)
            From = i + 1;
    for (i = From; i < Length && n + 1 < sizeof(Broken); i++)
        Broken[n++] = (CHAR)RegistryPath->Buffer[i];
    if (n == 0)
        return;
    Broken[n] = 0;
    for (k = 0; k < RTL_NUMBER_OF(Parts); k++) {
        ULONG m = 0;

        while (Parts[k][m] != 0)
            m++;
        if (n < m + 2 || Broken[n - m - 1] != '_' || Broken[n - m - 2] != '_' ||
            !Same(Broken + n - m, Parts[k]))
            continue;
        RtlCopyMemory(TouchedPart, Parts[k], m + 1);
        Broken[n - m - 2] = 0;
        break;
    }
}
