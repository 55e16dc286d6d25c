/* SPDX-License-Identifier: MIT */
/* In a machine without the verifier each slot of a driver holds the exported function itself: off costs
 * no instruction. In one with it the slots hold something else. */
#include "lib/machine.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#define SLOTS_MIN 20u

struct tables {
    const Elf64_Rela *relocations[2]; /* of calls, of addresses */
    size_t counts[2];
    const Elf64_Sym *symbols;
    const char *names;
};

static const struct link_map *
map_of(const char *path)
{
    const struct link_map *map = _r_debug.r_map;

    while (map && (!map->l_name || strcmp(map->l_name, path) != 0))
        map = map->l_next;
    CHECK(map != NULL);
    return map;
}

static struct tables
tables_of(const struct link_map *map)
{
    struct tables tables = {.symbols = NULL};

    for (const Elf64_Dyn *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        const void *at = (const void *)entry->d_un.d_ptr;

        switch (entry->d_tag) {
        case DT_JMPREL: tables.relocations[0] = at; break;
        case DT_PLTRELSZ: tables.counts[0] = entry->d_un.d_val / sizeof(Elf64_Rela); break;
        case DT_RELA: tables.relocations[1] = at; break;
        case DT_RELASZ: tables.counts[1] = entry->d_un.d_val / sizeof(Elf64_Rela); break;
        case DT_SYMTAB: tables.symbols = at; break;
        case DT_STRTAB: tables.names = at; break;
        default: break;
        }
    }
    return tables;
}

/* What libundis exports under that name, or NULL. */
static void *
exported(const char *name)
{
    void *address = *name ? dlsym(RTLD_DEFAULT, name) : NULL;
    Dl_info info;

    return address && dladdr(address, &info) && strstr(info.dli_fname, "libundis") ? address : NULL;
}

static void
check_slots(const char *path, bool verified)
{
    const struct link_map *map = map_of(path);
    struct tables tables = tables_of(map);
    unsigned plain = 0, others = 0;

    for (unsigned t = 0; t < 2; t++)
        for (size_t k = 0; k < tables.counts[t]; k++) {
            const Elf64_Rela *relocation = &tables.relocations[t][k];
            const Elf64_Sym *symbol = &tables.symbols[ELF64_R_SYM(relocation->r_info)];
            void *slot, *function = exported(tables.names + symbol->st_name);

            if (symbol->st_shndx != SHN_UNDEF || !function)
                continue;
            memcpy(&slot, (const char *)map->l_addr + relocation->r_offset, sizeof(slot));
            plain += slot == function;
            others += slot != function;
        }
    CHECK(plain + others >= SLOTS_MIN);
    if (verified)
        CHECK(others >= SLOTS_MIN);
    else
        CHECK_EQ(others, 0);
}

static void
load(bool verify)
{
    struct undis_config config = test_config();
    const char *path = test_driver_path("portnic");
    struct undis_driver *driver;
    struct undis *machine;

    config.verify = verify;
    machine = test_machine_with(&config);
    CHECK_OK(undis_driver_load(machine, path, NULL, &driver));
    check_slots(path, verify);
    CHECK_OK(undis_driver_unload(driver));
    test_machine_end(machine);
}

int
main(void)
{
    load(false);
    load(true);
    return 0;
}
