/* SPDX-License-Identifier: MIT */
/* What a test says: CHECK ends the test with status 1 and the place; 77 skips it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TEST_SKIP 77

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            test_fail(__FILE__, __LINE__, #condition);                                             \
    } while (0)

/* Equal 64-bit numbers; says both when they differ. */
#define CHECK_EQ(a, b)                                                                             \
    test_equal(__FILE__, __LINE__, #a " == " #b, (unsigned long long)(a), (unsigned long long)(b))

/* The answer of a function of undis.h is 0. */
#define CHECK_OK(call) test_ok(__FILE__, __LINE__, #call, call)

/* What drivers count while a test looks at it. */
typedef _Atomic uint64_t test_counter;

_Noreturn void test_fail(const char *file, int line, const char *what);
void test_equal(
    const char *file, int line, const char *what, unsigned long long a, unsigned long long b);
void test_ok(const char *file, int line, const char *what, int error);
/* What a failure will be said to have happened in: "completion DPC, 3 filters". NULL: nothing. */
void test_case(const char *format, ...) __attribute__((format(printf, 1, 2)));
