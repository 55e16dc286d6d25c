/* SPDX-License-Identifier: MIT */
/* Where machines hand over at another address, who looks at an NBL, its NET_BUFFER, MDL or data after
 * he has sent, completed, indicated or returned it stops there, and is told by the rule of that; so
 * is who looks at a packet of NDIS 5, its buffer, its data or its status, or at memory that he has
 * freed. The right drivers run in silence.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        unsigned least;
    } drivers[] = {{"miniport", 8}, {"filter", 14}, {"protocol", 6}, {"miniport5", 9},
        {"protocol5", 12}, {"im5", 4}, {"serial5", 7}, {"circuit", 3}, {"client", 4}, {"line5", 2},
        {"client5", 4}};

    setenv("UNDIS_HAND_OVER", "1", 1);
    setenv("UNDIS_BOTH_STACKS", "1", 1);
    /* Its own lines cost seconds. On fibres they are looked for: that has a way of going wrong. */
    if (!test_simulated())
        setenv("ASAN_OPTIONS", "symbolize=0", 1);
    if (argc > 1)
        return told_of("", "", 0, argc, argv);
    for (unsigned k = 0; k < sizeof(drivers) / sizeof(drivers[0]); k++)
        told_of(drivers[k].kind, "touches", drivers[k].least, argc, argv);
    return 0;
}
