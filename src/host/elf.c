/* SPDX-License-Identifier: MIT */
/* Reads the dynamic symbols of a shared object with libelf. Nothing is loaded. */
#include "host/elf.h"
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reader {
    const char *path;
    Elf *elf;
    struct elf_facts *facts;
    Elf_Scn *dynsym, *versym, *verneed, *dynamic;
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 3, 4))) static int
fail(struct reader *r, int error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->error, r->error_size, format, args);
    va_end(args);
    return error;
}

static int
check_header(struct reader *r)
{
    GElf_Ehdr header;

    if (elf_kind(r->elf) != ELF_K_ELF || !gelf_getehdr(r->elf, &header))
        return fail(r, -ENOEXEC, "%s: not an ELF file; build the driver with undis build", r->path);
    if (gelf_getclass(r->elf) != ELFCLASS64 || header.e_machine != EM_X86_64)
        return fail(r, -ENOEXEC, "%s: not for x86-64; build the driver on this machine", r->path);
    if (header.e_type != ET_DYN)
        return fail(r, -ENOEXEC, "%s: not a shared object; link the driver with -shared", r->path);
    return 0;
}

static int
find_sections(struct reader *r)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(r->elf, section))) {
        if (!gelf_getshdr(section, &header))
            continue;
        if (header.sh_type == SHT_DYNSYM)
            r->dynsym = section;
        else if (header.sh_type == SHT_GNU_versym)
            r->versym = section;
        else if (header.sh_type == SHT_GNU_verneed)
            r->verneed = section;
        else if (header.sh_type == SHT_DYNAMIC)
            r->dynamic = section;
    }
    if (!r->dynsym || !r->dynamic)
        return fail(r, -ENOEXEC, "%s: no dynamic symbols; link the driver with -shared", r->path);
    return 0;
}

static int
check_dynamic(struct reader *r)
{
    Elf_Data *data = elf_getdata(r->dynamic, NULL);
    GElf_Dyn entry;

    for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
        if (entry.d_tag == DT_TEXTREL || (entry.d_tag == DT_FLAGS && entry.d_un.d_val & DF_TEXTREL))
            r->facts->textrel = true;
        if (entry.d_tag == DT_FLAGS_1 && entry.d_un.d_val & DF_1_PIE)
            return fail(
                r, -ENOEXEC, "%s: a program, not a driver; link the driver with -shared", r->path);
    }
    if (r->facts->textrel)
        return fail(
            r, -ENOEXEC, "%s: code is not position-independent; compile with -fPIC", r->path);
    return 0;
}

/* The name of version number @index in the table of needed versions. */
static const char *
version_name(struct reader *r, unsigned index)
{
    GElf_Shdr header;
    GElf_Verneed need;
    GElf_Vernaux aux;
    Elf_Data *data = r->verneed ? elf_getdata(r->verneed, NULL) : NULL;
    int offset = 0;

    if (!data || !gelf_getshdr(r->verneed, &header))
        return "";
    while (gelf_getverneed(data, offset, &need)) {
        int at = offset + (int)need.vn_aux;

        for (unsigned k = 0; k < need.vn_cnt && gelf_getvernaux(data, at, &aux); k++) {
            if (aux.vna_other == index) {
                const char *name = elf_strptr(r->elf, header.sh_link, aux.vna_name);

                return name ? name : "";
            }
            at += (int)aux.vna_next;
        }
        if (!need.vn_next)
            break;
        offset += (int)need.vn_next;
    }
    return "";
}

static const char *
symbol_version(struct reader *r, int symbol)
{
    Elf_Data *data = r->versym ? elf_getdata(r->versym, NULL) : NULL;
    GElf_Versym index;

    if (!data || !gelf_getversym(data, symbol, &index) || (index & 0x7fff) < 2)
        return "";
    return version_name(r, index & 0x7fff);
}

static void
note_symbol(struct elf_facts *facts, const char *name)
{
    /* The process for ASan has UBSan's runtime too. */
    bool undefined = !strncmp(name, "__ubsan_", 8) && facts->sanitizer == IMAGE_PLAIN;

    if (!strcmp(name, "undis_access"))
        facts->tells_accesses = true;
    if (!strcmp(name, "__tsan_init"))
        facts->sanitizer = IMAGE_TSAN;
    else if (undefined || !strcmp(name, "__asan_init"))
        facts->sanitizer = IMAGE_ASAN;
}

static int
add_import(struct reader *r, const GElf_Sym *symbol, const char *name, int index)
{
    struct elf_facts *facts = r->facts;
    struct elf_import *import = &facts->imports[facts->import_count];

    import->name = strdup(name);
    import->version = strdup(symbol_version(r, index));
    import->weak = GELF_ST_BIND(symbol->st_info) == STB_WEAK;
    facts->import_count++;
    return import->name && import->version ? 0 : fail(r, -ENOMEM, "%s: out of memory", r->path);
}

static int
read_symbols(struct reader *r)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    Elf_Data *data = elf_getdata(r->dynsym, NULL);
    int error = 0;

    if (!data || !gelf_getshdr(r->dynsym, &header) || !header.sh_entsize)
        return fail(r, -ENOEXEC, "%s: the symbol table is damaged", r->path);
    r->facts->imports = calloc(header.sh_size / header.sh_entsize + 1, sizeof(struct elf_import));
    if (!r->facts->imports)
        return fail(r, -ENOMEM, "%s: out of memory", r->path);
    for (int i = 1; !error && gelf_getsym(data, i, &symbol); i++) {
        const char *name = elf_strptr(r->elf, header.sh_link, symbol.st_name);

        if (!name)
            return fail(r, -ENOEXEC, "%s: the symbol table is damaged", r->path);
        if (symbol.st_shndx != SHN_UNDEF) {
            r->facts->has_entry |= !strcmp(name, "DriverEntry");
            continue;
        }
        note_symbol(r->facts, name);
        if (*name)
            error = add_import(r, &symbol, name, i);
    }
    return error;
}

/* Counters of gcov lie in the object itself; only section names tell. */
static void
note_coverage(struct reader *r)
{
    size_t strings;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    if (elf_getshdrstrndx(r->elf, &strings))
        return;
    while ((section = elf_nextscn(r->elf, section))) {
        const char *name;

        if (!gelf_getshdr(section, &header))
            continue;
        if (header.sh_type == SHT_SYMTAB) {
            Elf_Data *data = elf_getdata(section, NULL);
            GElf_Sym symbol;

            for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
                name = elf_strptr(r->elf, header.sh_link, symbol.st_name);
                if (name && (!strcmp(name, "__gcov_init") || !strcmp(name, "llvm_gcov_init")))
                    r->facts->coverage = true;
            }
        }
        name = elf_strptr(r->elf, strings, header.sh_name);
        if (name && !strncmp(name, "__llvm_prf", 10))
            r->facts->coverage = true;
    }
}

int
elf_inspect(const char *path, struct elf_facts *facts, char *error, size_t error_size)
{
    struct reader r = {.path = path, .facts = facts, .error = error, .error_size = error_size};
    int fd, result;

    memset(facts, 0, sizeof(*facts));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(&r, -errno, "%s: %m", path);
    elf_version(EV_CURRENT);
    r.elf = elf_begin(fd, ELF_C_READ, NULL);
    result = r.elf ? check_header(&r) : fail(&r, -ENOEXEC, "%s: %s", path, elf_errmsg(-1));
    if (!result)
        result = find_sections(&r);
    if (!result)
        result = check_dynamic(&r);
    if (!result)
        result = read_symbols(&r);
    if (!result)
        note_coverage(&r);
    elf_end(r.elf);
    close(fd);
    return result;
}

void
elf_facts_free(struct elf_facts *facts)
{
    for (unsigned i = 0; i < facts->import_count; i++) {
        free(facts->imports[i].name);
        free(facts->imports[i].version);
    }
    free(facts->imports);
    memset(facts, 0, sizeof(*facts));
}
