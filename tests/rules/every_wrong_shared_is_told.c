/* SPDX-License-Identifier: MIT */
/* Every race is told when tests/rules/wrong/shared.c has it. Only simulated: with threads nobody looks. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return test_simulated() ? told("shared", 4, argc, argv) : 77;
}
