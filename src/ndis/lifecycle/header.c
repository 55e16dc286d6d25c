/* SPDX-License-Identifier: MIT */
/* The NDIS_OBJECT_HEADER of a structure that a driver passes: a known type, a known revision, and
 * a size that holds at least what the revision says. Drivers built for an older NDIS pass
 * revision 1 with the whole structure's size, and that is fine. Of a revision later than any known
 * here, what is known counts, as far as the size goes. Where the call says what the
 * structure is, drivers in the field write NDIS_OBJECT_TYPE_DEFAULT.
 */
#include "ndis/lifecycle/lifecycle.h"

NDIS_STATUS
header_check(
    const NDIS_OBJECT_HEADER *header, UCHAR type, const struct header_size *sizes, unsigned count)
{
    if (header->Type != type)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    for (unsigned i = 0; i < count; i++)
        if (sizes[i].revision == header->Revision)
            return header->Size >= sizes[i].size ? NDIS_STATUS_SUCCESS
                                                 : NDIS_STATUS_BAD_CHARACTERISTICS;
    return header->Revision > sizes[count - 1].revision && header->Size >= sizes[0].size
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_BAD_CHARACTERISTICS;
}

NDIS_STATUS
header_check_implied(
    const NDIS_OBJECT_HEADER *header, UCHAR type, const struct header_size *sizes, unsigned count)
{
    bool implied = header->Type == NDIS_OBJECT_TYPE_DEFAULT;

    return header_check(header, implied ? NDIS_OBJECT_TYPE_DEFAULT : type, sizes, count);
}

NDIS_OBJECT_HEADER
header_of_version(UCHAR type, UCHAR minor, const struct header_size sizes[4])
{
    unsigned i = minor >= 30 ? 3 : minor >= 20 ? 2 : minor >= 1 ? 1 : 0;

    return (NDIS_OBJECT_HEADER){type, sizes[i].revision, sizes[i].size};
}
