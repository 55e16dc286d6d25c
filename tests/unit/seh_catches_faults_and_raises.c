/* SPDX-License-Identifier: MIT */
/* __except sees access violations, raised statuses and what the probes of buffers raise; __finally runs; bodies may be left. */
#ifdef __clang__
#pragma clang optimize off
#else
#pragma GCC optimize("O0")
#endif
#include "nt.h"

static volatile int *volatile nowhere;

static int
leave_by_return(int k)
{
    __try {
        if (k)
            return 7;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return -1;
    }
    return 0;
}

static int
deep(void)
{
    return *nowhere;
}

static NTSTATUS
nested(int *finals)
{
    __try {
        __try {
            ExRaiseStatus(STATUS_DATA_ERROR);
        } __finally {
            (*finals)++;
        }
    } __except (GetExceptionCode() == STATUS_DATA_ERROR ? EXCEPTION_EXECUTE_HANDLER
                                                        : EXCEPTION_CONTINUE_SEARCH) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS
probe(bool write, uintptr_t address, SIZE_T length, ULONG alignment)
{
    __try {
        if (write)
            ProbeForWrite((PVOID)address, length, alignment);
        else
            ProbeForRead((PVOID)address, length, alignment);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* Neither touches a byte behind the buffer, and writing leaves what is there. */
static void
probes(void)
{
    PUCHAR pages = ExAllocatePoolWithTag(NonPagedPool, (SIZE_T)3 * PAGE_SIZE, 0x74736554);
    uintptr_t start = (uintptr_t)pages;

    CHECK(pages);
    for (unsigned i = 0; i < 3 * PAGE_SIZE; i++)
        pages[i] = (UCHAR)i;
    for (unsigned write = 0; write < 2; write++) {
        CHECK(probe(write, start, (SIZE_T)3 * PAGE_SIZE, 4) == STATUS_SUCCESS);
        CHECK(probe(write, start + 1, 8, 1) == STATUS_SUCCESS);
        CHECK(probe(write, start + 2, 8, 4) == STATUS_DATATYPE_MISALIGNMENT);
        CHECK(probe(write, start, ~(SIZE_T)0, 1) == STATUS_ACCESS_VIOLATION);
        CHECK(probe(write, UINT64_C(0xFFFF800000000000), 8, 1) == STATUS_ACCESS_VIOLATION);
        CHECK(probe(write, 2, 0, 4) == STATUS_SUCCESS); /* nothing is looked at */
    }
    CHECK(probe(true, 0x1000, 8, 1) == STATUS_ACCESS_VIOLATION);
    CHECK(probe(false, 0x1000, 8, 1) == STATUS_SUCCESS); /* who reads it will see */
    for (unsigned i = 0; i < 3 * PAGE_SIZE; i++)
        CHECK(pages[i] == (UCHAR)i);
    ExFreePoolWithTag(pages, 0x74736554);
}

static void
test(void *machine)
{
    volatile int caught = 0;
    int finals = 0;

    (void)machine;
    probes();
    for (int k = 0; k < 100; k++) {
        CHECK(leave_by_return(k) == (k ? 7 : 0));
        __try {
            deep();
            CHECK(!"not reached");
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            CHECK(GetExceptionCode() == STATUS_ACCESS_VIOLATION);
            caught++;
        }
        CHECK(nested(&finals) == STATUS_DATA_ERROR);
        __try {
            if (k)
                __leave;
            caught += 1000;
        } __finally {
            finals++;
        }
    }
    CHECK(caught == 1100 && finals == 200);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
