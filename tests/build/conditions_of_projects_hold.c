/* SPDX-License-Identifier: MIT */
/* The conditions that real projects use. */
#include "build/condition.h"
#include "check.h"

int
main(void)
{
    struct properties p = {0};

    property_fix(&p, "Configuration", "Release");
    property_fix(&p, "Platform", "x64");
    property_set(&p, "configuration", "Debug");
    property_set(&p, "_NT_TARGET_VERSION_WIN7", "0x601");
    property_set(&p, "_NT_TARGET_VERSION_WIN8", "0x602");
    CHECK(condition_holds(&p, "/", "'$(Configuration)|$(Platform)'=='Release|x64'"));
    CHECK(!condition_holds(&p, "/", "'$(Configuration)|$(Platform)'=='Debug|x64'"));
    CHECK(condition_holds(&p, "/", " '$(Nothing)' == '' and '$(Platform)' != 'Win32' "));
    CHECK(condition_holds(&p, "/", "'a'=='b' Or !('a'=='b')"));
    CHECK(condition_holds(&p, "/", "!($(_NT_TARGET_VERSION)<$(_NT_TARGET_VERSION_WIN7))"));
    CHECK(condition_holds(&p, "/",
        "!(($(_NT_TARGET_VERSION)<$(_NT_TARGET_VERSION_WIN8)) And "
        "(!($(_NT_TARGET_VERSION)<$(_NT_TARGET_VERSION_WIN7))))"));
    CHECK(condition_holds(&p, "/", "exists('TMP')"));
    CHECK(!condition_holds(&p, "/", "Exists('$(UserRootDir)\\no.props')"));
    CHECK(condition_holds(&p, "/", "HasTrailingSlash('a\\')"));
    CHECK(!condition_holds(&p, "/", "'a'=="));
    CHECK(!condition_holds(&p, "/", "(("));
    property_set(&p, "TargetVersion", "Windows7");
    CHECK(condition_holds(&p, "/", "$(_NT_TARGET_VERSION)==0x601"));
    properties_free(&p);
    return EXIT_SUCCESS;
}
