/* SPDX-License-Identifier: MIT */
/* Every rule that a protocol can break is told when tests/rules/wrong/protocol.c breaks it. */
#include "rules/told.h"

int
main(int argc, char **argv)
{
    return told("protocol", 20, argc, argv);
}
