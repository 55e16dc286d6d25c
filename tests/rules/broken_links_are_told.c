/* SPDX-License-Identifier: MIT */
/* Whoever hands in an NBL or a packet with a link that leads nowhere is told so, by the rule of that
 * link: he does not take the machine with him, whichever of its layers follows the link first. Here
 * machines hand over, which follows them all.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        unsigned least;
    } drivers[] = {
        {"miniport", 22}, {"filter", 22}, {"protocol", 25}, {"miniport5", 10}, {"protocol5", 11}};

    setenv("UNDIS_HAND_OVER", "1", 1);
    if (argc > 1)
        return told_of("", "", 0, argc, argv);
    for (unsigned k = 0; k < sizeof(drivers) / sizeof(drivers[0]); k++)
        told_of(drivers[k].kind, "links", drivers[k].least, argc, argv);
    return 0;
}
