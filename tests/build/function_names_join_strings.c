/* SPDX-License-Identifier: MIT */
/* __FUNCTION__ "text" is one string, with the name of the function it stands in; alone it stays. */
#include "check.h"

int
main(void)
{
    CHECK_MAPPED("void f(int a) { g(__FUNCTION__ \": \" \"x\"); }",
        "void f(int a) { g(\"f\" \": \" \"x\"); }");
    CHECK_MAPPED("void f(void) { if (a) { g(\"in \" __FUNCTION__); } } "
                 "int h(void) { return g(__FUNCTION__ \"!\"); }",
        "void f(void) { if (a) { g(\"in \" \"f\"); } } "
        "int h(void) { return g(\"h\" \"!\"); }");
    CHECK_MAPPED(
        "void f(void) { g(__FUNCTION__, \"x\"); }", "void f(void) { g(__FUNCTION__, \"x\"); }");
    CHECK_MAPPED("struct s { int a; } x = { __FUNCTION__ \"x\" };",
        "struct s { int a; } x = { __FUNCTION__ \"x\" };");
    return EXIT_SUCCESS;
}
