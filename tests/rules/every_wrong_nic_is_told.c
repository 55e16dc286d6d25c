/* SPDX-License-Identifier: MIT */
/* Every rule of hardware is told when tests/rules/wrong/nic.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("nic", 17, argc, argv);
}
