/* SPDX-License-Identifier: MIT */
/* Every rule that a miniport can break is told when tests/rules/wrong/miniport.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("miniport", 120, argc, argv);
}
