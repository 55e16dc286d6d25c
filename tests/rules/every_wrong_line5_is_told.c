/* SPDX-License-Identifier: MIT */
/* Every rule of a call is told when tests/rules/wrong/line5.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("line5", 3, argc, argv);
}
