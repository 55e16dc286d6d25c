/* SPDX-License-Identifier: MIT */
/* Ends what pshpackN.h began. */
#pragma pack(pop)
