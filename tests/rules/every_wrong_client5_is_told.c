/* SPDX-License-Identifier: MIT */
/* Every rule of a call is told when tests/rules/wrong/client5.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("client5", 1, argc, argv);
}
