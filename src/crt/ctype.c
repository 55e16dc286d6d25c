/* SPDX-License-Identifier: MIT */
/* Character classes and case of the C locale: ASCII. The wide ones know ASCII too and leave the
 * rest alone. */
#include <ctype.h>
#include <wctype.h>

int
isdigit(int c)
{
    return c >= '0' && c <= '9';
}

int
isupper(int c)
{
    return c >= 'A' && c <= 'Z';
}

int
islower(int c)
{
    return c >= 'a' && c <= 'z';
}

int
isalpha(int c)
{
    return isupper(c) || islower(c);
}

int
isalnum(int c)
{
    return isalpha(c) || isdigit(c);
}

int
isxdigit(int c)
{
    return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

int
isspace(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int
iscntrl(int c)
{
    return (c >= 0 && c < ' ') || c == 0x7f;
}

int
isprint(int c)
{
    return c >= ' ' && c < 0x7f;
}

int
isgraph(int c)
{
    return c > ' ' && c < 0x7f;
}

int
ispunct(int c)
{
    return isgraph(c) && !isalnum(c);
}

int
toupper(int c)
{
    return islower(c) ? c - ('a' - 'A') : c;
}

int
tolower(int c)
{
    return isupper(c) ? c + ('a' - 'A') : c;
}

unsigned
towupper(unsigned c)
{
    return c < 0x80 ? (unsigned)toupper((int)c) : c;
}

unsigned
towlower(unsigned c)
{
    return c < 0x80 ? (unsigned)tolower((int)c) : c;
}

int
iswdigit(unsigned c)
{
    return isdigit((int)c);
}

int
iswxdigit(unsigned c)
{
    return isxdigit((int)c);
}

int
iswspace(unsigned c)
{
    return isspace((int)c);
}

int
iswalpha(unsigned c)
{
    return isalpha((int)c);
}

int
iswalnum(unsigned c)
{
    return isalnum((int)c);
}

int
iswupper(unsigned c)
{
    return isupper((int)c);
}

int
iswlower(unsigned c)
{
    return islower((int)c);
}

int
iswprint(unsigned c)
{
    return isprint((int)c) || c >= 0xa0;
}
