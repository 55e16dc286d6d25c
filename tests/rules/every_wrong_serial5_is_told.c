/* SPDX-License-Identifier: MIT */
/* Every rule that a serialized miniport of NDIS 5 can break is told when tests/rules/wrong/serial5.c breaks
 * it.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("serial5", 6, argc, argv);
}
