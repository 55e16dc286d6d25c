/* SPDX-License-Identifier: MIT */
/* Structures without gaps from here to packoff.h, which says the end of all packing. */
#pragma pack(1)
