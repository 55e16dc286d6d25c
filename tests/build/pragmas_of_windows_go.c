/* SPDX-License-Identifier: MIT */
/* Packing stays, without the names that gcc does not know; pragmas that only Microsoft's compiler knows leave an empty line. */
#include "check.h"

int
main(void)
{
    CHECK_MAPPED("#pragma pack(push,1)\nx\n", "#pragma pack(push,1)\nx\n");
    CHECK_MAPPED("#pragma pack(push, name)\nx\n", "#pragma pack(push)\nx\n");
    CHECK_MAPPED("#pragma pack(push, name, 2)\n", "#pragma pack(push, 2)\n");
    CHECK_MAPPED("#pragma pack(pop,name)\n", "#pragma pack(pop)\n");
    CHECK_MAPPED("#pragma alloc_text(PAGE, Foo)\nx\n", "\nx\n");
    CHECK_MAPPED("# pragma warning(disable:4201)\nx\n", "\nx\n");
    CHECK_MAPPED("#pragma NDIS_INIT_FUNCTION(DriverEntry)\nx\n", "\nx\n");
    CHECK_MAPPED(
        "#pragma GCC diagnostic ignored \"-Wall\"\n", "#pragma GCC diagnostic ignored \"-Wall\"\n");
    return EXIT_SUCCESS;
}
