/* SPDX-License-Identifier: MIT */
/* A driver's long is 32 bits wide, its long long and __int64 are the 64-bit type. */
#include "check.h"

int
main(void)
{
    CHECK_MAPPED("long a;", "int a;");
    CHECK_MAPPED("unsigned long a;", "unsigned int a;");
    CHECK_MAPPED("long unsigned a;", "int unsigned a;");
    CHECK_MAPPED("unsigned long int a;", "unsigned  int a;");
    CHECK_MAPPED("long const int a;", " const int a;");
    CHECK_MAPPED("sizeof(long)", "sizeof(int)");
    CHECK_MAPPED("long *f(long, long);", "int *f(int, int);");
    CHECK_MAPPED("long long a;", "long  a;");
    CHECK_MAPPED("unsigned long long int a;", "unsigned long  int a;");
    CHECK_MAPPED("long double a;", "long double a;");
    CHECK_MAPPED("unsigned __int64 a; __int64 b;", "unsigned long a; long b;");
    CHECK_MAPPED("__int32 a; __int16 b; __int8 c;", "int a; short b; char c;");
    CHECK_MAPPED("longer a_long;", "longer a_long;");
    CHECK_MAPPED("register long a;", " int a;");
    CHECK_MAPPED("register int b;", " int b;");
    return EXIT_SUCCESS;
}
