/* SPDX-License-Identifier: MIT */
/* The tests that one program holds: cmake/tests.cmake makes the table. */
#pragma once

struct test_entry {
    const char *name; /* "test.AREA.NAME", what the program is called then; NULL ends the table */
    int (*run)(void); /* its main, with or without arguments */
};

extern const struct test_entry test_entries[];
