/* SPDX-License-Identifier: MIT */
/* Every rule about frames on their way is told when tests/rules/wrong/wired5.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("wired5", 5, argc, argv);
}
