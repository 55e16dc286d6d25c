/* SPDX-License-Identifier: MIT */
/* Where a virtual function of C++ ends that nobody has written: Windows stops there too. */
#include <wdm.h>

void __cxa_pure_virtual(void);

void
__cxa_pure_virtual(void)
{
    RtlFailFast(FAST_FAIL_FATAL_APP_EXIT);
}
