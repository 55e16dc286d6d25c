/* SPDX-License-Identifier: MIT */
/* Structures from here on are packed to 4; poppack.h ends it. */
#pragma pack(push, 4)
