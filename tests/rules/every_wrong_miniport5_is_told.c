/* SPDX-License-Identifier: MIT */
/* Every rule that a deserialized miniport of NDIS 5 can break is told when tests/rules/wrong/miniport5.c breaks
 * it.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("miniport5", 27, argc, argv);
}
