/* SPDX-License-Identifier: MIT */
/* What the ELF file of a driver says before anything of it runs. */
#pragma once

#include "host/image.h"
#include <stdbool.h>

/* An undefined symbol. @version is "" when the object asks for none. */
struct elf_import {
    char *name;
    char *version;
    bool weak;
};

struct elf_facts {
    bool has_entry; /* DriverEntry is defined */
    bool textrel;   /* code would have to be patched: not position-independent */
    bool coverage;  /* gcov or LLVM profile counters are inside */
    enum image_sanitizer sanitizer;
    bool tells_accesses; /* built to look for races */
    struct elf_import *imports;
    unsigned import_count;
};

/* 0, or -errno with a sentence in @error. The caller frees with elf_facts_free, on failure too. */
int elf_inspect(const char *path, struct elf_facts *facts, char *error, size_t error_size);
void elf_facts_free(struct elf_facts *facts);
