/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: kinds of characters. */
#pragma once

#include "wctype.h"

#ifdef __cplusplus
extern "C" {
#endif

UNDIS_CRT int isalnum(int c);
UNDIS_CRT int isalpha(int c);
UNDIS_CRT int iscntrl(int c);
UNDIS_CRT int isdigit(int c);
UNDIS_CRT int isgraph(int c);
UNDIS_CRT int islower(int c);
UNDIS_CRT int isprint(int c);
UNDIS_CRT int ispunct(int c);
UNDIS_CRT int isspace(int c);
UNDIS_CRT int isupper(int c);
UNDIS_CRT int isxdigit(int c);
UNDIS_CRT int tolower(int c);
UNDIS_CRT int toupper(int c);

#ifdef __cplusplus
}
#endif
