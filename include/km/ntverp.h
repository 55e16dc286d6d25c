/* SPDX-License-Identifier: MIT */
/* The version of the kit, as resource scripts and version queries of drivers name it. */
#pragma once

#define VER_PRODUCTMAJORVERSION    10
#define VER_PRODUCTMINORVERSION    0
#define VER_PRODUCTBUILD           26100
#define VER_PRODUCTBUILD_QFE       1
#define VER_PRODUCTVERSION         10, 0, 26100, 1
#define VER_PRODUCTVERSION_W       (0x0A00)
#define VER_PRODUCTVERSION_DW      (0x0A000000 | VER_PRODUCTBUILD)
#define VER_PRODUCTVERSION_STR     "10.0.26100.1"
#define VER_FILEFLAGSMASK          0x0000003FL
#define VER_FILEOS                 0x00040004L
