/* SPDX-License-Identifier: MIT */
/* Every rule of a call is told when tests/rules/wrong/circuit.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("circuit", 6, argc, argv);
}
