/* SPDX-License-Identifier: MIT */
/* Line markers tell whose line it is: only those of the driver change. */
#include "check.h"

int
main(void)
{
    CHECK_MAPPED("# 1 \"/km/ndis.h\" 1 3\nlong a = 1L;\n# 2 \"drv.c\" 2\nlong b = 1L;\n",
        "# 1 \"/km/ndis.h\" 1 3\nlong a = 1L;\n# 2 \"drv.c\" 2\nint b = 1;\n");
    CHECK_MAPPED("# 1 \"/kmother/x.h\"\nlong a;\n", "# 1 \"/kmother/x.h\"\nint a;\n");
    CHECK_MAPPED("# 1 \"<built-in>\"\nlong a;\n", "# 1 \"<built-in>\"\nlong a;\n");
    /* gcc marks what a header's macro put into a driver's line; it is the driver's all the same. */
    CHECK_MAPPED("# 5 \"drv.c\" 3 4\n1L\n", "# 5 \"drv.c\" 3 4\n1\n");
    CHECK_MAPPED(
        "# 1 \"/km/ndis.h\"\n__undis_unsigned_64 a;\n", "# 1 \"/km/ndis.h\"\nunsigned long a;\n");
    return EXIT_SUCCESS;
}
