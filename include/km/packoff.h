/* SPDX-License-Identifier: MIT */
/* The end of what packon.h began. */
#pragma pack()
