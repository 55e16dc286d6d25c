/* SPDX-License-Identifier: MIT */
/* L and UL mean 32 bits on Windows; i64 and its kin mean something here too. */
#include "check.h"

int
main(void)
{
    CHECK_MAPPED("1L 1l 1UL 1uL 1LU ~0UL", "1 1 1U 1U 1U ~0U");
    CHECK_MAPPED("0xFFFFFF00L 0x1ul 017L 0b1UL", "0xFFFFFF00 0x1U 017 0b1U");
    CHECK_MAPPED("1LL 1ULL 1llu 1U 1", "1LL 1ULL 1llu 1U 1");
    CHECK_MAPPED("1i64 1ui64 0xFFUI32 1i32 2ui8 3i16", "1LL 1ULL 0xFFU 1 2U 3");
    CHECK_MAPPED("1.0L 1e3L 1.5f .5L 0x1p3L", "1.0L 1e3L 1.5f .5L 0x1p3L");
    CHECK_MAPPED("0xEUL+1L", "0xEU+1");
    return EXIT_SUCCESS;
}
