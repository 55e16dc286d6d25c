/* SPDX-License-Identifier: MIT */
/* Structures from here on are packed to 16; poppack.h ends it. */
#pragma pack(push, 16)
