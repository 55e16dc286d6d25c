/* SPDX-License-Identifier: MIT */
/* C runtime of drivers: kinds of wide characters. */
#pragma once

#include <stddef.h>

#include "../undis/export.h"

#ifdef __cplusplus
extern "C" {
#endif

UNDIS_CRT int iswalnum(unsigned int c);
UNDIS_CRT int iswalpha(unsigned int c);
UNDIS_CRT int iswdigit(unsigned int c);
UNDIS_CRT int iswxdigit(unsigned int c);
UNDIS_CRT int iswspace(unsigned int c);
UNDIS_CRT int iswupper(unsigned int c);
UNDIS_CRT int iswlower(unsigned int c);
UNDIS_CRT int iswprint(unsigned int c);
UNDIS_CRT unsigned int towupper(unsigned int c);
UNDIS_CRT unsigned int towlower(unsigned int c);

#ifdef __cplusplus
}
#endif
