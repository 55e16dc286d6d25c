/* SPDX-License-Identifier: MIT */
/* Checks of user-mode buffers. User and kernel addresses are the same here, so what is checked is
 * what the processor checks too: range, alignment, and for writing the pages themselves. */
#include "nt/gate.h"
#include "nt/seh.h"

/* Windows ends 60 KB earlier, where Linux has a stack when it does not choose its addresses. */
#define USER_END 0x7FFFFFFFF000u

static void
check(uintptr_t start, SIZE_T length, ULONG alignment)
{
    if (start & (alignment - 1))
        seh_raise(STATUS_DATATYPE_MISALIGNMENT);
    if (start + length < start || start + length > USER_END)
        seh_raise(STATUS_ACCESS_VIOLATION);
}

/*
 * ProbeForRead - checks that a user-mode buffer may be read
 *
 * @Address: first byte.
 * @Length: bytes; 0: nothing is checked.
 * @Alignment: 1, 2, 4, 8 or 16.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; raises STATUS_ACCESS_VIOLATION or STATUS_DATATYPE_MISALIGNMENT. Reading may
 *            still fault, as on Windows.
 * Source:    NF:wdm.ProbeForRead
 */
VOID
ProbeForRead(const volatile VOID *Address, SIZE_T Length, ULONG Alignment)
{
    if (Length)
        check((uintptr_t)Address, Length, Alignment);
}

/*
 * ProbeForWrite - checks that a user-mode buffer may be written
 *
 * @Address: first byte.
 * @Length: bytes; 0: nothing is checked.
 * @Alignment: 1, 2, 4, 8 or 16.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves; one byte of each page is written back.
 * Errors:    none; raises STATUS_ACCESS_VIOLATION or STATUS_DATATYPE_MISALIGNMENT.
 * Source:    NF:wdm.ProbeForWrite
 */
VOID
ProbeForWrite(volatile VOID *Address, SIZE_T Length, ULONG Alignment)
{
    uintptr_t at = (uintptr_t)Address, end = at + Length;

    if (!Length)
        return;
    check(at, Length, Alignment);
    for (; at < end; at = (at | (PAGE_SIZE - 1)) + 1)
        /* cppcheck-suppress selfAssignment ; the access is what is asked for */
        *(volatile char *)at = *(volatile char *)at;
}
