/* SPDX-License-Identifier: MIT */
/* Every rule that a filter can break is told when tests/rules/wrong/filter.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("filter", 30, argc, argv);
}
