/* SPDX-License-Identifier: MIT */
/* Where machines hand over at another address, who looks at an NBL, its NET_BUFFER, MDL or data after
 * he has sent, completed, indicated or returned it stops there, and is told by the rule of that; the
 * right drivers run in silence.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    setenv("UNDIS_HAND_OVER", "1", 1);
    /* Its own lines cost seconds. On fibres they are looked for: that has a way of going wrong. */
    if (!test_simulated())
        setenv("ASAN_OPTIONS", "symbolize=0", 1);
    if (argc > 1)
        return told_of("", "", 0, argc, argv);
    for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        told_of(kinds[k], "touches", 5, argc, argv);
    return 0;
}
