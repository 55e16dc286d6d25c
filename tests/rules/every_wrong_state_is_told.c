/* SPDX-License-Identifier: MIT */
/* Every rule of sleep, resets, links and answers is told when tests/rules/wrong/state.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("state", 15, argc, argv);
}
