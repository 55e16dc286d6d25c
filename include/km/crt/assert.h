/* SPDX-License-Identifier: MIT */
/* assert, which few drivers use; the kernel has ASSERT. No guard: NDEBUG may change in between. */
#include <undis/compiler.h>

#undef assert
#ifdef NDEBUG
#define assert(e) ((void)0)
#else
EXTERN_C void RtlAssert(void *expression, void *file, unsigned int line, char *message);
#define assert(e) ((e) ? (void)0 : RtlAssert((void *)#e, (void *)__FILE__, __LINE__, 0))
#endif
