/* SPDX-License-Identifier: MIT */
/* (T)a = b, ((T)p)++, &(T)x and *(c ? &a : &b) = x become C, = unsigned short(x) becomes C++; valid
 * C and C++ that looks alike stays.
 */
#include "check.h"

static void
stays(const char *line)
{
    CHECK_MAPPED(line, line);
}

static void
mapped_cxx(const char *line, const char *wanted)
{
    char *got = mapped(line, true);

    CHECK_TEXT(got, wanted);
    free(got);
}

static void
casts_of_cxx(void)
{
    mapped_cxx("x = unsigned short(y);", "x = (unsigned short)(y);");
    mapped_cxx("x = 2 * unsigned short(y) + 1;", "x = 2 * (unsigned short)(y) + 1;");
    mapped_cxx("x = unsigned long(y);", "x = (unsigned int)(y);");
    mapped_cxx("; unsigned short(*f)(int);", "; unsigned short(*f)(int);");
    mapped_cxx("f(unsigned short(*g)(int));", "f(unsigned short(*g)(int));");
    mapped_cxx("x = short(y);", "x = short(y);");
    mapped_cxx("; unsigned short (x);", "; unsigned short (x);");
}

int
main(void)
{
    casts_of_cxx();
    CHECK_MAPPED("; (int)A = x;", "; *(int *)&(A) = x;");
    CHECK_MAPPED("{ (PUCHAR)p->Next[i].x += 4;", "{ *(PUCHAR *)&(p->Next[i].x) += 4;");
    CHECK_MAPPED("if (a) (unsigned long)b = 1UL;", "if (a) *(unsigned int *)&(b) = 1U;");
    CHECK_MAPPED("((struct s *)p)++;", "(*(struct s * *)&(p))++;");
    CHECK_MAPPED("f(&(LONG)x, 1)", "f( (LONG *)&x, 1)");
    CHECK_MAPPED("x = *((T)p)++;", "x = *(*(T *)&(p))++;");
    CHECK_MAPPED("; ((T)p) = 0;", "; (*(T *)&(p)) = 0;");
    CHECK_MAPPED("; *(h.x ? &(t->r)[1] : &h.y) = n;",
        "; *(h.x ? &(t->r)[1] : (__typeof__(&(t->r)[1]))(&h.y)) = n;");
    /* A macro leaves line markers within. */
    CHECK_MAPPED("; *(x ? &\n# 7 \"a.c\" 3 4\n(\n# 7 \"a.c\"\nt)[1] : &y) = n;",
        "; *(x ? &\n# 7 \"a.c\" 3 4\n(\n# 7 \"a.c\"\nt)[1] : (__typeof__(& ( t)[1]))(&y)) = n;");
    stays("; *(a ? b : c) = 0;");
    stays("x = y *(a ? &b : &c);");
    stays("; *(a ? &b : c ? &d : &e) = 0;");
    CHECK_MAPPED("; ((T *)((n)->r[0])) = x;", "; (*(T * *)&(((n)->r[0]))) = x;");
    CHECK_MAPPED("; (T *)(n)->r[0] = x;", "; *(T * *)&((n)->r[0]) = x;");
    stays("; ((T *)(p))->x = 1;");
    stays("; *((T *)(p)) = 1;");
    stays("; *(T *)(p) = 1;");
    stays("; (f)(x)[1] = 1;");
    stays("*((T)array) = 0;");
    stays("; *(T)array = 0;");
    stays("; *(T)(U)array = 0;");
    stays("; *(T)((U)array) = 0;");
    stays("if (a) *((T)array) = 0;");
    stays("x = f(a)(T)b = 1;");
    stays("if (a) b = 1;");
    stays("; (void)a;");
    stays("x = a & (b);");
    stays("x = a & (LONG)b;");
    stays("f(&(p)->x);");
    stays("; (f)(x) = 1;");
    stays("x = (T)a == b;");
    stays("while (a) b += 1;");
    stays("((T)p)->x = 1;");
    return EXIT_SUCCESS;
}
