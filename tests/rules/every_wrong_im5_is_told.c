/* SPDX-License-Identifier: MIT */
/* Every rule that an intermediate driver of NDIS 5 can break is told when tests/rules/wrong/im5.c
 * breaks it.
 */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("im5", 14, argc, argv);
}
