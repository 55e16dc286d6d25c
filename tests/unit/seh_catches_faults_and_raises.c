/* SPDX-License-Identifier: MIT */
/* __except sees access violations and raised statuses; __finally runs; bodies may be left. */
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

static void
test(void *machine)
{
    volatile int caught = 0;
    int finals = 0;

    (void)machine;
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
